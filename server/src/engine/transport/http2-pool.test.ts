import { once } from 'node:events';
import { createServer as http2 } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { success } from '../failure.ts';
import { Http2Pool } from './http2-pool.ts';

const times = { quiet: 15_000, deadline: 5_000 };
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function dialed(server: Server): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port);
  socket.on('error', () => undefined);
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Accepts connections and sends nothing, so no HTTP/2 settings arrive. */
async function mute(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    ends.push(() => socket.destroy());
  });
  server.listen(0);
  ends.push(() => server.close());
  await once(server, 'listening');
  return server;
}

test('closing destroys a connection whose handshake is in progress', async () => {
  const socket = await dialed(await mute());
  const pool = new Http2Pool('http://a', times);
  const adopted = pool.adopt(socket);
  pool.close();
  expect(await adopted).toMatchObject({ ok: false });
  expect(socket.destroyed).toBe(true);
});

test('a connection made after closing is destroyed', async () => {
  const server = await mute();
  const pool = new Http2Pool('http://a', times);
  let socket: Socket | undefined;
  const opened = pool.open({ ':path': '/' }, false, async () => {
    socket = await dialed(server);
    return success(socket);
  });
  pool.close();
  expect(await opened).toMatchObject({ ok: false });
  expect(socket?.destroyed).toBe(true);
  expect(await pool.adopt(await dialed(server))).toMatchObject({ ok: false });
});

test('a server that allows no streams is not dialed repeatedly', async () => {
  const server = http2({ settings: { maxConcurrentStreams: 0 } });
  server.listen(0);
  ends.push(() => server.close());
  await once(server, 'listening');
  const pool = new Http2Pool('http://a', times);
  ends.push(() => pool.close());
  let dials = 0;
  const opened = await pool.open({ ':path': '/' }, false, async () => {
    if (++dials > 5) throw new Error('again');
    return success(await dialed(server));
  });
  expect([opened.ok, dials]).toEqual([false, 1]);
});
