import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from './files.ts';
import { type CurrentFiles, filesOfFolder, filesOfRevision, type OlderFiles } from './older.ts';
import { diskFiles } from './reader.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'capstan-older-'));
  git('init', '--quiet');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', root, ...author, ...args], { encoding: 'utf8' });
}

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function commit(): void {
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', 'state');
}

function current(): CurrentFiles {
  const listed = new Set<string>();
  for (const path of walk(root, { other: (other) => void listed.add(other) })) listed.add(path);
  return { root, source: diskFiles(root, 1000), listed, largest: 1000 };
}

async function older(revision = 'HEAD'): Promise<OlderFiles> {
  const found = await filesOfRevision(current(), revision, { PATH: process.env.PATH });
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

async function problem(revision: string): Promise<string | undefined> {
  const found = await filesOfRevision(current(), revision, { PATH: process.env.PATH });
  return 'problem' in found ? found.problem : undefined;
}

test('finds what was changed, added and removed, and what a kustomization reads besides', async () => {
  write({ 'a.yaml': 'a: 1\n', 'gone/b.yaml': 'b: 1\n', 'kustomization.yaml': 'resources: []\n', 'c.env': 'c=1\n' });
  commit();
  write({ 'a.yaml': 'a: 2\n', 'new/d.yaml': 'd: 1\n' });
  rmSync(join(root, 'gone'), { recursive: true });
  rmSync(join(root, 'c.env'));
  const { changed, source } = await older();
  expect(changed).toEqual(['a.yaml', 'c.env', 'gone/b.yaml', 'new/d.yaml']);
  expect(changed.map((path) => source.read(path))).toEqual(['a: 1\n', 'c=1\n', 'b: 1\n', { reason: 'absent' }]);
  expect(['gone', 'new', 'new/d.yaml', 'a.yaml'].map((path) => source.kindOf(path))).toEqual([
    'folder',
    undefined,
    undefined,
    'file',
  ]);
  expect(source.read('kustomization.yaml')).toBe('resources: []\n');
});

test('what is ignored on disk is ignored on both sides, tracked or not', async () => {
  write({ '.gitignore': 'secret.yaml\n', 'secret.yaml': 'a: 1\n' });
  commit();
  write({ 'secret.yaml': 'a: 2\n' });
  expect((await older()).changed).toEqual([]);
});

test('links to files are followed within the revision', async () => {
  write({ 'base/a.yaml': 'a: 1\n' });
  symlinkSync('base/a.yaml', join(root, 'link.yaml'));
  symlinkSync('../../outside.yaml', join(root, 'out.yaml'));
  commit();
  expect((await older()).changed).toEqual([]);
  write({ 'base/a.yaml': 'a: 2\n' });
  const { changed, source } = await older();
  expect(changed).toEqual(['base/a.yaml', 'link.yaml']);
  expect(source.read('link.yaml')).toBe('a: 1\n');
});

test('whether a path is a link is asked of the disk, except of what differs', async () => {
  write({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
  symlinkSync('a.yaml', join(root, 'link.yaml'));
  commit();
  write({ 'b.yaml': 'b: 2\n' });
  const { source } = await older();
  expect(['a.yaml', 'link.yaml', 'b.yaml', 'none.yaml'].map((path) => source.isLink?.(path))).toEqual([
    ...[false, true, undefined, undefined],
  ]);
});

test('what is encrypted in Git only, or too large, is not compared', async () => {
  write({ 'a.yaml': Buffer.from('\0GITCRYPT\0data', 'latin1'), 'b.yaml': `b: ${'x'.repeat(2000)}\n` });
  commit();
  write({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
  expect((await older()).changed).toEqual([]);
});

test('three dots are where branches parted', async () => {
  write({ 'a.yaml': 'a: 1\n' });
  commit();
  git('branch', 'work');
  write({ 'a.yaml': 'a: 2\n' });
  commit();
  const [main = ''] = git('rev-parse', '--abbrev-ref', 'HEAD').split('\n');
  git('checkout', '--quiet', 'work');
  write({ 'b.yaml': 'b: 1\n' });
  commit();
  expect((await older(main)).changed).toEqual(['a.yaml', 'b.yaml']);
  expect((await older(`${main}...`)).changed).toEqual(['b.yaml']);
});

test('a revision is never an option, and names one commit', async () => {
  write({ 'a.yaml': 'a: 1\n' });
  commit();
  expect(await problem('--output=a')).toBe('"--output=a" is no revision');
  expect(await problem('...--output=a')).toBe('"HEAD...--output=a" is no revision');
  expect(await problem('HEAD\0')).toBe('a revision has no control characters');
  expect(await problem('HEAD:a.yaml')).toMatch(/^git: /);
  expect(existsSync(join(root, 'a'))).toBe(false);
});

test('programs that a repository configures are not run', async () => {
  const program = join(root, '.git/program');
  write({ 'a.yaml': 'a: 1\n', '.gitattributes': '*.yaml filter=run diff=run\n' });
  commit();
  writeFileSync(program, `#!/bin/sh\ntouch "${join(root, 'ran')}"\ncat\n`, { mode: 0o755 });
  for (const name of ['core.fsmonitor', 'filter.run.clean', 'filter.run.smudge', 'diff.run.textconv', 'core.pager'])
    git('config', name, program);
  write({ 'a.yaml': 'a: 2\n' });
  expect((await older()).changed).toEqual(['a.yaml']);
  expect(existsSync(join(root, 'ran'))).toBe(false);
});

test('outside a repository of Git, and without commits, that is said', async () => {
  expect(await problem('HEAD')).toMatch(/^git: /);
  rmSync(join(root, '.git'), { recursive: true });
  expect(await problem('HEAD')).toMatch(/^git: not a git repository/);
});

test('the other side may be a folder', () => {
  write({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'same.yaml': 'same: 1\n' });
  const other = mkdtempSync(join(tmpdir(), 'capstan-older-'));
  try {
    writeFileSync(join(other, 'a.yaml'), 'a: 2\n');
    writeFileSync(join(other, 'same.yaml'), 'same: 1\n');
    writeFileSync(join(other, 'c.yaml'), 'c: 1\n');
    const { changed, source, name } = filesOfFolder(current(), other, '../other');
    expect([name, changed]).toEqual(['../other', ['a.yaml', 'b.yaml', 'c.yaml']]);
    expect(changed.map((path) => source.read(path))).toEqual(['a: 2\n', { reason: 'absent' }, 'c: 1\n']);
  } finally {
    rmSync(other, { recursive: true });
  }
});
