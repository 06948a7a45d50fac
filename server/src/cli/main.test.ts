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

describe.skipIf(process.platform === 'win32')('nothing that a verb prints reaches the terminal as a command', () => {
  const hostile = '\u001b]0;title\u0007\u202e\u009b2J\n::error::injected';
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'as.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'A', plural: 'as' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: hostile,
              properties: { spec: { type: 'string', description: hostile, enum: [hostile] } },
            },
          },
        },
      ],
    },
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    contexts: [{ name: hostile, context: { cluster: hostile, user: hostile } }],
    clusters: [{ name: hostile, cluster: { server: `https://a/${hostile}` } }],
    users: [],
  };

  test.each([
    'capstan lint',
    'capstan lint --format json',
    'capstan lint --format sarif',
    'capstan explain example.com/v1/A',
    'capstan explain example.com/v1/A.spec',
    'capstan explain --format json example.com/v1/A.spec',
    'capstan contexts --kubeconfig config',
    'capstan contexts --kubeconfig config --format json',
    'capstan status --kubeconfig config --context x',
    `capstan '${hostile}'`,
    `capstan lint '${hostile}'`,
    `capstan schemas add '${hostile}'`,
    `capstan tree --context '${hostile}' '${hostile}'`,
  ])('%j', (line) => {
    writeFileSync(join(folder, 'crd.yaml'), JSON.stringify(crd));
    writeFileSync(join(folder, 'config'), JSON.stringify(config));
    writeFileSync(join(folder, 'b.yaml'), JSON.stringify({ apiVersion: 'example.com/v1', kind: 'A', spec: hostile }));
    const { stdout, stderr } = shell(line);
    expect(stdout + stderr).not.toBe('');
    expect(stdout + stderr).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(stdout + stderr).not.toMatch(/^\s*::/m);
  });
});
