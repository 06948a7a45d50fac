import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configFor } from '../engine/fixture.ts';
import { type Stored, serving } from '../engine/objects-fixture.ts';
import { run as actions } from './actions.ts';
import { run } from './kubeconfig.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const secretToken = 'canary-of-a-token';
const config = JSON.stringify({
  ...JSON.parse(configFor('https://10.0.0.1:6443')),
  users: [{ name: 'u', user: { token: secretToken } }],
});
const metadata = (name: string) => ({ name, namespace: 'fleet', uid: name, resourceVersion: '5' });
const cluster: Stored = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', metadata: metadata('c1') };
const secret = (value: string): Stored => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('c1-kubeconfig') },
  data: { value: Buffer.from(value).toString('base64') },
});

async function started(objects: readonly Stored[]) {
  const api = await serving(objects, [['v1', 'Secret']]);
  const folder = mkdtempSync(join(tmpdir(), 'capstan-kubeconfig-'));
  writeFileSync(join(folder, 'config'), configFor(api.url));
  ends.push(api.stop, () => rmSync(folder, { recursive: true, force: true }));
  const write = async (line: string, verb = run) => {
    let [out, err] = ['', ''];
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: { KUBECONFIG: join(folder, 'config'), HOME: folder },
      cwd: folder,
    };
    return { code: await verb(line.split(' '), io), out, err };
  };
  return { folder, write };
}

test('it is written byte for byte, for its user only, and never shown', async () => {
  const { folder, write } = await started([cluster, secret(config)]);
  const file = join(folder, 'c1.kubeconfig');
  const { code, out, err } = await write('c1 -n fleet --context c');
  expect([code, out, err]).toEqual([
    0,
    `The kubeconfig of Cluster fleet/c1 is in ${file}: context c, server https://10.0.0.1:6443\n`,
    '',
  ]);
  expect(readFileSync(file, 'utf8')).toBe(config);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const recorded = await write('--format json', actions);
  expect(JSON.parse(recorded.out)).toMatchObject([{ verb: 'kubeconfig', name: 'c1', outcome: 'handled' }]);
  expect(recorded.out + out + err).not.toContain(secretToken);
});

test('a file that exists is replaced only if that is asked for', async () => {
  const { folder, write } = await started([cluster, secret(config)]);
  const file = join(folder, 'mine');
  writeFileSync(file, 'mine', { mode: 0o644 });
  const refusal = await write('cluster/c1 -n fleet -f mine --context c');
  expect([refusal.code, refusal.err]).toEqual([1, `capstan kubeconfig: ${file} exists already\n`]);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await write('cluster/c1 -n fleet -f mine --force --context c')).toMatchObject({ code: 0 });
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([config, 0o600]);
});

test.each([
  ['no Secret yet', [cluster], 'the control plane has not been initialized'],
  ['a Secret without one', [cluster, secret(`token: ${secretToken}`)], 'has no kubeconfig in its key'],
  ['a Secret that is no YAML', [cluster, secret(`{${secretToken}`)], 'has no kubeconfig in its key'],
])('%s: nothing is written', async (_, objects, why) => {
  const { folder, write } = await started(objects);
  const { code, out, err } = await write('c1 -n fleet --context c');
  expect([code, out, err]).toEqual([1, '', expect.stringContaining(why)]);
  expect(err).not.toContain(secretToken);
  expect(existsSync(join(folder, 'c1.kubeconfig'))).toBe(false);
});
