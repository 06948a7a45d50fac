// WebSockets to the API server for `Exec` and `PortForward` of @kubernetes/client-node, over connections of our transport: its
// credentials, certificate authorities, proxy and deadlines. A refusal has the server's own words.
import type { IncomingMessage, RequestOptions } from 'node:http';
import { PassThrough } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { WebSocketHandler, type WebSocketInterface } from '@kubernetes/client-node/dist/web-socket-handler.js';
import { type Failure, failed, failureOfAnswer, failureOfError, type Result, success } from '../failure.ts';
import { presentable } from '../redact.ts';
import type { Way } from '../transport/dial.ts';
import type { Transport } from '../transport/transport.ts';

/** What is used of a WebSocket of the package `ws`. */
export interface Socket {
  readonly protocol: string;
  readonly bufferedAmount: number;
  pause(): void;
  resume(): void;
  ping(): void;
  close(): void;
  terminate(): void;
  on(event: 'open' | 'close' | 'pong' | 'message', then: () => void): void;
  on(event: 'unexpected-response', then: (request: unknown, response: IncomingMessage) => void): void;
}

/** Thrown by a client whose socket could not be opened. */
export class SocketFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Milliseconds between pings; a connection that answers none between two of them is lost. */
const pingEvery = 30_000;
/** Of an answer that refuses. */
const longestRefusal = 64 << 10;
const channels = 5;

/** For one socket: `onOpen` gets it before anything is read from it. */
export function socketsOver(
  transport: Transport,
  signal: AbortSignal,
  onOpen: (socket: Socket) => void = () => undefined,
): WebSocketInterface {
  return {
    async connect(path, text, binary) {
      const opened = await transport.upgrade(signal, (way) => open(way, transport.server, path, text, binary, onOpen));
      if (opened.ok) return opened.value as never;
      throw new SocketFailure(opened.failure);
    },
  };
}

type Handlers = Parameters<WebSocketInterface['connect']>;

async function open(
  way: Way,
  server: string,
  path: string,
  text: Handlers[1],
  binary: Handlers[2],
  onOpen: (socket: Socket) => void,
): Promise<Result<Socket>> {
  let refuse: (failure: Failure) => void;
  const refused = new Promise<Failure>((done) => {
    refuse = done;
  });
  const options = {
    createConnection: () => way.socket,
    headers: way.headers,
    handshakeTimeout: 30_000,
    // What is forwarded is often compressed already, and the API server doesn't offer it.
    perMessageDeflate: false,
    finishRequest(request: { end(): void }, socket: Socket) {
      socket.on('unexpected-response', (_, response) => {
        void read(response).then((body) => refuse(failureOfAnswer(response.statusCode ?? 500, response.headers, body)));
      });
      socket.on('open', () => onOpen(socket));
      request.end();
    },
  };
  const config: Pick<KubeConfig, 'getCurrentCluster' | 'applyToHTTPSOptions'> = {
    getCurrentCluster: () => ({ name: '', server: way.url.href.replace(/\/$/, ''), skipTLSVerify: false }),
    applyToHTTPSOptions: async (own: RequestOptions) => void Object.assign(own, options),
  };
  // Its own are those of this process, which a server that closes a channel would stop.
  const inert = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const handler = new WebSocketHandler(config as KubeConfig, undefined, inert);
  const abandon = () => way.socket.destroy();
  way.signal.addEventListener('abort', abandon, { once: true });
  way.socket.once('close', () => way.signal.removeEventListener('abort', abandon));
  if (way.signal.aborted) abandon();
  try {
    // A channel that nobody asked for must not end this process.
    const known = (channel: number, data: Buffer) => channel >= channels || binary === null || binary(channel, data);
    const connected = handler.connect(path, text, known) as Promise<Socket>;
    const first = await Promise.race([connected, refused]);
    if ('kind' in first) {
      connected.catch(() => undefined);
      way.socket.destroy();
      return { ok: false, failure: first };
    }
    keepAlive(first);
    return success(first);
  } catch (error) {
    way.socket.destroy();
    if (way.signal.aborted) return failed('aborted', 'the request was canceled');
    const cause = (error as { readonly error?: Error }).error ?? error;
    const failure = failureOfError(cause, server);
    return { ok: false, failure: { ...failure, message: presentable(failure.message) } };
  }
}

/** Middleboxes drop connections that are idle, and nobody says so. */
function keepAlive(socket: Socket): void {
  let isAlive = true;
  const alive = () => {
    isAlive = true;
  };
  socket.on('pong', alive);
  socket.on('message', alive);
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingEvery);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

function read(response: IncomingMessage): Promise<string> {
  return new Promise((done) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const end = () => done(Buffer.concat(pieces).toString('utf8'));
    response.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= longestRefusal) pieces.push(piece);
      else response.destroy();
    });
    response.once('close', end);
    response.once('error', end);
  });
}
