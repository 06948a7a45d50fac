// Compares the listing of folders with git's.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { walk } from './files.ts';

/** A small generator of numbers, so that a failure can be repeated. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const folders = ['', 'a/', 'b/', 'a/b/', 'a/a/', 'b/a/b/', 'a/ab/a/', '[a]/'];
const names = ['a.yaml', 'b.yaml', 'ab.yaml', 'a b.yaml', '#a.yaml', '!a.yaml', 'a*.yaml', 'A1.yaml', ' .yaml'];
const parts = [
  'a',
  'b',
  'a',
  'b',
  '*',
  '?',
  '**',
  '/',
  '/',
  '**/',
  '/**',
  '.yaml',
  '*.yaml',
  'a.yaml',
  'b.yaml',
  '!',
  '#',
];
const odd = ['[ab]', '[!a]', '[^a-b]', '[[:upper:]]', '[]a]', '[a', '\\a', '\\*', '\\', ' ', '\\ ', '[a-]', '[\\]a]'];

test('the files that git ignores are those that are not listed, for random patterns', () => {
  const root = mkdtempSync(join(tmpdir(), 'capstan-ignore-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', env: { ...process.env, HOME: root } });
  try {
    git('init', '-q');
    for (const folder of folders) for (const name of names) write(folder + name, '');
    const next = random(11);
    const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
    const line = () => Array.from({ length: 1 + next(5) }, () => (next(4) === 0 ? pick(odd) : pick(parts))).join('');
    const lines = () => Array.from({ length: 1 + next(4) }, line).join('\n');
    let ignored = 0;
    for (let round = 0; round < 400; round += 1) {
      const files = new Map([['.gitignore', lines()], ...(next(2) === 0 ? [['a/.gitignore', lines()] as const] : [])]);
      for (const [path, text] of files) write(path, text);
      const listed = git('ls-files', '-z', '--others', '--exclude-standard').split('\0');
      const expected = listed.filter((path) => path.endsWith('.yaml')).toSorted();
      expect([...walk(root)].toSorted(), JSON.stringify([...files])).toEqual(expected);
      ignored += folders.length * names.length - expected.length;
      for (const path of files.keys()) rmSync(join(root, path));
    }
    expect(ignored).toBeGreaterThan(1_000);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}, 60_000);
