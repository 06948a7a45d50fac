// Why workloads are stuck, one staged situation each: the right cause, what proves it, and no other.
import { expect, test } from 'vitest';
import { type Diagnosis, diagnose, diagnosisLine, isFailure, nextStep, withCauses } from './diagnosis.ts';
import { healthOf } from './health.ts';
import { type LiveObject, trim } from './object.ts';
import type { RolloutEvent } from './pod-causes.ts';

const owner = (kind: string, uid: string) => [{ apiVersion: 'apps/v1', kind, name: uid, uid, controller: true }];

function workload(kind: string, spec: object, status: object): LiveObject {
  const metadata = {
    name: 'web',
    namespace: 'shop',
    uid: 'w',
    generation: 1,
    creationTimestamp: '2026-03-01T09:00:00Z',
  };
  return trim({
    ...{ apiVersion: 'apps/v1', kind, metadata },
    spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate' }, ...spec },
    status: { observedGeneration: 1, ...status },
  })!;
}

interface PodSetting {
  readonly name?: string;
  readonly revision?: string;
  readonly created?: string;
  readonly maker?: readonly [string, string];
  readonly metadata?: object;
  readonly spec?: object;
}

function pod(
  status: object,
  { name = 'web-0', revision = 'new', created, maker, metadata, spec }: PodSetting = {},
): LiveObject {
  return trim({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name, namespace: 'shop', uid: `uid-${name}`, labels: { 'controller-revision-hash': revision } },
      creationTimestamp: created ?? '2026-03-01T10:00:00Z',
      ownerReferences: owner(...(maker ?? ['StatefulSet', 'w'])),
      ...metadata,
    },
    ...{ spec, status },
  })!;
}

const event = (reason: string, message: string, last: string, about: Partial<RolloutEvent> = {}): RolloutEvent => ({
  ...{ reason, message, last, kind: 'Pod', name: 'web-0', uid: 'uid-web-0', count: 1 },
  ...about,
});

const waiting = (reason: string, message = '') => ({
  phase: 'Pending',
  containerStatuses: [
    { name: 'web', image: 'web:bad', ready: false, restartCount: 0, state: { waiting: { reason, message } } },
  ],
});
const running = (startedAt: string, more: object = {}) => ({
  phase: 'Running',
  containerStatuses: [
    { name: 'web', ready: false, started: true, restartCount: 0, state: { running: { startedAt } }, ...more },
  ],
});

const stuckSet = workload(
  'StatefulSet',
  {},
  { replicas: 3, readyReplicas: 2, updateRevision: 'new', currentRevision: 'old' },
);

function causesOf(
  set: LiveObject,
  pods: LiveObject[],
  events: RolloutEvent[] = [],
  replicaSets: LiveObject[] = [],
): readonly Diagnosis[] {
  return diagnose({ workload: set, replicaSets, pods, events });
}

const lines = (causes: readonly Diagnosis[]) => causes.map(diagnosisLine);

test('a pod of another revision blocks a StatefulSet that was rolled back; the remedy names it', () => {
  const blocker = pod(waiting('ImagePullBackOff', 'manifest unknown'), { name: 'web-2', revision: 'bad' });
  const causes = causesOf(stuckSet, [pod({ phase: 'Running' }, { name: 'web-0', revision: 'old' }), blocker]);
  expect(lines(causes)).toEqual([
    'pod web-2 of another revision blocks the rollout: image web:bad cannot be pulled: not found in the registry: manifest unknown',
  ]);
  expect(nextStep(causes[0]!)).toMatch(/^Delete pod web-2/);
  expect(causes[0]!.uid).toBe('uid-web-2');
  expect(withCauses(stuckSet, healthOf(stuckSet), causes).state).toBe('failed');
});

test('a refusal is not reported once a pod was created after it, nor that of another object with the same name', () => {
  const refused = (about: Partial<RolloutEvent>) =>
    event('FailedCreate', 'exceeded quota: pods', '2026-03-01T09:59:00Z', {
      kind: 'StatefulSet',
      name: 'web',
      uid: 'w',
      ...about,
    });
  const short = workload('StatefulSet', {}, { updateRevision: 'new' });
  expect(lines(causesOf(short, [], [refused({})]))).toEqual([expect.stringMatching(/exceed resource quota pods/)]);
  expect(lines(causesOf(short, [pod(waiting('ImagePullBackOff'))], [refused({})]))).toEqual([
    'image web:bad cannot be pulled: ImagePullBackOff',
  ]);
  expect(causesOf(short, [], [refused({ kind: 'Job' })])).toEqual([]);
  expect(causesOf(short, [], [refused({ uid: 'of an earlier one' })])).toEqual([]);
});

test('an evicted pod beside its replacement is history; pods that a node keeps refusing are a cause', () => {
  const evicted = {
    phase: 'Failed',
    reason: 'Evicted',
    containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 137 } } }],
  };
  expect(causesOf(stuckSet, [pod(evicted), pod(waiting('ContainerCreating'), { name: 'web-1' })])).toEqual([]);
  const refused = { phase: 'Failed', reason: 'OutOfcpu', message: 'Node didn’t have enough resource: cpu' };
  expect(lines(causesOf(stuckSet, [pod(refused), pod(refused, { name: 'web-1' })]))).toEqual([
    'pods end as soon as they are created: the node refuses them (OutOfcpu) (2 pods): Node didn’t have enough resource: cpu',
  ]);
});

test('an event from before a container’s start, or before what followed it, is not believed', () => {
  const unhealthy = (last: string) =>
    event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', last);
  const up = pod(running('2026-03-01T11:00:00Z'));
  expect(lines(causesOf(stuckSet, [up], [unhealthy('2026-03-01T11:05:00Z')]))[0]).toMatch(/status code 503/);
  expect(lines(causesOf(stuckSet, [up], [unhealthy('2026-03-01T10:05:00Z')]))[0]).toMatch(/has not succeeded$/);
  const mount = event('FailedMount', 'timed out', '2026-03-01T10:01:00Z');
  const creating = pod(waiting('ContainerCreating'));
  expect(causesOf(stuckSet, [creating], [mount]).map(({ cause }) => cause)).toEqual(['volume']);
  expect(causesOf(stuckSet, [creating], [mount, event('Pulling', 'Pulling image', '2026-03-01T10:02:00Z')])).toEqual(
    [],
  );
});

test('a liveness probe is blamed for the end of a container only if it failed while that container ran', () => {
  const terminated = {
    exitCode: 1,
    reason: 'Error',
    startedAt: '2026-03-01T11:00:00Z',
    finishedAt: '2026-03-01T11:10:00Z',
  };
  const crashed = pod(running('2026-03-01T11:11:00Z', { restartCount: 2, lastState: { terminated } }));
  const probe = (last: string) => event('Unhealthy', 'Liveness probe failed: timeout', last);
  expect(causesOf(stuckSet, [crashed], [probe('2026-03-01T11:09:50Z')])[0]!.cause).toBe('liveness');
  expect(causesOf(stuckSet, [crashed], [probe('2026-03-01T10:00:00Z')])[0]!.cause).toBe('crash');
});

test('what holds a pod back before it runs', () => {
  const gated = pod({ phase: 'Pending' }, { spec: { schedulingGates: [{ name: 'example.com/quota' }] } });
  expect(lines(causesOf(stuckSet, [gated]))).toEqual(['the pod is held by scheduling gate example.com/quota']);
  const unscheduled = (message: string) =>
    pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
  const cause = (message: string) => causesOf(stuckSet, [unscheduled(message)])[0]!.cause;
  expect(cause('0/3 nodes are available: 3 Insufficient cpu.')).toBe('unschedulable');
  expect(cause('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')).toBe('volume');
});

test('a node that does not report makes its pods not ready while their containers are', () => {
  const lost = pod(
    {
      ...{ phase: 'Running', containerStatuses: [{ name: 'web', ready: true, state: { running: {} } }] },
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T12:00:00Z' }],
    },
    { spec: { nodeName: 'node-a' } },
  );
  expect(causesOf(stuckSet, [lost])).toMatchObject([{ cause: 'node', since: '2026-03-01T12:00:00Z' }]);
});

test('a terminating pod that a finalizer holds keeps a Recreate and a StatefulSet waiting', () => {
  const leaving = { deletionTimestamp: '2026-03-01T11:00:00Z', finalizers: ['example.com/lb'] };
  const held = 'is still terminating, held by finalizer example.com/lb: web-0';
  expect(lines(causesOf(stuckSet, [pod({}, { metadata: leaving })]))).toEqual([`1 old pod ${held}`]);
  const recreate = workload('Deployment', { strategy: { type: 'Recreate' } }, { replicas: 1 });
  const replicaSet = (uid: string, revision: string) =>
    trim({
      ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
      metadata: {
        name: uid,
        uid,
        ownerReferences: owner('Deployment', 'w'),
        annotations: { 'deployment.kubernetes.io/revision': revision },
      },
    })!;
  const old = pod({}, { metadata: leaving, maker: ['ReplicaSet', 'r1'] });
  expect(lines(causesOf(recreate, [old], [], [replicaSet('r1', '1'), replicaSet('r2', '2')]))).toEqual([
    `1 old pod ${held}`,
  ]);
});

test('ready pods that only need minReadySeconds are waited for', () => {
  const slow = workload('Deployment', { minReadySeconds: 600 }, { replicas: 3, updatedReplicas: 3, readyReplicas: 3 });
  const causes = causesOf(slow, []);
  expect(lines(causes)).toEqual(['ready pods count as available only after minReadySeconds (600 s) (3 pods)']);
  expect(causes.some(isFailure)).toBe(false);
  expect(withCauses(slow, healthOf(slow), causes).state).toBe('progressing');
});

test('a Job’s attempts that ended, and a pod on its own, have causes too', () => {
  const ended = {
    phase: 'Failed',
    containerStatuses: [
      { name: 'migrate', ready: false, restartCount: 0, state: { terminated: { exitCode: 3, reason: 'Error' } } },
    ],
  };
  const job = trim({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web', uid: 'w', generation: 1 },
    status: { failed: 1 },
  })!;
  const attempt = pod(ended, { maker: ['Job', 'w'], revision: '' });
  expect(lines(causesOf(job, [attempt]))).toEqual(['container migrate crashes with exit code 3: Error']);
  expect(lines(causesOf(attempt, [attempt]))).toEqual(['container migrate crashes with exit code 3: Error']);
});

test('a service account is named without the colon that follows it', () => {
  const message =
    'pods "web-" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found';
  const refused = event('FailedCreate', message, '2026-03-01T10:00:00Z', {
    kind: 'StatefulSet',
    name: 'web',
    uid: 'w',
  });
  expect(causesOf(stuckSet, [], [refused])[0]!.sentence).toBe(
    'pods cannot be created: service account shop/robot does not exist',
  );
});
