import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Api, configFor, startApi } from '../engine/fixture.ts';
import { yamlFiles } from '../releases/crds.ts';
import { selectionOf } from './clusters/flags.ts';
import { namedIn } from './clusters/named.ts';
import * as contexts from './contexts.ts';
import * as rollout from './rollout.ts';
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

async function run(verb: typeof status.run, args: readonly string[], config: string) {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-verbs-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  writeFileSync(file, config);
  const said = { out: '', err: '' };
  const io = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    env: {},
    cwd: folder,
  };
  const code = await verb([...args, '--kubeconfig', file], io);
  return { code, ...said };
}

test('a cluster with a kind that cannot be listed is not healthy', async () => {
  const api = await started();
  expect(await run(status.run, ['--context', 'c'], configFor(api.url))).toMatchObject({ code: 0 });
  api.lists = 500;
  const ill = await run(status.run, ['--context', 'c'], configFor(api.url));
  expect(ill.code).toBe(1);
  expect(ill.out).toContain('Deployment: said 500');
});

test('a pattern that matches no context is reported', async () => {
  const { code, err } = await run(status.run, ['--context', 'prod-*'], configFor('http://127.0.0.1:1'));
  expect(code).toBe(2);
  expect(err).toContain('no context matches prod-*');
});

test('a rollout fails at once when its object or its kind is removed', async () => {
  const api = await started();
  const follow = () =>
    run(rollout.run, ['deployment/web', '-n', 'shop', '--context', 'c', '--timeout', '20s'], configFor(api.url));
  expect(await follow()).toMatchObject({ code: 0, out: 'deployment "web" successfully rolled out\n' });
  api.empty = true;
  expect(await follow()).toMatchObject({ code: 1, err: 'error: object has been deleted\n' });
  api.lists = 404;
  const gone = await follow();
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('said 404')]);
});

test.each([
  ['deployment/a/b', 'may not have more than one slash: "deployment/a/b"'],
  ['deployment/', 'must have a single resource and name: "deployment/"'],
  ['deployment/a b', '"b" is not in that form'],
  ['deployment/a --timeout -1s', '--timeout needs a value; one that begins with a dash is written --timeout=-…'],
  ['deployment/a -n -b', '-n needs a value; one that begins with a dash is written -n-…'],
  ['deployment/a --timeout=-1s', '--timeout must be a duration such as 30s or 2m, not "-1s"'],
])('rollout %s is wrong usage', async (line, error) => {
  const { code, out, err } = await run(rollout.run, line.split(' '), configFor('http://127.0.0.1:1'));
  expect([code, out, err.split('\n')[0]]).toEqual([2, '', expect.stringContaining(error)]);
});

test('no object of a file is skipped silently', async () => {
  const api = await started();
  const folder = mkdtempSync(join(tmpdir(), 'capstan-verbs-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'a.yaml');
  const web = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n';
  const follow = (text: string) => {
    writeFileSync(file, text);
    return run(rollout.run, ['-f', file, '--context', 'c', '--timeout', '20s'], configFor(api.url));
  };
  expect(await follow(`# first\n---\n${web}`)).toMatchObject({ code: 0, err: '' });
  for (const [text, error] of [
    [`${web}---\na: [\n`, `error parsing ${file}: line 5: `],
    [`${web}---\nkind: {{ x }}\n`, `error parsing ${file}: the document is a template`],
    [`${web}---\nreplicas: 1\n`, `unable to decode "${file}"`],
    [web.replace('name:', 'generateName:'), `${file}: resource name may not be empty`],
  ] as const)
    expect(await follow(text)).toEqual({ code: 1, out: '', err: expect.stringContaining(error) });
  for (const text of ['', '# nothing\n', 'apiVersion: v1\nkind: List\nitems: []\n'])
    expect(await follow(text)).toEqual({ code: 0, out: '', err: 'No resources found in default namespace.\n' });
});

test('links to folders are not followed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-verbs-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.yaml'), 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n');
  symlinkSync(folder, join(folder, 'loop'));
  const gvk = { group: 'apps', version: 'v1', kind: 'Deployment' };
  expect(namedIn([folder], true, '/')).toEqual([{ gvk, name: 'web', file: join(folder, 'a.yaml') }]);
  expect(yamlFiles([folder])).toEqual([join(folder, 'a.yaml')]);
});

test('a named kubeconfig that does not exist is wrong usage; one without contexts is not', async () => {
  let stderr = '';
  const write = (text: string) => (stderr += text);
  const io = { stdout: { write }, stderr: { write }, env: { HOME: '/nonexistent' }, cwd: '/' };
  expect(await contexts.run(['--kubeconfig', 'nonexistent/config'], io)).toBe(2);
  expect(await contexts.run([], io)).toBe(1);
  expect(stderr.match(/does not exist/g)).toHaveLength(2);
  expect(await run(contexts.run, [], '{}')).toMatchObject({ code: 1, out: '' });
});

test('an empty flag is treated as unset, as in kubectl', async () => {
  const api = await started();
  api.empty = true;
  const context = { cluster: 'c', user: 'u', namespace: 'shop' };
  const config = { ...JSON.parse(configFor(api.url)), contexts: [{ name: 'c', context }], 'current-context': 'c' };
  const args = ['deployment', '--context', '', '-n', ''];
  expect(await run(rollout.run, args, JSON.stringify(config))).toMatchObject({
    code: 0,
    err: 'No resources found in shop namespace.\n',
  });
  expect(await run(status.run, ['--context', ''], JSON.stringify(config))).toMatchObject({ code: 0 });
  const silent = { write: () => undefined };
  const io = { stdout: silent, stderr: silent, env: { KUBECONFIG: '/a' }, cwd: '/' };
  expect(selectionOf(io, '')).toEqual({ list: '/a' });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the credential plugin too', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-verbs-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const pid = join(folder, 'pid');
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: 'sh',
    args: ['-c', `echo $$ > ${pid}; exec '${process.execPath}' -e 'setInterval(() => {}, 1000)'`],
  };
  const config = {
    ...JSON.parse(configFor('https://127.0.0.1:1')),
    users: [{ name: 'u', user: { exec } }],
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(config));
  const args = ['status', '--context', 'c', '--kubeconfig', join(folder, 'config')];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const plugin = () => (existsSync(pid) ? Number(readFileSync(pid, 'utf8')) : 0);
  while (plugin() === 0) await sleep(20);
  child.kill(signal);
  expect((await ended)[1]).toBe(signal);
  while (isRunning(plugin())) await sleep(20);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('control characters in names and messages do not reach the terminal', async () => {
  const name = 'a\n\u001b]0;title\u0007\u001b[31m';
  const config = JSON.stringify({
    contexts: [{ name, context: { cluster: 'c\u001b[2J' } }],
    clusters: [{ name: 'c\u001b[2J', cluster: { server: 'http://127.0.0.1:1' } }],
  });
  for (const [verb, args] of [
    [contexts.run, []],
    [status.run, ['--all-contexts']],
    [status.run, ['--context', 'absent']],
  ] as const) {
    const { out, err } = await run(verb, args, config);
    expect(out).not.toBe('');
    expect(out + err).not.toContain('\u001b');
    if (verb === status.run) expect(out).toMatch(/^\? .*\n$/);
  }
});
