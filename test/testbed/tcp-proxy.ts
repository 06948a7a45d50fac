// A TCP proxy between the engine and an API server that breaks on demand. The mode applies to existing and new connections,
// as if a cable were unplugged.
import { connect, createServer, type Server, type Socket } from 'node:net';

export type TcpMode =
  | { readonly mode: 'pass' }
  /** Nothing listens: new connections are refused, existing ones are reset. */
  | { readonly mode: 'refuse' }
  /** Connections are accepted and reset at once. */
  | { readonly mode: 'reset' }
  /** Nothing arrives and nothing is refused, in either direction: a dropped VPN. */
  | { readonly mode: 'blackhole' }
  /** Each chunk arrives this much later. */
  | { readonly mode: 'latency'; readonly milliseconds: number }
  | { readonly mode: 'throttle'; readonly bytesPerSecond: number }
  /** A connection ends after this many response bytes, at any position. */
  | { readonly mode: 'cut'; readonly afterBytes: number }
  /** The server's side is closed (FIN) while the client can still write. */
  | { readonly mode: 'halfClose' };

export interface TcpProxy {
  readonly port: number;
  set(mode: TcpMode): Promise<void>;
  /** Resets the existing connections; new ones follow the mode. */
  reset(): void;
  /** Existing connections fall silent permanently, new ones work: a router that lost its state. */
  deafen(): void;
  readonly live: number;
  /** Number of connections accepted since the start, to count attempts. */
  readonly accepted: number;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  answered: number;
  deaf?: true;
}

export async function startTcpProxy(target: { readonly host?: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let mode: TcpMode = { mode: 'pass' };
  let accepted = 0;
  let listener = await listen(0);
  const { port } = listener.address() as { port: number };

  function listen(on: number): Promise<Server> {
    return new Promise((done, fail) => {
      const server = createServer(accept);
      server.once('error', fail);
      server.listen(on, '127.0.0.1', () => done(server));
    });
  }

  function accept(client: Socket): void {
    accepted++;
    if (mode.mode === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target.port, target.host ?? '127.0.0.1');
    const pair: Pair = { client, server, answered: 0 };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (data) => pair.deaf || forward(client, server, data));
    server.on('data', (data) => pair.deaf || answer(pair, data));
    client.on('end', () => pair.deaf || server.end());
    server.on('end', () => pair.deaf || client.end());
    if (mode.mode === 'blackhole') silence(pair);
    if (mode.mode === 'halfClose') client.end();
  }

  function answer(pair: Pair, data: Buffer): void {
    if (mode.mode !== 'cut') {
      forward(pair.server, pair.client, data);
      return;
    }
    const rest = mode.afterBytes - pair.answered;
    pair.answered += data.length;
    pair.client.write(data.subarray(0, Math.max(0, rest)), () => {
      if (pair.answered >= (mode as { afterBytes: number }).afterBytes) pair.client.destroy();
    });
  }

  function forward(from: Socket, to: Socket, data: Buffer): void {
    if (mode.mode === 'latency') {
      setTimeout(() => to.writable && to.write(data), mode.milliseconds);
      return;
    }
    if (mode.mode === 'throttle') {
      // Reading pauses while this chunk is "on the wire", so that the sender is throttled too.
      from.pause();
      to.write(data);
      setTimeout(() => from.resume(), (data.length / mode.bytesPerSecond) * 1000);
      return;
    }
    if (to.writable && !to.write(data)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }

  function silence(pair: Pair): void {
    pair.client.pause();
    pair.server.pause();
  }

  async function set(next: TcpMode): Promise<void> {
    const wasRefusing = mode.mode === 'refuse';
    mode = next;
    if (next.mode === 'refuse' && !wasRefusing) {
      const closed = new Promise<void>((done) => listener.close(() => done()));
      reset();
      await closed;
    }
    if (wasRefusing && next.mode !== 'refuse') listener = await listen(port);
    for (const pair of pairs) {
      if (next.mode === 'blackhole') silence(pair);
      else {
        pair.client.resume();
        pair.server.resume();
      }
      if (next.mode === 'halfClose') pair.client.end();
    }
    if (next.mode === 'reset') reset();
  }

  function reset(): void {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    pairs.clear();
  }

  async function stop(): Promise<void> {
    reset();
    if (listener.listening) await new Promise<void>((done) => listener.close(() => done()));
  }

  return {
    port,
    set,
    reset,
    stop,
    deafen() {
      for (const pair of pairs) pair.deaf = true;
    },
    get live() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
  };
}
