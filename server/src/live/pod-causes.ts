// What is wrong with one pod: derives a cause from its phase, conditions, containers and events. A cause is reported only when
// a condition or a container's state proves it or, where neither does, an event that isn't older than what it explains.

import { kindName } from '../kube/identity.ts';
import { oneLine } from '../syntax/shown.ts';
import { type Cause, imageCause, isAboutVolumes, probeFailure } from './causes.ts';
import { conditionsOf } from './conditions.ts';
import { at, list, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';
import { gatesOf } from './pod-health.ts';

export interface RolloutEvent {
  readonly reason: string;
  readonly message: string;
  readonly kind: string;
  readonly name: string;
  /** Of the involved object; empty if the event has none. */
  readonly uid: string;
  readonly count: number;
  /** RFC 3339. */
  readonly last: string;
}

/** Events of the object itself, not of an earlier one with the same name, the latest first. */
export function eventsOf(
  events: readonly RolloutEvent[],
  { uid, groupKind, name }: Pick<LiveObject, 'uid' | 'groupKind' | 'name'>,
): readonly RolloutEvent[] {
  const kind = kindName(groupKind);
  return latest(
    events.filter(
      (event) => event.kind === kind && event.name === name && (event.uid === '' || uid === '' || event.uid === uid),
    ),
  );
}

/** `endedToo`: also of a pod whose containers have ended for good. */
export function causeOfPod(pod: LiveObject, all: readonly RolloutEvent[], endedToo = false): Found | undefined {
  const events = eventsOf(all, pod);
  if (isOver(pod)) return endedToo && text(pod.status, 'phase') === 'Failed' ? ofContainers(pod, events) : undefined;
  return ofNode(pod) ?? ofContainers(pod, events) ?? ofScheduling(pod) ?? ofStart(events, pod) ?? ofGates(pod);
}

/** Its containers have ended for good; the workload's controller replaces it. */
export function isOver({ status }: LiveObject): boolean {
  return /^(Failed|Succeeded)$/.test(text(status, 'phase') ?? '');
}

/** Reasons for which a kubelet refuses a pod that was scheduled to its node (pkg/kubelet/lifecycle and its managers). */
const refusedByNode =
  /^(OutOf\w+|NodeAffinity|NodePorts|UnexpectedAdmissionError|TopologyAffinityError|PodOSNotSupported)$/;

/** Why pods of the workload ended, if that repeats: one that ended beside its replacement is history. */
export function causeOfEnded(pods: readonly LiveObject[]): readonly (Found & { readonly pods: number })[] {
  const byReason = new Map<string, LiveObject[]>();
  for (const pod of pods.filter(isOver)) {
    const reason = text(pod.status, 'reason') ?? '';
    if (refusedByNode.test(reason) || reason === 'Evicted')
      byReason.set(reason, [...(byReason.get(reason) ?? []), pod]);
  }
  return [...byReason].flatMap(([reason, ended]) => {
    if (ended.length < 2) return [];
    const evidence = oneLine(text(ended.at(-1)!.status, 'message') ?? reason, 400);
    const what = reason === 'Evicted' ? 'its node evicts them' : `the node refuses them (${reason})`;
    return [{ cause: 'node', sentence: `pods end as soon as they are created: ${what}`, evidence, pods: ended.length }];
  });
}

/** A kubelet that reports its containers as ready reports the pod as ready too; only the node's controller does otherwise. */
function ofNode(pod: LiveObject): Found | undefined {
  const conditions = conditionsOf(pod.status);
  const ready = conditions.get('Ready');
  const containers = list(pod.status, 'containerStatuses');
  const isUp = containers.length > 0 && containers.every((one) => at(one, 'ready') === true);
  const sidecars = list(pod.status, 'initContainerStatuses').filter((one) => at(one, 'state', 'running') !== undefined);
  if (ready?.status !== 'False' || !isUp || sidecars.some((one) => at(one, 'ready') !== true)) return undefined;
  // Its containers are ready: a readiness gate is not.
  if (ready.reason === 'ReadinessGatesNotReady' || text(pod.status, 'phase') !== 'Running') return undefined;
  return {
    cause: 'node',
    sentence: `node ${text(pod.spec, 'nodeName') ?? 'of the pod'} does not report: its pods are not ready`,
    evidence: oneLine(ready.message === '' ? 'all its containers were ready' : ready.message, 400),
    ...(ready.since === undefined ? {} : { since: ready.since }),
  };
}

/** `restarts` of the container are said behind the sentence; pods that differ in nothing else are one diagnosis. */
export interface Found {
  readonly cause: Cause;
  /** One sentence: what is wrong and where. */
  readonly sentence: string;
  /** The cluster's own message. */
  readonly evidence: string;
  /** RFC 3339: since when, if known. */
  readonly since?: string;
  readonly restarts?: number;
}

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
    events.filter(
      (event) =>
        event.reason === 'Unhealthy' && /^(Liveness|Startup) probe/.test(event.message) && isWithin(event.last, state),
    ),
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

/** Whether the event fell into the life of the container that ended; true if its times are unknown. */
function isWithin(last: string, ended: unknown): boolean {
  const [from, to, when] = [text(ended, 'startedAt'), text(ended, 'finishedAt'), Date.parse(last)].map((time) =>
    typeof time === 'string' ? Date.parse(time) : (time ?? Number.NaN),
  ) as [number, number, number];
  return !(when < from - 1000) && !(when > to + 60_000);
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
  const started = Date.parse(text(container, 'state', 'running', 'startedAt') ?? '');
  // Events from before its start are about an earlier run.
  const unhealthy = latest(
    events.filter(({ reason, last }) => reason === 'Unhealthy' && !(Date.parse(last) < started - 1000)),
  );
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
  const gates = gatesOf(pod.spec);
  if (gates !== '' && text(pod.spec, 'nodeName') === undefined)
    return { cause: 'scheduling gate', sentence: `the pod is held by scheduling gate ${gates}`, evidence: '' };
  const scheduled = conditionsOf(pod.status).get('PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return {
    cause: isAboutVolumes(scheduled.message) ? 'volume' : 'unschedulable',
    sentence: 'the pod cannot be scheduled',
    evidence: oneLine(scheduled.message, 400),
    ...(scheduled.since === undefined ? {} : { since: scheduled.since }),
  };
}

function ofStart(events: readonly RolloutEvent[], pod: LiveObject): Found | undefined {
  if (text(pod.status, 'phase') !== 'Pending') return undefined;
  const event = latest(
    events.filter(({ reason }) =>
      /^(FailedMount|FailedAttachVolume|FailedCreatePodSandBox|NetworkNotReady)$/.test(reason),
    ),
  )[0];
  // What came after it shows that it is over.
  if (!event || events.some(({ reason, last }) => pulls.test(reason) && last > event.last)) return undefined;
  const volume = event.reason.startsWith('FailedMount') || event.reason.startsWith('FailedAttach');
  return {
    cause: volume ? 'volume' : 'sandbox',
    sentence: volume
      ? 'a volume of the pod cannot be attached or mounted'
      : 'the pod’s sandbox or network cannot be set up',
    evidence: oneLine(event.message, 400),
  };
}

const pulls = /^(Pulling|Pulled|Created|Started)$/;

function ofGates(pod: LiveObject): Found | undefined {
  const ready = conditionsOf(pod.status).get('Ready');
  if (ready?.reason !== 'ReadinessGatesNotReady') return undefined;
  return {
    cause: 'readiness',
    sentence: 'a readiness gate of the pod is not satisfied',
    evidence: oneLine(ready.message, 400),
  };
}

export function latest(events: readonly RolloutEvent[]): readonly RolloutEvent[] {
  return [...events].sort((a, b) => (a.last < b.last ? 1 : -1));
}
