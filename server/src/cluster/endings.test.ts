// How the cluster server ends without a request to, and that nothing that it started stays.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { protocolVersion } from '../protocol.ts';

const built = mkdtempSync(join(tmpdir(), 'capstan-cluster-built-'));
const program = join(built, 'cluster.cjs');
beforeAll(() => {
  buildSync({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}, 120_000);
afterAll(() => rmSync(built, { recursive: true, force: true }));

let folder: string;
let child: ChildProcess | undefined;
let listener: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-cluster-endings-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  listener?.close();
  rmSync(folder, { recursive: true, force: true });
});

const framed = (id: number, method: string, params: object) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const initialize = framed(1, 'initialize', { protocolVersion, trusted: true, readOnlyContexts: [] });

function start(command: readonly string[] = [program], input: 'pipe' | number = 'pipe') {
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'config') };
  child = spawn(process.execPath, command, { env, stdio: [input, 'pipe', 'pipe'] });
  const [out, log] = [[] as string[], [] as string[]];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => log.push(text));
  child.stdin?.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => child!.once('close', resolve));
  return { child, ended, out: () => out.join(''), log: () => log.join('') };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Nobody may ask for the exit code of a process whose parent is gone: it stays, but runs no longer. */
function isRunning(pid: number): boolean {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && !stdout.startsWith('Z');
}

/** The context `a`, of a server that accepts connections and never answers, whose user is made by `user`. */
async function silentContext(user: string): Promise<void> {
  listener = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener!.once('listening', resolve));
  const { port } = listener.address() as { port: number };
  const text = `clusters: [{ name: a, cluster: { server: "https://127.0.0.1:${port}" } }]\nusers: [{ name: a, user: { ${user} } }]\ncontexts: [{ name: a, context: { cluster: a, user: a } }]\n`;
  writeFileSync(join(folder, 'config'), text);
}

const soon = { timeout: 15_000 };

test.each([
  ['Content-Length: abc\r\n\r\n', 'has a Content-Length that is no number'],
  ['junk\n', 'has a header that isn’t one'],
])('an input that is no message: %j', async (bytes, problem) => {
  const { child, ended, log } = start();
  child.stdin!.write(initialize + bytes);
  expect(await ended).toBe(1);
  expect(log()).toContain(`cluster server: A message of the client ${problem}, so nothing after it can be read.\n`);
});

test('what arrives before the input is closed is answered', async () => {
  await silentContext('token: t');
  const { child, ended, out, log } = start();
  child.stdin!.end(initialize + framed(2, 'contexts', {}) + framed(3, 'summary', {}));
  expect(await ended).toBe(0);
  expect([...out().matchAll(/"id":(\d),"result"/g)].map(([, id]) => id).sort()).toEqual(['1', '2', '3']);
  expect(log()).toContain('cluster server: The client closed the input');
});

test('a server that never answers doesn’t keep it', async () => {
  await silentContext('token: t');
  const { child, ended, out } = start();
  child.stdin!.write(initialize + framed(2, 'open', { contexts: ['a'] }));
  await expect.poll(() => out().includes('"id":2'), soon).toBe(true);
  child.stdin!.end();
  expect(await ended).toBe(0);
});

test('a plugin that never ends, ends with it', async () => {
  const pids = join(folder, 'pids');
  const script = `echo $$ > ${pids}; sleep 1000 & echo $! >> ${pids}; wait`;
  await silentContext(
    `exec: { command: /bin/sh, args: ["-c", "${script}"], apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never }`,
  );
  const { child, ended, out } = start();
  child.stdin!.write(initialize + framed(2, 'open', { contexts: ['a'] }));
  await expect.poll(() => /"method":"consent"/.test(out()), soon).toBe(true);
  const id = /"id":(\d+),"method":"consent"/.exec(out())![1]!;
  const accepted = JSON.stringify({ jsonrpc: '2.0', id: Number(id), result: { accepted: true } });
  child.stdin!.write(`Content-Length: ${Buffer.byteLength(accepted)}\r\n\r\n${accepted}`);
  const running = () => {
    try {
      return readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    } catch {
      return [];
    }
  };
  await expect.poll(() => running().length, soon).toBe(2);
  expect(running().every(isAlive)).toBe(true);
  child.stdin!.end();
  expect(await ended).toBe(0);
  await expect.poll(() => running().some(isAlive), soon).toBe(false);
});

test('the process of the client is gone, though the input stays open', async () => {
  const between = `const { pid } = require('node:child_process').spawn(process.execPath, [${JSON.stringify(program)}, String(process.pid)], { stdio: 'inherit' }); console.error('pid ' + pid); setInterval(() => {}, 1000);`;
  execFileSync('mkfifo', [join(folder, 'input')]);
  const input = openSync(join(folder, 'input'), 'r+');
  const { child, log } = start(['-e', between], input);
  await expect.poll(() => /pid \d+/.test(log()), soon).toBe(true);
  const pid = Number(/pid (\d+)/.exec(log())![1]);
  writeSync(input, initialize);
  child.kill('SIGKILL');
  const why = `cluster server: The process of the client (${child.pid}) has ended.`;
  await expect.poll(() => log(), soon).toContain(why);
  await expect.poll(() => isRunning(pid), soon).toBe(false);
  closeSync(input);
});
