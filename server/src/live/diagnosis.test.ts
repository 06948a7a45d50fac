import { expect, test } from 'vitest';
import { diagnose, diagnosisLine } from './diagnosis.ts';
import { trim } from './object.ts';

/** Diagnoses of a Deployment whose only new pod has this status. */
function diagnosisOf(status: object): readonly string[] {
  const workload = trim({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 1 },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
  })!;
  const owner = (kind: string, uid: string) => [{ apiVersion: 'apps/v1', kind, name: uid, uid, controller: true }];
  const of = (kind: string, name: string, rest: object, ownerReferences: object[]) =>
    trim({
      apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
      kind,
      metadata: { name, uid: name, ownerReferences },
      ...rest,
    })!;
  return diagnose({
    workload,
    replicaSets: [of('ReplicaSet', 'r', {}, owner('Deployment', 'd'))],
    pods: [of('Pod', 'p', { status: { phase: 'Pending', ...status } }, owner('ReplicaSet', 'r'))],
    events: [],
  }).map(diagnosisLine);
}

const pulling = {
  name: 'web',
  image: 'registry.example/web:2',
  ready: false,
  restartCount: 0,
  state: { waiting: { reason: 'ImagePullBackOff', message: 'manifest unknown' } },
};

test('an init container that completed after restarts is not a crash and does not hide another cause', () => {
  const completed = {
    name: 'migrate',
    ready: true,
    restartCount: 2,
    state: { terminated: { exitCode: 0, reason: 'Completed' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  };
  expect(diagnosisOf({ initContainerStatuses: [completed], containerStatuses: [pulling] })).toEqual([
    'image registry.example/web:2 cannot be pulled: not found in the registry: manifest unknown',
  ]);
});

test('a running init container is reported as what the other containers wait for, not as not ready', () => {
  const running = { name: 'migrate', ready: false, restartCount: 0, state: { running: {} } };
  const waiting = { name: 'web', ready: false, restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } };
  expect(diagnosisOf({ initContainerStatuses: [running], containerStatuses: [waiting] })).toEqual([
    'init container migrate has not completed yet; the other containers wait for it',
  ]);
  const failing = {
    ...running,
    restartCount: 3,
    lastState: { terminated: { exitCode: 2, reason: 'Error' } },
  };
  expect(diagnosisOf({ initContainerStatuses: [failing], containerStatuses: [waiting] })).toEqual([
    'container migrate crashes with exit code 2, 3 restarts: Error',
  ]);
  const once = { ...failing, restartCount: 1 };
  expect(diagnosisOf({ initContainerStatuses: [once], containerStatuses: [waiting] })).toEqual([
    'container migrate crashes with exit code 2, 1 restart: Error',
  ]);
});

test('a started sidecar is diagnosed like any other container', () => {
  const sidecar = { name: 'proxy', ready: false, started: true, restartCount: 0, state: { running: {} } };
  const up = { name: 'web', ready: true, started: true, restartCount: 0, state: { running: {} } };
  expect(diagnosisOf({ phase: 'Running', initContainerStatuses: [sidecar], containerStatuses: [up] })).toEqual([
    'container proxy is running but not ready: its readiness probe has not succeeded',
  ]);
});
