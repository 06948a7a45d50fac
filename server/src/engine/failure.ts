// Failures of communication with a cluster, as values: every part of the engine returns a `Result`, and a failure has a
// kind, a message and, if the server sent one, a retry delay.
import { list, number, text } from '../live/fields.ts';
import type { Problem } from '../protocol.ts';
import { presentable, printable } from './redact.ts';

export type FailureKind =
  /** Nothing listens at the address. */
  | 'refused'
  | 'dns'
  /** The certificate, its name, or the handshake. */
  | 'tls'
  | 'timeout'
  /** The connection was lost, usually temporarily. */
  | 'reset'
  | 'proxy'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  /** 410, or an `Expired` event: the resource version is no longer kept. */
  | 'gone'
  /** 504 with `ResourceVersionTooLarge`: this replica of the server is behind. */
  | 'tooNew'
  | 'conflict'
  /** 400 and 422: the request itself. */
  | 'invalid'
  | 'throttled'
  /** 5xx, and responses that aren't valid HTTP or Kubernetes API responses. */
  | 'server'
  | 'aborted'
  /** No credential is available: a plugin failed, a file is missing, or the user must sign in. */
  | 'credential'
  /** The kubeconfig. */
  | 'config';

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence without secrets; the server's own message if it sent one. */
  readonly message: string;
  /** What to do, if the message doesn't make it clear. */
  readonly remedy?: string;
  readonly status?: number;
  /** `reason` of a Kubernetes Status. */
  readonly reason?: string;
  /** Milliseconds to wait, as requested by the server. */
  readonly retryAfter?: number;
  /** Only the user can resolve it: sign in, or consent to running a program. */
  readonly person?: true;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(
  kind: FailureKind,
  message: string,
  rest: Partial<Failure> = {},
): { ok: false; failure: Failure } {
  return { ok: false, failure: { kind, message, ...rest } };
}

export function problemOf(failure: Failure): Problem {
  return { message: failure.message, remedy: failure.remedy ?? '' };
}

/** Failures of the connection to the server: any other request would fail in the same way. */
export function isConnectionFailure({ kind }: Failure): boolean {
  return ['refused', 'dns', 'tls', 'timeout', 'reset', 'proxy'].includes(kind);
}

const codes: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ABORT_ERR: 'aborted',
};

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_OSSL|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_|EPROTO)/;

/** Converts an error that Node throws or emits on a socket, a TLS handshake or an HTTP stream to `server`. */
export function failureOfError(error: unknown, server: string): Failure {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const kind = codes[code] ?? (tlsCodes.test(code) ? 'tls' : 'reset');
  switch (kind) {
    case 'refused':
      return {
        kind,
        message: `${server} refuses the connection, or there is no route to it`,
        remedy: 'Check that the API server is running and that the VPN is up.',
      };
    case 'dns':
      return {
        kind,
        message: `the host name of ${server} cannot be resolved`,
        remedy: 'Check the server address in the kubeconfig, and the VPN.',
      };
    case 'timeout':
      return { kind, message: `${server} does not respond`, remedy: 'Check the network and the VPN.' };
    case 'tls':
      return {
        kind,
        message: `cannot establish a trusted connection to ${server}: ${tlsReason(code, message)}`,
        remedy: 'Check certificate-authority and tls-server-name in the kubeconfig.',
      };
    case 'aborted':
      return { kind, message: 'the request was canceled' };
    default:
      return { kind, message: `the connection to ${server} was lost: ${message}` };
  }
}

/** Converts a response of status 400 or higher; `body` is a Status object if Kubernetes itself sent it. */
export function failureOfAnswer(status: number, headers: Readonly<Record<string, unknown>>, body: string): Failure {
  // `/readyz` lists the failed checks, one per line.
  const unready = [...body.matchAll(/^\[-\]([\w./-]+) failed/gm)].map(([, check]) => check);
  const details =
    unready.length > 0
      ? { message: `the API server is unhealthy: ${unready.join(', ')}` }
      : (statusOf(body) ?? plainText(status, body));
  const failure = failureOfStatus({ ...details, code: status });
  return { ...failure, ...retryAfterOf(headers['retry-after'], failure.retryAfter) };
}

export function notJson(server: string, path: string): { ok: false; failure: Failure } {
  return failed('server', `the response of ${server} to ${path} is not JSON`, {
    remedy: 'Check that the address is an API server, and that no proxy in between changes the response.',
  });
}

/** A server's message is untrusted and may be long. */
const messageLimit = 2000;

/** Converts an unvalidated Status from a response or an ERROR event of a watch. */
export function failureOfStatus(status: unknown): Failure {
  const code = number(status, 'code') ?? 500;
  const reason = text(status, 'reason');
  const message = text(status, 'message') ?? `the API server returned status ${code}${reason ? ` (${reason})` : ''}`;
  const seconds = number(status, 'details', 'retryAfterSeconds');
  const common = {
    message: presentable(message, messageLimit),
    status: code,
    ...(reason ? { reason: printable(reason, 80) } : {}),
    ...retryAfterOf(undefined, seconds === undefined ? undefined : seconds * 1000),
  };
  const causes = list(status, 'details', 'causes');
  if (causes.some((cause) => text(cause, 'reason') === 'ResourceVersionTooLarge')) return { kind: 'tooNew', ...common };
  switch (code) {
    case 400:
    case 415:
    case 422:
      return { kind: 'invalid', ...common };
    case 401:
      return { kind: 'unauthorized', ...common };
    case 403:
      return { kind: 'forbidden', ...common };
    case 404:
    case 405:
      return { kind: 'notFound', ...common };
    case 407:
      return { kind: 'proxy', ...common };
    case 409:
      return { kind: 'conflict', ...common };
    case 410:
      return { kind: 'gone', ...common };
    case 429:
      // A watch cache that can't be initialized, usually because a conversion webhook fails, also returns 429.
      if (/^storage is \(re\)initializing: /.test(message)) return { kind: 'server', ...common };
      return { kind: 'throttled', ...common };
    default:
      return { kind: 'server', ...common };
  }
}

function statusOf(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return text(value, 'kind') === 'Status' ? (value as object) : undefined;
  } catch {
    return undefined;
  }
}

/** A one-line message from a proxy or a filter in front of the API server; HTML pages are ignored. */
function plainText(status: number, body: string): { readonly message?: string } {
  const line = body.trim();
  if (line === '' || line.length > 300 || /[<{\n]/.test(line)) return {};
  return { message: `the API server returned status ${status}: ${line}` };
}

/** One day in milliseconds: Node treats a delay beyond a timer's range as no delay. */
const longestRetryAfter = 86_400_000;

/** The header contains seconds or a date (RFC 9110 10.2.3); `milliseconds` is the delay from the body. */
function retryAfterOf(header: unknown, milliseconds: number | undefined): { retryAfter?: number } {
  const dated = typeof header === 'string' && !/^\d+$/.test(header) ? Date.parse(header) - Date.now() : Number.NaN;
  const asked = typeof header === 'string' && /^\d+$/.test(header) ? Number(header) * 1000 : dated;
  const wait = Number.isNaN(asked) ? milliseconds : asked;
  return wait === undefined ? {} : { retryAfter: Math.min(longestRetryAfter, Math.max(0, wait)) };
}

function tlsReason(code: string, message: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return 'its certificate is not signed by the certificate authority of the kubeconfig';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not valid for this name (${message})`;
    default:
      return message;
  }
}
