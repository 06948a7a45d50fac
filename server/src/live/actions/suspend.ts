// Has the controller of a Flux object leave it alone until it is resumed.
import { canSuspend } from '../family.ts';
import { applierOf, type Change, nameOf, offered, refused } from './action.ts';

export const suspend: Change<'suspend'> = {
  is: 'change',
  verb: 'suspend',
  title: 'Suspend',
  icon: 'debug-pause',
  menu: { group: '2_act@2', inline: 2 },
  summary: 'have Flux leave an object alone',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!canSuspend(object.groupKind, object.apiVersion))
      return refused(`${nameOf(object)} cannot be suspended: its kind has no spec.suspend.`);
    if (object.spec.suspend === true) return { is: 'done', message: `${nameOf(object)} was suspended already.` };
    return offered;
  },
  change: () => ({ body: { spec: { suspend: true } }, asSeen: true }),
  preview: () =>
    'spec.suspend becomes true: its controller leaves it alone until it is resumed, and changes in Git are not applied.',
  settled({ context, before, written }) {
    const what = nameOf(written);
    if (written.spec.suspend !== true)
      return { outcome: 'failed', message: `${what} did not stay suspended: something sets it back.` };
    const applier = applierOf(before);
    const warning = applier ? ` It is applied by ${applier}, which may undo this unless Git says the same.` : '';
    return { outcome: 'handled', message: `${what} is suspended on ${context}.${warning}` };
  },
  words: {
    doing: 'Suspending',
    progress: () => undefined,
    pending: ({ written }) => `${nameOf(written)} is being suspended.`,
  },
};
