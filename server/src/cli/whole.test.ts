// What `tree` and `status` say of a small cluster whose API server this test plays: a delivery of kinds that nobody watches, events of
// a busy namespace, lists of different moments, and a stream that the server refuses.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configFor } from '../engine/fixture.ts';
import { type Cluster, type Stored, serving as servingObjects } from '../engine/objects-fixture.ts';
import { inspect } from '../engine/session/inspect.ts';
import { transportTo } from '../engine/transport/fixture.ts';
import { trim } from '../live/object.ts';
import * as status from './status.ts';
import * as tree from './tree.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serving(...given: Parameters<typeof servingObjects>): Promise<Cluster> {
  const cluster = await servingObjects(...given);
  ends.push(() => cluster.stop());
  return cluster;
}

async function run(verb: typeof status.run, args: string, { url }: Cluster) {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-whole-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'config'), configFor(url));
  const said = { out: '', err: '' };
  const io = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    env: { KUBECONFIG: join(folder, 'config') },
    cwd: folder,
  };
  return { code: await verb(args.split(' '), io), ...said };
}

function object(apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}): Stored {
  const own = { name, namespace: 'mix', uid: `uid-${name}`, resourceVersion: '5', generation: 1, ...metadata };
  return { apiVersion, kind, metadata: own, ...rest };
}

const condition = (type: string, value: string, reason: string) => ({
  ...{ type, status: value, reason, message: `${reason} said`, observedGeneration: 1 },
  lastTransitionTime: '2026-01-02T03:04:05Z',
});

/** What a delivery may have applied and nobody watches: sick, well, and how its line begins when it is sick. */
const delivered: readonly (readonly [Stored, Stored, RegExp])[] = [
  [
    object('batch/v1', 'Job', 'migrate', {
      status: { failed: 1, conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] },
    }),
    object('batch/v1', 'Job', 'migrate', {
      status: { succeeded: 1, conditions: [condition('Complete', 'True', 'Done')] },
    }),
    /✘ Job\/mix\/migrate/,
  ],
  [
    object('v1', 'Pod', 'alone', { status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } }),
    object('v1', 'Pod', 'alone', { status: { phase: 'Running', conditions: [condition('Ready', 'True', 'Ready')] } }),
    /✘ Pod\/mix\/alone/,
  ],
  [
    object('v1', 'PersistentVolumeClaim', 'data', { status: { phase: 'Pending' } }),
    object('v1', 'PersistentVolumeClaim', 'data', { status: { phase: 'Bound' } }),
    /↻ PersistentVolumeClaim\/mix\/data/,
  ],
  [
    object('example.com/v1', 'Database', 'db', {
      status: { observedGeneration: 1, conditions: [condition('Ready', 'False', 'Broken')] },
    }),
    object('example.com/v1', 'Database', 'db', {
      status: { observedGeneration: 1, conditions: [condition('Ready', 'True', 'Fine')] },
    }),
    /[✘↻] Database\/mix\/db/,
  ],
];

const entryOf = ({ apiVersion, kind, metadata: { name } }: Stored) => ({
  id: `mix_${name}_${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}_${kind}`,
  v: apiVersion.split('/').at(-1),
});

function delivery(entries: readonly Stored[]): Stored {
  return object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'mix', {
    spec: { path: './mix', prune: true, wait: false },
    status: {
      observedGeneration: 1,
      conditions: [condition('Ready', 'True', 'ReconciliationSucceeded')],
      inventory: { entries: entries.map(entryOf) },
    },
  });
}

test.each(delivered)('a delivery is not well over one object that is not: %j', async (sick, _well, line) => {
  const others = delivered.filter(([one]) => one !== sick).map(([, well]) => well);
  const cluster = await serving([delivery([sick, ...others]), sick, ...others]);
  const { code, out, err } = await run(tree.run, 'kustomization/mix -n mix --context c', cluster);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(line);
  expect(out.match(/✔ /g)).toHaveLength(1 + others.length);
});

test('it is well if all of it is', async () => {
  const all = delivered.map(([, well]) => well);
  const { code, out } = await run(
    tree.run,
    'kustomization/mix -n mix --context c',
    await serving([delivery(all), ...all]),
  );
  expect([code, out.match(/✔ /g)?.length]).toEqual([0, 1 + all.length]);
});

test('what was deleted by hand is said, whatever its kind', async () => {
  const gone = object('v1', 'ConfigMap', 'gone');
  const cluster = await serving([delivery([gone])], [['v1', 'ConfigMap']]);
  const { code, out } = await run(tree.run, 'kustomization/mix -n mix --context c', cluster);
  expect([code, out]).toEqual([1, expect.stringMatching(/✘ ConfigMap\/mix\/gone {2}/)]);
});

test('the event about a pod is found among more than a page of others', async () => {
  const event = (name: string, index: number, message: string) =>
    object('v1', 'Event', `${name}.${index}`, {
      ...{ type: 'Warning', reason: 'Unhealthy', message, count: 1, lastTimestamp: '2026-01-02T03:04:05Z' },
      involvedObject: { kind: 'Pod', name, namespace: 'mix', uid: `uid-${name}` },
    });
  const noise = Array.from({ length: 600 }, (_, index) => event('other', index, 'Readiness probe failed: other'));
  const running = {
    status: {
      phase: 'Running',
      conditions: [condition('Ready', 'False', 'ContainersNotReady')],
      containerStatuses: [
        { name: 'web', ready: false, restartCount: 0, state: { running: { startedAt: '2026-01-02T03:00:00Z' } } },
      ],
    },
  };
  const pod = object('v1', 'Pod', 'web', running, { labels: { app: 'web' } });
  const said = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
  const cluster = await serving([pod, ...noise, event('web', 0, said)]);
  const transport = transportTo(cluster.url);
  ends.push(() => transport.close());
  const [cause] = await inspect(transport, trim(pod)!);
  expect([cause?.cause, cause?.evidence]).toEqual(['readiness', expect.stringContaining('503')]);
});

const broken = '/apis/apps/v1/deployments';

test.each([1, 3])(
  'a list that the server ends without an answer %i times does not make the context unreachable',
  async (times) => {
    const web = object('apps/v1', 'Deployment', 'web', { spec: { replicas: 0 }, status: { observedGeneration: 1 } });
    const cluster = await serving([web]);
    cluster.cut.set(broken, times);
    const { code, out } = await run(status.run, '--context c --timeout 30s', cluster);
    expect([code, out]).toEqual([0, expect.stringMatching(/^✔ c .*[\s\S]*✔ Deployment web/)]);
    expect(cluster.cut.get(broken)).toBe(0);
  },
);

test('an owner that was made between two lists is read, so that nothing hangs in the wrong place', async () => {
  const labels = { 'cluster.x-k8s.io/cluster-name': 'mix' };
  const ready = { status: { conditions: [condition('Ready', 'True', 'Ready')] } };
  const machine = (name: string) =>
    object(
      'cluster.x-k8s.io/v1beta2',
      'Machine',
      name,
      {
        ...ready,
        spec: {
          clusterName: 'mix',
          infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachine', name },
        },
      },
      { labels },
    );
  const infrastructure = (name: string) => {
    const owner = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      name,
      uid: `uid-${name}`,
      controller: true,
    };
    return object('infrastructure.cluster.x-k8s.io/v1beta2', 'DevMachine', name, ready, {
      labels,
      ownerReferences: [owner],
    });
  };
  const names = ['m-1', 'm-2', 'm-3', 'm-new'];
  const cluster = await serving([
    object('cluster.x-k8s.io/v1beta2', 'Cluster', 'mix', { ...ready, spec: {} }, { labels }),
    ...names.map(machine),
    ...names.map(infrastructure),
  ]);
  // The list of Machines is older than that of DevMachines.
  const machines = '/apis/cluster.x-k8s.io/v1beta2/namespaces/mix/machines';
  const { out } = await run(
    tree.run,
    'cluster/mix -n mix --context c --all',
    await without(cluster, machines, 'm-new'),
  );
  const lines = out.split('\n').map((line) => line.trimStart().replace(/ {2}.*/, ''));
  const at = lines.findIndex((line) => line.endsWith('Machine/m-new') && !line.includes('DevMachine'));
  expect(at).toBeGreaterThan(0);
  expect(lines[at + 1]).toContain('DevMachine/m-new');
  expect(lines.filter((line) => line.includes('DevMachine/m-new'))).toHaveLength(1);
});

/** The same cluster, whose list at the path lacks an object that can be read by its name. */
async function without(cluster: Cluster, list: string, name: string): Promise<Cluster> {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`${cluster.url}${request.url}`);
    const body = (await answer.json().catch(() => ({}))) as { items?: readonly Stored[] };
    const isList = new URL(request.url!, 'http://a').pathname === list && body.items !== undefined;
    const items = body.items?.filter((one) => one.metadata.name !== name);
    response.writeHead(answer.status).end(JSON.stringify(isList ? { ...body, items } : body));
  });
  server.listen(0);
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...cluster, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
