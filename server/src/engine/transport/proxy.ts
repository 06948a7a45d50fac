// Selects the proxy for a server as kubectl does (the kubeconfig's proxy-url, else HTTPS_PROXY, HTTP_PROXY and NO_PROXY
// by golang.org/x/net/http/httpproxy), and opens the tunnel through it: CONNECT or SOCKS 5.
import { request } from 'node:http';
import { isIP, type Socket, connect as tcp } from 'node:net';
import { connect as tls } from 'node:tls';

type Env = Readonly<Record<string, string | undefined>>;

/** Undefined: no proxy. `own` is the cluster's proxy-url; `setting` is VS Code's `http.proxy`. */
export function proxyFor(server: URL, own: string | undefined, setting: string | undefined, env: Env): URL | undefined {
  if (own) return urlOf(own);
  const named = (...names: readonly string[]) => names.map((name) => env[name]).find(Boolean);
  const chosen =
    (server.protocol === 'https:' ? named('HTTPS_PROXY', 'https_proxy') : named('HTTP_PROXY', 'http_proxy')) ?? setting;
  if (!chosen || isExcluded(server, named('NO_PROXY', 'no_proxy') ?? '')) return undefined;
  return urlOf(chosen);
}

function urlOf(text: string): URL | undefined {
  const full = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(full) ? new URL(full) : undefined;
}

/** Whether NO_PROXY (`list`) excludes the server. A proxy from the environment is never used for loopback. */
export function isExcluded(server: URL, list: string): boolean {
  const host = hostOf(server).toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1') return true;
  return list.split(',').some((item) => {
    const entry = item.trim().toLowerCase();
    if (entry === '') return false;
    if (entry === '*') return true;
    if (entry.includes('/')) return inNetwork(host, entry);
    const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (wantedPort !== undefined && wantedPort !== port) return false;
    if (isIP(host)) return host === name;
    if (name.startsWith('*.')) return host.endsWith(name.slice(1));
    if (name.startsWith('.')) return host.endsWith(name);
    return host === name || host.endsWith(`.${name}`);
  });
}

/** IPv4 only: an IPv6 network in NO_PROXY never matches, so the proxy is used. */
function inNetwork(host: string, network: string): boolean {
  if (isIP(host) !== 4) return false;
  const [base = '', bits = '32'] = network.split('/');
  if (isIP(base) !== 4) return false;
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  return (numberOf(host) & mask) >>> 0 === (numberOf(base) & mask) >>> 0;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
}

/** A failure of the proxy itself; the message names the proxy. */
export class ProxyError extends Error {
  readonly code = 'PROXY';
}

/** A stream to `host:port` through the proxy. Rejects with `ProxyError`. */
export async function tunnel(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const shown = `${proxy.protocol}//${proxy.host}`;
  if (/^socks5h?:$/.test(proxy.protocol)) return socks(proxy, host, port, signal, shown);
  const base = proxy.protocol === 'https:' ? await secured(proxy, signal, shown) : undefined;
  return new Promise((done, fail) => {
    const outgoing = request({
      host: hostOf(proxy),
      port: proxy.port || 80,
      method: 'CONNECT',
      path: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      headers: { host: `${host}:${port}`, ...authorization(proxy) },
      signal,
      agent: false,
      ...(base ? { createConnection: () => base } : {}),
    });
    outgoing.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return done(socket as Socket);
      socket.destroy();
      const why =
        answer.statusCode === 407 ? 'requires a username and password (407)' : `returned status ${answer.statusCode}`;
      fail(new ProxyError(`the proxy ${shown} ${why}`));
    });
    outgoing.once('error', (error) =>
      fail(signal.aborted ? error : new ProxyError(`the proxy ${shown} cannot be used: ${error.message}`)),
    );
    outgoing.end();
  });
}

/** Sockets require an IPv6 address without the brackets of a URL. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function secured(proxy: URL, signal: AbortSignal, shown: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = tls({
      host: hostOf(proxy),
      port: Number(proxy.port || 443),
      servername: isIP(hostOf(proxy)) ? '' : proxy.hostname,
    });
    const keep = destroyedBy(signal, socket);
    socket.once('secureConnect', () => {
      keep();
      done(socket);
    });
    socket.once('error', (error) => {
      keep();
      fail(new ProxyError(`the proxy ${shown} cannot be used: ${error.message}`));
    });
  });
}

/**
 * Destroys the socket on abort, until the returned function is called. Node's `signal` option would leave its listener on
 * the signal after a failed connect, and an unreachable context is dialed for days.
 */
function destroyedBy(signal: AbortSignal, socket: Socket): () => void {
  const give = () => socket.destroy(new Error('aborted'));
  if (signal.aborted) give();
  else signal.addEventListener('abort', give, { once: true });
  return () => signal.removeEventListener('abort', give);
}

/** RFC 1928 and 1929; the proxy resolves names. */
async function socks(proxy: URL, host: string, port: number, signal: AbortSignal, shown: string): Promise<Socket> {
  const socket = tcp({ host: hostOf(proxy), port: Number(proxy.port || 1080) });
  // Between two replies the socket has no other error listener.
  socket.on('error', () => undefined);
  const keep = destroyedBy(signal, socket);
  const refuse = (why: string) => {
    socket.destroy();
    return new ProxyError(`the proxy ${shown} ${why}`);
  };
  try {
    const reader = socketReader(socket);
    const [user, password] = [decodeURIComponent(proxy.username), decodeURIComponent(proxy.password)];
    socket.write(Buffer.from(user ? [5, 2, 0, 2] : [5, 1, 0]));
    const method = (await reader(2))[1];
    if (method === 2) {
      socket.write(
        Buffer.concat([
          Buffer.from([1, user.length]),
          Buffer.from(user),
          Buffer.from([password.length]),
          Buffer.from(password),
        ]),
      );
      if ((await reader(2))[1] !== 0) throw refuse('rejects the username and password');
    } else if (method !== 0) throw refuse('requires an authentication method that Capstan does not support');
    const name = Buffer.from(host);
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
    const [, code, , kind] = await reader(4);
    if (code !== 0) throw refuse(`cannot reach ${host}:${port} (SOCKS reply ${code})`);
    const length = kind === 1 ? 4 : kind === 4 ? 16 : (await reader(1))[0]!;
    await reader(length + 2);
    socket.removeAllListeners('readable');
    return socket;
  } catch (error) {
    socket.destroy();
    if (error instanceof ProxyError || signal.aborted) throw error;
    throw new ProxyError(`the proxy ${shown} cannot be used: ${(error as Error).message}`);
  } finally {
    keep();
  }
}

function socketReader(socket: Socket): (length: number) => Promise<Buffer> {
  return (length) =>
    new Promise((done, fail) => {
      const attempt = () => {
        const piece = socket.read(length) as Buffer | null;
        if (piece === null) return;
        settle();
        done(piece);
      };
      const broken = (error?: Error) => {
        settle();
        fail(error ?? new Error('it closed the connection'));
      };
      const settle = () => {
        socket.off('readable', attempt);
        socket.off('error', broken);
        socket.off('end', broken);
      };
      socket.on('readable', attempt);
      socket.once('error', broken);
      socket.once('end', () => broken());
      attempt();
    });
}
