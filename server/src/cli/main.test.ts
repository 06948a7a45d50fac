import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-main-'));
  writeFileSync(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: 1\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a shell command line in which `capstan` is the program. */
function shell(line: string) {
  const program = `'${process.execPath}' --disable-warning=MODULE_TYPELESS_PACKAGE_JSON '${join(import.meta.dirname, 'main.ts')}'`;
  const { stdout, stderr } = spawnSync('sh', ['-c', `capstan() { ${program} "$@"; }; ${line}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { stdout, stderr };
}

describe.skipIf(process.platform === 'win32')('the exit code is unchanged', () => {
  test('when the output pipe is closed', () => {
    expect(shell('(capstan lint; echo $? >&2) | :').stderr).toBe('1\n');
    expect(shell('(capstan --help; echo $? >&2) | :').stderr).toBe('0\n');
    expect(shell('((capstan lint absent.yaml; echo $? >&3) 2>&1 | :) 3>&1').stdout).toBe('2\n');
  });

  test.skipIf(!existsSync('/dev/full'))('or is 2 when standard output cannot be written', () => {
    expect(shell('capstan lint > /dev/full; echo $?')).toEqual({
      stdout: '2\n',
      stderr: "capstan: standard output can't be written (ENOSPC)\n",
    });
    expect(shell('capstan lint absent.yaml 2> /dev/full; echo $?').stdout).toBe('2\n');
  });
});

test.skipIf(process.platform === 'win32')('a current folder that was removed is reported', () => {
  mkdirSync(join(folder, 'gone'));
  const remove = `'${process.execPath}' -e 'fs.rmdirSync("../gone")'`;
  expect(shell(`cd gone && ${remove} && capstan contexts; echo $?`)).toEqual({
    stdout: '2\n',
    stderr: 'capstan: the current folder no longer exists; change to another\n',
  });
});
