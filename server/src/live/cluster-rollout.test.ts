import { expect, test } from 'vitest';
import { type LiveObject, trim } from './object.ts';
import { rolloutOf } from './rollout.ts';

const condition = (type: string, status: string, message = '') => ({
  type,
  status,
  reason: type,
  message,
  observedGeneration: 2,
});

function object(kind: string, spec: object, status: object): LiveObject {
  const metadata = { name: 'demo', namespace: 'apps', generation: 2 };
  return trim({ apiVersion: 'cluster.x-k8s.io/v1beta2', kind, metadata, spec, status })!;
}

function messageOf(status: object, spec: object = {}): string {
  return rolloutOf(object('Cluster', spec, { observedGeneration: 2, ...status }))!.message;
}

const counts = (
  desiredReplicas: number,
  upToDateReplicas: number,
  availableReplicas: number,
  replicas = desiredReplicas,
) => ({
  ...{ desiredReplicas, upToDateReplicas, availableReplicas, replicas },
});
const available = condition('Available', 'True');

test('a cluster rolls out its topology, then its control plane, then its workers', () => {
  const upgrading =
    'Cluster is upgrading to v1.36.0\n  * MachineDeployment a pending upgrade to version v1.35.0, v1.36.0';
  expect(messageOf({ conditions: [available, condition('TopologyReconciled', 'False', upgrading)] })).toBe(
    'Waiting for cluster "demo" rollout to finish: Cluster is upgrading to v1.36.0; MachineDeployment a pending upgrade to version v1.35.0, v1.36.0...',
  );
  const workers = counts(5, 5, 5);
  expect(messageOf({ conditions: [available], controlPlane: counts(3, 1, 3), workers })).toMatch(
    /1 out of 3 control plane machines are up to date\.\.\.$/,
  );
  expect(messageOf({ conditions: [available], controlPlane: counts(3, 3, 3), workers: counts(5, 5, 5, 6) })).toMatch(
    /1 old worker machines are pending termination/,
  );
  expect(messageOf({ conditions: [available], controlPlane: counts(3, 3, 3), workers: counts(5, 5, 4) })).toMatch(
    /4 of 5 worker/,
  );
  expect(messageOf({ conditions: [available], controlPlane: counts(3, 3, 3), workers })).toBe(
    'cluster "demo" successfully rolled out',
  );
});

test('a cluster is not done before the change is observed, while it is paused, busy or not available', () => {
  expect(messageOf({ observedGeneration: 1, conditions: [available] })).toMatch(/spec update to be observed/);
  const lagging = { ...condition('TopologyReconciled', 'True'), observedGeneration: 1 };
  expect(messageOf({ conditions: [available, lagging] })).toMatch(/spec update to be observed/);
  expect(messageOf({ conditions: [available] }, { paused: true })).toMatch(/is paused/);
  expect(messageOf({ conditions: [available, condition('Remediating', 'True', 'replaces a')] })).toMatch(
    /replaces a\.\.\.$/,
  );
  expect(messageOf({ conditions: [condition('Available', 'False', 'no workers')] })).toMatch(/no workers\.\.\.$/);
  expect(rolloutOf(object('Cluster', {}, { observedGeneration: 2 }))).toMatchObject({ is: 'waiting', unknown: true });
});

test('a machine pool counts ready replicas where its provider counts no updated ones', () => {
  const pool = (status: object) =>
    rolloutOf(object('MachinePool', { replicas: 3 }, { observedGeneration: 2, ...status }))!;
  expect(pool({ replicas: 3, readyReplicas: 2 }).message).toMatch(/2 of 3 updated replicas are available/);
  expect(pool({ replicas: 3, readyReplicas: 3 }).is).toBe('done');
  expect(pool({ replicas: 3, upToDateReplicas: 1, availableReplicas: 3 }).message).toMatch(/1 out of 3/);
});
