import { describe, expect, test } from 'vitest';
import { healthOf } from './health.ts';
import { trim } from './object.ts';

function stateOf(apiVersion: string, kind: string, rest: object): string {
  const { state, reason } = healthOf(trim({ apiVersion, kind, metadata: { name: 'a', generation: 1 }, ...rest })!);
  return reason === '' ? state : `${state}: ${reason}`;
}

const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message });
const of = (...conditions: object[]) => ({ status: { conditions } });

describe('built-in kinds', () => {
  const waiting = (reason: string) => [{ name: 'web', ready: false, state: { waiting: { reason } } }];
  test.each<[string, string, object, string]>([
    [
      'v1',
      'Pod',
      { status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } },
      'failed: Evicted: low on memory',
    ],
    ['v1', 'Pod', { status: { phase: 'Succeeded' } }, 'ready: completed'],
    [
      ...(['v1', 'Pod'] as const),
      { status: { phase: 'Running', containerStatuses: waiting('CrashLoopBackOff') } },
      'failed: container web: CrashLoopBackOff',
    ],
    [
      ...(['v1', 'Pod'] as const),
      { status: { phase: 'Pending', containerStatuses: waiting('ContainerCreating') } },
      'progressing: its containers are being created',
    ],
    [
      ...(['v1', 'Pod'] as const),
      { spec: { schedulingGates: [{ name: 'example.com/quota' }] }, status: { phase: 'Pending' } },
      'progressing: held by scheduling gate example.com/quota',
    ],
    ['v1', 'PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'progressing: not bound yet'],
    ['v1', 'PersistentVolumeClaim', { status: { phase: 'Bound' } }, 'ready: bound'],
    ['v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }, 'failed: its volume is lost'],
    [
      'v1',
      'Node',
      of(condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting')),
      'failed: Kubelet stopped posting',
    ],
    [
      'v1',
      'Service',
      { spec: { type: 'LoadBalancer' }, status: {} },
      'progressing: no load balancer has been assigned yet',
    ],
    ['v1', 'Service', { spec: { type: 'ClusterIP' }, status: {} }, 'none'],
    ['batch/v1', 'Job', of(condition('Failed', 'True', 'BackoffLimitExceeded')), 'failed: Backoff limit exceeded'],
    ['batch/v1', 'Job', of(condition('Complete', 'True')), 'ready: complete'],
    ['batch/v1', 'Job', { spec: { suspend: true }, status: {} }, 'suspended: suspended'],
    [
      ...(['batch/v1', 'Job'] as const),
      { spec: { completions: 3 }, status: { startTime: '2026-01-01T00:00:00Z', succeeded: 1, active: 1, failed: 2 } },
      'progressing: 1/3 complete, 1 active, 2 failed attempts',
    ],
    [
      ...(['batch/v1', 'CronJob'] as const),
      { status: { lastScheduleTime: '2026-01-01T02:00:00Z', lastSuccessfulTime: '2026-01-01T01:00:09Z' } },
      'failed: its last run did not succeed',
    ],
    [
      ...(['batch/v1', 'CronJob'] as const),
      { status: { lastScheduleTime: '2026-01-01T02:00:00Z', active: [{ name: 'a' }] } },
      'ready: 1 running',
    ],
    [
      ...(['autoscaling/v2', 'HorizontalPodAutoscaler'] as const),
      of(condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics')),
      'failed: no metrics',
    ],
    ['apps/v1', 'ReplicaSet', { spec: { replicas: 0 }, status: { replicas: 0 } }, 'none: 0/0'],
    [
      'apps/v1',
      'ReplicaSet',
      of(condition('ReplicaFailure', 'True', 'FailedCreate', 'forbidden')),
      'failed: forbidden',
    ],
    [
      ...(['apiextensions.k8s.io/v1', 'CustomResourceDefinition'] as const),
      of(condition('NamesAccepted', 'False', 'PluralConflict', 'taken')),
      'failed: taken',
    ],
    [
      'apiregistration.k8s.io/v1',
      'APIService',
      of(condition('Available', 'False', 'MissingEndpoints', 'none')),
      'failed: none',
    ],
  ])('%s %s %#', (apiVersion, kind, rest, expected) => expect(stateOf(apiVersion, kind, rest)).toBe(expected));
});

describe('any other kind, as in kstatus', () => {
  test.each<[object, string]>([
    [of(condition('Ready', 'True')), 'ready'],
    [of(condition('Ready', 'False', 'Provisioning', 'is being created')), 'progressing: is being created'],
    [of(condition('Ready', 'Unknown', '', 'waits')), 'progressing: waits'],
    [of(condition('Ready', 'False', 'SecretSyncedError', 'no access')), 'failed: no access'],
    [of(condition('Stalled', 'True', 'Bad', 'bad')), 'failed: bad'],
    [of(condition('Ready', 'True'), condition('Reconciling', 'True', 'Progressing')), 'progressing: Progressing'],
    [
      { status: { observedGeneration: 0, ...of(condition('Ready', 'True')).status } },
      'progressing: generation 1 is not reconciled yet',
    ],
    [of(condition('Succeeded', 'False', 'Failed', 'task failed')), 'failed: task failed'],
    [{ status: { phase: 'Failed', message: 'boom' } }, 'failed: boom'],
    [{ status: { phase: 'Running' } }, 'none'],
    [{}, 'none'],
  ])('%j', (rest, expected) => expect(stateOf('example.com/v1', 'Thing', rest)).toBe(expected));
});
