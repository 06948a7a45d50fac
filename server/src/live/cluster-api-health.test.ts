import { expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { healthOf } from './health.ts';
import { type LiveObject, trim } from './object.ts';

const core = 'cluster.x-k8s.io/v1beta2';
const created = '2026-03-01T10:00:00Z';

const condition = (type: string, status: string, message = '', since = '2026-03-01T12:00:00Z') => ({
  ...{ type, status, reason: status === 'True' ? type : `Not${type}`, message, lastTransitionTime: since },
});

function object(kind: string, spec: object, status: object): LiveObject {
  const metadata = { name: 'demo', namespace: 'apps', generation: 1, creationTimestamp: created };
  return trim({ apiVersion: core, kind, metadata, spec, status: { observedGeneration: 1, ...status } })!;
}

const shortage = yaml`
  * WorkersAvailable:
    * MachineDeployment demo-md: 2 available replicas, at least 4 required (spec.strategy.rollout.maxUnavailable is 0, spec.replicas is 4)`;

const initialized = condition('ControlPlaneInitialized', 'True', '', '2026-03-01T10:02:00Z');
const cluster = (conditions: object[], spec: object = {}) =>
  healthOf(object('Cluster', spec, { phase: 'Provisioned', conditions: [initialized, ...conditions] }));

test('a cluster that scales, replaces or removes machines is progressing', () => {
  const short = condition('Available', 'False', shortage);
  expect(cluster([short, condition('ScalingUp', 'True', 'Scaling up from 2 to 4 replicas')]).state).toBe('progressing');
  expect(cluster([short, condition('Remediating', 'True', '* Machine a: waits')]).state).toBe('progressing');
  const deleting = condition(
    'WorkerMachinesReady',
    'False',
    '* Machine a:\n  * Deleting: Machine deletion in progress',
  );
  expect(cluster([short, deleting]).state).toBe('progressing');
  const booting = '* Machine a:\n  * NodeHealthy: Waiting for DevMachine to report spec.providerID';
  expect(cluster([short, condition('WorkerMachinesReady', 'False', booting)]).state).toBe('progressing');
});

test('a cluster that lost a machine, or whose control plane is unavailable, has failed', () => {
  const short = condition('Available', 'False', shortage);
  expect(cluster([short]).state).toBe('failed');
  const lost = '* Machine a:\n  * NodeHealthy:\n    * Node.Ready: Kubelet stopped posting node status';
  expect(cluster([short, condition('WorkerMachinesReady', 'False', lost)]).state).toBe('failed');
  const quorum = condition(
    'Available',
    'False',
    '* ControlPlaneAvailable: 1 of 3 etcd members is healthy, at least 2 required',
  );
  expect(cluster([quorum, condition('ScalingUp', 'True')]).state).toBe('failed');
});

test('a pause hides no failure', () => {
  const paused = { paused: true };
  const short = condition('Available', 'False', shortage);
  expect(cluster([short], paused)).toMatchObject({ state: 'failed' });
  expect(cluster([short], paused).reason).toMatch(/^paused; WorkersAvailable/);
  expect(cluster([condition('Available', 'True')], paused)).toMatchObject({ state: 'suspended', reason: 'paused' });
  expect(cluster([short, condition('ScalingUp', 'True')], paused).state).toBe('suspended');
});

const deployment = (status: object) =>
  healthOf(object('MachineDeployment', { replicas: 3 }, { phase: 'Running', ...status }));
const counts = (all: number, updated: number, available: number) => ({
  ...{ replicas: all, upToDateReplicas: updated, availableReplicas: available, readyReplicas: available },
});

test('an outage of a MachineDeployment whose rollout is finished is a failure', () => {
  const short = condition('Available', 'False', '0 available replicas, at least 3 required');
  const lost = condition(
    'MachinesReady',
    'False',
    '* Machines a, b, c:\n  * NodeHealthy:\n    * Node.Ready: Kubelet stopped posting node status',
  );
  expect(deployment({ ...counts(3, 3, 0), conditions: [short, lost] })).toMatchObject({ state: 'failed' });
  const starting = condition(
    'MachinesReady',
    'False',
    '* Machines a, b, c:\n  * InfrastructureReady: VM is being created',
  );
  expect(deployment({ ...counts(3, 3, 0), conditions: [short, starting] })).toMatchObject({
    ...{ state: 'progressing', reason: '3/3: 0 of 3 updated replicas are available' },
  });
});

test('machines that are ready and not counted yet, or that have reported nothing, are on their way', () => {
  const short = condition('Available', 'False', '0 available replicas, at least 3 required');
  const of = (machines: object) => deployment({ ...counts(3, 3, 0), conditions: [short, machines] }).state;
  expect(of(condition('MachinesReady', 'True'))).toBe('progressing');
  expect(of(condition('MachinesReady', 'False', '* Machine a:\n  * NodeHealthy: Waiting for a Node to exist'))).toBe(
    'progressing',
  );
});

test('a missing template is the reason of the row', () => {
  const message = yaml`
    Scaling up from 0 to 1 replicas is blocked because DevMachineTemplate does not exist`;
  const scaling = condition('ScalingUp', 'True', message);
  expect(deployment({ ...counts(0, 0, 0), conditions: [scaling] })).toMatchObject({
    state: 'failed',
    reason: `0/3: ${message.trim()}`,
  });
});

test('a control plane that was just initialized is starting; one that loses its quorum later, also during a rollout, has failed', () => {
  const unavailable = (since: string) =>
    healthOf(
      trim({
        apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
        kind: 'KubeadmControlPlane',
        metadata: { name: 'demo', namespace: 'apps', generation: 1, creationTimestamp: created },
        spec: { replicas: 3, version: 'v1.36.0' },
        status: {
          ...{
            observedGeneration: 1,
            replicas: 1,
            upToDateReplicas: 1,
            initialization: { controlPlaneInitialized: true },
          },
          conditions: [
            condition('Initialized', 'True', '', '2026-03-01T10:02:00Z'),
            condition('Available', 'False', 'Waiting for etcd to report the list of members', since),
          ],
        },
      })!,
    ).state;
  expect(unavailable('2026-03-01T10:02:30Z')).toBe('progressing');
  expect(unavailable('2026-03-01T11:00:00Z')).toBe('failed');
});
