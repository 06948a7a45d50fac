// Reconciles a Kustomization or HelmRelease with what its source has now: the source is fetched first, and once that is done,
// the object is reconciled.
import { chartOf, sourcesOf } from '../flux-sources.ts';
import { deliveryKinds } from '../inventory.ts';
import type { LiveObject } from '../object.ts';
import { type Change, nameOf, refused } from './action.ts';
import { handled, pendingWords, progressOf, requestedAt } from './flux-request.ts';
import { reconcile } from './reconcile.ts';

export const reconcileWithSource: Change<'reconcileWithSource'> = {
  is: 'change',
  verb: 'reconcileWithSource',
  title: 'Reconcile with Source',
  icon: 'repo-sync',
  menu: { group: '2_act@1' },
  summary: 'fetch the source of a Kustomization or HelmRelease, then reconcile it',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (!deliveryKinds.includes(object.groupKind) || sourcesOf(object).length === 0)
      return refused(`${nameOf(object)} has no source of its own.`);
    return reconcile.offeredFor(object);
  },
  first: { change: reconcile, of: fetchable },
  change: (_, { at }) => ({ body: { metadata: { annotations: requestedAt(at) } }, asSeen: false }),
  preview: (object) =>
    `Requests that ${fetchable(object).map(nameOf)[0] ?? 'its source'} is fetched now and waits for it, then requests reconciliation. The state in Git is applied and overwrites manual changes.`,
  settled: handled,
  words: { doing: 'Reconciling', progress: progressOf, pending: pendingWords },
};

/** The source or, where that has nothing to fetch, the chart that comes from it. */
function fetchable(object: LiveObject) {
  const chart = chartOf(object);
  return [...sourcesOf(object), ...(chart ? [chart] : [])];
}
