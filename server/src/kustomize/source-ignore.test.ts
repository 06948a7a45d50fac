import { expect, test } from 'vitest';
import { ignoresFile, readIgnore } from './source-ignore.ts';

const kept = (patterns: readonly string[], paths: readonly string[], folder = '') => {
  const ignores = ignoresFile(readIgnore(patterns.join('\n'), folder));
  return paths.filter((path) => !ignores(path));
};

test('by default, images, archives and the files of CI are left out', () => {
  const paths = [
    'a.yaml',
    'docs/a.png',
    '.github/workflows/a.yaml',
    'b/.sops.yaml',
    '.sops.yaml',
    '.git/config',
    'c.tar.gz',
  ];
  expect(kept([], paths)).toEqual(['a.yaml']);
  // Any pattern of the repository replaces the defaults, except those for Git's own files.
  expect(kept(['# none', 'b'], paths)).toEqual([
    'a.yaml',
    'docs/a.png',
    '.github/workflows/a.yaml',
    '.sops.yaml',
    'c.tar.gz',
  ]);
});

test('the last pattern that matches decides, even in an excluded folder', () => {
  const paths = ['deploy/a.yaml', 'deploy/b/c.yaml', 'docs/a.yaml', 'a.yaml'];
  expect(kept(['/*', '!/deploy'], paths)).toEqual(['deploy/a.yaml', 'deploy/b/c.yaml']);
  expect(kept(['deploy/', '!deploy/b/c.yaml'], paths)).toEqual(['deploy/b/c.yaml', 'docs/a.yaml', 'a.yaml']);
  expect(kept(['a.yaml/'], paths)).toEqual(paths);
  expect(kept(['**/b/*.yaml', 'do?s'], paths)).toEqual(['deploy/a.yaml', 'a.yaml']);
});

test('a pattern of a nested file is for its folder', () => {
  expect(kept(['/a.yaml'], ['a.yaml', 'apps/a.yaml', 'apps/b/a.yaml', 'apps2/a.yaml'], 'apps')).toEqual([
    'a.yaml',
    'apps/b/a.yaml',
    'apps2/a.yaml',
  ]);
});
