// Opens one connection to an API server: address, proxy, TLS. HTTP/2 if the server offers it (ALPN), else HTTP/1.1.
import type { OutgoingHttpHeaders } from 'node:http2';
import { isIP, type Socket, connect as tcp } from 'node:net';
import {
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
  connect as tls,
} from 'node:tls';
import type { Auth } from '../credentials/credentials.ts';
import { readNamed, UnreadFile } from '../credentials/named-file.ts';
import { type Failure, failureOfError, type Result, success } from '../failure.ts';
import type { Cluster } from '../kubeconfig/file.ts';
import { ProxyError, proxyFor, tunnel } from './proxy.ts';

export interface Endpoint {
  readonly cluster: Cluster;
  readonly url: URL;
  readonly proxy?: URL;
}

/** A connection that is open, and what a request on it carries. */
export interface Way {
  readonly socket: Socket;
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  /** Aborts with the caller's signal, and when the transport is closed. */
  readonly signal: AbortSignal;
}

export interface DialOptions {
  /** Milliseconds until the handshake must be complete. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Offer HTTP/2. */
  readonly http2: boolean;
}

export function endpointOf(
  cluster: Cluster,
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Endpoint {
  const { server } = cluster;
  // Without a scheme it is plain HTTP, even if the entry has certificates: kubectl decides before it reads those.
  const text = server.includes('://') ? server : `http://${server}`;
  const url = new URL(URL.canParse(text) ? text : 'https://invalid');
  const proxy = proxyFor(url, cluster.proxyUrl, setting, env);
  return { cluster, url, ...(proxy ? { proxy } : {}) };
}

export async function dial(
  endpoint: Endpoint,
  certificate: Auth['certificate'],
  options: DialOptions,
): Promise<Result<Socket>> {
  const { url, proxy } = endpoint;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), options.timeout);
  timer.unref();
  const signal = AbortSignal.any([options.signal, late.signal]);
  try {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const raw = proxy
      ? await tunnel(proxy, host, port, signal)
      : await connected(tcp({ host, port, noDelay: true, keepAlive: true }), 'connect', signal);
    if (url.protocol !== 'https:') return success(raw);
    try {
      return success(await handshake(raw, endpoint, host, certificate, options.http2, signal));
    } catch (error) {
      // An unreadable certificate fails before TLS begins, and nothing else owns the socket.
      raw.destroy();
      throw error;
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error, url.origin, options.signal) };
  } finally {
    clearTimeout(timer);
  }
}

async function handshake(
  raw: Socket,
  { cluster }: Endpoint,
  host: string,
  certificate: Auth['certificate'],
  http2: boolean,
  signal: AbortSignal,
): Promise<TLSSocket> {
  // Read at each connect, so that the next connection uses a rotated certificate authority.
  const ca = cluster.caData ?? (cluster.caFile ? readNamed(cluster.caFile) : undefined);
  const name = cluster.tlsServerName ?? host;
  if (certificate) checkPair(certificate);
  const socket = tls({
    socket: raw,
    host: name,
    ...(isIP(name) ? {} : { servername: name }),
    secureContext: contextFor(ca ?? (cluster.insecure ? 'none' : 'system'), certificate),
    rejectUnauthorized: !cluster.insecure,
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  });
  raw.once('error', (error) => socket.destroy(error));
  return connected(socket, 'secureConnect', signal);
}

/** Distinguishes an invalid client certificate from an invalid server certificate. */
function checkPair(certificate: NonNullable<Auth['certificate']>): void {
  try {
    createSecureContext(certificate);
  } catch (error) {
    throw new PairError((error as Error).message);
  }
}

class PairError extends Error {}

/** Those in use: to add the authorities of the system to one takes longer than a handshake. */
const contexts = new Map<string, SecureContext>();
const mostContexts = 64;

function contextFor(authority: string | Buffer, certificate: Auth['certificate']): SecureContext {
  const name = JSON.stringify([`${authority}`, `${certificate?.cert ?? ''}`, `${certificate?.key ?? ''}`]);
  const known = contexts.get(name);
  if (known) return known;
  const ca = authority === 'none' ? [] : authority === 'system' ? systemAuthorities() : authority;
  const made = createSecureContext({ ca, minVersion: 'TLSv1.2', ...(certificate ?? {}) });
  const [oldest] = contexts.keys();
  if (contexts.size >= mostContexts && oldest !== undefined) contexts.delete(oldest);
  contexts.set(name, made);
  return made;
}

let authorities: readonly string[] | undefined;

function systemAuthorities(): string[] {
  authorities ??= [...rootCertificates, ...getCACertificates('system')];
  return [...authorities];
}

function connected<T extends Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', give);
      socket.off('error', broken);
      socket.off('close', closed);
      then();
    };
    const broken = (error: Error) => settle(() => fail(error));
    const closed = () =>
      settle(() => fail(Object.assign(new Error('it was closed during the handshake'), { code: 'ECONNRESET' })));
    const give = () => {
      settle(() => fail(signal.reason));
      socket.once('error', () => undefined);
      socket.destroy();
    };
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    socket.once('error', broken);
    socket.once('close', closed);
    socket.once(event, () => settle(() => done(socket)));
  });
}

function failureOf(error: unknown, server: string, given: AbortSignal): Failure {
  if (error instanceof ProxyError)
    return {
      kind: 'proxy',
      message: `cannot connect to ${server}: ${error.message}`,
      remedy: 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.',
    };
  if (given.aborted) return { kind: 'aborted', message: 'the request was canceled' };
  // `person` isn't set: while the files are being replaced, the two may briefly not match.
  if (error instanceof PairError)
    return {
      kind: 'credential',
      message: `the client certificate and its key cannot be used (${error.message})`,
      remedy: 'Check client-certificate and client-key in the kubeconfig: both must be PEM, and they must match.',
    };
  if ((error as Error).name === 'TimeoutError') return failureOfError({ code: 'ETIMEDOUT' }, server);
  if (error instanceof UnreadFile) {
    const { path, code } = error;
    return {
      kind: 'config',
      message: `certificate-authority of the kubeconfig refers to ${path}, which ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`,
      remedy: 'Restore the file, or fix certificate-authority.',
    };
  }
  return failureOfError(error, server);
}
