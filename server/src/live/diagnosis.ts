// Why a workload's rollout is stuck: derives causes from a snapshot of the workload, its ReplicaSets, Pods and events,
// the likeliest first. Only the new revision is considered. A cause is reported only when a condition or a container's
// state proves it or, where neither does, an event.

import { oneLine } from '../syntax/shown.ts';
import { type Cause, imageCause, probeFailure, refusalCause } from './causes.ts';
import { conditionsOf } from './conditions.ts';
import { at, list, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf } from './rollout.ts';

export interface Snapshot {
  readonly workload: LiveObject;
  readonly replicaSets: readonly LiveObject[];
  readonly pods: readonly LiveObject[];
  readonly events: readonly RolloutEvent[];
}

export interface RolloutEvent {
  readonly reason: string;
  readonly message: string;
  readonly kind: string;
  readonly name: string;
  readonly count: number;
  /** RFC 3339. */
  readonly last: string;
}

export interface Diagnosis {
  readonly cause: Cause;
  /** One sentence: what is wrong and where. */
  readonly sentence: string;
  /** The cluster's own message. */
  readonly evidence: string;
  /** Number of affected pods; 0 if no pod could be created. */
  readonly pods: number;
}

/** Empty if nothing is wrong or no cause is proven yet. */
export function diagnose(snapshot: Snapshot): readonly Diagnosis[] {
  const { workload } = snapshot;
  const rollout = rolloutOf(workload);
  if (rollout?.is === 'done') return [];
  const subject = newRevision(snapshot);
  const found = [
    ...ofWorkload(snapshot),
    ...ofRefusals(snapshot, subject),
    ...ofPods(snapshot, subject.pods),
    ...ofOldPods(snapshot, subject),
  ];
  return merged(found);
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

function ofWorkload({ workload }: Snapshot): readonly Diagnosis[] {
  const { generation, status, spec, name } = workload;
  const observed = number(status, 'observedGeneration') ?? 0;
  if (generation > observed) {
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
function ofRefusals({ workload, events }: Snapshot, { replicaSet }: NewRevision): readonly Diagnosis[] {
  const maker = replicaSet ?? workload;
  const condition =
    conditionsOf(maker.status).get('ReplicaFailure') ?? conditionsOf(workload.status).get('ReplicaFailure');
  const messages =
    condition?.status === 'True'
      ? [condition.message]
      : condition === undefined && replicaSet === undefined
        ? latest(events.filter(({ reason, name }) => reason === 'FailedCreate' && name === maker.name)).map(
            ({ message }) => message,
          )
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

function ofPods({ events }: Snapshot, pods: readonly LiveObject[]): readonly Diagnosis[] {
  return pods
    .filter(({ deleted }) => deleted === undefined)
    .flatMap((pod) => {
      const about = events.filter(({ kind, name }) => kind === 'Pod' && name === pod.name);
      const found = ofContainers(pod, about) ?? ofScheduling(pod) ?? ofStart(about, pod) ?? ofGates(pod);
      return found ? [{ ...found, pods: 1 }] : [];
    });
}

/** `restarts` of the container are said behind the sentence; pods that differ in nothing else are one diagnosis. */
type Found = Omit<Diagnosis, 'pods'> & { readonly restarts?: number };

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);

function ofContainers(pod: LiveObject, events: readonly RolloutEvent[]): Found | undefined {
  const init = list(pod.status, 'initContainerStatuses');
  // An init container that exited with code 0 is complete, however often it was restarted.
  const pending = init.filter((container) => number(container, 'state', 'terminated', 'exitCode') !== 0);
  const statuses = [...pending, ...list(pod.status, 'containerStatuses')];
  for (const container of statuses) {
    const name = text(container, 'name') ?? '';
    const found = ofWaiting(container, name, events) ?? ofTerminated(container, name, events);
    if (found) return found;
  }
  const unready = statuses.find(
    (container) => at(container, 'ready') === false && at(container, 'state', 'running') !== undefined,
  );
  if (unready === undefined) return undefined;
  const name = text(unready, 'name') ?? '';
  // A sidecar has started, or has a probe that reports that it hasn't. Any other init container is merely running.
  const isProbed = at(unready, 'started') === true || events.some(({ reason }) => reason === 'Unhealthy');
  if (init.includes(unready) && !isProbed)
    return {
      cause: 'start',
      sentence: `init container ${name} has not completed yet; the other containers wait for it`,
      evidence: '',
    };
  return ofProbes(name, events, unready);
}

function ofWaiting(container: unknown, name: string, events: readonly RolloutEvent[]): Found | undefined {
  const reason = text(container, 'state', 'waiting', 'reason');
  const message = text(container, 'state', 'waiting', 'message') ?? '';
  if (reason === undefined) return undefined;
  if (imageReasons.has(reason)) {
    const pull = latest(events.filter((event) => event.reason === 'Failed' && /pull|image/i.test(event.message)))[0]
      ?.message;
    const detail = /back-off/i.test(message) && pull ? pull : message;
    return {
      cause: 'image',
      sentence: imageCause(text(container, 'image') ?? '', reason, detail),
      evidence: oneLine(detail || reason, 400),
    };
  }
  if (reason === 'CreateContainerConfigError')
    return {
      cause: 'configuration',
      sentence: `container ${name} cannot be configured`,
      evidence: oneLine(message, 400),
    };
  if (/^(CreateContainerError|RunContainerError|StartError)$/.test(reason))
    return { cause: 'start', sentence: `container ${name} cannot be started`, evidence: oneLine(message, 400) };
  if (reason === 'CrashLoopBackOff') return crash(container, name, events, at(container, 'lastState', 'terminated'));
  return undefined;
}

/** Between two restarts, a crashing container is terminated or, briefly, running. */
function ofTerminated(container: unknown, name: string, events: readonly RolloutEvent[]): Found | undefined {
  const state =
    at(container, 'state', 'terminated') ??
    (at(container, 'ready') === false ? at(container, 'lastState', 'terminated') : undefined);
  if (
    state === undefined ||
    (number(state, 'exitCode') === 0 &&
      at(container, 'state', 'terminated') !== undefined &&
      (number(container, 'restartCount') ?? 0) === 0)
  )
    return undefined;
  return crash(container, name, events, state);
}

function crash(container: unknown, name: string, events: readonly RolloutEvent[], state: unknown): Found {
  const code = number(state, 'exitCode');
  const reason = text(state, 'reason');
  const restarts = number(container, 'restartCount') ?? 0;
  const exitMessage = oneLine(text(state, 'message') ?? '', 400);
  if (reason === 'OOMKilled')
    return {
      cause: 'out of memory',
      sentence: `container ${name} exceeds its memory limit`,
      evidence: exitMessage || 'OOMKilled',
      restarts,
    };
  const killed = latest(
    events.filter((event) => event.reason === 'Unhealthy' && /^(Liveness|Startup) probe/.test(event.message)),
  )[0];
  if (killed)
    return {
      cause: 'liveness',
      sentence: `container ${name} is restarted because its ${killed.message.startsWith('Startup') ? 'startup' : 'liveness'} probe fails`,
      evidence: oneLine(killed.message, 400),
      restarts,
    };
  if (code === 0)
    return {
      cause: 'crash',
      sentence: `container ${name} completes successfully although it should keep running`,
      evidence: exitMessage || 'exit code 0',
      restarts,
    };
  const meaning = code === undefined ? '' : (exitCodes[code] ?? '');
  return {
    cause: 'crash',
    sentence: `container ${name} crashes${code === undefined ? '' : ` with exit code ${code}`}${meaning}`,
    evidence: exitMessage || reason || '',
    restarts,
  };
}

const exitCodes: Readonly<Record<number, string>> = {
  126: ' (command not executable)',
  127: ' (command not found)',
  128: ' (could not be started)',
  137: ' (killed by SIGKILL)',
  139: ' (segmentation fault)',
  143: ' (terminated by SIGTERM)',
};

function ofProbes(name: string, events: readonly RolloutEvent[], container: unknown): Found | undefined {
  const unhealthy = latest(events.filter(({ reason }) => reason === 'Unhealthy'));
  const readiness = unhealthy.find(({ message }) => message.startsWith('Readiness probe'));
  if (readiness)
    return {
      cause: 'readiness',
      sentence: `container ${name} is running but not ready: ${probeFailure(readiness.message)}`,
      evidence: oneLine(readiness.message, 400),
    };
  const startup = unhealthy.find(({ message }) => message.startsWith('Startup probe'));
  if (startup)
    return {
      cause: 'liveness',
      sentence: `container ${name} is running but its startup probe fails: ${probeFailure(startup.message)}`,
      evidence: oneLine(startup.message, 400),
    };
  if (at(container, 'started') === false) return undefined;
  return {
    cause: 'readiness',
    sentence: `container ${name} is running but not ready: its readiness probe has not succeeded`,
    evidence: '',
  };
}

function ofScheduling(pod: LiveObject): Found | undefined {
  const scheduled = conditionsOf(pod.status).get('PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { cause: 'unschedulable', sentence: 'the pod cannot be scheduled', evidence: oneLine(scheduled.message, 400) };
}

function ofStart(events: readonly RolloutEvent[], pod: LiveObject): Found | undefined {
  if (text(pod.status, 'phase') !== 'Pending') return undefined;
  const event = latest(
    events.filter(({ reason }) =>
      /^(FailedMount|FailedAttachVolume|FailedCreatePodSandBox|NetworkNotReady)$/.test(reason),
    ),
  )[0];
  if (!event) return undefined;
  const volume = event.reason.startsWith('FailedMount') || event.reason.startsWith('FailedAttach');
  return {
    cause: volume ? 'volume' : 'sandbox',
    sentence: volume
      ? 'a volume of the pod cannot be attached or mounted'
      : 'the pod’s sandbox or network cannot be set up',
    evidence: oneLine(event.message, 400),
  };
}

function ofGates(pod: LiveObject): Found | undefined {
  const ready = conditionsOf(pod.status).get('Ready');
  if (ready?.reason !== 'ReadinessGatesNotReady') return undefined;
  return {
    cause: 'readiness',
    sentence: 'a readiness gate of the pod is not satisfied',
    evidence: oneLine(ready.message, 400),
  };
}

/** All new pods exist, but old ones are still terminating. */
function ofOldPods(
  { workload, pods, replicaSets }: Snapshot,
  { replicaSet, pods: fresh }: NewRevision,
): readonly Diagnosis[] {
  if (workload.groupKind !== 'apps/Deployment' || !replicaSet) return [];
  const wanted = number(workload.spec, 'replicas') ?? 1;
  if ((number(workload.status, 'updatedReplicas') ?? 0) < wanted) return [];
  const older = new Set(
    replicaSets
      .filter(({ uid, owners }) => uid !== replicaSet.uid && owners.some((owner) => owner.uid === workload.uid))
      .map(({ uid }) => uid),
  );
  const leaving = pods.filter(
    (pod) => pod.deleted !== undefined && !fresh.includes(pod) && pod.owners.some(({ uid }) => older.has(uid)),
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

function latest(events: readonly RolloutEvent[]): readonly RolloutEvent[] {
  return [...events].sort((a, b) => (a.last < b.last ? 1 : -1));
}

/** One line for a list: sentence, number of pods and the cluster's message. */
export function diagnosisLine({ sentence, evidence, pods }: Diagnosis): string {
  return `${sentence}${pods > 1 ? ` (${pods} pods)` : ''}${evidence === '' ? '' : `: ${evidence}`}`;
}
