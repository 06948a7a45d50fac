// Rolls a Deployment back to an earlier revision as `kubectl rollout undo` does: with the pod template of that revision's
// ReplicaSet. What Flux applies is refused, since the next reconciliation would revert it: the change belongs in Git.
import { at, isFields, list, text } from '../fields.ts';
import type { LiveObject } from '../object.ts';
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
          .map(({ revision, set }) => ({ value: `${revision}`, description: imagesOf(set) })),
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
  reads: ({ spec }) => ({
    ...{ group: 'apps', version: 'v1', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true },
    selector: at(spec, 'selector'),
  }),
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
    const template = withoutHash(at(chosen.set, 'spec', 'template'));
    return { body: { spec: { template: mergePatch(at(raw, 'spec', 'template'), template) } }, asSeen: true };
  },
  preview: () =>
    'Sets the pod template of an earlier revision. Its pods replace the current ones by the update strategy.',
  settled: (step) => rolledOut(step, `was rolled back on ${step.context}`),
  words: { doing: 'Rolling back', progress: rolloutProgress, pending: rolloutPending },
};

interface Revision {
  readonly revision: number;
  /** A ReplicaSet as the server sent it. */
  readonly set: unknown;
}

/** The latest first, which is the one that the Deployment has. */
function revisionsOf({ uid }: LiveObject, related: readonly unknown[]): readonly Revision[] {
  return related
    .filter((set) => list(set, 'metadata', 'ownerReferences').some((owner) => text(owner, 'uid') === uid))
    .map((set) => ({ revision: Number(at(set, 'metadata', 'annotations', revisionKey) ?? 0), set }))
    .sort((a, b) => b.revision - a.revision);
}

function imagesOf(set: unknown): string {
  return list(set, 'spec', 'template', 'spec', 'containers')
    .map((container) => text(container, 'image') ?? '')
    .join(', ');
}

const revisionKey = 'deployment.kubernetes.io/revision';

/** The label that the controller adds to the template of a ReplicaSet. */
function withoutHash(template: unknown): unknown {
  const labels = at(template, 'metadata', 'labels');
  if (!isFields(template) || !isFields(labels)) return template;
  const { 'pod-template-hash': _, ...rest } = labels;
  return { ...template, metadata: { ...(template.metadata as object), labels: rest } };
}
