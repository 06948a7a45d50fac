import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCompiled, settled } from './compiled.ts';

const place = globalThis as { ran?: unknown };
let folder: string;
let program: string;
let stored: string;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'capstan-compiled-'));
  program = join(folder, 'program.js');
  stored = join(folder, 'cache/compiled');
  writeProgram('first');
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
  delete place.ran;
});

function writeProgram(word: string): void {
  const text = `exports.own = () => '${word}';\nglobalThis.ran = [exports.own(), __filename, typeof require('node:os').EOL];`;
  writeFileSync(program, text);
}

/** Runs the program and waits until its code would have been written. */
function run(into: string | undefined): boolean {
  delete place.ran;
  const used = runCompiled(program, into);
  vi.advanceTimersByTime(settled);
  return used;
}

test('runs a program like require, and from the second time on with its stored code', () => {
  expect(run(stored)).toBe(false);
  expect(place.ran).toEqual(['first', program, 'string']);
  expect(readdirSync(stored)).toHaveLength(1);
  expect(run(stored)).toBe(true);
  expect(place.ran).toEqual(['first', program, 'string']);
});

test('a program of the same length runs with its own code', () => {
  run(stored);
  writeProgram('other');
  expect(run(stored)).toBe(false);
  expect(place.ran).toEqual(['other', program, 'string']);
  expect(readdirSync(stored)).toHaveLength(2);
});

test.each([
  ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
  [
    'has a wrong byte',
    (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length >> 1 ? ~byte : byte))),
  ],
  ['is empty', () => Buffer.alloc(0)],
])('stored code that %s is ignored and written again', (_, damaged) => {
  run(stored);
  const [name] = readdirSync(stored);
  const file = join(stored, name!);
  const whole = readFileSync(file);
  writeFileSync(file, damaged(whole));
  expect(run(stored)).toBe(false);
  expect(place.ran).toEqual(['first', program, 'string']);
  // V8 doesn't always write the same number of bytes.
  expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2);
  expect(run(stored)).toBe(true);
});

test('code that was not written for a month is deleted when other code is written', () => {
  mkdirSync(stored, { recursive: true });
  const [old, recent] = [join(stored, 'old.bin'), join(stored, 'recent.bin')];
  for (const file of [old, recent]) writeFileSync(file, '');
  utimesSync(old, 0, Date.now() / 1000 - 31 * 86_400);
  run(stored);
  expect(readdirSync(stored)).toHaveLength(2);
  expect(readdirSync(stored)).toContain('recent.bin');
});

test('without a folder, or with one that is a file, the program runs and nothing is written', () => {
  expect(run(undefined)).toBe(false);
  expect(place.ran).toEqual(['first', program, 'string']);
  expect(run(join(program, 'below'))).toBe(false);
  expect(place.ran).toEqual(['first', program, 'string']);
  expect(readdirSync(folder)).toEqual(['program.js']);
});

test('each use of a program has its own code', () => {
  for (const use of ['lint', 'diff', 'lint']) {
    runCompiled(program, stored, { use, writes: 'soon' });
    vi.advanceTimersByTime(settled);
  }
  const names = readdirSync(stored).map((name) => /^program-(\w+)-/.exec(name)?.[1]);
  expect(names.sort()).toEqual(['diff', 'lint']);
});

test.each([
  [0, 1],
  [1, 1],
  [2, 0],
])('the code of a process that ends with %i is written at its end %i times', (code, times) => {
  const others = process.listeners('exit');
  runCompiled(program, stored, { use: 'diff', writes: 'at-exit' });
  vi.advanceTimersByTime(settled);
  expect(existsSync(stored)).toBe(false);
  for (const listener of process.listeners('exit').filter((one) => !others.includes(one))) {
    process.removeListener('exit', listener);
    listener.call(process, code);
  }
  expect(existsSync(stored) ? readdirSync(stored).length : 0).toBe(times);
});
