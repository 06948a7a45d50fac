// Tests `capstan contexts`, `status` and `tree` on a real API server: objects in many states, and contexts that are
// unreachable, restricted or denied. Each has one clear row, and none delays another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextStatus } from '../../server/src/cli/output.ts';
import type { ContextList } from '../../server/src/protocol.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { authority } from '../testbed/certificates.ts';
import { clusterApiDefinitions } from '../testbed/cluster-api.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { fluxDefinitions } from '../testbed/flux.ts';
import { define } from '../testbed/modules.ts';
import { startTcpProxy, type TcpProxy } from '../testbed/tcp-proxy.ts';
import { capstan } from './capstan.ts';
import { fleetObjects, type Live, live, rights, workload } from './status-objects.ts';

let folder: string;
let controlPlane: ControlPlane;
let blackHole: TcpProxy;
let kubeconfig: string;

beforeAll(async () => {
  const missing = missingPrograms('kubernetes', ['etcd', 'kube-apiserver', 'kubectl']);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} not built; \`${provide('kubernetes')}\` builds them`);
  folder = mkdtempSync(join(tmpdir(), 'capstan-status-'));
  const clients = authority('clients');
  const clientCa = join(folder, 'clients.crt');
  writeFileSync(clientCa, clients.certificate);
  controlPlane = await startControlPlane({
    users: { viewer: ['viewers'], nobody: [] },
    apiServerFlags: [`--client-ca-file=${clientCa}`],
  });
  blackHole = await startTcpProxy({ port: controlPlane.port });
  await blackHole.set({ mode: 'blackhole' });
  await define(controlPlane, [...(await clusterApiDefinitions()), ...(await fluxDefinitions())]);
  await controlPlane.apply(
    rights()
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
  for (const { object, status } of fleetObjects) await make(object, status);
  const paths = ['namespaces/fleet/clusters/leaving'].map((path) => `/apis/cluster.x-k8s.io/v1beta2/${path}`);
  for (const path of paths) await controlPlane.request('DELETE', path);
  const member = { groups: ['system:masters'] };
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    kubeconfigOf({
      admin: { user: { token: controlPlane.token } },
      certified: { user: certified(clients.issue({ name: 'certified', ...member })) },
      viewer: { user: { token: 'viewer-token' }, namespace: 'apps' },
      nobody: { user: { token: 'nobody-token' } },
      'wrong-token': { user: { token: 'canary-of-a-token' } },
      expired: { user: certified(clients.issue({ name: 'expired', ...member, expired: true })) },
      untrusted: { user: { token: controlPlane.token }, authority: authority('others').certificate },
      refused: { user: { token: controlPlane.token }, server: 'https://127.0.0.1:1' },
      'black-hole': { user: { token: controlPlane.token }, server: `https://127.0.0.1:${blackHole.port}` },
      'no-plugin': {
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login', interactiveMode: 'Never' },
        },
      },
    }),
    { mode: 0o600 },
  );
}, 120_000);
afterAll(async () => {
  await blackHole?.stop();
  await controlPlane?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Access {
  readonly user: object;
  readonly server?: string;
  readonly namespace?: string;
  /** Otherwise the server's certificate isn't verified. */
  readonly authority?: string;
}

function kubeconfigOf(contexts: Readonly<Record<string, Access>>): string {
  const all = Object.entries(contexts);
  const trust = (authority: string | undefined) =>
    authority === undefined
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'admin',
    clusters: all.map(([name, { server = controlPlane.url, authority }]) => ({
      name,
      cluster: { server, ...trust(authority) },
    })),
    users: all.map(([name, { user }]) => ({ name, user })),
    contexts: all.map(([name, { namespace }]) => ({
      name,
      context: { cluster: name, user: name, ...(namespace && { namespace }) },
    })),
  });
}

function certified({ certificate, key }: { readonly certificate: string; readonly key: string }): object {
  const data = (text: string) => Buffer.from(text).toString('base64');
  return { 'client-certificate-data': data(certificate), 'client-key-data': data(key) };
}

async function make(object: Live, status: object | undefined): Promise<void> {
  const { name, namespace } = object.metadata;
  const plural = `${object.kind.toLowerCase().replace(/y$/, 'ie')}s`;
  const path = `/apis/${object.apiVersion}/namespaces/${namespace}/${plural}`;
  const made = await controlPlane.request('POST', path, object);
  if (made.status !== 201) throw new Error(`${name}: ${JSON.stringify(made.body)}`);
  if (status === undefined) return;
  const type = 'application/merge-patch+json';
  const told = await controlPlane.request('PATCH', `${path}/${name}/status`, { status }, type);
  if (told.status !== 200) throw new Error(`status of ${name}: ${JSON.stringify(told.body)}`);
}

const run = (...args: readonly string[]) => capstan([...args, '--kubeconfig', kubeconfig]);

async function statuses(...args: readonly string[]): Promise<ReadonlyMap<string, ContextStatus>> {
  const { stdout } = await run('status', ...args, '--format', 'json');
  return new Map((JSON.parse(stdout) as readonly ContextStatus[]).map((status) => [status.context, status]));
}

describe('contexts', () => {
  test('are listed without connecting to any', async () => {
    const before = blackHole.accepted;
    const { code, stdout } = await run('contexts', '--format', 'json');
    expect(code).toBe(0);
    const { contexts, current, problems } = JSON.parse(stdout) as ContextList;
    expect([contexts.length, current, problems]).toEqual([10, 'admin', []]);
    expect(contexts.find(({ name }) => name === 'viewer')).toMatchObject({
      namespace: 'apps',
      server: controlPlane.url,
    });
    const text = await run('contexts');
    expect(text.stdout).toMatch(/^\* +admin /m);
    expect(stdout + text.stdout).not.toContain('canary-of-a-token');
    expect(blackHole.accepted).toBe(before);
  });
});

describe('objects', () => {
  test('each has its state, with the reason', async () => {
    const { code } = await run('status', '--context', 'admin');
    expect(code).toBe(1);
    const status = (await statuses('--context', 'admin')).get('admin')!;
    expect(status).toMatchObject({ state: 'ready', version: expect.stringMatching(/^v1\.\d+/) });
    const found = new Map(status.objects.map((object) => [`${object.kind}/${object.name}`, object]));
    for (const { object, state, reason } of fleetObjects) {
      const row = found.get(`${object.kind}/${object.metadata.name}`);
      expect({ name: row?.name, state: row?.state, reason: row?.reason }).toEqual({
        name: object.metadata.name,
        state,
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      });
    }
    expect(status.objects).toHaveLength(fleetObjects.length);
  });

  test('match the rows of the explorer', async () => {
    const { stdout } = await run('status', '--context', 'admin');
    expect(stdout).toMatch(/^✔ admin {2}v1\.\d+/);
    for (const line of [
      /^ {2}Cluster API {2}\d+ objects, \d+ failed, \d+ progressing$/m,
      /^ +✔ up {2}v1\.35\.0 class any$/m,
      /^ +✘ down {2}ControlPlaneAvailable: etcd member a has failed, v1\.35\.0 class any$/m,
      /^ +× leaving {2}deleting/m,
      /^ +✘ GitRepository fleet\/stalled {2}/m,
      /^ +‖ Kustomization fleet\/held {2}suspended/m,
    ])
      expect(stdout).toMatch(line);
  });

  test('exit 0 if all are healthy', async () => {
    const { code, stdout } = await run('status', '--context', 'viewer');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Deployment shop')]);
  });
});

describe('connections', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['nobody', 'denied', /cannot list resource|forbidden/],
    [
      'wrong-token',
      'denied',
      /the credential is not accepted \(401\): it has expired or is for another cluster\. Sign in again, then retry\./,
    ],
    [
      'expired',
      'denied',
      /the client certificate expired on \d{4}-\d\d-\d\d\. Put a new client certificate into the kubeconfig/,
    ],
    [
      'untrusted',
      'unknown',
      /its certificate is not signed by the certificate authority of the kubeconfig.*Check certificate-authority/,
    ],
    ['refused', 'unknown', /https:\/\/127\.0\.0\.1:1 refuses the connection.*Check that the API server is running/],
    ['black-hole', 'unknown', /did not respond within 3 s|does not respond/],
    ['no-plugin', 'unknown', /no-such-login is not installed\. Install it/],
  ];

  test('each failure has its reason on its own row, while the others work', async () => {
    const { code, stdout, stderr } = await run('status', '--all-contexts', '--timeout', '3s', '--format', 'json');
    expect(code).toBe(1);
    const all = new Map((JSON.parse(stdout) as readonly ContextStatus[]).map((status) => [status.context, status]));
    expect([...all.keys()]).toHaveLength(10);
    for (const [context, state, sentence] of rows) {
      const status = all.get(context)!;
      expect({ context, state: status.state, sentence: status.sentence }).toEqual({
        context,
        state,
        sentence: expect.stringMatching(sentence),
      });
      expect(status.objects).toEqual([]);
    }
    for (const context of ['admin', 'certified']) expect(all.get(context)!.objects).toHaveLength(fleetObjects.length);
    expect(stdout + stderr).not.toContain('canary-of-a-token');
  });

  test('a single failing context is one line with its name, and exit 1', async () => {
    for (const [context, , sentence] of rows) {
      const { code, stdout } = await run('status', '--context', context, '--timeout', '3s');
      expect(code, context).toBe(1);
      expect(stdout.trimEnd().split('\n'), context).toHaveLength(1);
      expect(stdout).toContain(` ${context}  `);
      expect(stdout).toMatch(sentence);
    }
  });

  test('a user with access to one namespace sees that namespace', async () => {
    const { state, sentence, objects } = (await statuses('--context', 'viewer')).get('viewer')!;
    expect(state).toBe('ready');
    expect(objects.map(({ kind, namespace, name }) => [kind, namespace, name])).toEqual([
      ['Deployment', 'apps', 'shop'],
    ]);
    expect(sentence).toMatch(/^v1[.\d]+; no permission to list DaemonSet, StatefulSet, Cluster and \d+ more kinds$/);
    const { stdout } = await run('status', '--context', 'viewer');
    expect(stdout).toMatch(/Workloads {2}1 object, namespace apps only, no permission to list/);
  });

  test.each([
    ['tree', ['cluster/up', '-n', 'fleet', '--timeout', '3s']],
    ['rollout', ['deployment/shop', '-n', 'apps']],
  ])('%s reports the same on one line', async (verb, args) => {
    for (const [context, , sentence] of rows) {
      if (context === 'nobody') continue;
      const { code, stdout, stderr } = await run(verb, ...args, '--context', context);
      expect([context, code, stdout]).toEqual([context, 1, '']);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).toContain(`capstan ${verb}: context "${context}": `);
      if (context !== 'wrong-token') expect(stderr).toMatch(sentence);
    }
    const denied = await run(verb, ...args, '--context', 'nobody');
    expect([denied.code, denied.stderr]).toEqual([1, expect.stringMatching(/User "nobody" cannot get resource/)]);
  });

  test('a missing context or file', async () => {
    const unknown = await run('status', '--context', 'nowhere');
    expect([unknown.code, unknown.stdout]).toEqual([
      1,
      expect.stringMatching(/^\? nowhere .*does not exist in .*Known contexts: /),
    ]);
    const absent = join(folder, 'absent');
    for (const verb of ['status', 'contexts']) {
      const { code, stderr } = await capstan([verb, '--kubeconfig', absent]);
      expect([verb, code, stderr]).toEqual([
        verb,
        verb === 'contexts' ? 2 : 1,
        expect.stringContaining(`${absent} does not exist`),
      ]);
    }
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'contexts: [\n');
    const { code, stderr } = await capstan(['status', '--kubeconfig', broken]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(broken)]);
  });

  test('usage', async () => {
    for (const args of [
      ['status', '--format', 'yaml'],
      ['status', '--timeout', 'soon'],
      ['tree'],
      ['tree', 'a/b/c'],
      ['rollout'],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).toContain('Usage: capstan');
    }
  });
});

test('added and removed objects are followed, in text and in JSON', async () => {
  const name = 'coming';
  await make(live('apps/v1', 'Deployment', name, workload(name)), undefined);
  const there = async () =>
    (await statuses('--context', 'admin')).get('admin')!.objects.some((object) => object.name === name);
  await until('its row', undefined, there, 10);
  await controlPlane.kubectl(['delete', 'deployment', name, '-n', 'fleet']);
  await until('its end', undefined, async () => !(await there()), 10);
});
