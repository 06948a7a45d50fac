// An error of our own doesn't end `lint`: it is one finding, and everything else is reported.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isObject } from '../../syntax/value.ts';
import { lintPaths } from './check.ts';

vi.mock('../../validation/judge.ts', async (original) => {
  const { judge, ...others } = await original<typeof import('../../validation/judge.ts')>();
  const failing: typeof judge = (value, ...rest) => {
    if (isObject(value) && value.fails === true) throw new RangeError('too deep');
    return judge(value, ...rest);
  };
  return { ...others, judge: failing };
});

const text = (more: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${more}`;

test('one document that can’t be checked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-guards-'));
  try {
    writeFileSync(join(folder, 'a.yaml'), `${text('fails: true\n')}---\n${text('wrong: 1\n')}`);
    writeFileSync(join(folder, 'b.yaml'), text('wrong: 1\n'));
    const { findings } = await lintPaths(['.'], folder, {}, undefined);
    expect(findings.map(({ file, rule, severity }) => `${file} ${severity} ${rule}`)).toEqual([
      'a.yaml info info/internal',
      'a.yaml error schema/unknown-field',
      'b.yaml error schema/unknown-field',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
