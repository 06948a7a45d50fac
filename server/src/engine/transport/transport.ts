// Sends requests to one API server with one credential; responses and failures are values, a watch is a stream of lines.
// Uses few connections (HTTP/2 if offered), renews the credential once after a 401, and puts a deadline on every wait.
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { wireHeaders } from '../credentials/auth-headers.ts';
import { type Auth, type Credentials, expiredCertificate } from '../credentials/credentials.ts';
import { type Failure, failed, failureOfAnswer, failureOfError, notJson, type Result, success } from '../failure.ts';
import { redact } from '../redact.ts';
import { dial, type Endpoint, type Way } from './dial.ts';
import { DialAgent, DialFailure } from './dial-agent.ts';
import { Http2Pool, type PingTimes } from './http2-pool.ts';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Includes the query; relative to the path of the server URL. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte before the request times out; default 30 s. */
  readonly quiet?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readable;
  destroy(): void;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly userAgent: string;
  readonly times?: PingTimes & { readonly dial: number };
}

/** Maximum bytes of a response that isn't streamed by lines; a page of 500 large objects is far smaller. */
const bodyLimit = 256 << 20;
const lineLimit = 64 << 20;

export class Transport {
  readonly #options: TransportOptions;
  readonly #times: PingTimes & { readonly dial: number };
  readonly #closed = new AbortController();
  #http2: Http2Pool;
  #http1: DialAgent | undefined;
  /** The client certificate of the open connections. */
  #shown: Auth['certificate'];
  #probing: Promise<Result<true>> | undefined;
  #spoken: 'h2' | 'http/1.1' | undefined;
  #skew = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#times = options.times ?? { quiet: 15_000, deadline: 10_000, dial: 10_000 };
    this.#http2 = new Http2Pool(options.endpoint.url.origin, this.#times);
  }

  get server(): string {
    return this.#options.endpoint.url.origin;
  }

  /** Milliseconds by which the server's clock is ahead of ours, accurate to a second: ages are based on its clock. */
  get clockSkew(): number {
    return this.#skew;
  }

  get protocol(): string | undefined {
    return this.#spoken;
  }

  /** The whole body of a response with a status below 400; anything else is a failure with the server's message. */
  async text(request: Request): Promise<Result<string>> {
    const answer = await this.send(request);
    return answer.ok ? this.#read(answer.value, request) : answer;
  }

  async json<T>(request: Request): Promise<Result<T>> {
    const text = await this.text(request);
    if (!text.ok) return text;
    try {
      return success(JSON.parse(text.value) as T);
    } catch {
      return notJson(this.server, request.path.split('?')[0]!);
    }
  }

  /**
   * Calls `onLine` for each line of the response as it arrives. Succeeds when the server ends the response; `quiet` is
   * the time between bytes. A last line without a line break is incomplete and dropped. `onAnswer` is called when the
   * server has accepted the request.
   */
  async lines(request: Request, onLine: (line: string) => void, onAnswer?: () => void): Promise<Result<true>> {
    const answer = await this.send(request);
    if (!answer.ok) return answer;
    onAnswer?.();
    const { body } = answer.value;
    let rest = '';
    return this.#consume(answer.value, request, () => {
      body.setEncoding('utf8');
      body.on('data', (piece: string) => {
        let from = 0;
        for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', from)) {
          const line = rest + piece.slice(from, end);
          rest = '';
          from = end + 1;
          if (line !== '') onLine(line);
        }
        rest += piece.slice(from);
        if (rest.length > lineLimit) body.destroy(new Error('a line exceeds 64 MiB'));
      });
    });
  }

  /** Resolves when the headers arrive; the caller must read or destroy the body. */
  send(request: Request): Promise<Result<Answer>> {
    return this.#authorized(request.signal, (auth) => this.#attempt(request, auth));
  }

  /**
   * Opens a connection of its own for a protocol that takes it over, such as WebSocket; `open` must close it. It is tried again
   * with a new credential if `open` fails with a 401.
   */
  upgrade<T>(signal: AbortSignal, open: (way: Way) => Promise<Result<T>>): Promise<Result<T>> {
    return this.#authorized(signal, async (auth) => {
      const { endpoint, userAgent } = this.#options;
      const own = wireHeaders(auth.headers);
      if (!own.ok) return own;
      const all = AbortSignal.any([this.#closed.signal, signal]);
      const options = { timeout: this.#times.dial, signal: all, http2: false };
      const socket = await dial(endpoint, auth.certificate, options);
      if (!socket.ok) return socket;
      const headers = { 'user-agent': userAgent, ...own.value };
      return open({ socket: socket.value, url: endpoint.url, headers, signal: all });
    });
  }

  async #authorized<T>(
    given: AbortSignal | undefined,
    attempt: (auth: Auth) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const { credentials } = this.#options;
    const signal = AbortSignal.any([this.#closed.signal, ...(given ? [given] : [])]);
    const auth = await credentials.get(signal);
    if (signal.aborted) return failed('aborted', 'the request was canceled');
    if (!auth.ok) return auth;
    const first = await attempt(auth.value);
    if (first.ok || first.failure.kind !== 'unauthorized') return first;
    if (!(await credentials.renew(auth.value, signal))) {
      const why = expiredCertificate(auth.value, Date.now() + this.#skew);
      return why === undefined ? first : { ok: false, failure: why };
    }
    const renewed = await credentials.get(signal);
    return renewed.ok ? attempt(renewed.value) : renewed;
  }

  /** Checks the connections, spread over a second since a sleep affects all contexts. HTTP/1.1 has no ping: it reconnects. */
  checkNow(): void {
    this.#http2.checkNow(3_000 + Math.random() * 1000);
    const agent = this.#http1;
    if (agent) setTimeout(() => agent.destroy(), Math.random() * 1000).unref();
  }

  close(): void {
    this.#closed.abort();
    this.#drop();
  }

  async #attempt(request: Request, auth: Auth): Promise<Result<Answer>> {
    const ready = await this.#ready(auth);
    if (!ready.ok) return ready;
    const { endpoint, userAgent } = this.#options;
    const own = wireHeaders(auth.headers);
    if (!own.ok) return own;
    const path = endpoint.url.pathname.replace(/\/$/, '') + request.path;
    const headers: OutgoingHttpHeaders = {
      accept: request.accept ?? 'application/json',
      'user-agent': userAgent,
      ...(endpoint.cluster.disableCompression || request.path.includes('watch=') ? {} : { 'accept-encoding': 'gzip' }),
      ...(request.body === undefined ? {} : bodyHeaders(request.body, request.contentType)),
      ...own.value,
    };
    const signals = [this.#closed.signal, ...(request.signal ? [request.signal] : [])];
    const signal = AbortSignal.any(signals);
    const answer =
      this.#spoken === 'h2'
        ? await this.#over2(request, path, headers, auth, signal)
        : await this.#over1(request, path, headers, auth, signal);
    if (answer.ok) this.#readClock(answer.value.headers.date);
    if (!answer.ok || answer.value.status < 400) return answer;
    const body = await this.#read(answer.value, request);
    return {
      ok: false,
      failure: cleaned(failureOfAnswer(answer.value.status, answer.value.headers, body.ok ? body.value : '')),
    };
  }

  /** The headers of a watch arrive when it begins, so they are usable too; a slow response is off by its latency. */
  #readClock(date: unknown): void {
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isFinite(at)) return;
    const skew = at + 500 - Date.now();
    // A few seconds are due to latency and rounding, not to the clock.
    this.#skew = Math.abs(skew) < 3000 ? 0 : skew;
  }

  /** Ensures that the server's HTTP version is known and that connections use the current client certificate. */
  async #ready(auth: Auth): Promise<Result<true>> {
    if (auth.certificate?.cert !== this.#shown?.cert || auth.certificate?.key !== this.#shown?.key) {
      this.#drop();
      this.#shown = auth.certificate;
    }
    if (this.#spoken !== undefined) return success(true);
    this.#probing ??= this.#probe(auth).finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  async #probe(auth: Auth): Promise<Result<true>> {
    const pool = this.#http2;
    const socket = await this.#dial(auth);
    if (!socket.ok) return socket;
    if ((socket.value as { alpnProtocol?: string }).alpnProtocol === 'h2') {
      // Fails if the pool has been closed, because the certificate changed or the context was closed.
      const adopted = await pool.adopt(socket.value);
      if (!adopted.ok) return adopted;
      this.#spoken = 'h2';
    } else {
      this.#http1 = new DialAgent(() => this.#dial(auth), socket.value);
      this.#spoken = 'http/1.1';
    }
    return success(true);
  }

  #dial(auth: Auth): Promise<Result<Socket>> {
    return dial(this.#options.endpoint, auth.certificate, {
      timeout: this.#times.dial,
      signal: this.#closed.signal,
      http2: this.#spoken !== 'http/1.1',
    });
  }

  async #over2(
    request: Request,
    path: string,
    headers: OutgoingHttpHeaders,
    auth: Auth,
    signal: AbortSignal,
    again = true,
  ): Promise<Result<Answer>> {
    if (signal.aborted) return failed('aborted', 'the request was canceled');
    const opened = await this.#http2.open(
      { ':method': request.method ?? 'GET', ':path': path, ...headers },
      request.body !== undefined,
      () => this.#dial(auth),
    );
    if (!opened.ok) return opened;
    const stream = opened.value;
    if (request.body !== undefined) stream.end(request.body);
    const answered = await this.#answered(stream, request, signal, (then) =>
      stream.once('response', (received) =>
        then({ status: Number(received[':status']), headers: received as Answer['headers'], body: stream }),
      ),
    );
    const turnedAway = !answered.ok && answered.failure.kind === 'reset' && this.#http2.wasTurnedAway(stream);
    if (turnedAway && again) return this.#over2(request, path, headers, auth, signal, false);
    return answered;
  }

  async #over1(
    request: Request,
    path: string,
    headers: OutgoingHttpHeaders,
    _auth: Auth,
    signal: AbortSignal,
  ): Promise<Result<Answer>> {
    const { endpoint } = this.#options;
    const outgoing: ClientRequest = plainRequest({
      agent: this.#http1!,
      host: endpoint.url.hostname.replace(/^\[|\]$/g, ''),
      port: endpoint.url.port || (endpoint.url.protocol === 'https:' ? 443 : 80),
      method: request.method ?? 'GET',
      path,
      headers: { host: endpoint.url.host, ...headers },
    });
    outgoing.end(request.body);
    return this.#answered(outgoing as unknown as Duplex, request, signal, (then) =>
      outgoing.once('response', (incoming: IncomingMessage) =>
        then({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming }),
      ),
    );
  }

  #answered(
    stream: Duplex,
    { quiet = 30_000 }: Request,
    signal: AbortSignal,
    onResponse: (then: (answer: Omit<Answer, 'destroy'>) => void) => void,
  ): Promise<Result<Answer>> {
    return new Promise((done) => {
      const timer = setTimeout(
        () => stream.destroy(Object.assign(new Error('no response'), { code: 'ETIMEDOUT' })),
        quiet,
      );
      const abort = () => stream.destroy(Object.assign(new Error('canceled'), { code: 'ABORT_ERR' }));
      const settle = (result: Result<Answer>) => {
        clearTimeout(timer);
        done(result);
      };
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      stream.once('close', () => {
        signal.removeEventListener('abort', abort);
        settle(failed('reset', `${this.server} closed the connection without a response`));
      });
      // Not removed after the response: a later error is reported by the body.
      stream.on('error', (error) => settle({ ok: false, failure: this.#failureOf(error, signal) }));
      onResponse((answer) => {
        const body = answer.headers['content-encoding'] === 'gzip' ? answer.body.pipe(createGunzip()) : answer.body;
        if (body !== answer.body) answer.body.on('error', (error) => body.destroy(error));
        settle(success({ ...answer, body, destroy: () => stream.destroy() }));
      });
    });
  }

  async #read(answer: Answer, request: Request): Promise<Result<string>> {
    const pieces: Buffer[] = [];
    let size = 0;
    const read = await this.#consume(answer, request, () =>
      answer.body.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size <= bodyLimit) pieces.push(piece);
        else answer.destroy();
      }),
    );
    return read.ok ? success(Buffer.concat(pieces).toString('utf8')) : read;
  }

  #consume(answer: Answer, { quiet = 30_000, signal }: Request, start: () => void): Promise<Result<true>> {
    const { body } = answer;
    return new Promise((done) => {
      const late = () => {
        done({ ok: false, failure: failureOfError({ code: 'ETIMEDOUT' }, this.server) });
        answer.destroy();
      };
      const timer = setTimeout(late, quiet);
      timer.unref();
      body.on('data', () => timer.refresh());
      const settle = (result: Result<true>) => {
        clearTimeout(timer);
        done(result);
      };
      start();
      body.once('end', () => settle(success(true)));
      body.once('error', (error) => settle({ ok: false, failure: this.#failureOf(error, signal) }));
      const cut = () =>
        settle({
          ok: false,
          failure: this.#failureOf(
            { code: 'ECONNRESET', message: 'it was closed in the middle of a response' },
            signal,
          ),
        });
      body.once('close', cut);
      if (body.destroyed) cut();
    });
  }

  #failureOf(error: unknown, signal: AbortSignal | undefined): Failure {
    if (signal?.aborted || this.#closed.signal.aborted) return { kind: 'aborted', message: 'the request was canceled' };
    if (error instanceof DialFailure) return error.failure;
    return cleaned(failureOfError(error, this.server));
  }

  #drop(): void {
    this.#http2.close();
    this.#http1?.destroy();
    this.#http1 = undefined;
    this.#spoken = undefined;
    this.#http2 = new Http2Pool(this.#options.endpoint.url.origin, this.#times);
  }
}

/** The body of a DELETE may be dropped, by Node and by whatever forwards the request, if its length isn't stated. */
function bodyHeaders(body: string, contentType = 'application/json'): OutgoingHttpHeaders {
  return { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
}

function cleaned(failure: Failure): Failure {
  return { ...failure, message: redact(failure.message) };
}
