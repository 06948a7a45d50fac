// The text of a rollout that one keeps open.
import { expect, test } from 'vitest';
import type { Diagnosis } from './diagnosis.ts';
import { podsByRevision } from './diagnosis.ts';
import { machinesByRevision } from './machines.ts';
import { usualTime } from './members.ts';
import { type LiveObject, trim } from './object.ts';
import { rolloutOf } from './rollout.ts';
import { countWords, rolloutLines } from './rollout-page.ts';

const now = Date.parse('2026-03-01T10:06:00Z');

function live(apiVersion: string, kind: string, name: string, metadata: object, rest: object): LiveObject {
  const own = { name, namespace: 'shop', uid: `uid-${name}`, generation: 1, ...metadata };
  return trim({ apiVersion, kind, metadata: own, ...rest })!;
}

const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
});

const checkout = live(
  'apps/v1',
  'Deployment',
  'checkout',
  {},
  {
    spec: { replicas: 3, selector: { matchLabels: { app: 'checkout' } } },
    status: { observedGeneration: 1, replicas: 4, updatedReplicas: 3, availableReplicas: 3 },
  },
);

function replicaSet(name: string, revision: number, tag: string): LiveObject {
  const annotations = { 'deployment.kubernetes.io/revision': String(revision) };
  const containers = [{ name: 'web', image: `shop/web:${tag}` }];
  return live(
    'apps/v1',
    'ReplicaSet',
    name,
    { annotations, creationTimestamp: '2026-03-01T10:00:00Z', ...ownedBy('Deployment', 'checkout') },
    { spec: { template: { spec: { containers } } } },
  );
}

function pod(name: string, of: string, readyAt: string | undefined, restartCount = 0): LiveObject {
  const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
  const isReady = readyAt !== undefined;
  return live(
    'v1',
    'Pod',
    name,
    { creationTimestamp: '2026-03-01T10:00:00Z', ...ownedBy('ReplicaSet', of) },
    {
      status: {
        phase: 'Running',
        conditions: [
          { type: 'Ready', status: isReady ? 'True' : 'False', ...(isReady && { lastTransitionTime: readyAt }) },
        ],
        containerStatuses: [{ name: 'web', ready: isReady, restartCount, state: isReady ? { running: {} } : waiting }],
      },
    },
  );
}

const replicaSets = [replicaSet('checkout-b', 4, '2.14.0'), replicaSet('checkout-a', 3, '2.13.2')];
const pods = [
  pod('checkout-b-1', 'checkout-b', '2026-03-01T10:00:30Z'),
  pod('checkout-b-2', 'checkout-b', '2026-03-01T10:00:40Z'),
  pod('checkout-b-3', 'checkout-b', undefined),
  pod('checkout-a-1', 'checkout-a', '2026-03-01T10:05:00Z', 2),
  pod('other-1', 'other', '2026-03-01T10:00:30Z'),
];
const members = podsByRevision({ workload: checkout, replicaSets, pods, events: [] });

test('pods are told apart by the revision that is wanted; those of others are no part of it', () => {
  expect(members.wanted.map(({ name }) => name)).toEqual(['checkout-b-1', 'checkout-b-2', 'checkout-b-3']);
  expect(members.others.map(({ name }) => name)).toEqual(['checkout-a-1']);
  expect(countWords(members)).toBe('3 new, 2 of them ready; 1 old');
});

test('the whole text: what is new and old, what holds it up and what to do, what is usual, and how it went', () => {
  const crash: Diagnosis = { cause: 'crash', sentence: 'container web crashes', evidence: 'back-off', pods: 1 };
  const at = new Date(2026, 2, 1, 14, 1, 5).getTime();
  const lines = rolloutLines({
    ...{ object: checkout, rollout: rolloutOf(checkout)!, diagnoses: [crash], members, now },
    samples: [
      { at, words: '1 new, 0 of them ready; 3 old' },
      { at: at + 30_000, words: countWords(members) },
    ],
  });
  expect(lines[0]).toBe(
    'Waiting for deployment "checkout" rollout to finish: 1 old replicas are pending termination... (6 min)',
  );
  const text = lines.join('\n');
  expect(text).toContain('\nNew: revision 4, web 2.14.0\n  ✘ checkout-b-3  6 min');
  expect(text).toMatch(/\n {2}✔ checkout-b-1 {2}6 min/);
  expect(text).toMatch(/\nOld\n {2}✔ checkout-a-1/);
  expect(text).toMatch(/\nWhat holds it up\n {2}container web crashes.*\n {4}\S/);
  expect(text).toContain('\nA pod is ready after 40 s (median of 2)\n');
  expect(text).toContain(
    '\nSeen from here\n  14:01:05  1 new, 0 of them ready; 3 old\n  14:01:35  3 new, 2 of them ready; 1 old',
  );
});

test('nothing is said of a rollout that is done but its pods', () => {
  const rollout = { is: 'done', message: 'deployment "checkout" successfully rolled out' } as const;
  const lines = rolloutLines({ object: checkout, rollout, diagnoses: [], members, samples: [], now });
  expect(lines[0]).toBe(rollout.message);
  expect(lines.join('\n')).not.toMatch(/What holds it up|Seen from here/);
});

test('of many pods, those that need attention are named and the rest counted', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    pod(`checkout-b-${index}`, 'checkout-b', '2026-03-01T10:00:30Z'),
  );
  const wanted = [...many, pod('checkout-b-sick', 'checkout-b', undefined)];
  const rollout = rolloutOf(checkout)!;
  const lines = rolloutLines({
    ...{ object: checkout, rollout, diagnoses: [], members: { wanted, others: [] }, samples: [], now },
  });
  const own = lines.slice(lines.indexOf('New') + 1);
  expect(own[0]).toMatch(/✘ checkout-b-sick/);
  expect(own[20]).toBe('  and 11 more');
});

const machine = (name: string, version: string, upToDate?: string) =>
  live(
    'cluster.x-k8s.io/v1beta2',
    'Machine',
    name,
    { creationTimestamp: '2026-03-01T10:00:00Z' },
    {
      spec: { version },
      status: {
        conditions: [
          { type: 'Ready', status: 'True', lastTransitionTime: '2026-03-01T10:04:00Z' },
          ...(upToDate === undefined ? [] : [{ type: 'UpToDate', status: upToDate }]),
        ],
      },
    },
  );

test('machines are told apart by what Cluster API says, or by their version', () => {
  const pool = live(
    'cluster.x-k8s.io/v1beta2',
    'MachineDeployment',
    'md',
    {},
    { spec: { replicas: 3, template: { spec: { version: 'v1.35.1' } } } },
  );
  const all = [
    ...[machine('a', 'v1.34.0'), machine('b', 'v1.35.1'), machine('c', 'v1.35.1', 'False')],
    machine('d', 'v1.34.0', 'True'),
  ];
  const { wanted, others } = machinesByRevision(pool, all);
  expect(wanted.map(({ name }) => name)).toEqual(['b', 'd']);
  expect(others.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(usualTime(all)).toEqual({ median: 240_000, of: 4 });
});
