// An HTTPS reverse proxy in front of an API server that injects faults: error responses, slow bodies, truncated watch lines,
// and on HTTP/2 GOAWAY and stream limits. It uses the API server's own certificate, so clients trust it unchanged.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';

export interface HttpFault {
  readonly method?: string;
  /** Matched against path and query. */
  readonly url?: RegExp;
  /** Number of requests it applies to; absent: until removed. */
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** The real response, at this rate. */
  readonly bytesPerSecond?: number;
  /** The request reaches the server, but the connection breaks before the response. */
  readonly swallow?: true;
  /** Milliseconds by which the server's clock appears to be ahead. */
  readonly skew?: number;
}

export interface SeenRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly http2: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HttpProxy {
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** Adds a fault and returns the function that removes it. */
  fault(fault: HttpFault): () => void;
  /** Writes a line into every open watch whose URL matches; returns the number of watches. */
  intoWatches(url: RegExp, line: string | Buffer): number;
  /** Ends every open watch whose URL matches, in the middle of a line if `partial` is given. */
  endWatches(url: RegExp, partial?: string): number;
  goaway(): void;
  readonly sockets: number;
  stop(): Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface HttpProxyOptions {
  readonly target: { readonly port: number };
  /** The API server's serving certificate and key (`apiserver.crt`, `apiserver.key` of its `--cert-dir`). */
  readonly certificate: string;
  readonly key: string;
  /** Maximum concurrent streams on one HTTP/2 connection. */
  readonly maxStreams?: number;
  readonly http2?: boolean;
}

export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const requests: SeenRequest[] = [];
  const faults = new Map<HttpFault, number>();
  const watches = new Map<Response, string>();
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const server = createSecureServer({
    cert: readFileSync(options.certificate),
    key: readFileSync(options.key),
    allowHTTP1: true,
    ...(options.http2 === false ? { ALPNProtocols: ['http/1.1'] } : {}),
    settings: { maxConcurrentStreams: options.maxStreams ?? 100 },
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
    // The client closed its side. After our GOAWAY, Node would keep the connection open for pending streams.
    session.on('goaway', () => setImmediate(() => session.destroy()));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.on('request', (incoming: Request, outgoing: Response) => void serve(incoming, outgoing));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));

  async function serve(incoming: Request, outgoing: Response): Promise<void> {
    const method = incoming.method ?? 'GET';
    const url = incoming.url ?? '/';
    requests.push({
      at: Date.now(),
      method,
      url,
      http2: incoming.httpVersionMajor === 2,
      headers: { ...incoming.headers },
    });
    outgoing.on('error', () => {});
    const fault = take(method, url);
    if (fault?.delay) await new Promise((done) => setTimeout(done, fault.delay));
    if (fault?.status !== undefined) {
      incoming.resume();
      const body = fault.body ?? status(fault.status);
      (outgoing as ServerResponse).writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      (outgoing as ServerResponse).end(body);
      return;
    }
    pass(incoming, outgoing, fault);
  }

  function take(method: string, url: string): HttpFault | undefined {
    for (const [fault, left] of faults) {
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.url !== undefined && !fault.url.test(url)) continue;
      if (left <= 1) faults.delete(fault);
      else faults.set(fault, left - 1);
      return fault;
    }
    return undefined;
  }

  function pass(incoming: Request, outgoing: Response, fault: HttpFault | undefined): void {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(
        ([name]) => !name.startsWith(':') && name !== 'connection' && name !== 'host',
      ),
    );
    const url = incoming.url ?? '/';
    const upstream = request(
      { agent, host: '127.0.0.1', port: options.target.port, method: incoming.method, path: url, headers },
      (answer) => {
        const passed = Object.fromEntries(
          Object.entries(answer.headers).filter(
            ([name]) => !['connection', 'transfer-encoding', 'keep-alive', 'upgrade'].includes(name),
          ),
        );
        if (fault?.swallow) {
          answer.resume();
          answer.on('end', () => tear(outgoing));
          return;
        }
        if (fault?.skew !== undefined) passed.date = new Date(Date.now() + fault.skew).toUTCString();
        (outgoing as ServerResponse).writeHead(answer.statusCode ?? 502, passed);
        if (/[?&]watch=(true|1)/.test(url)) watches.set(outgoing, url);
        answer.on('data', (data: Buffer) => {
          (outgoing as ServerResponse).write(data);
          if (fault?.bytesPerSecond === undefined) return;
          answer.pause();
          setTimeout(() => answer.resume(), (data.length / fault.bytesPerSecond) * 1000);
        });
        answer.on('end', () => (outgoing as ServerResponse).end());
        answer.on('error', () => (outgoing as ServerResponse).destroy());
      },
    );
    outgoing.on('close', () => {
      watches.delete(outgoing);
      upstream.destroy();
    });
    upstream.on('error', () => {
      if (!outgoing.headersSent) (outgoing as ServerResponse).writeHead(502, { 'content-type': 'application/json' });
      (outgoing as ServerResponse).end(status(502));
    });
    incoming.pipe(upstream);
  }

  function matching(url: RegExp): readonly Response[] {
    return [...watches].filter(([, watched]) => url.test(watched)).map(([response]) => response);
  }

  return {
    port: (server.address() as { port: number }).port,
    requests,
    fault(fault) {
      faults.set(fault, fault.times ?? Number.POSITIVE_INFINITY);
      return () => faults.delete(fault);
    },
    intoWatches(url, line) {
      const open = matching(url);
      for (const response of open) {
        (response as ServerResponse).write(line);
        (response as ServerResponse).write('\n');
      }
      return open.length;
    },
    endWatches(url, partial) {
      const open = matching(url);
      for (const response of open) (response as ServerResponse).end(partial ?? '');
      return open.length;
    },
    goaway() {
      for (const session of sessions) session.goaway();
    },
    get sockets() {
      return sockets.size;
    },
    async stop() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** Ends the exchange without a response. */
function tear(outgoing: Response): void {
  if ('stream' in outgoing) outgoing.stream.close(2);
  else outgoing.destroy();
}

/** The body of an API server's error response: a `Status` object. */
function status(code: number): string {
  const reasons: Readonly<Record<number, string>> = {
    401: 'Unauthorized',
    403: 'Forbidden',
    410: 'Expired',
    429: 'TooManyRequests',
  };
  const reason = reasons[code] ?? 'InternalError';
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    code,
    message: `fault: ${code}`,
  });
}
