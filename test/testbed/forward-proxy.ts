// A forward proxy like those of companies: CONNECT or SOCKS 5, with or without a username and password.
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface ForwardProxy {
  readonly port: number;
  /** Tunnels opened so far. */
  readonly tunnels: number;
  readonly live: number;
  /** Closes the tunnels and stops listening. */
  stop(): Promise<void>;
}

export interface ForwardProxyOptions {
  readonly kind: 'connect' | 'socks';
  readonly user?: { readonly name: string; readonly password: string };
}

export async function startForwardProxy({ kind, user }: ForwardProxyOptions): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };

  function join(client: Socket, host: string, port: number, opened: () => void, refused: () => void): void {
    const server = connect(port, host);
    track(server);
    server.once('connect', () => {
      tunnels++;
      opened();
      client.pipe(server).pipe(client);
    });
    server.once('error', refused);
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
  }

  function connecting(): Server {
    const server = createHttpServer((_incoming, outgoing) => outgoing.writeHead(405).end());
    const wanted = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
    server.on('connect', (incoming, socket: Socket) => {
      if (wanted !== undefined && incoming.headers['proxy-authorization'] !== wanted) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n');
        return;
      }
      const [host = '', port = '443'] = (incoming.url ?? '').split(':');
      join(
        socket,
        host,
        Number(port),
        () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'),
        () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      );
    });
    return server;
  }

  function socks(): Server {
    return createServer((socket) => {
      const wantsUser = user !== undefined;
      let step: 'greeting' | 'user' | 'request' = 'greeting';
      const onData = (data: Buffer) => {
        if (step === 'greeting') {
          step = wantsUser ? 'user' : 'request';
          socket.write(Buffer.from([5, wantsUser ? 2 : 0]));
        } else if (step === 'user') {
          const name = data.subarray(2, 2 + data[1]!).toString();
          const password = data.subarray(3 + data[1]!).toString();
          const accepted = name === user!.name && password === user!.password;
          socket.write(Buffer.from([1, accepted ? 0 : 1]));
          if (!accepted) socket.end();
          step = 'request';
        } else {
          socket.off('data', onData);
          const [from, to] = data[3] === 1 ? [4, 8] : [5, 5 + data[4]!];
          const host = data[3] === 1 ? data.subarray(from, to).join('.') : data.subarray(from, to).toString();
          const reply = (code: number) => socket.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(
            socket,
            host,
            data.readUInt16BE(to),
            () => reply(0),
            () => {
              reply(5);
              socket.end();
            },
          );
        }
      };
      socket.on('data', onData);
    });
  }

  const server = kind === 'connect' ? connecting() : socks();
  server.on('connection', track);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  return {
    port: (server.address() as { port: number }).port,
    get tunnels() {
      return tunnels;
    },
    get live() {
      return sockets.size;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
