// Restarts a workload as `kubectl rollout restart` does: an annotation of the pod template replaces all pods by its update
// strategy. Of a MachineDeployment or a control plane all machines are replaced, as `clusterctl alpha rollout restart` does.
import { type GroupKind, parseApiVersion } from '../../kube/identity.ts';
import { roleOf } from '../../kube/roles.ts';
import { familyOf } from '../family.ts';
import { at, list, number, text } from '../fields.ts';
import type { LiveObject } from '../object.ts';
import { type Change, nameOf, offered, refused } from './action.ts';
import { isPaused, rolledOut, rolloutPending, rolloutProgress } from './rollouts.ts';

export const restart: Change<'restart'> = {
  is: 'change',
  verb: 'restart',
  title: 'Restart',
  icon: 'debug-restart',
  menu: { group: '2_act@3' },
  summary: 'restart a workload, a MachineDeployment or a control plane: pods or machines are replaced by its strategy',
  parameters: [],
  needs: [{ verb: 'patch' }],
  readsDefinition: hasMachines,
  offeredFor(object) {
    if (familyOf(object.groupKind) !== 'workload' && !hasMachines(object))
      return refused(`${nameOf(object)} has no pods or machines to restart.`);
    if (isPaused(object)) return refused(`${nameOf(object)} is paused, so nothing rolls out. Resume it first.`);
    return offered;
  },
  change(object, { at: time, definition }) {
    if (hasMachines(object)) {
      const [field] = rolloutFields(object, definition);
      if (field === undefined)
        return refused(
          `${nameOf(object)} cannot be restarted: its kind has no field for the time of a rollout (spec.rollout.after or spec.rolloutAfter).`,
        );
      return {
        body: { spec: field === 'after' ? { rollout: { after: time } } : { rolloutAfter: time } },
        asSeen: false,
      };
    }
    const annotations = { 'kubectl.kubernetes.io/restartedAt': time };
    return { body: { spec: { template: { metadata: { annotations } } } }, asSeen: false };
  },
  preview: (object) => (hasMachines(object) ? machinesWords(object) : podsWords(object)),
  settled: (step) => rolledOut(step, `was restarted on ${step.context}`),
  words: { doing: 'Restarting', progress: rolloutProgress, pending: rolloutPending },
};

/** A MachineDeployment, or a control plane of any provider. */
function hasMachines({ groupKind }: LiveObject): boolean {
  return groupKind === 'cluster.x-k8s.io/MachineDeployment' || roleOf(groupKind) === 'controlPlane';
}

/** Cluster API's own kinds, which have the field whether their definition may be read or not. */
const known: ReadonlySet<GroupKind> = new Set([
  'cluster.x-k8s.io/MachineDeployment',
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
]);

/**
 * Where the spec gives the time from which on machines are replaced, by the schema of the kind: `spec.rollout.after`, in
 * versions of Cluster API before v1beta2 and in those of other providers `spec.rolloutAfter`.
 */
function rolloutFields(
  { groupKind, apiVersion }: LiveObject,
  definition: unknown,
): readonly ('after' | 'rolloutAfter')[] {
  const version = parseApiVersion(apiVersion)?.version;
  const own = list(definition, 'spec', 'versions').find((one) => text(one, 'name') === version);
  if (own === undefined) return known.has(groupKind) ? [version === 'v1beta1' ? 'rolloutAfter' : 'after'] : [];
  const spec = at(own, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties');
  return [
    ...(at(spec, 'rollout', 'properties', 'after') === undefined ? [] : (['after'] as const)),
    ...(at(spec, 'rolloutAfter') === undefined ? [] : (['rolloutAfter'] as const)),
  ];
}

function machinesWords({ groupKind, spec }: LiveObject): string {
  const replicas = number(spec, 'replicas') ?? 1;
  const many = replicas === 1 ? 'its machine' : `all ${replicas} machines`;
  return roleOf(groupKind) === 'controlPlane'
    ? `Replaces ${many} of the control plane, one after the other: a new one joins before an old one is drained and deleted.`
    : `Replaces ${many} by the rollout strategy: their nodes are drained and deleted.`;
}

function podsWords({ spec }: LiveObject): string {
  return text(spec, 'updateStrategy', 'type') === 'OnDelete'
    ? 'Sets an annotation of the pod template. With the strategy OnDelete, each pod is replaced only once it is deleted.'
    : text(spec, 'strategy', 'type') === 'Recreate'
      ? 'Ends all pods, then starts new ones: the workload is down in between.'
      : 'Replaces all pods, a few at a time, as the update strategy allows.';
}
