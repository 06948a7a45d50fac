// How the language server ends without being asked to, and what it was working on if it hangs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildLooping, buildProgram, looping, program } from './fixture.ts';

beforeAll(buildProgram);

let folder: string;
let child: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-endings-'));
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const framed = (message: object) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

const initialize = (more: object = {}) =>
  framed({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {}, ...more } });

const opened = (uri: string, text: string) =>
  framed({
    method: 'textDocument/didOpen',
    params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
  });

function start(file = program) {
  child = spawn(process.execPath, [file, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [out, log] = [[] as string[], [] as string[]];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => log.push(text));
  child.stdin!.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ended, out: () => out.join(''), log: () => log.join('') };
}

test.each([
  ['Content-Length: abc\r\n\r\n', 'has a Content-Length that is no number'],
  ['junk\n', 'has a header that isn’t one'],
])('an input that is no message: %j', async (bytes, problem) => {
  const { ended, log } = start();
  child.stdin!.write(initialize() + bytes);
  expect(await ended).toBe(1);
  expect(log()).toBe(`language server: A message of the client ${problem}, so nothing after it can be read.\n`);
});

test('what arrives before the input is closed is answered', async () => {
  const { ended, out, log } = start();
  const uri = 'untitled:a';
  const asked = [2, 3, 4].map((id) =>
    framed({ id, method: 'textDocument/documentSymbol', params: { textDocument: { uri } } }),
  );
  child.stdin!.end([initialize(), opened(uri, 'kind: A\n'), ...asked].join(''));
  expect(await ended).toBe(1);
  const answers = [...out().matchAll(/"id":(\d),"result"/g)].map(([, id]) => id);
  expect(answers).toEqual(['1', '2', '3', '4']);
  expect(log()).toBe('language server: The client closed the input without a request to exit.\n');
});

test('an input that is closed after shutdown is no failure', async () => {
  const { ended } = start();
  child.stdin!.end(initialize() + framed({ id: 2, method: 'shutdown' }));
  expect(await ended).toBe(0);
});

test('the process of the client is gone', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const { ended, log } = start();
  child.stdin!.write(initialize({ processId: pid }));
  expect(await ended).toBe(1);
  expect(log()).toContain(`The process of the client (${pid}) has ended.`);
});

test('the document that is worked on is named while a loop runs, and none when the work is done', async () => {
  const endless = join(folder, 'looping.js');
  await buildLooping(endless);
  const file = join(folder, 'at-work');
  writeFileSync(file, '\n');
  const { out, log } = start(endless);
  child.stdin!.write(initialize({ initializationOptions: { atWork: file } }));
  const named = () => readFileSync(file, 'utf8').split('\n')[0];
  const text = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
  child.stdin!.write(opened('untitled:fine', text('fine')));
  await vi.waitFor(() => expect(out()).toContain('publishDiagnostics'), 5000);
  await vi.waitFor(() => expect(named()).toBe(''), 5000);
  child.stdin!.write(opened('untitled:loops', text('loops')));
  await vi.waitFor(() => expect(log()).toContain(looping), 5000);
  child.stdin!.write(framed({ id: 2, method: 'capstan/alive', params: null }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(named()).toBe('untitled:loops');
  expect(out()).not.toContain('"id":2');
});

test('a file of a folder that is worked on is named, though what clusters get is computed for it', async () => {
  const endless = join(folder, 'looping.js');
  await buildLooping(endless);
  const file = join(folder, 'at-work');
  writeFileSync(file, '\n');
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: loops\n';
  writeFileSync(join(workspace, 'loops.yaml'), text);
  const uri = pathToFileURL(join(workspace, 'loops.yaml')).href;
  start(endless);
  const workspaceFolders = [{ uri: pathToFileURL(workspace).href, name: 'a' }];
  const capabilities = { textDocument: { diagnostic: {} } };
  child.stdin!.write(initialize({ initializationOptions: { atWork: file }, workspaceFolders, capabilities }));
  child.stdin!.write(opened(uri, text));
  child.stdin!.write(framed({ id: 2, method: 'textDocument/diagnostic', params: { textDocument: { uri } } }));
  const named = () => readFileSync(file, 'utf8').split('\n')[0];
  // It stays the one that is named: the loop doesn't end.
  await vi.waitFor(() => expect(named()).toBe(uri), 10_000);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(named()).toBe(uri);
});
