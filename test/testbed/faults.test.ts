// Tests the fault tools: with a test bed that doesn't break anything, every fault test would pass.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { writePlugin } from './exec-plugins.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function echo(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function proxied() {
  const proxy = await startTcpProxy({ port: await echo() });
  cleanups.push(() => proxy.stop());
  return proxy;
}

/** Sends `text` on a new connection; returns the response, or how the connection ended. */
function say(port: number, text: string, patience = 400): Promise<string> {
  return new Promise((done) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let answer = '';
    const finish = (end: string) => {
      socket.destroy();
      done(answer === '' ? end : answer);
    };
    socket.on('connect', () => socket.write(text));
    socket.on('data', (data) => {
      answer += data;
      if (answer.length >= text.length) finish('');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
    socket.on('close', () => finish('closed'));
    setTimeout(() => finish('silence'), patience);
  });
}

describe('TCP proxy', () => {
  test('forwards, refuses, and listens on the same port again', async () => {
    const proxy = await proxied();
    expect(await say(proxy.port, 'hello')).toBe('hello');
    await proxy.set({ mode: 'refuse' });
    expect(await say(proxy.port, 'hello')).toBe('ECONNREFUSED');
    await proxy.set({ mode: 'pass' });
    expect(await say(proxy.port, 'hello')).toBe('hello');
  });

  test('resets, drops and truncates', async () => {
    const proxy = await proxied();
    await proxy.set({ mode: 'reset' });
    expect(['ECONNRESET', 'closed']).toContain(await say(proxy.port, 'hello'));
    await proxy.set({ mode: 'blackhole' });
    expect(await say(proxy.port, 'hello')).toBe('silence');
    await proxy.set({ mode: 'cut', afterBytes: 3 });
    expect(await say(proxy.port, 'hello')).toBe('hel');
    await proxy.set({ mode: 'pass' });
    expect(await say(proxy.port, 'hello')).toBe('hello');
  });

  test('counts accepted connections', async () => {
    const proxy = await proxied();
    await say(proxy.port, 'a');
    await say(proxy.port, 'b');
    expect(proxy.accepted).toBe(2);
  });
});

describe('exec plugins', () => {
  const info = JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: {} });

  function run(command: string): Promise<{ code: number | null; out: string; err: string }> {
    return new Promise((done) => {
      const child = spawn(command, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, KUBERNETES_EXEC_INFO: info },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (data) => (out += data));
      child.stderr.on('data', (data) => (err += data));
      child.on('close', (code) => done({ code, out, err }));
    });
  }

  test('prints a credential and counts its runs', async () => {
    const plugin = writePlugin(mkdtempSync(join(tmpdir(), 'plugin-')), 'login', {
      kind: 'token',
      token: 't',
      expiresIn: 60,
    });
    const { out } = await run(plugin.command);
    expect(JSON.parse(out)).toMatchObject({ kind: 'ExecCredential', status: { token: 't' } });
    expect(plugin.runs()).toBe(1);
  });

  test('leaks on standard error, floods standard output', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
    const leak = await run(writePlugin(folder, 'leak', { kind: 'leak', secret: 'canary' }).command);
    expect(leak).toMatchObject({ code: 1, out: '' });
    expect(leak.err).toContain('canary');
    const huge = await run(writePlugin(folder, 'huge', { kind: 'huge', megabytes: 3 }).command);
    expect(huge.out.length).toBe(3 << 20);
  });
});
