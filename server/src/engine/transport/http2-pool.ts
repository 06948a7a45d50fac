// HTTP/2 connections to one server: as few as the server's stream limit allows, each monitored by pings with a deadline,
// since a dead connection reports no error by itself.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { failed, failureOfError, type Result, success } from '../failure.ts';

export interface PingTimes {
  /** Milliseconds without a byte before a ping is sent. */
  readonly quiet: number;
  /** Milliseconds until the ping must be acknowledged. */
  readonly deadline: number;
}

interface Connection {
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
  open: number;
  /** Accepts no new streams: a GOAWAY arrived, or the connection is closed. */
  draining: boolean;
  /** From a GOAWAY: the server didn't process streams after this one. */
  lastStream?: number;
}

export class Http2Pool {
  readonly #origin: string;
  readonly #times: PingTimes;
  /** Connections that are ready for streams. */
  readonly #connections = new Set<Connection>();
  /** All sessions, including those whose handshake is in progress. */
  readonly #sessions = new Map<ClientHttp2Session, Socket>();
  readonly #homes = new WeakMap<ClientHttp2Stream, Connection>();
  #dialing: Promise<Result<Connection>> | undefined;
  #closed = false;

  constructor(origin: string, times: PingTimes) {
    this.#origin = origin;
    this.#times = times;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes over a connected socket on which ALPN chose `h2`. */
  async adopt(socket: Socket): Promise<Result<true>> {
    const made = await this.#connect(socket);
    return made.ok ? success(true) : made;
  }

  /** A stream on a connection below its limit, or on a new connection from `dial`. */
  async open(
    headers: OutgoingHttpHeaders,
    hasBody: boolean,
    dial: () => Promise<Result<Socket>>,
  ): Promise<Result<ClientHttp2Stream>> {
    while (!this.#closed) {
      const free = [...this.#connections].find(
        (one) => !one.draining && !one.session.closed && one.open < limitOf(one),
      );
      if (free) return this.#request(free, headers, hasBody);
      // Concurrent callers wait for the same connection instead of dialing another.
      this.#dialing ??= this.#dial(dial).finally(() => {
        this.#dialing = undefined;
      });
      const made = await this.#dialing;
      if (!made.ok) return made;
      if (limitOf(made.value) <= 0) return failed('server', `${this.#origin} allows no requests on a new connection`);
    }
    return this.#over();
  }

  /** Whether the server reports that it didn't process the stream, so that it may be retried (RFC 9113, 8.7). */
  wasTurnedAway(stream: ClientHttp2Stream): boolean {
    const last = this.#homes.get(stream)?.lastStream;
    return (
      stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || (last !== undefined && (stream.id ?? last + 1) > last)
    );
  }

  /** Pings every connection now: after a sleep, or when another connection was found dead. */
  checkNow(deadline: number): void {
    for (const connection of this.#connections) ping(connection, deadline, this.#origin);
  }

  close(): void {
    this.#closed = true;
    for (const [session, socket] of this.#sessions) {
      session.destroy();
      // After a GOAWAY, the session would wait for the peer to close its side.
      socket.destroy();
    }
    this.#connections.clear();
  }

  #over(): Result<never> {
    return failed('reset', `the connection to ${this.#origin} was closed`);
  }

  async #dial(dial: () => Promise<Result<Socket>>): Promise<Result<Connection>> {
    const socket = await dial();
    return socket.ok ? this.#connect(socket.value) : socket;
  }

  #connect(socket: Socket): Promise<Result<Connection>> {
    if (this.#closed) {
      socket.destroy();
      return Promise.resolve(this.#over());
    }
    return new Promise((done) => {
      const session = connect(this.#origin, {
        createConnection: () => socket,
        settings: { enablePush: false, initialWindowSize: 1 << 20 },
      });
      const connection: Connection = { session, socket, open: 0, draining: false };
      this.#sessions.set(session, socket);
      session.setLocalWindowSize(1 << 24);
      let heard = Date.now();
      const hear = () => {
        heard = Date.now();
      };
      socket.on('data', hear);
      let bytes = 0;
      const timer = setInterval(
        () => {
          // HTTP/2 reads the socket's bytes without emitting its 'data' event.
          const { bytesRead } = socket;
          if (bytesRead !== bytes) hear();
          bytes = bytesRead;
          if (Date.now() - heard >= this.#times.quiet) ping(connection, this.#times.deadline, this.#origin, hear);
        },
        Math.max(250, this.#times.quiet / 3),
      );
      timer.unref();
      const end = () => {
        connection.draining = true;
        clearInterval(timer);
        this.#connections.delete(connection);
        this.#sessions.delete(session);
      };
      // The first settings contain the stream limit; no stream may be opened before they arrive.
      const settings = setTimeout(
        () => session.destroy(Object.assign(new Error('no HTTP/2 settings'), { code: 'ETIMEDOUT' })),
        this.#times.deadline,
      );
      let settled = false;
      const settle = (result: Result<Connection>) => {
        clearTimeout(settings);
        if (!settled) done(result);
        settled = true;
      };
      session.once('remoteSettings', () => {
        this.#connections.add(connection);
        settle(success(connection));
      });
      session.on('goaway', (_code, lastStream) => {
        connection.draining = true;
        connection.lastStream = lastStream;
      });
      session.on('error', (error) => settle({ ok: false, failure: failureOfError(error, this.#origin) }));
      session.on('close', () => {
        end();
        settle(failed('reset', `the connection to ${this.#origin} broke during the handshake`));
      });
    });
  }

  #request(connection: Connection, headers: OutgoingHttpHeaders, hasBody: boolean): Result<ClientHttp2Stream> {
    try {
      const stream = connection.session.request(headers, { endStream: !hasBody });
      connection.open++;
      this.#homes.set(stream, connection);
      stream.once('close', () => {
        connection.open--;
        if (connection.draining && connection.open === 0) connection.session.close();
      });
      return success(stream);
    } catch (error) {
      // The connection accepts no new streams; its open streams continue.
      connection.draining = true;
      if (connection.open === 0) connection.session.close();
      return { ok: false, failure: failureOfError(error, this.#origin) };
    }
  }
}

function limitOf({ session }: Connection): number {
  return Math.min(session.remoteSettings.maxConcurrentStreams ?? 100, 250);
}

const pinging = new WeakSet<Connection>();

function ping(connection: Connection, deadline: number, origin: string, heard: () => void = () => undefined): void {
  const { session } = connection;
  if (session.destroyed || session.closed || pinging.has(connection)) return;
  pinging.add(connection);
  const lost = setTimeout(() => {
    connection.draining = true;
    session.destroy(Object.assign(new Error(`${origin} does not respond to a ping`), { code: 'ETIMEDOUT' }));
    connection.socket.destroy();
  }, deadline);
  lost.unref();
  const settle = () => {
    clearTimeout(lost);
    pinging.delete(connection);
  };
  try {
    session.ping(() => {
      settle();
      heard();
    });
  } catch {
    settle();
  }
}
