// Gets one document over HTTP, bounded in bytes and time, through the proxies of the environment. Credentials go only to the
// origin they are for; redirects are followed without them.
import { type ClientRequest, type IncomingMessage, request as plain, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { proxyFor, tunnel } from '../engine/transport/proxy.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface GetOptions {
  readonly env: Env;
  /** In bytes; a longer answer is refused. */
  readonly largest: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const mostRedirects = 5;

/** Rejects with an error whose message is for the user. */
export async function get(url: URL, options: GetOptions): Promise<Answer> {
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const headers = at.origin === url.origin ? options.headers : withoutCredentials(options.headers);
    const answer: Answer = await getOnce(at, { ...options, ...(headers && { headers }) });
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    if (redirects === mostRedirects) throw new Error(`${url.host} redirects too often`);
    const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined;
    if (!next || !/^https?:$/.test(next.protocol)) throw new Error(`${at.host} redirects to no URL`);
    if (at.protocol === 'https:' && next.protocol === 'http:')
      throw new Error(`${at.host} redirects to ${next.host} without encryption`);
    at = next;
  }
}

function withoutCredentials(headers: GetOptions['headers']): GetOptions['headers'] {
  return (
    headers && Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
  );
}

async function getOnce(url: URL, { env, largest, headers, signal }: GetOptions): Promise<Answer> {
  const proxy = proxyFor(url, undefined, undefined, env);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const tunneled = proxy && (await tunnel(proxy, url.hostname, port, signal));
  const own: RequestOptions = {
    headers: { 'user-agent': 'capstan', ...headers },
    signal,
    agent: false,
    ...(tunneled && { createConnection: () => throughTunnel(url, tunneled) }),
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? secure : plain)(url, own, (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > largest) request.destroy(new Error(`${url.href} is larger than ${megabytes(largest)} MB`));
        else pieces.push(piece);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
      response.on('error', reject);
    });
    request.on('error', (error) => reject(new Error(`${url.host}: ${error.message}`)));
    request.end();
  });
}

function throughTunnel(url: URL, socket: Socket): Socket {
  return url.protocol === 'https:' ? connect({ socket, servername: url.hostname }) : socket;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

/** Whether a host is this machine, to which connections need no encryption. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
