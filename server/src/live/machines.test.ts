import { expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { diagnosisLine } from './diagnosis.ts';
import { diagnoseMachines } from './machines.ts';
import { type LiveObject, trim } from './object.ts';

function machine(name: string, status: 'True' | 'False', message = '', metadata: object = {}): LiveObject {
  const conditions = [{ type: 'Ready', status, reason: status === 'True' ? 'Ready' : 'NotReady', message }];
  return trim({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name, namespace: 'apps', ...metadata },
    status: { phase: 'Provisioning', conditions },
  })!;
}

function controlPlane(status: object): LiveObject {
  return trim({
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'KubeadmControlPlane',
    metadata: { name: 'demo', namespace: 'apps' },
    spec: { replicas: 3, version: 'v1.35.0' },
    status: { versions: [{ version: 'v1.35.0' }], ...status },
  })!;
}

const rolling = { replicas: 3, upToDateReplicas: 1, availableReplicas: 3 };

test('machines that are not ready are reported, failed ones first', () => {
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['machine.cluster.x-k8s.io'] };
  const machines = [
    machine('a', 'True'),
    machine('b', 'False', '* NodeHealthy: waiting for a node'),
    machine('c', 'False', '', deleted),
    machine('d', 'False', '* InfrastructureReady: creation failed: quota exceeded'),
  ];
  expect(diagnoseMachines(controlPlane(rolling), machines).map(diagnosisLine)).toEqual([
    'machine d is not ready: InfrastructureReady: creation failed: quota exceeded',
    'machine b is not ready: NodeHealthy: waiting for a node',
    'machine c is being deleted: waiting for finalizer machine.cluster.x-k8s.io',
  ]);
});

test('a blocked control plane comes first, and machines beyond the limit are counted', () => {
  const message = yaml`
    Scaling up from 2 to 3 replicas is blocked because:
    * waiting for etcd`;
  const conditions = [{ type: 'ScalingUp', status: 'True', reason: 'ScalingUp', message }];
  const machines = Array.from({ length: 7 }, (_, index) => machine(`m${index}`, 'False', 'waits'));
  const lines = diagnoseMachines(controlPlane({ ...rolling, conditions }), machines).map(diagnosisLine);
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([
    7,
    'demo cannot make progress: Scaling up from 2 to 3 replicas is blocked because: waiting for etcd',
    '2 more machines are not ready',
  ]);
  const one = diagnoseMachines(controlPlane({ ...rolling, conditions }), machines.slice(0, 6)).map(diagnosisLine);
  expect(one.at(-1)).toBe('1 more machine is not ready');
});

test('nothing is reported when the rollout is done', () => {
  const done = { replicas: 3, upToDateReplicas: 3, availableReplicas: 3 };
  expect(diagnoseMachines(controlPlane(done), [machine('a', 'False')])).toEqual([]);
});

const conditionsOfMachine = (...conditions: readonly [string, string, string?, string?][]) =>
  conditions.map(([type, status, reason = type, message = '']) => ({ type, status, reason, message }));

function causeOf(status: readonly [string, string, string?, string?][], metadata: object = {}): string {
  const of = trim({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name: 'a', namespace: 'apps', ...metadata },
    status: { phase: 'Provisioning', conditions: conditionsOfMachine(...status) },
  })!;
  return diagnoseMachines(controlPlane(rolling), [of])[0]!.cause;
}

test('the cause is the step that the machine has not passed', () => {
  const unready: [string, string] = ['Ready', 'False'];
  expect(causeOf([unready, ['BootstrapConfigReady', 'False'], ['InfrastructureReady', 'False']])).toBe('bootstrap');
  expect(causeOf([unready, ['BootstrapConfigReady', 'True'], ['InfrastructureReady', 'False']])).toBe('infrastructure');
  expect(causeOf([unready, ['InfrastructureReady', 'False', 'x', 'AuthFailure: credentials expired']])).toBe(
    'credentials',
  );
  expect(causeOf([unready, ['NodeHealthy', 'Unknown'], ['HealthCheckSucceeded', 'Unknown']])).toBe('node');
  expect(causeOf([unready, ['HealthCheckSucceeded', 'False'], ['NodeHealthy', 'False']])).toBe('health check');
  expect(causeOf([unready, ['OwnerRemediated', 'False'], ['HealthCheckSucceeded', 'False']])).toBe('remediation');
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['machine.cluster.x-k8s.io'] };
  expect(causeOf([['Deleting', 'True', 'DrainingNode', 'Drain not completed yet']], deleted)).toBe('drain');
  expect(causeOf([['Deleting', 'True', 'WaitingForPreDrainHook', 'hooks: a']], deleted)).toBe('deletion');
});

test('ready machines of a paused cluster are not blamed', () => {
  const paused = { type: 'Paused', status: 'True', reason: 'Paused', message: 'Cluster spec.paused is set' };
  const ready = trim({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name: 'a', namespace: 'apps' },
    status: { phase: 'Running', conditions: [paused, { type: 'Ready', status: 'True' }] },
  })!;
  expect(diagnoseMachines(controlPlane({ ...rolling, conditions: [paused] }), [ready]).map(diagnosisLine)).toEqual([
    'demo is paused; nothing rolls out until it is resumed',
  ]);
});

test('a missing template is the cause', () => {
  const message = 'Scaling up from 0 to 1 replicas is blocked because DevMachineTemplate does not exist';
  const conditions = [{ type: 'ScalingUp', status: 'True', reason: 'ScalingUp', message }];
  expect(diagnoseMachines(controlPlane({ ...rolling, conditions }), [])).toMatchObject([
    { cause: 'template', evidence: message },
  ]);
});
