import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.mock('vscode', () => {
  class EventEmitter<T> {
    readonly #heard = new Set<(value: T) => void>();
    readonly event = (listener: (value: T) => void) => this.#heard.add(listener);
    fire(value: T): void {
      for (const listener of this.#heard) listener(value);
    }
    dispose(): void {}
  }
  const Disposable = {
    from: (...parts: { dispose(): void }[]) => ({ dispose: () => void parts.map((part) => part.dispose()) }),
  };
  const changed = new EventEmitter<void>();
  const workspace = {
    isTrusted: true,
    workspaceFolders: [] as object[],
    onDidChangeWorkspaceFolders: (listener: () => void) => {
      changed.event(listener);
      return { dispose: () => undefined };
    },
    add(fsPath: string) {
      workspace.workspaceFolders.push({ uri: { scheme: 'file', fsPath } });
      changed.fire();
    },
  };
  return { EventEmitter, Disposable, workspace, window: {} };
});
// The same JSON-RPC implementation, without the dependency on an editor.
vi.mock('vscode-languageclient/node', () => import('vscode-languageserver/node'));

const { ClusterServer } = await import('./cluster.ts');

const folder = mkdtempSync(join(tmpdir(), 'capstan-cluster-'));
const [program, known] = ['server.mjs', 'known'].map((name) => join(folder, name)) as [string, string];
let starts: string;
let tests = 0;
// A server that knows the contexts listed in a file, one per line, and records each start in a file of the test, since one
// that was stopped during its start may record it after the test.
writeFileSync(
  program,
  `import { appendFileSync, readFileSync } from 'node:fs';
   import { createRequire } from 'node:module';
   const rpc = createRequire(${JSON.stringify(import.meta.url)})('vscode-languageserver/node');
   appendFileSync(process.env.STARTS, process.pid + '\\n');
   const connection = rpc.createMessageConnection(
     new rpc.StreamMessageReader(process.stdin), new rpc.StreamMessageWriter(process.stdout));
   const has = (name) => readFileSync(${JSON.stringify(known)}, 'utf8').split('\\n').includes(name);
   let folders;
   connection.onRequest('initialize', ({ workspace }) => {
     folders = workspace;
     return { protocolVersion: 1, serverVersion: '0' };
   });
   connection.onRequest('workspace', (params) => void ({ folders } = params));
   connection.onRequest('summary', () => ({ folders, pid: process.pid }));
   connection.onRequest('open', ({ contexts }) => {
     const gone = contexts.find((name) => !has(name));
     if (gone) throw new rpc.ResponseError(1, 'no ' + gone, { message: 'no ' + gone, remedy: '' });
     return null;
   });
   connection.onClose(() => process.exit(0));
   process.stdin.once('close', () => process.exit(0));
   connection.listen();`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nothing = () => undefined;
const log = { info: nothing, warn: nothing, error: nothing, debug: nothing, show: nothing } as never;
let cluster: InstanceType<typeof ClusterServer>;
beforeEach(() => {
  starts = join(folder, `starts-${++tests}`);
  writeFileSync(starts, '');
  vi.stubEnv('STARTS', starts);
  writeFileSync(known, 'a\nb');
  const settings = () => ({ readOnlyContexts: [], objectsPerCluster: 1000 });
  cluster = new ClusterServer(program, settings, log, { contexts: () => [], set: nothing });
});
afterEach(() => cluster.dispose());

const started = () => readFileSync(starts, 'utf8').split('\n').filter(Boolean).map(Number);
function living(): readonly number[] {
  return started().filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}

test('a context that cannot be opened does not prevent opening the others', async () => {
  await expect(cluster.open(['a', 'x', 'y', 'b'])).rejects.toThrow('no x (1 more could not be opened.)');
  expect([...cluster.opened]).toEqual(['a', 'b']);
});

test('a context removed from the kubeconfig does not prevent a restart of the server', async () => {
  await cluster.open(['a', 'b']);
  writeFileSync(known, 'b');
  await cluster.restart();
  expect([...cluster.opened]).toEqual(['b']);
  await expect(cluster.request('summary', {})).resolves.toMatchObject({ folders: [] });
});

test('a restart during a start results in one process', async () => {
  await cluster.open(['a']);
  const both = [cluster.restart(), cluster.restart()];
  await Promise.allSettled(both);
  await cluster.request('summary', {});
  while (living().length > 1) await sleep(20);
  const [only] = living();
  await expect(cluster.request('summary', {})).resolves.toMatchObject({ folders: [] });
  expect(living()).toEqual([only]);
});

test('folders that are added reach the server that runs, and the next one', async () => {
  const { workspace } = (await import('vscode')) as unknown as { workspace: { add(path: string): void } };
  const asked = async () => (await cluster.request('summary', {})) as unknown as { folders: string[]; pid: number };
  const first = await asked();
  expect(first.folders).toEqual([]);
  workspace.add('/late');
  expect(await asked()).toEqual({ folders: ['/late'], pid: first.pid });
  await cluster.restart();
  const next = await asked();
  expect(next.folders).toEqual(['/late']);
  expect(started()).toEqual([first.pid, next.pid]);
});
