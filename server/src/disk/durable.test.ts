import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exclusively, replaceFile, replaceFolder } from './durable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** More than any process has. */
const gone = 2 ** 30;

test('16 processes that add to a file at once lose nothing', { timeout: 60_000 }, async () => {
  const file = join(folder, 'index.json');
  const script = `
    const { exclusively, replaceFile } = await import(${JSON.stringify(join(import.meta.dirname, 'durable.ts'))});
    const { readFileSync, existsSync } = await import('node:fs');
    const [folder, file, own] = process.argv.slice(1);
    exclusively(folder, () => {
      const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
      replaceFile(file, JSON.stringify([...before, own]));
    });`;
  const run = (own: number) =>
    promisify(execFile)(process.execPath, [
      '--no-warnings',
      '--input-type=module',
      '-e',
      script,
      folder,
      file,
      String(own),
    ]);
  await Promise.all(Array.from({ length: 16 }, (_, own) => run(own)));
  const found = (JSON.parse(readFileSync(file, 'utf8')) as string[]).map(Number).sort((a, b) => a - b);
  expect(found).toEqual(Array.from({ length: 16 }, (_, own) => own));
  expect(readdirSync(folder)).toEqual(['index.json']);
});

test('what killed processes left is removed, with their lock; that of running ones stays', () => {
  writeFileSync(join(folder, '.lock'), `${gone} 0.5`);
  mkdirSync(join(folder, `.big@1.${gone}`));
  writeFileSync(join(folder, `.index.json.${gone}`), '');
  writeFileSync(join(folder, `.other.${process.ppid}`), '');
  writeFileSync(join(folder, '.hidden'), '');
  expect(exclusively(folder, () => 1)).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(['.hidden', `.other.${process.ppid}`]);
});

test('a folder that can’t be filled leaves the old one, and nothing beside it', () => {
  const release = join(folder, 'a@1');
  replaceFolder(release, (fresh) => writeFileSync(join(fresh, 'x'), 'old'));
  const full = () => {
    throw new Error('no space left');
  };
  expect(() => replaceFolder(release, full)).toThrow('no space left');
  expect(readFileSync(join(release, 'x'), 'utf8')).toBe('old');
  replaceFolder(release, (fresh) => writeFileSync(join(fresh, 'y'), 'new'));
  expect(readdirSync(release)).toEqual(['y']);
  expect(readdirSync(folder)).toEqual(['a@1']);
});

test('an error in the work releases the folder', () => {
  const fails = () =>
    exclusively(folder, () => {
      throw new Error('failed');
    });
  expect(fails).toThrow('failed');
  replaceFile(join(folder, 'a'), 'b');
  expect(existsSync(join(folder, '.lock'))).toBe(false);
});
