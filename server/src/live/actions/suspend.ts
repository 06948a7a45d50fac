// Suspends a Flux object: its controller ignores it until it is resumed.

import { oneLine } from '../../syntax/shown.ts';
import { canSuspend } from '../family.ts';
import { suspendReason } from '../object.ts';
import { applierOf, type Change, nameOf, offered, refused } from './action.ts';

const longestReason = 300;

export const suspend: Change<'suspend'> = {
  is: 'change',
  verb: 'suspend',
  title: 'Suspend',
  icon: 'debug-pause',
  menu: { group: '2_act@2', inline: 2 },
  summary: 'suspend reconciliation of a Flux object',
  parameters: [
    {
      name: 'reason',
      title: 'Why, for whoever finds it suspended',
      optional: true,
      initial: () => '',
      problem: (value) =>
        value.length <= longestReason ? undefined : `A reason may have ${longestReason} characters at most.`,
    },
  ],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!canSuspend(object.groupKind, object.apiVersion))
      return refused(`${nameOf(object)} cannot be suspended: its kind has no spec.suspend.`);
    if (object.spec.suspend === true) return { is: 'done', message: `${nameOf(object)} is already suspended.` };
    return offered;
  },
  change(_, { values }) {
    const reason = oneLine(values.reason ?? '', longestReason);
    const metadata = reason === '' ? {} : { metadata: { annotations: { [suspendReason]: reason } } };
    return { body: { ...metadata, spec: { suspend: true } }, asSeen: true };
  },
  preview: () =>
    'Sets spec.suspend to true. The controller ignores the object until it is resumed; changes in Git are not applied.',
  settled({ context, before, written }) {
    const what = nameOf(written);
    if (written.spec.suspend !== true)
      return {
        outcome: 'failed',
        message: `${what} did not stay suspended: another client or controller resets spec.suspend.`,
      };
    const applier = applierOf(before);
    const warning = applier
      ? ` It is applied by ${applier}, which may revert this unless Git also sets spec.suspend.`
      : '';
    return { outcome: 'handled', message: `${what} is suspended on ${context}.${warning}` };
  },
  words: {
    doing: 'Suspending',
    progress: () => undefined,
    pending: ({ written }) => `${nameOf(written)} is being suspended.`,
  },
};
