import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { namedIn } from './named.ts';

const manifest = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-named-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('a pipe', () => {
  test('is read if -f names it', () => {
    writeFileSync(join(folder, 'source'), manifest);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const writer = spawn('sh', ['-c', 'cat source > pipe'], { cwd: folder });
    expect(namedIn(['pipe'], false, folder)).toEqual([
      { gvk: { group: '', version: 'v1', kind: 'ConfigMap' }, name: 'a', file: 'pipe' },
    ]);
    writer.kill();
  });

  test('is refused if it is only in a folder that -f names', () => {
    mkdirSync(join(folder, 'sub'));
    execFileSync('mkfifo', [join(folder, 'sub/pipe.yaml')]);
    expect(namedIn(['sub'], false, folder)).toBe(
      'sub/pipe.yaml is a pipe, a device or a socket; name it with its own -f to read it',
    );
  });
});

test('a file that is not text is refused', () => {
  writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('a: \xe9\n', 'latin1'));
  expect(namedIn(['latin1.yaml'], false, folder)).toBe('latin1.yaml is not text');
});
