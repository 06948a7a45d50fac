// The health of an object: a state and a short reason. It is conservative: a change that the controller has not observed is
// not ready, a paused or suspended object is reported as such, and the state is "unknown" if nothing indicates it.

import { groupOf } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { type Condition, type Conditions, conditionsOf, isFalse, isTrue, spaced, wordsOf } from './conditions.ts';
import { clusterApiGroup, familyOf, isFlux, isStatic } from './family.ts';
import { at, fields, flag, list, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';
import { shortRevision } from './revision.ts';
import { rolloutOf } from './rollout.ts';

/** The explorer's icon and the command line's mark derive from it. */
export type HealthState =
  | 'ready'
  | 'progressing'
  | 'failed'
  | 'suspended'
  | 'unknown'
  /** The user has no permission to read it. */
  | 'denied'
  | 'deleting'
  /** A kind without conditions, or an object that has none. */
  | 'none';

export interface Health {
  readonly state: HealthState;
  /** Empty if the state is sufficient. */
  readonly reason: string;
  /** RFC 3339: when the state began, if known. */
  readonly since?: string;
}

export function healthOf(object: LiveObject): Health {
  if (object.deleted !== undefined) return deleting(object);
  if (isStatic(object.groupKind))
    return { state: at(object.spec, 'suspend') === true ? 'suspended' : 'none', reason: '' };
  if (isFlux(object.groupKind)) return fluxHealth(object);
  if (familyOf(object.groupKind) === 'workload') return workloadHealth(object);
  if (object.groupKind === 'apps/ReplicaSet' || object.groupKind === '/Pod')
    return genericHealth(object, conditionsOf(object.status));
  if (familyOf(object.groupKind) === 'cluster-api' || roleOf(object.groupKind) !== undefined)
    return clusterApiHealth(object);
  return genericHealth(object, conditionsOf(object.status));
}

function deleting({ deleted, finalizers, status }: LiveObject): Health {
  const step = conditionsOf(status).get('Deleting');
  const reason =
    step && step.status === 'True' && step.message !== ''
      ? wordsOf(step)
      : finalizers.length > 0
        ? `waiting for finalizer ${finalizers[0]}`
        : '';
  return { state: 'deleting', reason, since: deleted! };
}

function fromCondition(state: HealthState, condition: Condition): Health {
  return { state, reason: wordsOf(condition), ...(condition.since === undefined ? {} : { since: condition.since }) };
}

/** Reasons of a Flux object that waits for another one and has not failed (https://fluxcd.io/flux/components/). */
const waitingReasons: ReadonlySet<string> = new Set(['DependencyNotReady', 'SourceNotReady', 'NoSourceArtifact']);

const disabling = /^(fluxcd\.controlplane\.io|source\.extensions\.fluxcd\.io)\/reconcile$/;

function fluxHealth(object: LiveObject): Health {
  const { spec, status, generation, writers, annotations } = object;
  if (flag(spec, 'suspend')) {
    const since = writers.suspend?.time;
    return { state: 'suspended', reason: 'suspended', ...(since === undefined ? {} : { since }) };
  }
  // The kinds of Flux's extensions have no spec.suspend.
  if (Object.entries(annotations).some(([name, value]) => disabling.test(name) && value === 'disabled'))
    return { state: 'suspended', reason: 'reconciliation disabled by annotation' };
  const conditions = conditionsOf(status);
  const ready = conditions.get('Ready');
  const stalled = conditions.get('Stalled');
  if (stalled?.status === 'True' && observed(object, stalled)) return fromCondition('failed', stalled);
  // The status's observedGeneration doesn't advance while reconciliation fails; the condition's does.
  if (ready?.status === 'False' && ready.observedGeneration && ready.observedGeneration < generation)
    return notReconciled(generation);
  if (ready?.status === 'False') {
    // ArtifactFailed is the reason both for a missing source and for a path that is missing in the source.
    const isWaiting =
      waitingReasons.has(ready.reason) ||
      (ready.reason === 'ArtifactFailed' && /^(source\b|\w+\.source\.toolkit\.).*not found/i.test(ready.message));
    return fromCondition(isWaiting ? 'progressing' : 'failed', ready);
  }
  const reconciling = conditions.get('Reconciling');
  if (reconciling?.status === 'True')
    return fromCondition(reconciling.reason === 'ProgressingWithRetry' ? 'failed' : 'progressing', reconciling);
  if (ready === undefined) {
    // HelmRepositories of type oci have no status; any other object has not been reconciled once.
    if (text(spec, 'type') === 'oci') return { state: 'none', reason: '' };
    return { state: 'unknown', reason: 'not reconciled yet: is its controller running?' };
  }
  if (ready.status === 'Unknown') return fromCondition('progressing', ready);
  if (!observed(object, ready)) return notReconciled(generation);
  return {
    state: 'ready',
    reason: revisionWords(object),
    ...(ready.since === undefined ? {} : { since: ready.since }),
  };
}

function notReconciled(generation: number): Health {
  return { state: 'progressing', reason: `generation ${generation} is not reconciled yet` };
}

/** Some kinds leave the condition's generation at 0; ExternalArtifact has none in its status either. */
function observed({ generation, status }: LiveObject, { observedGeneration }: Condition): boolean {
  const seen = observedGeneration || number(status, 'observedGeneration');
  return seen === undefined || seen >= generation;
}

function revisionWords({ status }: LiveObject): string {
  const [latest] = list(status, 'history');
  const revision =
    text(latest, 'chartVersion') ?? text(status, 'lastAppliedRevision') ?? text(status, 'artifact', 'revision');
  return revision === undefined ? '' : shortRevision(revision);
}

function workloadHealth(object: LiveObject): Health {
  const { spec, status, generation, groupKind } = object;
  const conditions = conditionsOf(status);
  const paused = flag(spec, 'paused');
  // Checked first, since the rest of the status is outdated. The rollout doesn't report it for the strategy OnDelete.
  if (generation > (number(status, 'observedGeneration') ?? 0))
    return { state: 'progressing', reason: 'its controller has not observed the change yet' };
  const failure = conditions.get('ReplicaFailure');
  if (failure?.status === 'True') return fromCondition('failed', failure);
  const rollout = rolloutOf(object);
  if (rollout?.is === 'failed' && !rollout.untracked) {
    const deadline = conditions.get('Progressing');
    return {
      state: 'failed',
      reason: 'rollout exceeded its progress deadline',
      ...(deadline?.since ? { since: deadline.since } : {}),
    };
  }
  const desired =
    groupKind === 'apps/DaemonSet' ? (number(status, 'desiredNumberScheduled') ?? 0) : (number(spec, 'replicas') ?? 1);
  const available = number(status, groupKind === 'apps/DaemonSet' ? 'numberAvailable' : 'availableReplicas') ?? 0;
  const counts = `${available}/${desired}`;
  if (paused) return { state: 'suspended', reason: `paused, ${counts} available` };
  if (rollout?.is === 'waiting') return { state: 'progressing', reason: `${counts}: ${shortened(rollout.message)}` };
  if (groupKind === 'apps/Deployment' && isFalse(conditions, 'Available'))
    return { ...fromCondition('failed', conditions.get('Available')!), reason: `${counts} available` };
  // A StatefulSet's rollout counts ready pods, and OnDelete has no rollout, so availability is checked separately.
  if (available < desired) return { state: 'progressing', reason: `${counts} available` };
  return { state: 'ready', reason: counts };
}

/** kubectl's message without the parts that the row already shows. */
function shortened(message: string): string {
  return message
    .replace(/^Waiting for [\w ]+ "[^"]*" rollout to finish: /, '')
    .replace(/^Waiting for (\w+ ?\w*) spec update to be observed/, 'its controller has not observed the change yet')
    .replace(/^Waiting for /, 'waiting for ')
    .replace(/\.\.\.$/, '');
}

/**
 * The summary condition. Ready takes precedence over Available: among the older conditions, Available of a control plane
 * means only that it was available once, and Available of a Machine that it has been Ready for long enough.
 */
function summaryOf(conditions: Conditions): Condition | undefined {
  return conditions.get('Ready') ?? conditions.get('Available');
}

function clusterApiHealth(object: LiveObject): Health {
  const { spec, status, annotations, groupKind } = object;
  const conditions = conditionsOf(status);
  if (flag(spec, 'paused') && groupKind === 'cluster.x-k8s.io/Cluster') return { state: 'suspended', reason: 'paused' };
  if (annotations['cluster.x-k8s.io/paused'] !== undefined)
    return { state: 'suspended', reason: 'paused by annotation' };
  const paused = conditions.get('Paused');
  if (paused?.status === 'True') return { ...fromCondition('suspended', paused), reason: 'paused' };
  const failure = text(status, 'failureMessage') ?? text(status, 'failureReason');
  if (failure !== undefined) return { state: 'failed', reason: failure };
  const generation = number(status, 'observedGeneration');
  if (generation !== undefined && generation < object.generation)
    return { state: 'progressing', reason: 'its controller has not observed the change yet' };
  if (flag(spec, 'paused')) return { state: 'suspended', reason: 'rollout paused' };
  const rollout = rolloutOf(object);
  // If the provider doesn't report versions, the rollout is unknown and the conditions decide.
  if (rollout?.is === 'waiting' && !rollout.unknown) return rolling(object, conditions, rollout.message);
  const summary = summaryOf(conditions);
  if (summary === undefined) return withoutSummary(object, conditions);
  if (summary.status === 'False') return fromCondition(isStarting(object, summary) ? 'progressing' : 'failed', summary);
  if (summary.status === 'Unknown')
    return fromCondition(isStarting(object, summary) ? 'progressing' : 'unknown', summary);
  const busy = ['RollingOut', 'Remediating', 'ScalingUp', 'ScalingDown', 'Updating']
    .map((type) => conditions.get(type))
    .find((condition) => condition?.status === 'True');
  if (busy) return fromCondition('progressing', busy);
  const topology = conditions.get('TopologyReconciled');
  // Topologies have a separate controller, which may lag behind the one that writes the other conditions.
  if (topology?.observedGeneration !== undefined && topology.observedGeneration < object.generation)
    return { state: 'progressing', reason: 'its controller has not observed the change yet' };
  if (topology?.status === 'False')
    return fromCondition(topology.reason.includes('Failed') ? 'failed' : 'progressing', topology);
  return { state: 'ready', reason: '', ...(summary.since === undefined ? {} : { since: summary.since }) };
}

function rolling(object: LiveObject, conditions: Conditions, message: string): Health {
  const remediation = conditions.get('Remediating');
  if (remediation?.status === 'True') return fromCondition('progressing', remediation);
  const wanted = number(object.spec, 'replicas');
  const updated = number(object.status, 'upToDateReplicas') ?? number(object.status, 'updatedReplicas') ?? 0;
  const words = shortened(message).replace(/^.* is paused: /, 'paused: ');
  const since = conditions.get('RollingOut')?.since;
  return {
    state: 'progressing',
    reason: wanted === undefined ? words : `${updated}/${wanted}: ${words}`,
    ...(since === undefined ? {} : { since }),
  };
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
  if (/fail|error|unhealthy|timeout/i.test(reason) || /\b(fail(ed|ure)|error|denied|forbidden)\b/i.test(message))
    return false;
  const phase = text(status, 'phase');
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

/** Health of any other kind, by the rules of kstatus: generations, Stalled, Reconciling, Ready. */
function genericHealth({ generation, status }: LiveObject, conditions: Conditions): Health {
  const seen = number(status, 'observedGeneration');
  if (seen !== undefined && seen !== generation) return notReconciled(generation);
  const stalled = conditions.get('Stalled');
  if (isTrue(conditions, 'Stalled')) return fromCondition('failed', stalled!);
  if (isTrue(conditions, 'Reconciling')) return fromCondition('progressing', conditions.get('Reconciling')!);
  const ready = conditions.get('Ready') ?? conditions.get('Available');
  if (ready === undefined) return { state: 'none', reason: '' };
  if (ready.status === 'True') return { state: 'ready', reason: '', ...(ready.since ? { since: ready.since } : {}) };
  return {
    state: ready.status === 'False' ? 'failed' : 'unknown',
    reason: ready.message === '' ? spaced(ready.reason) : wordsOf(ready),
  };
}
