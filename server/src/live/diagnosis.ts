// Why a workload's rollout is stuck: derives causes from a snapshot of the workload, its ReplicaSets, Pods and events,
// the likeliest first. The new revision comes first; pods of others are considered only if they hold it up.

import { oneLine } from '../syntax/shown.ts';
import { type Cause, refusalCause } from './causes.ts';
import { conditionsOf } from './conditions.ts';
import { familyOf } from './family.ts';
import { at, number, text } from './fields.ts';
import { type Health, sinceOf } from './health-state.ts';
import { type Members, noMembers } from './members.ts';
import { nextSteps } from './next-steps.ts';
import type { LiveObject } from './object.ts';
import { causeOfEnded, causeOfPod, eventsOf, type Found, type RolloutEvent } from './pod-causes.ts';
import { rolloutOf } from './rollout.ts';
import { replicasOf } from './workload-health.ts';

export interface Snapshot {
  readonly workload: LiveObject;
  readonly replicaSets: readonly LiveObject[];
  readonly pods: readonly LiveObject[];
  readonly events: readonly RolloutEvent[];
}

export interface Diagnosis {
  readonly cause: Cause;
  /** One sentence: what is wrong and where. */
  readonly sentence: string;
  /** The cluster's own message. */
  readonly evidence: string;
  /** Number of affected pods; 0 if no pod could be created. */
  readonly pods: number;
  /** What to do, if it differs from what is usual for the cause. */
  readonly next?: string;
  /** RFC 3339: since when, if known. */
  readonly since?: string;
  /** uid of an affected object, if the cause is found in one. */
  readonly uid?: string;
}

/** Empty if nothing is wrong or no cause is proven yet. */
export function diagnose(snapshot: Snapshot): readonly Diagnosis[] {
  const { workload } = snapshot;
  if (workload.groupKind === '/Pod') return merged(ofPods(snapshot, snapshot.pods));
  if (rolloutOf(workload)?.is === 'done') return [];
  const subject = newRevision(snapshot);
  const found = [
    ...ofWorkload(snapshot),
    ...ofRefusals(snapshot, subject),
    ...ofPods(snapshot, subject.pods),
    ...ofOldPods(snapshot, subject),
  ];
  return merged(
    found.length > 0
      ? found
      : [...ofBlockingPods(snapshot, subject), ...causeOfEnded(subject.pods), ...ofWait(snapshot)],
  );
}

/** Causes of something that only takes time or was asked for. */
const waits: ReadonlySet<Cause> = new Set([
  'not observed',
  'paused',
  'old pods',
  'readiness',
  'scheduling gate',
  'minimum ready time',
  'deletion',
  'upgrade',
  'remediation',
  'suspended',
]);

/** Whether the cause proves that the object doesn't merely need time. */
export function isFailure({ cause, evidence }: Diagnosis): boolean {
  return !waits.has(cause) && evidence !== '';
}

/** The health of an object of which more is known than its own status: a proven cause makes progress a failure. */
export function withCauses(object: LiveObject, health: Health, causes: readonly Diagnosis[]): Health {
  const proven = causes.find(isFailure);
  const first = proven ?? causes[0];
  if (first === undefined || health.state === 'ready' || health.state === 'none') return health;
  const state = proven && (health.state === 'progressing' || health.state === 'unknown') ? 'failed' : health.state;
  const { desired, available } = replicasOf(object);
  const counts = familyOf(object.groupKind) === 'workload' ? `${available}/${desired}: ` : '';
  return { state, reason: `${counts}${diagnosisLine(first)}`, ...sinceOf(first.since ?? health.since) };
}

interface NewRevision {
  readonly replicaSet?: LiveObject;
  readonly pods: readonly LiveObject[];
}

function newRevision({ workload, replicaSets, pods }: Snapshot): NewRevision {
  const owned = (uid: string) =>
    pods.filter(({ owners }) => owners.some((owner) => owner.controller && owner.uid === uid));
  switch (workload.groupKind) {
    case 'apps/Deployment': {
      const revision = ({ annotations }: LiveObject) => Number(annotations['deployment.kubernetes.io/revision'] ?? 0);
      const own = replicaSets.filter(({ owners }) =>
        owners.some((owner) => owner.controller && owner.uid === workload.uid),
      );
      const replicaSet = own.sort((a, b) => revision(b) - revision(a))[0];
      return replicaSet ? { replicaSet, pods: owned(replicaSet.uid) } : { pods: [] };
    }
    case 'apps/StatefulSet': {
      const wanted = text(workload.status, 'updateRevision');
      return {
        pods: owned(workload.uid).filter(
          ({ labels }) => wanted === undefined || labels['controller-revision-hash'] === wanted,
        ),
      };
    }
    default: {
      const own = owned(workload.uid);
      const newest = [...own].sort((a, b) => ((a.created ?? '') < (b.created ?? '') ? 1 : -1))[0]?.labels[
        'controller-revision-hash'
      ];
      return { pods: own.filter(({ labels }) => labels['controller-revision-hash'] === newest) };
    }
  }
}

/** The workload's own pods; a revision is that of a Deployment's ReplicaSet. */
export function podsByRevision(snapshot: Snapshot): Members {
  const { workload, replicaSets, pods } = snapshot;
  if (workload.groupKind === '/Pod') return noMembers;
  const { pods: wanted, replicaSet } = newRevision(snapshot);
  const uids = new Set([workload.uid, ...replicaSets.map(({ uid }) => uid)]);
  const others = pods.filter(
    (pod) => !wanted.includes(pod) && pod.owners.some(({ controller, uid }) => controller && uids.has(uid)),
  );
  return { wanted, others, ...(replicaSet ? { revision: replicaSet } : {}) };
}

function ofWorkload({ workload }: Snapshot): readonly Diagnosis[] {
  const { generation, status, spec, name } = workload;
  const observed = number(status, 'observedGeneration') ?? 0;
  // Jobs don't report it.
  if (generation > observed && familyOf(workload.groupKind) === 'workload') {
    return [
      {
        cause: 'not observed',
        sentence: `the controller has not observed generation ${generation} of ${name} yet; it last observed generation ${observed}`,
        evidence: '',
        pods: 0,
      },
    ];
  }
  if (at(spec, 'paused') === true) {
    return [
      {
        cause: 'paused',
        sentence: `${name} is paused; nothing rolls out until it is resumed`,
        evidence: '',
        pods: 0,
      },
    ];
  }
  const progressing = conditionsOf(status).get('Progressing');
  if (progressing?.reason === 'ReplicaSetCreateError') {
    return [
      {
        cause: refusalCause(progressing.message)?.cause ?? 'refused',
        sentence: 'the new ReplicaSet cannot be created',
        evidence: oneLine(progressing.message, 400),
        pods: 0,
      },
    ];
  }
  return [];
}

/** Pods that the API server refuses to create, from the ReplicaFailure condition or else the latest FailedCreate event. */
function ofRefusals({ workload, events }: Snapshot, { replicaSet, pods }: NewRevision): readonly Diagnosis[] {
  const maker = replicaSet ?? workload;
  const condition =
    conditionsOf(maker.status).get('ReplicaFailure') ?? conditionsOf(workload.status).get('ReplicaFailure');
  const messages =
    condition?.status === 'True'
      ? [condition.message]
      : condition === undefined && replicaSet === undefined
        ? eventsOf(events, maker)
            .filter(({ reason, last }) => reason === 'FailedCreate' && !isOutlived(last, pods))
            .map(({ message }) => message)
            .slice(0, 1)
        : [];
  return messages.map((message) => {
    const known = refusalCause(message);
    return {
      cause: known?.cause ?? 'refused',
      sentence: known?.sentence ?? 'pods cannot be created',
      evidence: oneLine(message, 400),
      pods: 0,
    };
  });
}

/** A pod that was created after the refusal shows that its cause is gone. */
function isOutlived(last: string, pods: readonly LiveObject[]): boolean {
  return pods.some(({ created }) => Date.parse(created ?? '') >= Date.parse(last));
}

function ofPods({ workload, events }: Snapshot, pods: readonly LiveObject[]): readonly (Diagnosis & Found)[] {
  // The pods of a Job that have ended are its attempts; those of other workloads have been replaced.
  const isJob = workload.groupKind === 'batch/Job' || workload.groupKind === '/Pod';
  return pods
    .filter(({ deleted }) => deleted === undefined)
    .flatMap((pod) => {
      const found = causeOfPod(pod, events, isJob);
      return found ? [{ ...found, pods: 1, uid: pod.uid }] : [];
    });
}

/**
 * Pods of another revision that the controller waits for and doesn't replace: those of a StatefulSet after a rollback
 * (kubernetes/kubernetes#67250), and those that OnDelete leaves.
 */
function ofBlockingPods(snapshot: Snapshot, { pods: fresh }: NewRevision): readonly (Diagnosis & Found)[] {
  const { workload, pods, events } = snapshot;
  if (workload.groupKind === 'apps/Deployment') return [];
  return pods.flatMap((pod) => {
    if (fresh.includes(pod) || pod.deleted !== undefined) return [];
    if (!pod.owners.some(({ controller, uid }) => controller && uid === workload.uid)) return [];
    const found = causeOfPod(pod, events);
    if (!found) return [];
    const sentence = `pod ${pod.name} of another revision blocks the rollout: ${found.sentence}`;
    const next = `Delete pod ${pod.name}: the controller waits for it and does not replace it by itself.`;
    return [{ ...found, cause: 'blocking pod' as const, sentence, pods: 1, uid: pod.uid, next }];
  });
}

/** All pods are ready and need only minReadySeconds to be available. */
function ofWait({ workload: { spec, status } }: Snapshot): readonly Diagnosis[] {
  const seconds = number(spec, 'minReadySeconds') ?? 0;
  const ready = number(status, 'readyReplicas') ?? number(status, 'numberReady') ?? 0;
  const available = number(status, 'availableReplicas') ?? number(status, 'numberAvailable') ?? 0;
  if (seconds === 0 || ready <= available) return [];
  const sentence = `ready pods count as available only after minReadySeconds (${seconds} s)`;
  return [{ cause: 'minimum ready time', sentence, evidence: '', pods: ready - available }];
}

/** Old pods that have to end before new ones are created, or before the rollout is complete. */
function ofOldPods(
  { workload, pods, replicaSets }: Snapshot,
  { replicaSet, pods: fresh }: NewRevision,
): readonly Diagnosis[] {
  const makers = new Set([
    workload.uid,
    ...replicaSets.flatMap(({ uid, owners }) => (owners.some((owner) => owner.uid === workload.uid) ? [uid] : [])),
  ]);
  const isDeployment = workload.groupKind === 'apps/Deployment';
  const wanted = number(workload.spec, 'replicas') ?? 1;
  const isRecreated = text(workload.spec, 'strategy', 'type') === 'Recreate';
  if (isDeployment && !isRecreated && (!replicaSet || (number(workload.status, 'updatedReplicas') ?? 0) < wanted))
    return [];
  const leaving = pods.filter(
    (pod) =>
      pod.deleted !== undefined &&
      (isDeployment ? !fresh.includes(pod) : pod.finalizers.length > 0) &&
      pod.owners.some(({ controller, uid }) => controller && makers.has(uid)),
  );
  if (leaving.length === 0) return [];
  const held = leaving.find(({ finalizers }) => finalizers.length > 0);
  return [
    {
      cause: 'old pods',
      sentence: `${leaving.length} old ${leaving.length === 1 ? 'pod is' : 'pods are'} still terminating${held ? `, held by finalizer ${held.finalizers[0]}` : ''}`,
      evidence: leaving
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', '),
      pods: leaving.length,
      ...sinceOf(leaving[0]!.deleted),
      uid: leaving[0]!.uid,
    },
  ];
}

/** Merges the same cause and sentence across pods. Causes without pods come first, then the most frequent. */
function merged(found: readonly (Diagnosis & Found)[]): readonly Diagnosis[] {
  const bySentence = new Map<string, Diagnosis>();
  for (const { restarts = 0, ...diagnosis } of found) {
    const key = `${diagnosis.cause} ${diagnosis.sentence} ${restarts > 0}`;
    const sentence =
      restarts > 0
        ? `${diagnosis.sentence}, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`
        : diagnosis.sentence;
    const known = bySentence.get(key);
    bySentence.set(key, known ? { ...known, pods: known.pods + diagnosis.pods } : { ...diagnosis, sentence });
  }
  return [...bySentence.values()].sort((a, b) => Number(a.pods > 0) - Number(b.pods > 0) || b.pods - a.pods);
}

/** One line for a list: sentence, number of pods and the cluster's message. */
export function diagnosisLine({ sentence, evidence, pods }: Diagnosis): string {
  return `${sentence}${pods > 1 ? ` (${pods} pods)` : ''}${evidence === '' ? '' : `: ${evidence}`}`;
}

/** What to do about it. */
export function nextStep({ cause, next }: Diagnosis): string {
  return next ?? nextSteps[cause];
}
