import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFiles } from '../workspace/data-files.ts';
import { filesIn, walk } from './files.ts';
import { diskFiles, readText } from './reader.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-reader-'));
  root = join(folder, 'root');
  mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const posix = process.platform !== 'win32';
const linux = process.platform === 'linux';
const read = (path: string) => diskFiles(root, 100).read(path);

describe('a file', () => {
  test('is read up to the limit, and refused above it', () => {
    writeFileSync(join(root, 'a'), 'x'.repeat(100));
    writeFileSync(join(root, 'b'), 'x'.repeat(101));
    writeFileSync(join(root, 'empty'), '');
    expect(read('a')).toBe('x'.repeat(100));
    expect(read('b')).toEqual({ reason: 'large', bytes: 101 });
    expect(read('empty')).toBe('');
  });

  test('that is missing, a folder or not UTF-8 is refused with the reason', () => {
    writeFileSync(join(root, 'latin1'), Buffer.from('\xe9', 'latin1'));
    mkdirSync(join(root, 'sub'));
    expect(read('absent')).toMatchObject({ reason: 'absent' });
    expect(read('sub')).toMatchObject({ reason: 'folder' });
    expect(read('latin1')).toEqual({ reason: 'encoding' });
  });

  test.runIf(linux)('in /proc, whose reported size is 0, is read completely', () => {
    expect(readText('/proc/version', { largest: 10_000 })).toContain('Linux');
    expect(readText('/proc/version', { largest: 5 })).toMatchObject({ reason: 'large' });
  });
});

describe.runIf(posix)('links', () => {
  test('inside the root are followed; links out of it and cycles are refused', () => {
    mkdirSync(join(root, 'sub'));
    mkdirSync(join(folder, 'root2'));
    writeFileSync(join(root, 'sub/a'), 'inside');
    writeFileSync(join(folder, 'secret'), 'outside');
    writeFileSync(join(folder, 'root2/a'), 'outside');
    symlinkSync('sub/a', join(root, 'in'));
    symlinkSync('sub', join(root, 'folder'));
    symlinkSync('../secret', join(root, 'out'));
    symlinkSync('../root2', join(root, 'beside'));
    symlinkSync('loop', join(root, 'loop'));
    expect(read('in')).toBe('inside');
    expect(read('folder/a')).toBe('inside');
    expect(read('out')).toEqual({ reason: 'outside' });
    expect(read('beside/a')).toEqual({ reason: 'outside' });
    expect(read('../secret')).toEqual({ reason: 'outside' });
    expect(read('loop')).toEqual({ reason: 'denied', code: 'ELOOP' });
    const { kindOf } = diskFiles(root, 100);
    const kinds = ['in', 'folder', 'out', 'beside', 'loop', 'absent'].map(kindOf);
    expect(kinds).toEqual(['file', 'folder', undefined, undefined, undefined, undefined]);
  });

  test('lead to the same real path whether all of it is resolved, or a file below its folder', () => {
    mkdirSync(join(root, 'sub/deep'), { recursive: true });
    mkdirSync(join(folder, 'root2'));
    writeFileSync(join(root, 'sub/deep/a'), 'inside');
    writeFileSync(join(folder, 'root2/a'), 'outside');
    symlinkSync('deep/a', join(root, 'sub/in'));
    symlinkSync('sub/deep', join(root, 'folder'));
    symlinkSync('../root2', join(root, 'beside'));
    const source = diskFiles(root, 100);
    const files = new DataFiles(source);
    const paths = ['', 'sub', 'sub/deep/a', 'sub/in', 'folder', 'folder/a', 'beside/a', 'absent/a', 'folder/absent'];
    expect(paths.map((path) => files.realPath(path))).toEqual(paths.map((path) => source.realPath!(path)));
    expect(['folder/a', 'sub/in', 'beside/a'].map((path) => files.realPath(path))).toEqual([
      'sub/deep/a',
      'sub/deep/a',
      '../root2/a',
    ]);
    expect(['folder', 'folder/a', 'absent'].map((path) => source.isLink!(path))).toEqual([true, false, undefined]);
  });

  test('out of the root are followed for a path that the user passed', () => {
    writeFileSync(join(folder, 'own'), 'mine');
    symlinkSync('../own', join(root, 'a'));
    symlinkSync('../own', join(root, 'b'));
    const files = diskFiles(root, 100, new Set(['a']));
    expect([files.read('a'), files.read('b')]).toEqual(['mine', { reason: 'outside' }]);
  });

  test('are followed if the root itself is a link', () => {
    writeFileSync(join(root, 'a'), 'inside');
    symlinkSync('a', join(root, 'b'));
    symlinkSync('root', join(folder, 'alias'));
    expect(diskFiles(join(folder, 'alias'), 100).read('b')).toBe('inside');
  });
});

describe.runIf(posix)('anything but a file', () => {
  test('is refused without blocking: a pipe without a writer, a socket, a link to a device', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('/dev/zero', join(root, 'zero'));
    symlinkSync('pipe', join(root, 'link'));
    const server = createServer().listen(join(root, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      expect(['pipe', 'link', 'socket', 'zero'].map((path) => (read(path) as { reason: string }).reason)).toEqual([
        'irregular',
        'irregular',
        'irregular',
        'outside',
      ]);
      expect(readText('/dev/zero', { largest: 100 })).toEqual({ reason: 'irregular' });
      expect([...walk(root)]).toEqual([]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('is read up to the limit if the user passed it', () => {
    expect(readText('/dev/null', { largest: 100, streams: true })).toBe('');
    expect(readText('/dev/zero', { largest: 1_000_000, streams: true })).toMatchObject({ reason: 'large' });
  });

  test.each(['.gitignore', '.capstan.yaml', 'a.yaml'])('does not block a listing if it is called %s', (name) => {
    execFileSync('mkfifo', [join(root, name)]);
    writeFileSync(join(root, 'b.yaml'), '');
    expect([...walk(root)]).toEqual(['b.yaml']);
  });
});

test('files other than YAML are listed if a kustomization may read them', () => {
  for (const path of ['app/conf', 'lib', '.git']) mkdirSync(join(root, path), { recursive: true });
  for (const path of ['app/kustomization.yaml', 'app/a.env', 'app/conf/b.toml', 'app/conf/c.bak', 'lib/d.txt', 'e.txt'])
    writeFileSync(join(root, path), '');
  writeFileSync(join(root, '.gitignore'), '*.bak\n');
  const others: string[] = [];
  const yaml = [...walk(root, { other: (path) => others.push(path) })];
  expect([yaml, others]).toEqual([['app/kustomization.yaml'], ['app/a.env', 'app/conf/b.toml']]);
  const beside: string[] = [];
  const besideYaml = [...filesIn(root, 'app', { other: (path) => beside.push(path) })];
  expect([besideYaml, beside]).toEqual([['app/kustomization.yaml'], ['app/a.env']]);
});
