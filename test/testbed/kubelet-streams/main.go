// The streaming end of a kubelet: serves exec and port-forward with the packages that container runtimes serve them with, so
// that what kube-apiserver proxies arrives where it does in a cluster. Nothing runs: each container has a toy shell. Ports are
// those of this machine's loopback. Prints the port that it listens on, and what is asked of it on standard error.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

const (
	idle     = 4 * time.Hour
	creation = 30 * time.Second
)

func main() {
	node := &kubelet{}
	mux := http.NewServeMux()
	mux.HandleFunc("/exec/{namespace}/{pod}/{container}", node.exec)
	mux.HandleFunc("/portForward/{namespace}/{pod}", node.forward)
	server := httptest.NewUnstartedServer(mux)
	server.StartTLS()
	fmt.Println(server.Listener.Addr().(*net.TCPAddr).Port)
	// Ends with the test that started it.
	_, _ = io.Copy(io.Discard, os.Stdin)
}

type kubelet struct{}

func (k *kubelet) exec(w http.ResponseWriter, r *http.Request) {
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	command := r.URL.Query()["command"]
	fmt.Fprintf(os.Stderr, "exec %s %s tty=%t %q\n", r.PathValue("pod"), r.PathValue("container"), options.TTY, command)
	remotecommand.ServeExec(w, r, k, r.PathValue("pod"), "", r.PathValue("container"), command, options, idle, creation,
		remotecommand.SupportedStreamingProtocols)
}

func (k *kubelet) forward(w http.ResponseWriter, r *http.Request) {
	options, err := portforward.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(os.Stderr, "forward %s %v\n", r.PathValue("pod"), r.URL.Query()["port"])
	portforward.ServePortForward(w, r, k, r.PathValue("pod"), "", options, idle, creation, portforward.SupportedProtocols)
}

// ExecInContainer plays a shell that knows `exit N` and `size`, and repeats everything else. Containers named "distroless" have none.
func (k *kubelet) ExecInContainer(_ context.Context, _, _, container string, command []string, in io.Reader, out, _ io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize, _ time.Duration) error {
	if container == "distroless" || command[0] != "sh" && command[0] != "/bin/sh" {
		return fmt.Errorf("exec: %q: executable file not found in $PATH", command[0])
	}
	end := "\n"
	if tty {
		end = "\r\n"
	}
	var lock sync.Mutex
	var size remotecommand.TerminalSize
	sized := make(chan struct{})
	go func() {
		first := true
		for next := range resize {
			lock.Lock()
			size = next
			lock.Unlock()
			if first {
				close(sized)
				first = false
			}
		}
	}()
	if tty {
		fmt.Fprintf(out, "%s $ ", container)
	}
	if in == nil {
		return nil
	}
	lines := bufio.NewReader(in)
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "exit":
			code, _ := strconv.Atoi(rest)
			if code == 0 {
				return nil
			}
			return utilexec.CodeExitError{Err: fmt.Errorf("exit %d", code), Code: code}
		case "size":
			<-sized
			lock.Lock()
			fmt.Fprintf(out, "%d x %d%s", size.Width, size.Height, end)
			lock.Unlock()
		default:
			fmt.Fprintf(out, "ran: %s%s", line, end)
		}
	}
}

// A terminal sends a carriage return, a pipe a line feed.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		next, err := in.ReadByte()
		if err != nil {
			return "", err
		}
		if next == '\r' || next == '\n' {
			return string(line), nil
		}
		line = append(line, next)
	}
}

// PortForward connects to the port on loopback, as a runtime does in the network namespace of the pod.
func (k *kubelet) PortForward(_ context.Context, _, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return fmt.Errorf("failed to connect to localhost:%d inside namespace: %w", port, err)
	}
	defer conn.Close()
	answered := make(chan error, 1)
	go func() {
		_, err := io.Copy(stream, conn)
		answered <- err
	}()
	go func() {
		_, _ = io.Copy(conn, stream)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	return <-answered
}
