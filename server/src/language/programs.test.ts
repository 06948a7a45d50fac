import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noRenders } from '../charts/render.ts';
import { chartsOnDisk } from '../disk/charts.ts';
import { diagnose } from '../features/diagnostics.ts';
import { testCatalog } from '../fixture.ts';
import { atOnce } from '../syntax/steps.ts';
import { AtWork } from './at-work.ts';
import { Programs } from './programs.ts';

let folder: string;
let programs: Programs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-programs-'));
  mkdirSync(join(folder, '.git'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const uri = (path: string) => pathToFileURL(join(folder, path)).href;

async function opened(setAside: readonly string[] = []) {
  programs = new Programs(
    testCatalog,
    () => {},
    { atWork: new AtWork(undefined), setAside, charts: chartsOnDisk({}), renders: noRenders },
    () => {},
  );
  programs.openFolders([pathToFileURL(folder).href]);
  const { program } = programs.placeOf(uri('kustomization.yaml'));
  await program.ready;
  return program.workspace;
}

test('a document that an earlier server hung on is left alone', async () => {
  write('a.yaml', 'kind: A\n');
  write('b.yaml', 'kind: B\n');
  const workspace = await opened([uri('a.yaml')]);
  await vi.waitFor(() => expect(workspace.isWhole).toBe(true));
  const documents = (path: string) => workspace.file(path)!.documents.length;
  expect([documents('a.yaml'), documents('b.yaml')]).toEqual([0, 1]);
  expect(diagnose(workspace, 'a.yaml').map(({ rule }) => rule)).toEqual(['info/internal']);
});

test('what clusters get of a repository that an earlier server hung on isn’t computed', async () => {
  write('b.yaml', 'kind: B\n');
  const workspace = await opened([pathToFileURL(folder).href]);
  await vi.waitFor(() => expect(workspace.file('b.yaml')).toBeDefined());
  expect(workspace.isWhole).toBe(false);
});

test('a root that is reported as changed is compared with the disk: files that came, changed and are gone', async () => {
  for (const name of ['same', 'changed', 'gone']) write(`${name}.yaml`, 'kind: A\n');
  const workspace = await opened();
  await vi.waitFor(() => expect(workspace.isWhole).toBe(true));
  const root = pathToFileURL(folder).href;
  await vi.waitFor(() => expect(programs.placeOf(uri('same.yaml')).program.scanned).toBe(true));
  expect(atOnce(programs.compared(root))).toBe(false);
  write('new.yaml', 'kind: A\n');
  write('changed.yaml', 'kind: B\n');
  rmSync(join(folder, 'gone.yaml'));
  expect(atOnce(programs.compared(root))).toBe(true);
  const texts = ['same', 'changed', 'gone', 'new'].map((name) => workspace.file(`${name}.yaml`)?.text);
  expect(texts).toEqual(['kind: A\n', 'kind: B\n', undefined, 'kind: A\n']);
  expect(atOnce(programs.compared(root))).toBe(false);
});

test('a new folder is read with all that is in it, except what is never read', async () => {
  const workspace = await opened();
  write('new/deep/a.yaml', 'kind: A\n');
  write('new/b.yml', 'kind: B\n');
  write('new/node_modules/c.yaml', 'kind: C\n');
  write('new/d.txt', '');
  expect(atOnce(programs.created(uri('new')))).toBe(true);
  expect([...workspace.paths()].toSorted()).toEqual(['new/b.yml', 'new/deep/a.yaml']);
  mkdirSync(join(folder, 'empty'));
  expect(atOnce(programs.created(uri('empty')))).toBe(false);
  expect(atOnce(programs.created(uri('gone')))).toBe(false);
});

describe('files that kustomizations read beside YAML', () => {
  beforeEach(() => {
    write('app/kustomization.yaml', 'configMapGenerator: [{ name: a, envs: [conf/a.env] }]\n');
    write('app/conf/a.env', 'A=1\n');
    write('README.txt', '');
  });

  test('are known by name, and read when something asks', async () => {
    const workspace = await opened();
    expect(['app/conf/a.env', 'README.txt'].map((path) => workspace.hasFile(path))).toEqual([true, false]);
    expect(workspace.file('app/conf/a.env')).toBeUndefined();
    expect(workspace.data.text('app/conf/a.env')).toBe('A=1\n');
  });

  test('are read again once they change, and gone once they are deleted', async () => {
    const workspace = await opened();
    expect(workspace.data.text('app/conf/a.env')).toBe('A=1\n');
    const before = workspace.revision;
    write('app/conf/a.env', 'A=2\n');
    expect(programs.changedOnDisk(uri('app/conf/a.env'))).toBe(true);
    expect(workspace.data.text('app/conf/a.env')).toBe('A=2\n');
    expect(workspace.revision).toBeGreaterThan(before);
    rmSync(join(folder, 'app/conf'), { recursive: true });
    expect(atOnce(programs.deleted(uri('app/conf')))).toBe(true);
    expect(workspace.data.text('app/conf/a.env')).toBeUndefined();
    expect(workspace.hasFile('app/conf/a.env')).toBe(false);
  });

  test('matter where a kustomization is around them, and nowhere else', async () => {
    const workspace = await opened();
    write('app/new.txt', '');
    write('other/new.txt', '');
    write('app/node_modules/x/new.txt', '');
    const changed = ['app/new.txt', 'other/new.txt', 'app/node_modules/x/new.txt', '.git/index'];
    expect(changed.map((path) => programs.changedOnDisk(uri(path)))).toEqual([true, false, false, false]);
    expect(workspace.hasFile('app/new.txt')).toBe(true);
  });
});

test.skipIf(process.platform === 'win32').each(['.capstan.yaml', '.gitignore', 'kustomization.yaml'])(
  'a root in which %s is a pipe is read all the same',
  async (name) => {
    execFileSync('mkfifo', [join(folder, name)]);
    write('a.yaml', 'kind: ConfigMap\n');
    expect((await opened()).hasFile('a.yaml')).toBe(true);
  },
);

test.skipIf(process.platform === 'win32')('pipes and links to devices that appear are no files', async () => {
  const workspace = await opened();
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
  for (const path of ['pipe.yaml', 'zero.yaml']) {
    programs.changedOnDisk(uri(path));
    programs.close(uri(path));
    expect(workspace.file(path)).toBeUndefined();
  }
});
