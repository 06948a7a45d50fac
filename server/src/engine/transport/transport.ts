// Requests to one API server with one credential: answers and failures as values, a watch as lines. Connections are kept
// few (HTTP/2 where offered), a 401 renews the credential once, and nothing waits without a deadline.
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { wireHeaders } from '../credentials/auth-headers.ts';
import { type Auth, type Credentials, expiredCertificate } from '../credentials/credentials.ts';
import { type Failure, failed, failureOfAnswer, failureOfError, type Result, success } from '../failure.ts';
import { redact } from '../redact.ts';
import { dial, type Endpoint } from './dial.ts';
import { DialAgent, DialFailure } from './dial-agent.ts';
import { Http2Pool, type PingTimes } from './http2-pool.ts';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query, below the server's own path. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte before the request is given up; 30 s unless told. */
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

/** Bytes of one answer that isn't streamed by lines; a page of 500 large objects stays far below. */
const bodyLimit = 256 << 20;
const lineLimit = 64 << 20;

export class Transport {
  readonly #options: TransportOptions;
  readonly #times: PingTimes & { readonly dial: number };
  readonly #closed = new AbortController();
  #http2: Http2Pool;
  #http1: DialAgent | undefined;
  /** The certificate the open connections show. */
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

  /** Milliseconds by which the server's clock is ahead of ours, to the second: ages are counted by its clock. */
  get clockSkew(): number {
    return this.#skew;
  }

  get protocol(): string | undefined {
    return this.#spoken;
  }

  /** The whole body of an answer below 400; anything else is a failure with the server's words. */
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
      return failed('server', `${this.server} answers ${request.path.split('?')[0]} with something that is no JSON`, {
        remedy: 'Check that the address is an API server, and what stands between.',
      });
    }
  }

  /**
   * Each line of the answer as it comes. Ends well when the server ends the answer; `quiet` counts between bytes. A
   * last line without a line break is incomplete and left out. `onAnswer`: the server has said yes.
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
        if (rest.length > lineLimit) body.destroy(new Error('a line without end'));
      });
    });
  }

  /** Headers only; the caller has to read or destroy the body. */
  async send(request: Request): Promise<Result<Answer>> {
    const { credentials } = this.#options;
    const signal = AbortSignal.any([this.#closed.signal, ...(request.signal ? [request.signal] : [])]);
    const auth = await credentials.get(signal);
    if (signal.aborted) return failed('aborted', 'the request was given up');
    if (!auth.ok) return auth;
    const first = await this.#attempt(request, auth.value);
    if (first.ok || first.failure.kind !== 'unauthorized') return first;
    if (!(await credentials.renew(auth.value, signal))) {
      const why = expiredCertificate(auth.value, Date.now() + this.#skew);
      return why === undefined ? first : { ok: false, failure: why };
    }
    const renewed = await credentials.get(signal);
    return renewed.ok ? this.#attempt(request, renewed.value) : renewed;
  }

  /** Spread over a second, since after a sleep all contexts are asked at once. HTTP/1.1 knows no ping: it connects anew. */
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
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
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
    const said = await this.#read(answer.value, request);
    return {
      ok: false,
      failure: cleaned(failureOfAnswer(answer.value.status, answer.value.headers, said.ok ? said.value : '')),
    };
  }

  /** A watch's headers come as it begins, so they are as good as any; a slow answer is off by its time on the way. */
  #readClock(date: unknown): void {
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isFinite(at)) return;
    const skew = at + 500 - Date.now();
    // Below a few seconds it is the way and the rounding, not the clock.
    this.#skew = Math.abs(skew) < 3000 ? 0 : skew;
  }

  /** Makes sure it is known which HTTP the server speaks, and that connections show the certificate of now. */
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
      // One that was closed meanwhile, with another certificate or the context, takes nothing more.
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
    if (signal.aborted) return failed('aborted', 'the request was given up');
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
        () => stream.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
        quiet,
      );
      const abort = () => stream.destroy(Object.assign(new Error('given up'), { code: 'ABORT_ERR' }));
      const settle = (result: Result<Answer>) => {
        clearTimeout(timer);
        done(result);
      };
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      stream.once('close', () => {
        signal.removeEventListener('abort', abort);
        settle(failed('reset', `${this.server} closed the connection without an answer`));
      });
      // Stays for the stream's life: an error after the answer is told by the body.
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
          failure: this.#failureOf({ code: 'ECONNRESET', message: 'closed in the middle of an answer' }, signal),
        });
      body.once('close', cut);
      if (body.destroyed) cut();
    });
  }

  #failureOf(error: unknown, signal: AbortSignal | undefined): Failure {
    if (signal?.aborted || this.#closed.signal.aborted) return { kind: 'aborted', message: 'the request was given up' };
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

function cleaned(failure: Failure): Failure {
  return { ...failure, message: redact(failure.message) };
}
