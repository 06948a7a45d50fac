import { expect, test } from 'vitest';
import { canSuspend } from './family.ts';
import { healthOf } from './health.ts';
import { type LiveObject, trim } from './object.ts';
import { isOlder, rolloutOf } from './rollout.ts';

function object(apiVersion: string, kind: string, spec: object, status: object, generation = 1): LiveObject {
  return trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'n', generation }, spec, status })!;
}

const ready = { type: 'Ready', status: 'True' };
const unready = (reason: string, severity: string, message = '') => ({
  type: 'Ready',
  status: 'False',
  reason,
  severity,
  message,
});

const rke2 = (...conditions: object[]) =>
  object(
    'controlplane.cluster.x-k8s.io/v1beta1',
    'RKE2ControlPlane',
    { replicas: 3, version: 'v1.30.1+rke2r1' },
    {
      ...{ observedGeneration: 1, ready: true, initialized: true, version: 'v1.30.1+rke2r1' },
      ...{ replicas: 3, updatedReplicas: 3, readyReplicas: 3, unavailableReplicas: 0 },
      conditions: [...conditions, { type: 'Available', status: 'True' }],
    },
  );

test('among the older conditions, Available of a control plane means only that it was available once', () => {
  expect(healthOf(rke2(ready)).state).toBe('ready');
  expect(healthOf(rke2(unready('EtcdClusterUnhealthy', 'Error', 'member x is down')))).toMatchObject({
    state: 'failed',
    reason: 'member x is down',
  });
  expect(healthOf(rke2(unready('ScalingDown', 'Warning'))).state).toBe('progressing');
});

test('a managed control plane without a reported version has the health of its conditions and an unknown rollout', () => {
  const eks = (status: object) =>
    object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', { version: 'v1.30' }, status);
  const running = eks({ ready: true, initialized: true, conditions: [ready] });
  expect(healthOf(running).state).toBe('ready');
  expect(rolloutOf(running)).toMatchObject({ is: 'waiting', unknown: true });
  expect(healthOf(eks({ ready: false, conditions: [unready('Creating', 'Info')] })).state).toBe('progressing');
  const reported = { ready: true, version: 'v1.29.3-eks-a737599', conditions: [ready] };
  expect(rolloutOf(eks(reported))).toMatchObject({ is: 'waiting' });
  expect(healthOf(eks({ ...reported, version: 'v1.30.0-eks-a737599' })).state).toBe('ready');
});

test('the rollout of a Talos control plane, which has no counter of updated machines, follows from its version', () => {
  const talos = (status: object) =>
    object(
      'controlplane.cluster.x-k8s.io/v1alpha3',
      'TalosControlPlane',
      { replicas: 3, version: 'v1.31.0' },
      {
        observedGeneration: 1,
        ready: true,
        initialized: true,
        replicas: 3,
        readyReplicas: 3,
        conditions: [ready],
        ...status,
      },
    );
  expect(healthOf(talos({ version: 'v1.31.0' })).state).toBe('ready');
  expect(rolloutOf(talos({ version: 'v1.30.0' }))?.message).toMatch(/version v1.30.0 is being replaced/);
  expect(rolloutOf(talos({ version: 'v1.31.0', replicas: 4 }))?.message).toMatch(/1 old replicas/);
  // Other providers omit the counter while it is 0.
  const rolling = { ...rke2(ready).status, updatedReplicas: undefined };
  expect(rolloutOf({ ...rke2(ready), status: rolling })?.message).toMatch(/0 out of 3/);
});

test('an object whose reconciliation is disabled by the Flux operator’s annotation is suspended', () => {
  const set = trim({
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'ResourceSet',
    metadata: { name: 'a', namespace: 'n', annotations: { 'fluxcd.controlplane.io/reconcile': 'disabled' } },
    status: { conditions: [ready] },
  })!;
  expect(healthOf(set).state).toBe('suspended');
});

test('only kinds with spec.suspend can be suspended', () => {
  expect(canSuspend('kustomize.toolkit.fluxcd.io/Kustomization', 'kustomize.toolkit.fluxcd.io/v1')).toBe(true);
  expect(canSuspend('fluxcd.controlplane.io/ResourceSet', 'fluxcd.controlplane.io/v1')).toBe(false);
  expect(canSuspend('source.toolkit.fluxcd.io/ExternalArtifact', 'source.toolkit.fluxcd.io/v1')).toBe(false);
  const policy = (version: string) =>
    canSuspend('image.toolkit.fluxcd.io/ImagePolicy', `image.toolkit.fluxcd.io/${version}`);
  expect([policy('v1'), policy('v1beta2')]).toEqual([true, false]);
});

test('revisions of a distribution are compared numerically', () => {
  expect(isOlder('v1.30.1+rke2r2', 'v1.30.1+rke2r10')).toBe(true);
  expect(isOlder('v1.30.1+rke2r10', 'v1.30.1+rke2r2')).toBe(false);
});

test('a machine without a node is progressing unless a failure is reported', () => {
  const machine = (status: string, message: string) =>
    object(
      'cluster.x-k8s.io/v1beta2',
      'Machine',
      {},
      { phase: 'Provisioned', conditions: [{ type: 'Ready', status, reason: 'NotReady', message }] },
    );
  const waiting = '* NodeHealthy: Waiting for a Node with spec.providerID x to exist';
  expect(['False', 'Unknown'].map((status) => healthOf(machine(status, waiting)).state)).toEqual([
    'progressing',
    'progressing',
  ]);
  expect(healthOf(machine('False', '* HealthCheckSucceeded: Health check failed: no startup in 10m0s')).state).toBe(
    'failed',
  );
});

test('a failure of an earlier generation is not reported', () => {
  const failing = { type: 'Ready', status: 'False', reason: 'BuildFailed', message: 'no such path' };
  const kustomization = (generation: number, seen: object) =>
    object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      {},
      { observedGeneration: 1, conditions: [{ ...failing, ...seen }] },
      generation,
    );
  expect(healthOf(kustomization(2, { observedGeneration: 1 }))).toMatchObject({
    state: 'progressing',
    reason: 'generation 2 is not reconciled yet',
  });
  // The status's observedGeneration doesn't advance while reconciliation fails.
  expect(healthOf(kustomization(2, { observedGeneration: 2 })).state).toBe('failed');
  expect(healthOf(kustomization(2, {})).state).toBe('failed');
});

test.each(['DaemonSet', 'StatefulSet'])(
  'a changed %s is progressing until its controller has observed the change',
  (kind) => {
    const counts = { desiredNumberScheduled: 1, numberAvailable: 1, replicas: 1, availableReplicas: 1 };
    const spec = { replicas: 1, updateStrategy: { type: 'OnDelete' } };
    expect(healthOf(object('apps/v1', kind, spec, { observedGeneration: 1, ...counts }, 2)).state).toBe('progressing');
    expect(healthOf(object('apps/v1', kind, spec, { observedGeneration: 2, ...counts }, 2)).state).toBe('ready');
  },
);

test('a control plane that was just initialized is starting; one that fails later has failed', () => {
  const unavailable = (since: string) =>
    object(
      'cluster.x-k8s.io/v1beta2',
      'Cluster',
      {},
      {
        phase: 'Provisioned',
        conditions: [
          {
            ...{ type: 'Available', status: 'False', reason: 'NotAvailable' },
            message: '* ControlPlaneAvailable: Waiting for etcd to report the list of members',
            lastTransitionTime: since,
          },
          { type: 'ControlPlaneInitialized', status: 'True', lastTransitionTime: '2026-03-01T10:00:40Z' },
        ],
      },
    );
  // Since its creation, and again for a moment while the second member joins.
  expect(healthOf(unavailable('2026-03-01T10:00:00Z')).state).toBe('progressing');
  expect(healthOf(unavailable('2026-03-01T10:01:10Z')).state).toBe('progressing');
  expect(healthOf(unavailable('2026-03-01T10:02:41Z')).state).toBe('failed');
});
