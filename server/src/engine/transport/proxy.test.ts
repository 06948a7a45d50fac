import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { isExcluded, proxyFor, tunnel } from './proxy.ts';

test('only loopback addresses are loopback, not names that begin like one', () => {
  const excluded = (server: string) => isExcluded(new URL(server), '');
  expect(['https://127.0.0.1:6443', 'https://localhost', 'https://[::1]:6443'].map(excluded)).toEqual([
    true,
    true,
    true,
  ]);
  expect(excluded('https://127.0.0.1.nip.io')).toBe(false);
});

test('a proxy may have an IPv6 address', async () => {
  const server = createServer();
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  server.listen(0, '::1');
  await once(server, 'listening');
  const proxy = proxyFor(
    new URL('https://api.example'),
    `http://[::1]:${(server.address() as AddressInfo).port}`,
    undefined,
    {},
  )!;
  const socket = await tunnel(proxy, 'api.example', 443, AbortSignal.timeout(5000));
  socket.destroy();
  server.close();
});

test.each(['http', 'https', 'socks5'])('a dead %s proxy leaves no listener on the context’s signal', async (scheme) => {
  const context = new AbortController();
  const proxy = new URL(`${scheme}://127.0.0.1:1`);
  await expect(tunnel(proxy, 'api.example', 443, context.signal)).rejects.toThrow(/the proxy/);
  expect(getEventListeners(context.signal, 'abort')).toEqual([]);
});
