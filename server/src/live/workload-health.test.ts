import { expect, test } from 'vitest';
import { healthOf } from './health.ts';
import { type LiveObject, trim } from './object.ts';

const created = '2026-03-01T10:00:00Z';

interface Setting {
  readonly spec?: object;
  readonly status?: object;
  readonly revision?: string;
  /** When the replicas were last written, after the creation. */
  readonly scaled?: string;
}

function workload(kind: string, { spec, status, revision, scaled }: Setting): LiveObject {
  return trim({
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      ...{ name: 'web', namespace: 'shop', generation: 1, creationTimestamp: created },
      ...(revision === undefined ? {} : { annotations: { 'deployment.kubernetes.io/revision': revision } }),
      managedFields: [
        { manager: 'kubectl', time: created, fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
        ...(scaled ? [{ manager: 'hpa', time: scaled, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }] : []),
      ],
    },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, ...status },
  })!;
}

const unavailable = (since: string) => ({
  ...{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', lastTransitionTime: since },
});
const progressing = (reason: string, status = 'True') => ({ type: 'Progressing', status, reason });
const deployment = (conditions: object[], setting: Setting = {}) =>
  workload('Deployment', { revision: '1', ...setting, status: { ...setting.status, conditions } });

test('a total outage after a finished rollout is a failure, with and without a progress deadline', () => {
  const rolledOut = progressing('NewReplicaSetAvailable');
  expect(healthOf(deployment([unavailable('2026-03-01T12:00:00Z'), rolledOut]))).toEqual({
    ...{ state: 'failed', reason: '0/3 available', since: '2026-03-01T12:00:00Z' },
  });
  // Without a deadline there is no condition Progressing.
  expect(healthOf(deployment([unavailable('2026-03-01T12:00:00Z')])).state).toBe('failed');
  expect(healthOf(deployment([unavailable(created)])).state).toBe('progressing');
});

test('pods that start because the Deployment was created or scaled are progress', () => {
  const scaled = '2026-03-01T12:00:00Z';
  const short = [unavailable('2026-03-01T12:00:01Z'), progressing('NewReplicaSetAvailable')];
  expect(healthOf(deployment(short, { scaled })).state).toBe('progressing');
  expect(healthOf(deployment([unavailable(created), progressing('NewReplicaSetCreated')])).state).toBe('progressing');
  // A busy controller gets to it late.
  const late = unavailable('2026-03-01T10:00:30Z');
  expect(healthOf(deployment([late, progressing('ReplicaSetUpdated')])).state).toBe('progressing');
  expect(healthOf(deployment([late, progressing('ReplicaSetUpdated')], { revision: '2' })).state).toBe('failed');
  // It was short of its minimum before somebody scaled it.
  expect(healthOf(deployment(short, { scaled: '2026-03-01T12:30:00Z' })).state).toBe('failed');
});

test('a manager that paused has not scaled, although its time is that of all its fields', () => {
  const at = '2026-03-01T12:00:00Z';
  const paused = deployment([unavailable(at), progressing('DeploymentPaused', 'Unknown')], {
    spec: { paused: true },
    scaled: at,
  });
  const both = { ...paused, writers: { ...paused.writers, paused: { manager: 'hpa', time: at } } };
  expect([healthOf(paused).state, healthOf(both).state]).toEqual(['suspended', 'failed']);
});

test('an outage during a rolling update is a failure, during a Recreate it is the rollout', () => {
  const conditions = [unavailable('2026-03-01T12:00:00Z'), progressing('ReplicaSetUpdated')];
  const status = { replicas: 4, updatedReplicas: 1 };
  expect(healthOf(deployment(conditions, { status, revision: '2' })).state).toBe('failed');
  const spec = { strategy: { type: 'Recreate' } };
  expect(healthOf(deployment(conditions, { status, spec, revision: '2' })).state).toBe('progressing');
});

test('a pause hides no outage, and a Deployment that was created paused has none', () => {
  const spec = { paused: true };
  const conditions = [unavailable('2026-03-01T12:00:00Z'), progressing('DeploymentPaused', 'Unknown')];
  expect(healthOf(deployment(conditions, { spec }))).toMatchObject({
    state: 'failed',
    reason: 'paused, 0/3 available',
  });
  const never = workload('Deployment', { spec, status: { replicas: 0, updatedReplicas: 0, conditions } });
  expect(healthOf(never)).toMatchObject({ state: 'suspended', reason: 'paused, 0/3 available' });
  const available = { type: 'Available', status: 'True' };
  expect(healthOf(deployment([available], { spec, status: { availableReplicas: 3 } })).state).toBe('suspended');
});

test('pods of a StatefulSet that were ready and no longer are mean a failure; one that starts does not', () => {
  const rolling = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } };
  const ready = (readyReplicas: number, replicas = 3, spec: object = rolling) =>
    healthOf(workload('StatefulSet', { spec, status: { replicas, readyReplicas, availableReplicas: readyReplicas } }))
      .state;
  expect([ready(0), ready(1), ready(2), ready(1, 2), ready(3)]).toEqual([
    ...['failed', 'failed', 'progressing', 'progressing', 'ready'],
  ]);
  expect(ready(0, 3, { ...rolling, podManagementPolicy: 'Parallel' })).toBe('progressing');
});

test('pods of an older revision under OnDelete are reported', () => {
  const onDelete = { updateStrategy: { type: 'OnDelete' } };
  const counts = { desiredNumberScheduled: 2, numberAvailable: 2 };
  const daemonSet = (updatedNumberScheduled: number) =>
    healthOf(workload('DaemonSet', { spec: onDelete, status: { ...counts, updatedNumberScheduled } }));
  expect(daemonSet(2)).toEqual({ state: 'ready', reason: '2/2' });
  expect(daemonSet(1)).toEqual({ state: 'ready', reason: '2/2, 1 of an older revision until deleted (OnDelete)' });
  const revisions = { currentRevision: 'a', updateRevision: 'b', availableReplicas: 3, updatedReplicas: 1 };
  expect(healthOf(workload('StatefulSet', { spec: onDelete, status: revisions })).reason).toMatch(/2 of an older/);
});

test('pods that remain after scaling down are waited for, as by kstatus', () => {
  const spec = { replicas: 1, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } };
  const status = { replicas: 3, readyReplicas: 3, availableReplicas: 3 };
  expect(healthOf(workload('StatefulSet', { spec, status }))).toEqual({
    ...{ state: 'progressing', reason: '3/1: 2 old replicas are pending termination' },
  });
  expect(healthOf(workload('StatefulSet', { spec, status: { ...status, replicas: 1 } })).state).toBe('ready');
});
