// Whatever a server sends, the functions of this room answer: they never throw, and every state is of the closed set. Objects
// are real ones in which values were replaced, removed or given another type.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionsOf } from './conditions.ts';
import { descriptionOf, knownHealth, tooltipOf } from './describe.ts';
import { diagnose, nextStep, withCauses } from './diagnosis.ts';
import { healthOf } from './health.ts';
import type { HealthState } from './health-state.ts';
import { diagnoseMachines } from './machines.ts';
import { nextSteps } from './next-steps.ts';
import { type LiveObject, trim } from './object.ts';
import { problemReport } from './reports.ts';
import { rolloutOf } from './rollout.ts';
import { troubleLine } from './troubles.ts';
import { troublesAmong } from './troubles-fixture.ts';

const states: ReadonlySet<HealthState> = new Set([
  ...(['ready', 'progressing', 'failed', 'suspended', 'unknown', 'denied', 'deleting', 'none'] as const),
]);

const kinds: readonly (readonly [string, string])[] = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'ReplicaSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['v1', 'Pod'],
  ['v1', 'Node'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Service'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['cluster.x-k8s.io/v1beta2', 'Cluster'],
  ['cluster.x-k8s.io/v1beta1', 'MachineDeployment'],
  ['cluster.x-k8s.io/v1beta2', 'MachinePool'],
  ['cluster.x-k8s.io/v1beta2', 'Machine'],
  ['cluster.x-k8s.io/v1beta2', 'MachineHealthCheck'],
  ['controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'AWSMachine'],
  ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization'],
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
  ['source.toolkit.fluxcd.io/v1', 'GitRepository'],
  ['example.com/v1', 'Thing'],
];

const words = fc.constantFrom(
  ...[
    '',
    'a',
    'Failed',
    'Progressing',
    'Unschedulable',
    'exceeded quota: q',
    "Source 'GitRepository/a' not found",
    'v1.30.0',
  ],
  ...[
    '* a:\n  * b: c',
    '2026-01-01T00:00:00Z',
    '0 available replicas, at least 3 required',
    'Node.Ready: lost',
    '\u0000\u202e',
  ],
);
const types = fc.constantFrom(
  ...[
    'Ready',
    'Available',
    'Progressing',
    'Stalled',
    'Reconciling',
    'ReplicaFailure',
    'Failed',
    'Complete',
    'ScalingUp',
    'Deleting',
  ],
  ...[
    'RollingOut',
    'MachinesReady',
    'TopologyReconciled',
    'PodScheduled',
    'ContainersReady',
    'Paused',
    'InfrastructureReady',
  ],
);
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  words,
  fc.integer({ min: -2, max: 5 }),
  fc.constant(null),
  fc.constant(undefined),
);
const or = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: value as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
const condition = or(
  fc.record({
    ...{ type: types, status: or(fc.constantFrom('True', 'False', 'Unknown')), reason: or(words), message: or(words) },
    ...{ lastTransitionTime: or(words), observedGeneration: or(fc.integer()) },
  }),
);
const number = or(fc.integer({ min: 0, max: 4 }));
const container = or(
  fc.record({
    ...{ name: or(words), ready: or(fc.boolean()), started: or(fc.boolean()), restartCount: number },
    state: or(
      fc.oneof(
        fc.record({
          waiting: fc.record({ reason: or(fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'ContainerCreating')) }),
        }),
        fc.record({ terminated: fc.record({ exitCode: number, reason: or(words) }) }),
        fc.constant({ running: { startedAt: '2026-01-01T00:00:00Z' } }),
      ),
    ),
    lastState: junk,
  }),
);
const names = fc.constantFrom('a', 'b', 'c');
const reference = or(
  fc.record({ kind: fc.constantFrom('GitRepository', 'Cluster'), name: or(names), namespace: or(names) }),
);
const spec = or(
  fc.record(
    {
      ...{
        replicas: number,
        paused: or(fc.boolean()),
        suspend: or(fc.boolean()),
        completions: number,
        minReadySeconds: number,
      },
      ...{
        updateStrategy: or(fc.constant({ type: 'OnDelete' })),
        strategy: or(fc.constant({ type: 'Recreate' })),
        version: or(words),
      },
      ...{
        sourceRef: reference,
        chartRef: reference,
        infrastructureRef: reference,
        schedulingGates: or(fc.array(junk)),
        type: or(words),
      },
      dependsOn: or(fc.array(reference)),
    },
    { requiredKeys: [] },
  ),
);
const status = or(
  fc.record(
    {
      ...{
        conditions: or(fc.array(condition, { maxLength: 5 })),
        observedGeneration: number,
        replicas: number,
        phase: or(words),
      },
      ...{ updatedReplicas: number, upToDateReplicas: number, availableReplicas: number, readyReplicas: number },
      ...{
        containerStatuses: or(fc.array(container)),
        initContainerStatuses: or(fc.array(container)),
        failureMessage: or(words),
      },
      ...{
        v1beta2: or(fc.record({ conditions: or(fc.array(condition)) })),
        initialization: junk,
        versions: junk,
        history: junk,
      },
      ...{
        inventory: junk,
        active: junk,
        lastScheduleTime: or(words),
        controlPlane: junk,
        workers: junk,
        helmChart: or(words),
      },
    },
    { requiredKeys: [] },
  ),
);
const metadata = fc.record(
  {
    name: names,
    ...{
      namespace: or(names),
      uid: or(names),
      generation: number,
      creationTimestamp: or(words),
      deletionTimestamp: or(words),
    },
    ...{ finalizers: or(fc.array(or(words))), labels: junk, annotations: junk, managedFields: or(fc.array(junk)) },
    ownerReferences: or(
      fc.array(
        fc.record({
          apiVersion: fc.constant('cluster.x-k8s.io/v1beta2'),
          kind: fc.constantFrom('Cluster', 'Machine'),
          name: names,
          uid: names,
          controller: fc.boolean(),
        }),
      ),
    ),
  },
  { requiredKeys: ['name'] },
);
const object = fc
  .record({ kind: fc.constantFrom(...kinds), metadata, spec, status })
  .map(({ kind: [apiVersion, kind], ...rest }) => trim({ apiVersion, kind, ...rest }))
  .filter((one) => one !== undefined) as fc.Arbitrary<LiveObject>;

const now = Date.parse('2026-02-01T00:00:00Z');

test('every object has a state of the closed set and words', () => {
  fc.assert(
    fc.property(object, (one) => {
      const health = healthOf(one);
      expect(states.has(health.state)).toBe(true);
      expect(typeof health.reason).toBe('string');
      expect(descriptionOf(one, now)).toEqual(expect.any(String));
      expect(tooltipOf(one, now)).toEqual(expect.any(String));
      const rollout = rolloutOf(one);
      if (rollout) expect(['done', 'waiting', 'failed'].includes(rollout.is)).toBe(true);
      if (rollout?.is === 'done' && /Deployment|Set$/.test(one.groupKind) && one.groupKind.startsWith('apps/'))
        expect(['failed', 'ready', 'suspended', 'progressing', 'deleting'].includes(health.state)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('the objects above have every state that an object’s own status can give', () => {
  const found = new Set(fc.sample(object, { numRuns: 3000, seed: 1 }).map((one) => healthOf(one).state));
  expect([...states].filter((state) => state !== 'denied' && !found.has(state))).toEqual([]);
});

test('diagnoses of any objects have a next step, and a cause never makes what is well sick', () => {
  const event = fc.record({
    ...{ reason: fc.constantFrom('FailedCreate', 'Unhealthy', 'FailedMount', 'Failed'), message: words, kind: words },
    ...{ name: names, uid: names, count: fc.integer(), last: words },
  });
  fc.assert(
    fc.property(
      object,
      fc.array(object, { maxLength: 6 }),
      fc.array(event, { maxLength: 4 }),
      (one, others, events) => {
        const pods = others.map((other) => ({
          ...other,
          groupKind: '/Pod' as const,
          owners: [{ ...{ groupKind: one.groupKind, name: one.name, uid: one.uid, controller: true } }],
        }));
        const causes = [
          ...diagnose({ workload: one, replicaSets: others, pods, events }),
          ...diagnoseMachines(one, others),
        ];
        for (const cause of causes) expect(nextStep(cause)).toEqual(expect.any(String));
        const health = knownHealth(one);
        const after = withCauses(one, health, causes);
        expect(states.has(after.state)).toBe(true);
        if (health.state === 'ready') expect(after).toEqual(health);
      },
    ),
    { numRuns: 600 },
  );
});

test('each object that is not well is in exactly one trouble, as its cause or as a follower', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 12 }), (objects) => {
      const unique = [
        ...new Map(objects.map((one) => [`${one.groupKind}|${one.namespace ?? ''}|${one.name}`, one])).values(),
      ];
      const troubles = troublesAmong(unique);
      const sick = unique.filter((one) =>
        ['failed', 'progressing', 'unknown', 'deleting'].includes(knownHealth(one).state),
      );
      const told = troubles.flatMap(({ object: root, followers }) => [...(root ? [root] : []), ...followers]);
      for (const one of sick) expect(told.filter((other) => other === one)).toHaveLength(1);
      // A failure is never hidden behind something that only takes time.
      for (const { state, followers } of troubles)
        if (state === 'progressing') expect(followers.every((one) => knownHealth(one).state !== 'failed')).toBe(true);
      for (const one of troubles) {
        expect(troubleLine(one)).toEqual(expect.any(String));
        expect(states.has(problemReport(one).state)).toBe(true);
      }
    }),
    { numRuns: 600 },
  );
});

test('a condition whose words are maps that no text can be made of is read', () => {
  const words = { toString: null };
  const status = { conditions: [{ type: 'Ready', status: 'False', reason: words, message: words }] };
  expect(conditionsOf(status).get('Ready')).toEqual({ type: 'Ready', status: 'False', reason: '', message: '' });
});

test('every cause has a next step', () => {
  expect(Object.values(nextSteps).every((step) => /^[A-Z].*\.$/.test(step))).toBe(true);
});
