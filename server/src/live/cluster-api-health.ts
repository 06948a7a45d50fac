// The health of Cluster API objects of any provider, from the contract and the conditions of both generations. A shortage of
// machines that are being created, replaced or removed is progress; one without such a reason is a failure.
import { groupOf } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { type Condition, type Conditions, conditionsOf, wordsOf } from './conditions.ts';
import { clusterApiGroup } from './family.ts';
import { at, fields, flag, list, number, text } from './fields.ts';
import { fromCondition, type Health, held, notObserved, sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf, shortened } from './rollout.ts';

export function clusterApiHealth(object: LiveObject): Health {
  const { spec, status, annotations, groupKind, writers } = object;
  const conditions = conditionsOf(status);
  const below = unpausedHealth(object, conditions);
  if (flag(spec, 'paused') && groupKind === 'cluster.x-k8s.io/Cluster')
    return held('paused', below, writers.paused?.time);
  const paused = conditions.get('Paused');
  if (annotations['cluster.x-k8s.io/paused'] !== undefined) return held('paused by annotation', below, paused?.since);
  if (paused?.status === 'True') return held('paused', below, paused.since);
  return below;
}

function unpausedHealth(object: LiveObject, conditions: Conditions): Health {
  const { spec, status, generation, writers, groupKind } = object;
  const failure = text(status, 'failureMessage') ?? text(status, 'failureReason');
  if (failure !== undefined) return { state: 'failed', reason: failure };
  const seen = number(status, 'observedGeneration');
  if (seen !== undefined && seen < generation) return notObserved;
  const summary = summaryOf(conditions);
  const blocked = blockedBy(conditions);
  if (blocked) return { ...fromCondition('failed', blocked), reason: counted(object, wordsOf(blocked)) };
  const isFailing = summary?.status === 'False' && !isStarting(object, summary) && !isShortage(conditions, summary);
  // The conditions of a Cluster say more than its counts.
  const rollout = groupKind === 'cluster.x-k8s.io/Cluster' ? undefined : rolloutOf(object);
  if (flag(spec, 'paused') && groupKind !== 'cluster.x-k8s.io/Cluster') {
    const now: Health = isFailing ? fromCondition('failed', summary) : { state: 'ready', reason: '' };
    return held('rollout paused', now, writers.paused?.time);
  }
  // If the provider doesn't report versions, the rollout is unknown and the conditions decide.
  if (rollout?.is === 'waiting' && !rollout.unknown) {
    if (isFailing) return { ...fromCondition('failed', summary), reason: counted(object, wordsOf(summary)) };
    return rolling(object, conditions, rollout.message);
  }
  if (summary === undefined) return withoutSummary(object, conditions);
  if (isFailing) return fromCondition('failed', summary);
  const busy = busyOf(conditions);
  if (summary.status === 'False') return fromCondition('progressing', summary);
  if (summary.status === 'Unknown')
    return fromCondition(isStarting(object, summary) ? 'progressing' : 'unknown', summary);
  if (busy) return fromCondition('progressing', busy);
  const topology = conditions.get('TopologyReconciled');
  // Topologies have a separate controller, which may lag behind the one that writes the other conditions.
  if (topology?.observedGeneration !== undefined && topology.observedGeneration < generation) return notObserved;
  if (topology?.status === 'False')
    return fromCondition(/Failed/.test(topology.reason) ? 'failed' : 'progressing', topology);
  return { state: 'ready', reason: '', ...sinceOf(summary.since) };
}

const blockable = ['ScalingUp', 'RollingOut'];
const busyTypes = ['RollingOut', 'Remediating', 'ScalingUp', 'ScalingDown', 'Updating'];

function busyOf(conditions: Conditions): Condition | undefined {
  return firstTrue(conditions, busyTypes);
}

function firstTrue(conditions: Conditions, types: readonly string[], isWanted?: RegExp): Condition | undefined {
  for (const type of types) {
    const condition = conditions.get(type);
    if (condition?.status === 'True' && isWanted?.test(condition.message) !== false) return condition;
  }
  return undefined;
}

/** The controllers report in these conditions that a template is missing, without which no machine can be created. */
function blockedBy(conditions: Conditions): Condition | undefined {
  return firstTrue(conditions, blockable, /\bdo(es)? not exist\b/);
}

/** The items of a message that Cluster API nests, without their headings. */
function itemsOf({ message }: Condition): readonly string[] {
  return message
    .split('\n')
    .map((line) => line.replace(/^[\s*]+/, ''))
    .filter((line) => line !== '' && !line.endsWith(':'));
}

/**
 * Whether the object lacks only machines, and these are on their way or being removed: the condition counts replicas, and
 * either the object adds, replaces or removes machines, or none of its machines reports more than that it is starting
 * (setAvailableCondition in core/reconcilers/machinedeployment, machinedeployment_status.go).
 */
function isShortage(conditions: Conditions, summary: Condition): boolean {
  const items = itemsOf(summary);
  if (items.length === 0 || !items.every((item) => /\bavailable replicas, at least \d+ required\b/.test(item)))
    return false;
  if (busyOf(conditions)) return true;
  const machines = ['WorkerMachinesReady', 'MachinesReady'].flatMap((type) => conditions.get(type) ?? []);
  // Machines that are all ready are counted a moment later.
  return machines.length > 0 && machines.every((one) => one.status === 'True' || isOnItsWay(one));
}

/** A node that was lost reports itself under `Node`; one that joins lacks its network or has not reported yet. */
function isOnItsWay(machines: Condition): boolean {
  return itemsOf(machines).every(
    (item) =>
      !saysFailure.test(item) &&
      (!/\bNode\.\w+:/.test(item) || /network not ready|cni\b|not yet reported|not yet registered/i.test(item)),
  );
}

const saysFailure = /\b(fail(ed|ure|s)?|error|denied|forbidden|unhealthy|exceeded|timed? ?out)\b/i;

/** `1/3: ` before the words, if the object has replicas. */
function counted({ spec, status, groupKind }: LiveObject, words: string): string {
  const wanted = number(spec, 'replicas');
  // Most providers of machine pools count no updated machines.
  const otherwise = groupKind === 'cluster.x-k8s.io/MachinePool' ? (number(status, 'readyReplicas') ?? 0) : 0;
  const updated = number(status, 'upToDateReplicas') ?? number(status, 'updatedReplicas') ?? otherwise;
  return wanted === undefined ? words : `${updated}/${wanted}: ${words}`;
}

/**
 * The summary condition. Ready takes precedence over Available: among the older conditions, Available of a control plane
 * means only that it was available once, and Available of a Machine that it has been Ready for long enough.
 */
function summaryOf(conditions: Conditions): Condition | undefined {
  return conditions.get('Ready') ?? conditions.get('Available');
}

function rolling(object: LiveObject, conditions: Conditions, message: string): Health {
  const remediation = conditions.get('Remediating');
  if (remediation?.status === 'True') return fromCondition('progressing', remediation);
  const words = shortened(message).replace(/^.* is paused: /, 'paused: ');
  const since = busyOf(conditions)?.since;
  return { state: 'progressing', reason: counted(object, words), ...sinceOf(since) };
}

/**
 * Milliseconds after its initialization within which a control plane may still be unavailable: as long as Cluster API
 * itself waits for the list of etcd members (setAvailableCondition in controlplane/kubeadm, status.go).
 */
const settling = 120_000;

/**
 * Whether the condition is False or Unknown because the object is still being provisioned, not because something failed:
 * it has not been provisioned yet, and neither reason nor message indicates a failure.
 */
function isStarting(object: LiveObject, { reason, severity, message, since }: Condition): boolean {
  const { status, groupKind, created } = object;
  if (severity === 'Error') return false;
  if (severity === 'Info') return true;
  // Older control planes report their progress with severity Warning.
  if (severity === 'Warning' && /^(Scaling(Up|Down)|RollingUpdateInProgress)$/.test(reason)) return true;
  if (/fail|error|unhealthy|timeout/i.test(reason) || saysFailure.test(message)) return false;
  const phase = text(status, 'phase');
  if (roleOf(groupKind) === 'controlPlane') {
    const first = conditionsOf(status).get('Initialized');
    if (first?.status === 'True' && Date.parse(since ?? '') - Date.parse(first.since ?? '') < settling) return true;
  }
  if (groupKind === 'cluster.x-k8s.io/Cluster' && phase === 'Provisioned') {
    // The phase begins with the first address, before the control plane answers.
    const condition = conditionsOf(status).get('ControlPlaneInitialized');
    const initialized =
      condition?.status === 'True' ||
      flag(status, 'initialization', 'controlPlaneInitialized') ||
      flag(status, 'controlPlaneReady');
    return !initialized || Date.parse(since ?? '') - Date.parse(condition?.since ?? created ?? '') < settling;
  }
  // A Provisioned machine has no node yet; for other kinds, Provisioned is final.
  const isMachine = groupOf(groupKind) === clusterApiGroup;
  if (phase !== undefined) return phase !== 'Running' && phase !== 'Failed' && (isMachine || phase !== 'Provisioned');
  const initialization = fields(status, 'initialization');
  if (Object.keys(initialization).length > 0) return Object.values(initialization).some((value) => value !== true);
  return roleOf(groupKind) === undefined ? true : !flag(status, 'ready');
}

/** Health without a summary condition: from counters for MachineSets and MachinePools, from the contract for providers. */
function withoutSummary(object: LiveObject, conditions: Conditions): Health {
  const { spec, status, groupKind } = object;
  if (groupKind === 'cluster.x-k8s.io/MachineHealthCheck') {
    const allowed = conditions.get('RemediationAllowed');
    if (allowed?.status === 'False') return fromCondition('failed', allowed);
    const [expected, healthy] = [number(status, 'expectedMachines'), number(status, 'currentHealthy')];
    if (expected === undefined || healthy === undefined) return { state: 'unknown', reason: 'not reconciled yet' };
    // Machines that are being provisioned aren't healthy either; failed ones report it themselves.
    return { state: healthy < expected ? 'progressing' : 'ready', reason: `${healthy}/${expected} healthy` };
  }
  const wanted = number(spec, 'replicas');
  if (wanted !== undefined) {
    const ready = number(status, 'readyReplicas') ?? 0;
    const all = number(status, 'replicas') ?? 0;
    if (ready === wanted && all === wanted) return { state: 'ready', reason: '' };
    return { state: 'progressing', reason: `${ready}/${wanted} ready` };
  }
  const provisioned =
    at(status, 'initialization', 'provisioned') ??
    at(status, 'initialization', 'controlPlaneInitialized') ??
    at(status, 'ready');
  if (provisioned === true) return { state: 'ready', reason: '' };
  if (provisioned === false) return { state: 'progressing', reason: 'not provisioned yet' };
  return {
    state: 'unknown',
    reason:
      list(status, 'conditions').length === 0 ? 'no status yet' : 'its status does not report whether it is ready',
  };
}
