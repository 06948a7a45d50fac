// A port of a pod on this machine: listens on loopback only and opens a connection to the pod, through `PortForward` of
// @kubernetes/client-node, for each one that is accepted. So a connection that breaks ends alone, and the next one finds the
// pod that took the place of one that is gone.
import { once } from 'node:events';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { Readable } from 'node:stream';
import { PortForward } from '@kubernetes/client-node/dist/portforward.js';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { presentable } from '../redact.ts';
import type { Transport } from '../transport/transport.ts';
import { type ConnectedPod, portIn } from './pod.ts';
import { failureOf } from './shell.ts';
import { Sink } from './sink.ts';
import { type Socket, socketsOver } from './web-socket.ts';

export interface ForwardOptions {
  readonly transport: () => Transport | undefined;
  /** Asked at first and when the pod is gone: the same pod, or another one of a workload. */
  readonly pod: () => Promise<Result<ConnectedPod>>;
  /** A number or a name. */
  readonly port: string;
  /** 0: any that is free; absent: the number of the port in the pod, as kubectl does it. */
  readonly local: number | undefined;
  /** Called when connections, the pod or the problem change. */
  readonly onChange: () => void;
}

const loopback = '127.0.0.1';
/** Bytes that wait for the pod before a local connection is held up. */
const most = 1 << 20;
/** Milliseconds to wait for an answer after the local end sends no more: the protocol can't pass that on. */
const afterEnd = 5_000;

export class Forward {
  readonly #options: ForwardOptions;
  readonly #server: Server;
  readonly #stopped = new AbortController();
  readonly #connections = new Set<TcpSocket>();
  #pod: ConnectedPod;
  #port: number;
  #problem = '';

  private constructor(options: ForwardOptions, server: Server, pod: ConnectedPod, port: number) {
    this.#options = options;
    this.#server = server;
    this.#pod = pod;
    this.#port = port;
    server.on('connection', (socket) => this.#serve(socket));
    server.on('error', (error) => this.#say(error.message));
  }

  static async start(options: ForwardOptions): Promise<Result<Forward>> {
    const pod = await options.pod();
    if (!pod.ok) return pod;
    const port = portIn(pod.value, options.port);
    if (!port.ok) return port;
    const server = createServer({ allowHalfOpen: true });
    const local = options.local ?? port.value;
    try {
      server.listen(local, loopback);
      await once(server, 'listening');
    } catch (error) {
      return failed('invalid', listenWords(local, error as NodeJS.ErrnoException), {
        remedy: 'Choose another port, or 0 for any that is free.',
      });
    }
    return success(new Forward(options, server, pod.value, port.value));
  }

  /** The pod of the next connection. */
  get connected(): ConnectedPod {
    return this.#pod;
  }

  get pod(): string {
    return this.#pod.name;
  }

  /** In the pod. */
  get port(): number {
    return this.#port;
  }

  get local(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Why the last connection failed; empty if it didn't. */
  get problem(): string {
    return this.#problem;
  }

  stop(): void {
    this.#stopped.abort();
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
  }

  #serve(socket: TcpSocket): void {
    this.#connections.add(socket);
    // The local end may be reset at any time; `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#options.onChange();
    });
    this.#options.onChange();
    socket.pause();
    void this.#connect(socket, true).then((failure) => {
      if (failure === undefined) return;
      if (failure.kind !== 'aborted') this.#say(failure.message);
      socket.destroy();
    });
  }

  async #connect(socket: TcpSocket, again: boolean): Promise<Failure | undefined> {
    const transport = this.#options.transport();
    if (!transport) return { kind: 'config', message: 'the context is not connected' };
    const failure = await this.#connectTo(transport, socket);
    if (failure?.kind !== 'notFound' || !again) return failure;
    const pod = await this.#options.pod();
    if (!pod.ok) return pod.failure;
    const port = portIn(pod.value, this.#options.port);
    if (!port.ok) return port.failure;
    [this.#pod, this.#port] = [pod.value, port.value];
    this.#options.onChange();
    return this.#connect(socket, false);
  }

  async #connectTo(transport: Transport, socket: TcpSocket): Promise<Failure | undefined> {
    const { namespace, name } = this.#pod;
    const own = new AbortController();
    const end = () => own.abort();
    socket.once('close', end);
    if (socket.destroyed) end();
    const toLocal = new Sink(
      (data) => new Promise((done) => (socket.destroyed ? done() : socket.write(data, () => done()))),
    );
    let said = '';
    const errors = new Sink(async (data) => {
      said = `${said}${data.toString('utf8')}`.slice(0, 2000);
      if (said !== '') this.#say(said);
    });
    const input = new Readable({ read: () => undefined });
    const onOpen = (opened: Socket) => {
      if (this.#problem !== '') this.#say('');
      toLocal.follow(opened);
      opened.on('close', () => toLocal.end(() => (said === '' ? socket.end() : socket.destroy())));
    };
    const signal = AbortSignal.any([this.#stopped.signal, own.signal]);
    const client = new PortForward(undefined as never, true, socketsOver(transport, signal, onOpen));
    try {
      const [ns, pod] = [namespace, name].map(encodeURIComponent) as [string, string];
      const opened = (await client.portForward(ns, pod, [this.#port], toLocal, errors, input)) as unknown as Socket;
      feed(socket, input, opened);
      return undefined;
    } catch (error) {
      socket.off('close', end);
      return failureOf(error);
    }
  }

  #say(problem: string): void {
    this.#problem = presentable(problem, 500);
    this.#options.onChange();
  }
}

/** From the local end to the pod, held up while the connection takes no more. */
function feed(local: TcpSocket, input: Readable, remote: Socket): void {
  local.on('data', (data: Buffer) => {
    input.push(data);
    if (remote.bufferedAmount < most) return;
    local.pause();
    const timer = setInterval(() => {
      if (remote.bufferedAmount >= most && !local.destroyed) return;
      clearInterval(timer);
      local.resume();
    }, 20);
  });
  local.on('end', () => {
    let quiet: NodeJS.Timeout;
    const wait = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => remote.close(), afterEnd);
      quiet.unref();
    };
    wait();
    remote.on('message', wait);
    remote.on('close', () => clearTimeout(quiet));
  });
  local.resume();
}

function listenWords(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `port ${port} of this machine is in use`;
  if (code === 'EACCES') return `port ${port} of this machine may not be used: it needs more rights`;
  return `port ${port} of this machine cannot be used: ${message}`;
}
