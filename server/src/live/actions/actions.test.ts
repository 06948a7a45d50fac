import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trim } from '../object.ts';
import { commandName, offerOf } from './action.ts';
import { fieldChanges, isAsPatched } from './field-changes.ts';
import { actions } from './list.ts';
import { remove } from './machines.ts';
import { mergePatch } from './merge-patch.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { undo } from './undo.ts';

const schemas = join(import.meta.dirname, '../../../schemas');
/** The latest bundled release of Cluster API. */
const release = readdirSync(schemas)
  .filter((name) => /^cluster-api@1\./.test(name))
  .sort()
  .at(-1);

const place = { context: 'prod', readOnly: false, verbs: ['get', 'patch'] };

function live(apiVersion: string, kind: string, spec: object = {}, metadata: object = {}) {
  return trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'n', uid: 'u', ...metadata }, spec })!;
}

const kustomization = (spec?: object, metadata?: object) =>
  live('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', spec, metadata);

test.each([
  ['a Kustomization', kustomization(), place, 'reconcile suspend label annotate edit showObject'],
  ['a suspended one', kustomization({ suspend: true }), place, 'resume label annotate edit showObject'],
  ['one being deleted', kustomization({}, { deletionTimestamp: '2026-01-02T03:04:05Z' }), place, 'showObject'],
  ['one on a read-only context', kustomization(), { ...place, readOnly: true }, 'showObject'],
  ['one of a kind without the verb patch', kustomization(), { ...place, verbs: ['get'] }, 'showObject'],
  [
    'an image policy before v1, which has no suspend',
    live('image.toolkit.fluxcd.io/v1beta2', 'ImagePolicy'),
    place,
    'reconcile label annotate edit showObject',
  ],
  [
    'an Alert, which is not reconciled',
    live('notification.toolkit.fluxcd.io/v1beta3', 'Alert'),
    place,
    'label annotate edit showObject',
  ],
  [
    'a Deployment',
    live('apps/v1', 'Deployment'),
    place,
    'restart scale pause undo label annotate edit showRollout showLogs shell portForward showObject',
  ],
  ['a Machine', live('cluster.x-k8s.io/v1beta2', 'Machine'), place, 'remediate label annotate edit showObject'],
  [
    'a MachineDeployment',
    live('cluster.x-k8s.io/v1beta2', 'MachineDeployment'),
    place,
    'restart scale label annotate edit showRollout showObject',
  ],
  [
    'a MachineDeployment of a topology',
    live('cluster.x-k8s.io/v1beta2', 'MachineDeployment', {}, { labels: { 'topology.cluster.x-k8s.io/owned': '' } }),
    place,
    'restart scale label annotate edit showRollout showObject',
  ],
  [
    'a paused Deployment',
    live('apps/v1', 'Deployment', { paused: true }),
    place,
    'resume scale label annotate edit showRollout showLogs shell portForward showObject',
  ],
  [
    'a DaemonSet',
    live('apps/v1', 'DaemonSet'),
    place,
    'restart label annotate edit showRollout showLogs shell portForward showObject',
  ],
  ['a Cluster', live('cluster.x-k8s.io/v1beta2', 'Cluster'), place, 'pause label annotate edit showRollout showObject'],
  [
    'a paused Cluster',
    live('cluster.x-k8s.io/v1beta2', 'Cluster', { paused: true }),
    place,
    'resume label annotate edit showRollout showObject',
  ],
  [
    'a control plane',
    live('controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane'),
    place,
    'restart label annotate edit showRollout showObject',
  ],
])('%s offers', (_, object, where, expected) => {
  const offered = actions.filter((action) => offerOf(action, object, where).is === 'offered');
  expect(offered.map(({ verb }) => verb).join(' ')).toBe(expected);
});

test('a refusal names the object and the reason', () => {
  const why = (verb: string, object: ReturnType<typeof live>) => {
    const offer = offerOf(actions.find((action) => action.verb === verb)!, object, place);
    return 'why' in offer ? offer.why : offer.is;
  };
  expect(why('reconcile', live('apps/v1', 'Deployment'))).toBe('Deployment n/a is not reconciled by Flux.');
  expect(why('suspend', live('fluxcd.controlplane.io/v1', 'FluxInstance'))).toBe(
    'FluxInstance n/a cannot be suspended: its kind has no spec.suspend.',
  );
  expect(why('suspend', kustomization({ suspend: true }))).toBe('done');
  expect(why('showRollout', kustomization())).toBe('Kustomization n/a has no rollout.');
});

test('verbs are unique, and no parameter has the name of a command-line flag', () => {
  const verbs = actions.map(({ verb }) => verb);
  expect(new Set(verbs).size).toBe(verbs.length);
  const flags = /^(namespace|context|kubeconfig|dry-run|wait|timeout|format|help)$/;
  const parameters = actions.flatMap((action) => (action.is === 'change' ? action.parameters : []));
  expect(parameters.filter(({ name }) => flags.test(name))).toEqual([]);
});

test('two states of an object differ field by field', () => {
  const before = {
    metadata: { resourceVersion: '1', annotations: { 'a.io/b': 'x' } },
    spec: { replicas: 1, list: [1, 2], same: { deep: true }, gone: null },
  };
  const after = {
    metadata: { resourceVersion: '2', generation: 3, annotations: { 'a.io/b': 'y' } },
    spec: { replicas: 3, list: [1], same: { deep: true }, fresh: { a: 1 } },
  };
  expect(fieldChanges(before, after)).toEqual([
    { path: 'metadata.annotations["a.io/b"]', from: 'x', to: 'y' },
    { path: 'spec.replicas', from: 1, to: 3 },
    { path: 'spec.list', from: [1, 2], to: [1] },
    { path: 'spec.gone', from: null },
    { path: 'spec.fresh', to: { a: 1 } },
  ]);
});

test.each([
  [{ spec: { suspend: true } }, true],
  [{ spec: { suspend: false } }, false],
  [{ metadata: { annotations: { a: 'b', c: null } } }, true],
  [{ metadata: { annotations: { a: null } } }, false],
  [{ spec: { list: [1, 2] } }, true],
  [{ spec: { list: [2] } }, false],
  [{ spec: { more: { deep: 1 } } }, false],
])('an object has the values of the merge patch %j: %s', (patch, expected) => {
  const object = { metadata: { annotations: { a: 'b' } }, spec: { suspend: true, list: [1, 2] } };
  expect(isAsPatched(object, patch)).toBe(expected);
});

function step(before: object, written: object, now: object) {
  const state = ({ spec, status, generation }: { spec?: object; status?: object; generation?: number }) =>
    trim({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', namespace: 'n', uid: 'u', generation: generation ?? 1 },
      spec: spec ?? {},
      status: status ?? {},
    })!;
  return {
    context: 'prod',
    before: state(before),
    written: state(written),
    now: state(now),
    values: {},
    isGone: false,
  };
}

const settled = (verb: string, of: ReturnType<typeof step>) => {
  const action = actions.find((one) => one.verb === verb)!;
  return action.is === 'change' ? action.settled(of)?.outcome : undefined;
};
const counts = (observedGeneration: number, replicas: number, available = replicas) => {
  const all = { replicas, updatedReplicas: replicas, readyReplicas: available, availableReplicas: available };
  return { observedGeneration, ...all };
};

test('scaling is handled once all replicas are available, and failed if somebody sets another number', () => {
  const [one, three] = [{ spec: { replicas: 1 } }, { spec: { replicas: 3 }, generation: 2 }];
  expect(settled('scale', step(one, three, { ...three, status: counts(1, 1) }))).toBe(undefined);
  expect(settled('scale', step(one, three, { ...three, status: counts(2, 3, 2) }))).toBe(undefined);
  expect(settled('scale', step(one, three, { ...three, status: counts(2, 3) }))).toBe('handled');
  expect(settled('scale', step(one, three, { ...one, generation: 3, status: counts(3, 1) }))).toBe('failed');
  const paused = { spec: { replicas: 3, paused: true }, generation: 2 };
  expect(settled('scale', step(one, paused, { ...paused, status: { ...counts(2, 3), updatedReplicas: 0 } }))).toBe(
    'handled',
  );
  const none = { spec: { replicas: 0 }, generation: 2 };
  expect(settled('scale', step(one, none, { ...none, status: { observedGeneration: 2 } }))).toBe('handled');
});

test('a restart is handled when the rollout is done, and failed when it exceeds its deadline', () => {
  const before = { spec: { replicas: 1 }, status: counts(1, 1) };
  const written = { ...before, generation: 2 };
  const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
  expect(settled('restart', step(before, written, written))).toBe(undefined);
  expect(settled('restart', step(before, written, { ...written, status: counts(2, 1) }))).toBe('handled');
  const stuck = { ...counts(2, 1), conditions: [late] };
  expect(settled('restart', step(before, written, { ...written, status: stuck }))).toBe('failed');
});

test('replicas have to be a whole number', () => {
  const scale = actions.find(({ verb }) => verb === 'scale')!;
  const [replicas] = 'parameters' in scale ? scale.parameters : [];
  expect(['0', '12', '-1', '1.5', 'x', ''].map((value) => replicas!.problem(value) === undefined)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
});

test('undo is refused where Flux applies the object, and names who does', () => {
  const applied = (labels: object) => undo.offeredFor(live('apps/v1', 'Deployment', {}, { labels }));
  expect(applied({ 'kustomize.toolkit.fluxcd.io/name': 'apps' })).toMatchObject({
    ...{ is: 'refused', inGit: true, why: expect.stringMatching(/Kustomization apps.*in Git/) },
  });
  expect(applied({ 'helm.toolkit.fluxcd.io/name': 'web' })).toMatchObject({
    why: expect.stringMatching(/HelmRelease web.*in Git/),
  });
});

test('undo sets the whole template of the previous revision, without what only the current one has', () => {
  const set = (revision: string, template: object, uid = 'u') => ({
    metadata: { annotations: { 'deployment.kubernetes.io/revision': revision }, ownerReferences: [{ uid }] },
    spec: { template },
  });
  const labels = { app: 'a', 'pod-template-hash': 'x' };
  const old = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }], hostNetwork: true } };
  const now = {
    metadata: { labels: { app: 'a' }, annotations: { note: 'new' } },
    spec: { containers: [{ name: 'web', image: 'web:2' }], priorityClassName: 'high' },
  };
  const related = [set('9', old), set('10', now), set('11', now, 'of another')];
  const input = { raw: { spec: { template: now } }, shown: {}, related, values: {}, at: '' };
  const patch = undo.change(live('apps/v1', 'Deployment'), input);
  expect('body' in patch && patch.body).toEqual({
    spec: {
      template: {
        metadata: { annotations: null },
        spec: { priorityClassName: null, containers: [{ name: 'web', image: 'web:1' }], hostNetwork: true },
      },
    },
  });
  expect(undo.change(live('apps/v1', 'Deployment'), { ...input, related: [set('10', now)] })).toMatchObject({
    why: 'Deployment n/a has no previous revision.',
  });
});

test('a merge patch has only what differs', () => {
  expect(mergePatch({ a: 1, b: { c: 1, d: [1] } }, { a: 1, b: { d: [2], e: 3 } })).toEqual({
    b: { c: null, d: [2], e: 3 },
  });
});

const machine = (name: string, ready: boolean, labels: object = {}) => ({
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Machine',
  metadata: { name, namespace: 'n', uid: name, labels: { 'cluster.x-k8s.io/cluster-name': 'c', ...labels } },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', reason: 'r' }] },
});
const input = { raw: {}, shown: {}, related: [], values: {}, at: '2026-01-02T03:04:05Z' };

test('a machine of a control plane is deleted only if the others keep the quorum of etcd', () => {
  const labels = { 'cluster.x-k8s.io/control-plane': '' };
  const change = (...ready: readonly boolean[]) => {
    const all = ready.map((is, at) => machine(`m${at}`, is, labels));
    return remove.change(trim(all[0])!, { ...input, related: all });
  };
  expect(change(false, true, true)).toEqual({ is: 'removal' });
  expect(change(true, true, false)).toMatchObject({ why: expect.stringContaining('only one other machine') });
  expect(change(true)).toMatchObject({ why: expect.stringContaining('quorum') });
  expect(remove.change(trim(machine('worker', true))!, input)).toEqual({ is: 'removal' });
});

test.each([
  ['cluster.x-k8s.io/v1beta2', 'MachineDeployment', { rollout: { after: input.at } }],
  ['cluster.x-k8s.io/v1beta1', 'MachineDeployment', { rolloutAfter: input.at }],
  ['controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane', { rollout: { after: input.at } }],
  ['controlplane.cluster.x-k8s.io/v1beta1', 'KubeadmControlPlane', { rolloutAfter: input.at }],
])('machines of %s %s are replaced from a time on that its schema has', (apiVersion, kind, spec) => {
  expect(restart.change(live(apiVersion, kind), input)).toMatchObject({ body: { spec } });
  const [group, version] = apiVersion.split('/') as [string, string];
  const facts = readFileSync(join(schemas, release!, group, version, `${kind}.json`), 'utf8');
  expect(facts).toContain(`"${'rollout' in spec ? 'rollout' : 'rolloutAfter'}"`);
});

test('a pool that the autoscaler sizes is scaled within its bounds only', () => {
  const size = (which: string) => `cluster.x-k8s.io/cluster-api-autoscaler-node-group-${which}-size`;
  const pool = live(
    'cluster.x-k8s.io/v1beta2',
    'MachineDeployment',
    { replicas: 2 },
    {
      annotations: { [size('min')]: '1', [size('max')]: '5' },
    },
  );
  const to = (replicas: string) => scale.change(pool, { ...input, values: { replicas } });
  expect(to('5')).toMatchObject({ body: { spec: { replicas: 5 } } });
  expect(to('6')).toMatchObject({ why: expect.stringContaining('between 1 and 5') });
  expect(to('0')).toMatchObject({ why: expect.stringContaining('between 1 and 5') });
  expect(scale.preview(pool)).toContain('between 1 and 5');
  const managed = live(
    'cluster.x-k8s.io/v1beta2',
    'MachinePool',
    {},
    {
      annotations: { 'cluster.x-k8s.io/replicas-managed-by': 'external-autoscaler' },
    },
  );
  expect(scale.offeredFor(managed)).toMatchObject({ why: expect.stringContaining('external-autoscaler') });
});

test('an undo goes to the revision that was chosen, and offers the earlier ones with their images', () => {
  const web = live('apps/v1', 'Deployment', {}, { uid: 'u' });
  const set = (revision: number) => ({
    metadata: {
      annotations: { 'deployment.kubernetes.io/revision': `${revision}` },
      ownerReferences: [{ uid: 'u' }],
    },
    spec: { template: { spec: { containers: [{ name: 'web', image: `web:${revision}` }] } } },
  });
  const related = [set(2), set(3), set(1)];
  const [revision] = undo.parameters;
  expect(revision!.choices!(web, related)).toEqual([
    { value: '2', description: 'web:2' },
    { value: '1', description: 'web:1' },
  ]);
  const image = (wanted: string) =>
    JSON.stringify(undo.change(web, { ...input, related, values: { 'to-revision': wanted } })).match(/web:\d/)?.[0];
  expect([image(''), image('1')]).toEqual(['web:2', 'web:1']);
  expect(undo.change(web, { ...input, related, values: { 'to-revision': '7' } })).toMatchObject({
    why: 'Deployment n/a has no earlier revision 7; there are 2, 1.',
  });
});

test('a verb of several words has hyphens on the command line', () => {
  expect([commandName('reconcileWithSource'), commandName('undo')]).toEqual(['reconcile-with-source', 'undo']);
});
