import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Api, configFor, startApi } from '../engine/fixture.ts';
import type { Io } from './io.ts';
import * as status from './status.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function started(): Promise<Api> {
  const api = await startApi();
  ends.push(() => api.stop());
  return api;
}

/** Two contexts of one server. */
function twice(server: string): string {
  const one = JSON.parse(configFor(server));
  return JSON.stringify({ ...one, contexts: [...one.contexts, { ...one.contexts[0], name: 'd' }] });
}

interface Ran {
  readonly code: Promise<number>;
  readonly out: () => string;
  readonly err: () => string;
}

function run(args: string, config: string, io: Partial<Io> = {}, terminal?: Io['stdout']['terminal']): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-status-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  writeFileSync(file, config);
  let [out, err] = ['', ''];
  const code = status.run([...args.split(' '), '--kubeconfig', file], {
    stdout: { write: (text: string) => (out += text), terminal },
    stderr: { write: (text: string) => (err += text) },
    env: {},
    cwd: folder,
    ...io,
  });
  return { code, out: () => out, err: () => err };
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(10);
}

const broken = {
  observedGeneration: 1,
  conditions: [
    { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'none' },
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'stuck' },
  ],
};

test.each([
  ['-o name', 'deployment.apps/web\n'],
  ['-o name -n shop', 'deployment.apps/web\n'],
  ['-o name -n other', ''],
  ['-o name --kind deployments', 'deployment.apps/web\n'],
  ['-o name --kind statefulset --kind Deployment.apps', 'deployment.apps/web\n'],
  ['-o name --kind deployment.other', ''],
  ['-o name --failed', ''],
])('status %s', async (args, expected) => {
  const api = await started();
  const ran = run(`--context c ${args}`, configFor(api.url));
  expect([await ran.code, ran.out(), ran.err()]).toEqual([0, expected, '']);
});

test('a table has a line for each object, by context', async () => {
  const api = await started();
  const ran = run('--all-contexts -o wide', twice(api.url));
  expect(await ran.code).toBe(0);
  const table = [
    '  NAMESPACE  KIND        NAME  STATE    SINCE  AGE  REASON',
    '  shop       Deployment  web   ✔ ready              0/0',
  ];
  const shown = ran
    .out()
    .split('\n')
    .map((line) => line.trimEnd());
  expect(shown).toEqual(['✔ c  v1.36.0', ...table, '✔ d  v1.36.0', ...table, '']);
});

test('a row without a mark stands left of what is below it', async () => {
  const api = await started();
  const ran = run('--context c', configFor(api.url));
  expect(await ran.code).toBe(0);
  expect(ran.out().split('\n').slice(1)).toEqual([
    '  Workloads  1 object',
    '    shop  1',
    expect.stringMatching(/^ {6}✔ Deployment web/),
    '',
  ]);
});

test.each([
  ['-o yaml', '-o must be wide, json or name, not "yaml"'],
  ['-o wide --format json', '-o wide must not be set together with --format json'],
  ['-A -n shop', '-A must not be set together with -n'],
])('%s is wrong usage', async (args, error) => {
  const ran = run(args, configFor('http://127.0.0.1:1'));
  expect([await ran.code, ran.err().split('\n')[0]]).toEqual([2, `capstan status: ${error}`]);
});

test('changes are followed line by line, and the exit code is that of the end', async () => {
  const api = await started();
  const stop = new AbortController();
  const ran = run('--context c --watch', configFor(api.url), { stop: stop.signal });
  await until(() => ran.out().includes('Deployment web'));
  api.report(broken);
  await until(() => ran.out().includes('✘ c  Deployment shop/web  failed: '));
  stop.abort();
  expect(await ran.code).toBe(1);
  expect(ran.out().split('\n').at(-2)).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}✘ c {2}Deployment shop\/web {2}failed: /,
  );
});

test('followed as JSON, every line is an object with its time, and one that goes is said', async () => {
  const api = await started();
  const stop = new AbortController();
  const ran = run('--context c -w -o json', configFor(api.url), { stop: stop.signal });
  await until(() => ran.out().includes('"ready"'));
  api.report(null);
  await until(() => ran.out().includes('"isGone":true'));
  stop.abort();
  expect(await ran.code).toBe(0);
  const lines = ran
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ context, name, state, isGone }) => [context, name, state, isGone])).toEqual([
    ['c', 'web', 'ready', undefined],
    ['c', 'web', 'ready', true],
  ]);
});

test('a terminal shows the current state only, in colours', async () => {
  const api = await started();
  const stop = new AbortController();
  const terminal = { columns: 80, rows: 24, colours: true };
  const ran = run('--context c -w', configFor(api.url), { stop: stop.signal }, terminal);
  await until(() => ran.out().includes('\u001b[32m✔'));
  api.report(broken);
  await until(() => ran.out().includes('\u001b[31m✘'));
  stop.abort();
  expect(await ran.code).toBe(1);
  const screens = ran.out().split('\u001b[H\u001b[2J\u001b[3J');
  expect(screens[0]).toBe('');
  expect(screens.at(-1)).toContain('Deployment web');
  expect(screens.at(-1)!.split('\n').length).toBeLessThan(24);
});
