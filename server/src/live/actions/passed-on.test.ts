// Actions whose effect depends on more than the object: on a topology, on the schema of the kind, on what is set already.
import { expect, test } from 'vitest';
import { trim } from '../object.ts';
import type { Input, Step } from './action.ts';
import { fieldChanges, isAsPatched } from './field-changes.ts';
import { annotate, label } from './metadata.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { poolInTopology } from './topology.ts';

function live(apiVersion: string, kind: string, spec: object = {}, metadata: object = {}, status: object = {}) {
  return trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'n', uid: 'u', ...metadata }, spec, status })!;
}

const input = (more: Partial<Input> = {}): Input => ({
  ...{ raw: {}, shown: {}, related: [], values: {}, at: '2026-01-02T03:04:05Z' },
  ...more,
});

const owned = {
  labels: {
    'topology.cluster.x-k8s.io/owned': '',
    'topology.cluster.x-k8s.io/deployment-name': 'md-0',
    'topology.cluster.x-k8s.io/pool-name': 'md-0',
    'cluster.x-k8s.io/cluster-name': 'c1',
  },
};

test.each(['MachineDeployment', 'MachinePool'])('a %s of a topology is scaled in its Cluster', (kind) => {
  const list = kind === 'MachinePool' ? 'machinePools' : 'machineDeployments';
  const pool = live('cluster.x-k8s.io/v1beta2', kind, { replicas: 2 }, owned);
  const through = poolInTopology(pool)!;
  expect(through.named).toEqual({ groupKind: 'cluster.x-k8s.io/Cluster', namespace: 'n', name: 'c1' });
  const pools = [
    { name: 'other', replicas: 1 },
    { class: 'worker', name: 'md-0', variables: { a: 1 } },
  ];
  const cluster = { spec: { topology: { workers: { [list]: pools } } } };
  const values = { replicas: '4' };
  expect(through.change(cluster, input({ values }))).toEqual({
    body: {
      spec: { topology: { workers: { [list]: [pools[0], { ...pools[1], replicas: 4 }] } } },
    },
    asSeen: true,
  });
  expect(through.change({ spec: { topology: {} } }, input({ values }))).toMatchObject({
    why: 'The topology of Cluster n/c1 has no pool md-0.',
  });
  expect(through.change({ spec: { ...cluster.spec, paused: true } }, input({ values }))).toMatchObject({
    why: 'Cluster n/c1 is paused, so its topology changes nothing. Resume it first.',
  });
  expect(scale.preview(pool)).toBe('Sets the replicas in the topology of Cluster n/c1.');
});

test('it is scaled once the pool itself has the machines', () => {
  const pool = (replicas: number, has: number, generation: number, observed = generation) => {
    const counts = { replicas: has, readyReplicas: has, availableReplicas: has, upToDateReplicas: has };
    const status = { observedGeneration: observed, ...counts };
    return live('cluster.x-k8s.io/v1beta2', 'MachineDeployment', { replicas }, { ...owned, generation }, status);
  };
  const before = pool(2, 2, 1);
  const settled = (now: Step['now']) =>
    scale.settled({ context: 'c', before, written: before, now, values: { replicas: '4' }, isGone: false })?.outcome;
  expect([settled(before), settled(pool(4, 2, 2)), settled(pool(4, 4, 2))]).toEqual([undefined, undefined, 'handled']);
});

test('a pool of no topology is scaled in itself', () => {
  expect(poolInTopology(live('cluster.x-k8s.io/v1beta2', 'MachineDeployment'))).toBe(undefined);
});

const control = (properties: object) => ({
  spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: { properties: { spec: { properties } } } } }] },
});

test.each([
  ['in a map', control({ rollout: { properties: { after: {} } } }), { rollout: { after: input().at } }],
  ['in a field', control({ rolloutAfter: {} }), { rolloutAfter: input().at }],
  ['nowhere', control({ replicas: {} }), undefined],
  ['in a definition that may not be read', undefined, undefined],
  ['in another version', { spec: { versions: [{ name: 'v2' }] } }, undefined],
])('a control plane of any provider is restarted by its schema: %s', (_, definition, spec) => {
  const plane = live('controlplane.cluster.x-k8s.io/v1', 'RKE2ControlPlane', { replicas: 3 });
  expect(restart.offeredFor(plane)).toEqual({ is: 'offered' });
  expect(restart.readsDefinition?.(plane)).toBe(true);
  const change = restart.change(plane, input({ definition }));
  if (spec) expect(change).toEqual({ body: { spec }, asSeen: false });
  else expect(change).toMatchObject({ why: expect.stringContaining('RKE2ControlPlane n/a cannot be restarted') });
});

const web = live('apps/v1', 'Deployment', {}, { labels: { env: 'dev' } });
const raw = { metadata: { labels: { env: 'dev' }, annotations: { 'a.io/b': 'x=y' } } };

test.each([
  [label, 'env=prod', { labels: { env: 'prod' } }],
  [label, 'fresh=', { labels: { fresh: '' } }],
  [label, 'env-', { labels: { env: null } }],
  [annotate, 'a.io/b=x=z-', { annotations: { 'a.io/b': 'x=z-' } }],
  [annotate, 'a.io/b-', { annotations: { 'a.io/b': null } }],
])('%j: %s', (action, set, metadata) => {
  expect(action.parameters[0]!.problem(set)).toBe(undefined);
  expect(action.change(web, input({ raw, values: { set } }))).toEqual({ body: { metadata }, asSeen: false });
  const step = { context: 'c', before: web, written: web, now: web, values: { set }, isGone: false };
  const has = Object.values(Object.values(metadata)[0]!)[0] === null ? 'no longer has' : 'has';
  expect(action.settled(step)?.message).toContain(`Deployment n/a ${has} the `);
});

test.each([
  [label, 'env', 'must be KEY=VALUE'],
  [label, '=x', 'must not be empty'],
  [label, 'a/b/c=x', 'at most one'],
  [label, 'env=a b', 'The value "a b"'],
  [label, `env=${'x'.repeat(64)}`, 'at most 63'],
  [annotate, '-bad-=x', 'begin and end'],
])('%j refuses %s', (action, set, why) => {
  expect(action.parameters[0]!.problem(set)).toContain(why);
});

test('what is set already, or not there, is refused', () => {
  const why = (set: string) => label.change(web, input({ raw, values: { set } }));
  expect(why('env=dev')).toMatchObject({ why: expect.stringContaining('already has') });
  expect(why('absent-')).toMatchObject({ why: 'Deployment n/a has no label absent.' });
});

test('lists of the same names differ item by item', () => {
  const pools = [{ name: 'a', replicas: 1 }, { name: 'b' }];
  expect(fieldChanges({ pools }, { pools: [pools[0], { name: 'b', replicas: 3 }] })).toEqual([
    { path: 'pools[b].replicas', to: 3 },
  ]);
  const [other] = fieldChanges({ pools }, { pools: [pools[1], pools[0]] });
  expect(other?.path).toBe('pools');
});

test('the order of fields within a list has no meaning for whether a change was made', () => {
  const patch = { pools: [{ name: 'a', class: 'x', replicas: 4 }] };
  expect(isAsPatched({ pools: [{ class: 'x', name: 'a', replicas: 4 }] }, patch)).toBe(true);
  expect(isAsPatched({ pools: [{ class: 'x', name: 'a', replicas: 5 }] }, patch)).toBe(false);
});
