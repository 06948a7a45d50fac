// Requests that the controller of a Flux object reconcile it now.
import { canReconcile } from '../family.ts';
import { type Change, nameOf, offered, refused } from './action.ts';
import { handled, pendingWords, progressOf, requestedAt } from './flux-request.ts';

export const reconcile: Change<'reconcile'> = {
  is: 'change',
  verb: 'reconcile',
  title: 'Reconcile',
  icon: 'sync',
  menu: { group: '2_act@1', inline: 1 },
  summary: 'request reconciliation of a Flux object',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!canReconcile(object.groupKind)) return refused(`${nameOf(object)} is not reconciled by Flux.`);
    if (object.spec.suspend === true)
      return refused(`${nameOf(object)} is suspended, so its controller ignores requests. Resume it first.`);
    if (object.groupKind === 'source.toolkit.fluxcd.io/HelmRepository' && object.spec.type === 'oci')
      return refused(
        `${nameOf(object)} is of type oci, of which there is nothing to reconcile; its charts are fetched.`,
      );
    return offered;
  },
  change: (_, { at }) => ({ body: { metadata: { annotations: requestedAt(at) } }, asSeen: false }),
  preview: () =>
    'Sets an annotation that requests reconciliation now. The state in Git is applied and overwrites manual changes.',
  settled: handled,
  words: { doing: 'Reconciling', progress: progressOf, pending: pendingWords },
};
