// Rolls a Deployment back to an earlier revision as `kubectl rollout undo` does: with the pod template of that revision's
// ReplicaSet. What Flux applies is refused, since the next reconciliation would revert it: the change belongs in Git.
import { at } from '../fields.ts';
import { historyOf, imagesOf, revisionsOf } from '../revisions.ts';
import { applierOf, type Change, nameOf, offered, refused, refusedInGit } from './action.ts';
import { mergePatch } from './merge-patch.ts';
import { isPaused, rolledOut, rolloutPending, rolloutProgress } from './rollouts.ts';

const parameter = 'to-revision';

export const undo: Change<'undo'> = {
  is: 'change',
  verb: 'undo',
  title: 'Undo Rollout',
  icon: 'discard',
  menu: { group: '2_act@6' },
  summary: 'roll a Deployment back to its previous revision or an earlier one',
  parameters: [
    {
      name: parameter,
      title: 'Revision; by default the previous one',
      optional: true,
      initial: () => '',
      problem: (value) =>
        /^\d{0,9}$/.test(value.trim()) ? undefined : `A revision must be a whole number, not "${value}".`,
      choices: (object, related) =>
        revisionsOf(object, related)
          .slice(1)
          .map(({ revision, template }) => ({ value: `${revision}`, description: imagesOf(template) })),
    },
  ],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (object.groupKind !== 'apps/Deployment') return refused(`${nameOf(object)} has no revisions to return to.`);
    const release = object.labels['helm.toolkit.fluxcd.io/name'];
    const applier = applierOf(object) ?? (release === undefined ? undefined : `HelmRelease ${release}`);
    if (applier !== undefined)
      return refusedInGit(
        `${nameOf(object)} is applied by ${applier}, which would revert this. Change it in Git: revert the commit that changed it.`,
      );
    if (isPaused(object)) return refused(`${nameOf(object)} is paused, so nothing rolls out. Resume it first.`);
    return offered;
  },
  reads(object) {
    const history = historyOf(object);
    return history && { ...history, selector: at(object.spec, 'selector') };
  },
  change(object, { raw, related, values }) {
    const [, ...earlier] = revisionsOf(object, related);
    const wanted = values[parameter] ?? '';
    const chosen = wanted === '' ? earlier[0] : earlier.find(({ revision }) => revision === Number(wanted));
    if (!chosen)
      return refused(
        wanted === ''
          ? `${nameOf(object)} has no previous revision.`
          : `${nameOf(object)} has no earlier revision ${wanted}; there ${earlier.length === 1 ? 'is' : 'are'} ${earlier.map(({ revision }) => revision).join(', ') || 'none'}.`,
      );
    return { body: { spec: { template: mergePatch(at(raw, 'spec', 'template'), chosen.template) } }, asSeen: true };
  },
  preview: () =>
    'Sets the pod template of an earlier revision. Its pods replace the current ones by the update strategy.',
  settled: (step) => rolledOut(step, `was rolled back on ${step.context}`),
  words: { doing: 'Rolling back', progress: rolloutProgress, pending: rolloutPending },
};
