// Sets the number of replicas of a workload or of a pool of machines.
import type { GroupKind } from '../../kube/identity.ts';
import { roleOf } from '../../kube/roles.ts';
import { at, number } from '../fields.ts';
import type { LiveObject } from '../object.ts';
import { applierOf, type Change, nameOf, offered, refused } from './action.ts';
import { appliedWarning, isPaused, rolledOut, rolloutPending, rolloutProgress } from './rollouts.ts';
import { poolInTopology } from './topology.ts';

const scalable: ReadonlySet<GroupKind> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'cluster.x-k8s.io/MachineDeployment',
  'cluster.x-k8s.io/MachinePool',
]);

export const scale: Change<'scale'> = {
  is: 'change',
  verb: 'scale',
  title: 'Scale...',
  icon: 'arrow-both',
  menu: { group: '2_act@4' },
  summary: 'set the replicas of a workload or of a pool of machines',
  parameters: [
    {
      name: 'replicas',
      title: 'Replicas',
      initial: (object) => `${number(object.spec, 'replicas') ?? 1}`,
      problem: (value) =>
        /^\d{1,5}$/.test(value.trim()) ? undefined : `Replicas must be a whole number of 0 or more, not "${value}".`,
    },
  ],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    const { groupKind } = object;
    if (roleOf(groupKind) === 'controlPlane')
      return refused(
        `${nameOf(object)} is a control plane; its members are not scaled here, because etcd needs its quorum.`,
      );
    if (!scalable.has(groupKind)) return refused(`${nameOf(object)} has no replicas to set.`);
    const manager = object.annotations['cluster.x-k8s.io/replicas-managed-by'];
    if (manager !== undefined && !/^(false|)$/.test(manager))
      return refused(`The replicas of ${nameOf(object)} are managed by ${manager}. Change them there.`);
    return offered;
  },
  through: poolInTopology,
  change(object, { values }) {
    const replicas = Number(values.replicas);
    const { min, max } = autoscaledBetween(object) ?? { min: 0, max: Number.POSITIVE_INFINITY };
    if (replicas < min || replicas > max)
      return refused(
        `The cluster autoscaler keeps ${nameOf(object)} between ${min} and ${max} replicas, so it would not stay at ${replicas}. Change its annotations first.`,
      );
    return { body: { spec: { replicas } }, asSeen: true };
  },
  preview(object) {
    const applier = applierOf(object);
    const owned =
      applier === undefined ? '' : ` ${applier} applies the object and reverts this if Git sets spec.replicas.`;
    const pool = poolInTopology(object);
    const set =
      pool === undefined ? 'Sets spec.replicas.' : `Sets the replicas in the topology of ${nameOf(pool.named)}.`;
    const waits = isPaused(object) ? ' It is paused, which does not stop scaling.' : '';
    const between = autoscaledBetween(object);
    const scaled = between
      ? ` The cluster autoscaler may change it again, between ${between.min} and ${between.max}.`
      : '';
    return `${set}${owned}${scaled}${waits}`;
  },
  settled(step) {
    const { written, now, context, values } = step;
    const isPassedOn = poolInTopology(now) !== undefined;
    const wanted = isPassedOn ? Number(values.replicas) : number(written.spec, 'replicas');
    const current = number(now.spec, 'replicas');
    // The controller of the topology sets it in a moment.
    if (current !== wanted && isPassedOn) return undefined;
    if (current !== wanted)
      return {
        outcome: 'failed',
        message: `${nameOf(now)} did not stay at ${wanted} replicas: another client or controller set ${current}.`,
      };
    if (number(now.status, 'replicas') !== wanted && !(wanted === 0 && at(now.status, 'replicas') === undefined))
      return undefined;
    const done = `has ${wanted} ${wanted === 1 ? 'replica' : 'replicas'} on ${context}.${appliedWarning(step, 'spec.replicas')}`;
    const outcome = isPaused(now) ? pausedOutcome(now, wanted ?? 0, done) : rolledOut(step, done.replace(/\.$/, ''));
    return outcome;
  },
  words: { doing: 'Scaling', progress: rolloutProgress, pending: rolloutPending },
};

/** The size that the annotations of a pool let the cluster autoscaler choose; undefined if it leaves the pool alone. */
function autoscaledBetween({ annotations }: LiveObject): { readonly min: number; readonly max: number } | undefined {
  const size = (which: 'min' | 'max') =>
    Number.parseInt(annotations[`cluster.x-k8s.io/cluster-api-autoscaler-node-group-${which}-size`] ?? '', 10);
  const [min, max] = [size('min'), size('max')];
  return Number.isNaN(min) || Number.isNaN(max) ? undefined : { min, max };
}

/** A paused Deployment scales without rolling out. */
function pausedOutcome(now: LiveObject, wanted: number, done: string) {
  const available = number(now.status, 'availableReplicas') ?? 0;
  return available >= wanted ? ({ outcome: 'handled', message: `${nameOf(now)} ${done}` } as const) : undefined;
}
