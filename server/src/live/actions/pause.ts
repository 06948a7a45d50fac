// Pauses a Deployment, so that changes of its template don't roll out, or a Cluster, whose controllers then leave it alone.
import type { GroupKind } from '../../kube/identity.ts';
import { type Change, nameOf, offered, refused } from './action.ts';
import { appliedWarning, isPaused } from './rollouts.ts';

const deployment: GroupKind = 'apps/Deployment';
const pausable: ReadonlySet<GroupKind> = new Set([deployment, 'cluster.x-k8s.io/Cluster']);

export function canPause(groupKind: GroupKind): boolean {
  return pausable.has(groupKind);
}

export const pause: Change<'pause'> = {
  is: 'change',
  verb: 'pause',
  title: 'Pause',
  icon: 'debug-pause',
  menu: { group: '2_act@5' },
  summary: 'pause the rollouts of a Deployment, or the reconciliation of a Cluster',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!canPause(object.groupKind)) return refused(`${nameOf(object)} cannot be paused.`);
    if (isPaused(object)) return { is: 'done', message: `${nameOf(object)} is already paused.` };
    return offered;
  },
  change: () => ({ body: { spec: { paused: true } }, asSeen: true }),
  preview: ({ groupKind }) =>
    groupKind === deployment
      ? 'Sets spec.paused to true. Changes of the pod template do not roll out until it is resumed; scaling still works.'
      : 'Sets spec.paused to true. No controller creates, repairs, upgrades or deletes anything of the cluster until it is resumed.',
  settled(step) {
    const { written, context } = step;
    const what = nameOf(written);
    if (!isPaused(written))
      return {
        outcome: 'failed',
        message: `${what} did not stay paused: another client or controller resets spec.paused.`,
      };
    return { outcome: 'handled', message: `${what} is paused on ${context}.${appliedWarning(step, 'spec.paused')}` };
  },
  words: {
    doing: 'Pausing',
    progress: () => undefined,
    pending: ({ written }) => `${nameOf(written)} is being paused.`,
  },
};
