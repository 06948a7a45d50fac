import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programOn } from './programs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-programs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')('a program is searched for in the absolute folders of PATH only', () => {
  for (const name of ['one', 'two']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'one/k9s'), '', { mode: 0o600 });
  writeFileSync(join(folder, 'two/k9s'), '', { mode: 0o700 });
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  expect(programOn([one, two].join(delimiter), 'k9s')).toBe(join(two, 'k9s'));
  expect(programOn(['.', relative('.', two)].join(delimiter), 'k9s')).toBeUndefined();
  expect(programOn('', 'k9s')).toBeUndefined();
  expect(programOn(undefined, 'k9s')).toBeUndefined();
});
