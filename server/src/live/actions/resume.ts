// Resumes a suspended Flux object and requests that its controller reconcile it now.
import { canReconcile } from '../family.ts';
import { type Change, nameOf, offered, refused } from './action.ts';
import { handled, pendingWords, progressOf, requestAt } from './flux-request.ts';

export const resume: Change<'resume'> = {
  is: 'change',
  verb: 'resume',
  title: 'Resume',
  icon: 'debug-continue',
  menu: { group: '2_act@2', inline: 2 },
  summary: 'resume reconciliation of a suspended Flux object',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!canReconcile(object.groupKind)) return refused(`${nameOf(object)} is not reconciled by Flux.`);
    if (object.spec.suspend !== true) return { is: 'done', message: `${nameOf(object)} is not suspended.` };
    return offered;
  },
  change: (_, { at }) => ({ body: { ...requestAt(at), spec: { suspend: false } }, asSeen: true }),
  preview: () => 'Sets spec.suspend to false and requests reconciliation now.',
  settled: handled,
  words: { doing: 'Resuming', progress: progressOf, pending: pendingWords },
};
