import { expect, test } from 'vitest';
import { type LiveObject, trim } from './object.ts';
import { leaderOf, operatorsOf, reportedOf, type ServedKind } from './operators.ts';

const served = (group: string, kind: string, plural: string): ServedKind => {
  return { groupKind: `${group}/${kind}`, group, kind, plural, versions: ['v1'] };
};
const definition = (name: string, labels: object = {}) => ({ metadata: { name, labels } });
const deployment = (name: string, labels: object, image = `r.example/${name}:v2.13.0`): LiveObject =>
  trim({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'system', uid: name, labels },
    spec: { template: { spec: { containers: [{ name: 'manager', image }] } } },
  })!;

const aws = { 'cluster.x-k8s.io/provider': 'infrastructure-aws' };
const helm = { 'helm.toolkit.fluxcd.io/namespace': 'db', 'helm.toolkit.fluxcd.io/name': 'operator' };

test('kinds are grouped by the controller that labels prove, those without one come last', () => {
  const kinds = [
    served('infrastructure.cluster.x-k8s.io', 'AWSMachine', 'awsmachines'),
    served('infrastructure.cluster.x-k8s.io', 'AWSCluster', 'awsclusters'),
    served('example.com', 'SampleDB', 'sampledbs'),
    served('other.io', 'Thing', 'things'),
    served('', 'Pod', 'pods'),
  ];
  const definitions = [
    definition('things.other.io'),
    definition('awsmachines.infrastructure.cluster.x-k8s.io', aws),
    definition('sampledbs.example.com', helm),
    definition('awsclusters.infrastructure.cluster.x-k8s.io', aws),
    definition('gone.example.com'),
  ];
  const deployments = [deployment('sampledb-operator', helm), deployment('capa', aws), deployment('web', {})];
  const found = operatorsOf(definitions, kinds, deployments).map(({ controller, kinds: own }) => [
    controller?.deployment.name,
    controller?.version,
    own.map(({ kind }) => kind),
  ]);
  expect(found).toEqual([
    ['capa', 'v2.13.0', ['AWSCluster', 'AWSMachine']],
    ['sampledb-operator', 'v2.13.0', ['SampleDB']],
    [undefined, undefined, ['Thing']],
  ]);
});

test('two Deployments that were applied together prove nothing', () => {
  const kinds = [served('example.com', 'SampleDB', 'sampledbs')];
  const definitions = [definition('sampledbs.example.com', helm)];
  const [only] = operatorsOf(definitions, kinds, [deployment('a', helm), deployment('b', helm)]);
  expect(only?.controller).toBe(undefined);
});

test('of Deployments that were applied together, the one with the definition’s recommended labels', () => {
  const kinds = [served('source.toolkit.fluxcd.io', 'GitRepository', 'gitrepositories')];
  const part = (component: string) => ({
    'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    'kustomize.toolkit.fluxcd.io/name': 'flux-system',
    'app.kubernetes.io/part-of': 'flux',
    'app.kubernetes.io/component': component,
  });
  const definitions = [definition('gitrepositories.source.toolkit.fluxcd.io', part('source-controller'))];
  const deployments = ['source-controller', 'kustomize-controller'].map((name) => deployment(name, part(name)));
  const [only] = operatorsOf(definitions, kinds, deployments);
  expect([only?.controller?.deployment.name, only?.controller?.proof]).toEqual([
    'source-controller',
    'recommended labels',
  ]);
  const others = deployments.map((one) => ({ ...one, labels: { 'app.kubernetes.io/part-of': 'flux' } }));
  expect(operatorsOf(definitions, kinds, others)[0]?.controller).toBe(undefined);
});

test('the leader is the pod whose lease is renewed', () => {
  const lease = (holder: string, renewTime: string, namespace = 'system') => ({
    metadata: { name: 'lock', namespace },
    spec: {
      ...{ holderIdentity: holder, leaseDurationSeconds: 15, renewTime },
      acquireTime: '2026-03-01T10:00:00.000000Z',
    },
  });
  const now = Date.parse('2026-03-01T12:00:00Z');
  const [fresh, old] = ['2026-03-01T11:59:58.000000Z', '2026-03-01T11:00:00.000000Z'];
  const capa = deployment('capa', {});
  const pod = 'capa-5d9c7b6f4-x2x4z';
  const leader = (...leases: readonly object[]) => leaderOf(capa, leases, now);
  expect(leader(lease(`${pod}_1`, fresh))).toEqual({ pod, since: '2026-03-01T10:00:00.000000Z' });
  expect(leader(lease('capa-5d9c7b6f4-old00_0', old), lease(`${pod}_1`, fresh))?.pod).toBe(pod);
  expect(leader(lease(`${pod}_1`, old))?.lapsed).toBe('2026-03-01T11:00:15.000Z');
  expect(leader(lease(`${pod}_1`, fresh, 'other'))).toBe(undefined);
  expect(leader(lease('capa-webhook-5d9c7b6f4-x2x4z_1', fresh))).toBe(undefined);
});

test('a FluxReport says of which release a controller is, and what is wrong with it', () => {
  const report = (namespace: string, components: readonly object[], distribution: object = { version: 'v2.10.0' }) =>
    trim({
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxReport',
      metadata: { name: 'flux', namespace },
      spec: { distribution, components },
    })!;
  const status = 'Current Deployment is available. Replicas: 1';
  const ready = { name: 'source-controller', ready: true, status };
  const of = (...reports: readonly LiveObject[]) => reportedOf(deployment('source-controller', {}), reports);
  expect(of(report('other', [ready]), report('system', [ready]))).toEqual({ release: 'Flux v2.10.0' });
  expect(of(report('system', [{ ...ready, ready: false, status: 'Deployment is progressing' }], {}))).toEqual({
    trouble: 'Deployment is progressing',
  });
  expect(of(report('system', [{ name: 'helm-controller', ready: true }]))).toBeUndefined();
  expect(of(report('other', [ready]))).toBeUndefined();
});
