// Restarts a workload as `kubectl rollout restart` does: an annotation of the pod template replaces all pods by its update strategy.
import { familyOf } from '../family.ts';
import { text } from '../fields.ts';
import { type Change, nameOf, offered, refused } from './action.ts';
import { isPaused, rolledOut, rolloutPending, rolloutProgress } from './rollouts.ts';

export const restart: Change<'restart'> = {
  is: 'change',
  verb: 'restart',
  title: 'Restart',
  icon: 'debug-restart',
  menu: { group: '2_act@3' },
  summary: 'restart a workload: its pods are replaced by its update strategy',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (familyOf(object.groupKind) !== 'workload') return refused(`${nameOf(object)} has no pods to restart.`);
    if (isPaused(object)) return refused(`${nameOf(object)} is paused, so nothing rolls out. Resume it first.`);
    return offered;
  },
  change: (_, { at }) => ({
    body: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } },
    asSeen: false,
  }),
  preview: ({ spec }) =>
    text(spec, 'updateStrategy', 'type') === 'OnDelete'
      ? 'Sets an annotation of the pod template. With the strategy OnDelete, each pod is replaced only once it is deleted.'
      : text(spec, 'strategy', 'type') === 'Recreate'
        ? 'Ends all pods, then starts new ones: the workload is down in between.'
        : 'Replaces all pods, a few at a time, as the update strategy allows.',
  settled: (step) => rolledOut(step, `was restarted on ${step.context}`),
  words: { doing: 'Restarting', progress: rolloutProgress, pending: rolloutPending },
};
