// Restarts a workload as `kubectl rollout restart` does: an annotation of the pod template replaces all pods by its update
// strategy. Of a MachineDeployment or a control plane all machines are replaced, as `clusterctl alpha rollout restart` does.
import type { GroupKind } from '../../kube/identity.ts';
import { roleOf } from '../../kube/roles.ts';
import { familyOf } from '../family.ts';
import { number, text } from '../fields.ts';
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
  offeredFor(object) {
    if (familyOf(object.groupKind) !== 'workload' && rolloutField(object) === undefined)
      return refused(`${nameOf(object)} has no pods or machines to restart.`);
    if (isPaused(object)) return refused(`${nameOf(object)} is paused, so nothing rolls out. Resume it first.`);
    return offered;
  },
  change(object, { at }) {
    const field = rolloutField(object);
    if (field === 'after') return { body: { spec: { rollout: { after: at } } }, asSeen: false };
    if (field === 'rolloutAfter') return { body: { spec: { rolloutAfter: at } }, asSeen: false };
    const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
    return { body: { spec: { template: { metadata: { annotations } } } }, asSeen: false };
  },
  preview: (object) => (rolloutField(object) === undefined ? podsWords(object) : machinesWords(object)),
  settled: (step) => rolledOut(step, `was restarted on ${step.context}`),
  words: { doing: 'Restarting', progress: rolloutProgress, pending: rolloutPending },
};

/** Kinds that replace their machines at a time that the spec gives. */
const ofMachines: ReadonlySet<GroupKind> = new Set([
  'cluster.x-k8s.io/MachineDeployment',
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
]);

/** Where the spec gives the time: `spec.rollout.after` since v1beta2, `spec.rolloutAfter` before. */
function rolloutField({ groupKind, apiVersion }: LiveObject): 'after' | 'rolloutAfter' | undefined {
  if (!ofMachines.has(groupKind)) return undefined;
  return apiVersion.endsWith('/v1beta1') ? 'rolloutAfter' : 'after';
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
