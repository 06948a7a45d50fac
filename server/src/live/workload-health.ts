// The health of Deployments, StatefulSets and DaemonSets: kubectl's rollout, and beyond it whether the workload serves now.
// An outage after a finished rollout or during a pause is a failure; pods that start because the workload was created,
// scaled or changed are progress.
import { conditionsOf } from './conditions.ts';
import { flag, number, text } from './fields.ts';
import { fromCondition, type Health, notObserved, sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf, shortened } from './rollout.ts';

export function workloadHealth(object: LiveObject): Health {
  const { spec, status, generation, groupKind } = object;
  const conditions = conditionsOf(status);
  // Checked first, since the rest of the status is outdated. The rollout doesn't report it for the strategy OnDelete.
  if (generation > (number(status, 'observedGeneration') ?? 0)) return notObserved;
  const failure = [conditions.get('ReplicaFailure'), conditions.get('Stalled')].find((one) => one?.status === 'True');
  if (failure) return fromCondition('failed', failure);
  const rollout = rolloutOf(object);
  if (rollout?.is === 'failed' && !rollout.untracked) {
    const reason = 'rollout exceeded its progress deadline';
    return { state: 'failed', reason, ...sinceOf(conditions.get('Progressing')?.since) };
  }
  const { desired, available } = replicasOf(object);
  const counts = `${available}/${desired}`;
  const paused = flag(spec, 'paused');
  const unavailable = conditions.get('Available');
  if (groupKind === 'apps/Deployment' && unavailable?.status === 'False' && isOutage(object)) {
    const reason = `${paused ? 'paused, ' : ''}${counts} available`;
    return { state: 'failed', reason, ...sinceOf(unavailable.since) };
  }
  if (paused)
    return { state: 'suspended', reason: `paused, ${counts} available`, ...sinceOf(object.writers.paused?.time) };
  if (rollout?.is === 'waiting') {
    if (lostPods(object)) return { state: 'failed', reason: `${counts} available` };
    return {
      state: 'progressing',
      reason: `${counts}: ${shortened(rollout.message)}`,
      ...sinceOf(conditions.get('Progressing')?.since),
    };
  }
  // A StatefulSet's rollout counts ready pods, and OnDelete has no rollout, so availability is checked separately.
  if (available < desired) return { state: lostPods(object) ? 'failed' : 'progressing', reason: `${counts} available` };
  const short = unsettled(object, desired);
  if (short !== undefined) return { state: 'progressing', reason: `${counts}: ${short}` };
  const pending = outdated(object);
  // Nothing progresses by itself here, and what runs is well.
  const note = pending === 0 ? '' : `, ${pending} of an older revision until deleted (OnDelete)`;
  return { state: 'ready', reason: `${counts}${note}`, ...sinceOf(unavailable?.since) };
}

export function replicasOf({ groupKind, spec, status }: LiveObject): {
  readonly desired: number;
  readonly available: number;
} {
  return groupKind === 'apps/DaemonSet'
    ? { desired: number(status, 'desiredNumberScheduled') ?? 0, available: number(status, 'numberAvailable') ?? 0 }
    : { desired: number(spec, 'replicas') ?? 1, available: number(status, 'availableReplicas') ?? 0 };
}

/** What kstatus waits for beyond available pods: pods that are not ready, and those that remain after scaling down. */
function unsettled({ groupKind, status }: LiveObject, desired: number): string | undefined {
  if (groupKind === 'apps/DaemonSet' && number(status, 'desiredNumberScheduled') === undefined)
    return 'its controller has not counted its nodes yet';
  const ready = number(status, groupKind === 'apps/DaemonSet' ? 'numberReady' : 'readyReplicas') ?? desired;
  if (ready < desired) return `${ready} ready`;
  const all = groupKind === 'apps/DaemonSet' ? desired : (number(status, 'replicas') ?? desired);
  if (all < desired) return `${all} created`;
  return all > desired ? `${all - desired} old replicas are pending termination` : undefined;
}

/** Milliseconds between a change of the replicas and the condition that results from it. */
const reaction = 10_000;

/** Reasons of a rollout that has not finished (pkg/controller/deployment/util/deployment_util.go). */
const isUnderWay = /^(NewReplicaSetCreated|FoundNewReplicaSet|ReplicaSetUpdated)$/;

/**
 * Whether a Deployment that is short of its minimum was available before. The minimum already allows for what a rolling
 * update takes away; what makes it short without an outage is that it was just created or scaled, or the strategy Recreate.
 */
function isOutage(object: LiveObject): boolean {
  const { spec, status, annotations, created, writers } = object;
  const conditions = conditionsOf(status);
  const progressing = conditions.get('Progressing');
  const since = Date.parse(conditions.get('Available')?.since ?? '');
  const scaled = Date.parse(writers.replicas?.time ?? '');
  const start = Date.parse(created ?? '');
  const follows = (change: number) => since >= change && since <= change + reaction;
  // A manager's time is that of all its fields: one that paused has not scaled.
  const isPause = flag(spec, 'paused') && writers.paused?.time === writers.replicas?.time;
  // The creation writes the replicas too; it says nothing about a rollout that has finished since.
  if (scaled > start + 1000 && !isPause && follows(scaled)) return false;
  if (progressing?.reason === 'NewReplicaSetAvailable') return true;
  // Paused before it has ever rolled out: nothing can be lost.
  const revision = Number(annotations['deployment.kubernetes.io/revision'] ?? 0);
  if (revision === 0 && !(number(status, 'replicas') ?? 0)) return false;
  if (flag(spec, 'paused')) return true;
  if (
    text(spec, 'strategy', 'type') === 'Recreate' &&
    (number(status, 'updatedReplicas') ?? 0) < (number(spec, 'replicas') ?? 1)
  )
    return false;
  // The first rollout has not finished: what finished stays so until the template changes.
  if (revision <= 1 && isUnderWay.test(progressing?.reason ?? '')) return false;
  // Without a progress deadline the controller keeps no record of finished rollouts. Not available since its creation: it
  // is starting.
  return since > start + reaction;
}

/**
 * Whether pods that were ready no longer are, as far as the counts of a StatefulSet prove it: it creates each pod only after
 * all before it were ready, so that no more than one of them can be starting.
 */
function lostPods({ groupKind, spec, status }: LiveObject): boolean {
  if (groupKind !== 'apps/StatefulSet' || text(spec, 'podManagementPolicy') === 'Parallel') return false;
  const [all, ready] = [number(status, 'replicas') ?? 0, number(status, 'readyReplicas') ?? 0];
  return all >= (number(spec, 'replicas') ?? 1) && all - ready > 1;
}

/** Pods of an older revision that a workload with the strategy OnDelete leaves until someone deletes them. */
function outdated({ groupKind, spec, status }: LiveObject): number {
  if (text(spec, 'updateStrategy', 'type') !== 'OnDelete') return 0;
  if (groupKind === 'apps/DaemonSet')
    return Math.max(
      0,
      (number(status, 'desiredNumberScheduled') ?? 0) - (number(status, 'updatedNumberScheduled') ?? 0),
    );
  const [current, update] = [text(status, 'currentRevision'), text(status, 'updateRevision')];
  if (update === undefined || current === update) return 0;
  return Math.max(0, (number(status, 'replicas') ?? 0) - (number(status, 'updatedReplicas') ?? 0));
}
