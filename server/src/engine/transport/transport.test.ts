import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as tcp } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Auth, Credentials } from '../credentials/credentials.ts';
import { type Result, success } from '../failure.ts';
import { Transport } from './transport.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function transportTo(server: string, get: Credentials['get']): Transport {
  const cluster = { name: 'c', file: '/k', server, insecure: true, disableCompression: false };
  const credentials: Credentials = { get, renew: async () => false, forget: () => undefined };
  const transport = new Transport({ endpoint: { cluster, url: new URL(server) }, credentials, userAgent: 'test' });
  ends.push(() => transport.close());
  return transport;
}

async function listening(server: ReturnType<typeof tcp>): Promise<number> {
  server.listen(0);
  ends.push(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const anonymous = async () => success<Auth>({ headers: {} });

test('closing cancels a request that is waiting for its credential', async () => {
  const transport = transportTo('http://127.0.0.1:1', (signal) => {
    return new Promise<Result<Auth>>((done) => {
      signal?.addEventListener('abort', () => done({ ok: false, failure: { kind: 'aborted', message: 'canceled' } }));
    });
  });
  const answer = transport.text({ path: '/version' });
  transport.close();
  expect(await answer).toMatchObject({ ok: false, failure: { kind: 'aborted' } });
});

test('an unreadable client certificate leaves no connection open', async () => {
  const server = tcp();
  const connected = once(server, 'connection').then(([socket]) => once(socket.resume(), 'close'));
  const port = await listening(server);
  const certificate = { cert: 'no certificate', key: 'no key' };
  const transport = transportTo(`https://127.0.0.1:${port}`, async () => success<Auth>({ headers: {}, certificate }));
  expect(await transport.text({ path: '/version' })).toMatchObject({ ok: false, failure: { kind: 'credential' } });
  await connected;
});

test('after a sleep, a watch over HTTP/1.1, which has no ping, is reconnected', async () => {
  const web = createServer((request, response) => {
    if (request.url === '/watch') response.write('{}\n');
    else response.end('{}');
  });
  const port = await listening(web);
  ends.push(() => web.closeAllConnections());
  const transport = transportTo(`http://127.0.0.1:${port}`, anonymous);
  let came: (() => void) | undefined;
  const line = new Promise<void>((done) => (came = done));
  const watch = transport.lines({ path: '/watch', quiet: 60_000 }, () => came?.());
  await line;
  transport.checkNow();
  expect(await watch).toMatchObject({ ok: false, failure: { kind: 'reset' } });
  expect(await transport.text({ path: '/version' })).toEqual({ ok: true, value: '{}' });
});
