// Rolls a Deployment back to its previous revision as `kubectl rollout undo` does: with the pod template of that revision's
// ReplicaSet. What Flux applies is refused, since the next reconciliation would revert it: the change belongs in Git.
import { at, isFields, list, text } from '../fields.ts';
import { applierOf, type Change, nameOf, offered, refused } from './action.ts';
import { isPaused, rolledOut, rolloutPending, rolloutProgress } from './rollouts.ts';

export const undo: Change<'undo'> = {
  is: 'change',
  verb: 'undo',
  title: 'Undo Rollout',
  icon: 'discard',
  menu: { group: '2_act@6' },
  summary: 'roll a Deployment back to its previous revision',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (object.groupKind !== 'apps/Deployment') return refused(`${nameOf(object)} has no revisions to return to.`);
    const release = object.labels['helm.toolkit.fluxcd.io/name'];
    const applier = applierOf(object) ?? (release === undefined ? undefined : `HelmRelease ${release}`);
    if (applier !== undefined)
      return refused(
        `${nameOf(object)} is applied by ${applier}, which would revert this. Change it in Git: revert the commit that changed it.`,
      );
    if (isPaused(object)) return refused(`${nameOf(object)} is paused, so nothing rolls out. Resume it first.`);
    return offered;
  },
  reads: { group: 'apps', version: 'v1', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true },
  change(object, { raw, related }) {
    const revisions = related
      .filter((set) => list(set, 'metadata', 'ownerReferences').some((owner) => text(owner, 'uid') === object.uid))
      .map((set) => ({ revision: Number(at(set, 'metadata', 'annotations', revisionKey) ?? 0), set }))
      .sort((a, b) => b.revision - a.revision);
    const previous = revisions[1];
    if (!previous) return refused(`${nameOf(object)} has no previous revision.`);
    const template = withoutHash(at(previous.set, 'spec', 'template'));
    return { body: { spec: { template: mergePatch(at(raw, 'spec', 'template'), template) } }, asSeen: true };
  },
  preview: () =>
    'Sets the pod template of the previous revision. Its pods replace the current ones by the update strategy.',
  settled: (step) => rolledOut(step, `was rolled back on ${step.context}`),
  words: { doing: 'Rolling back', progress: rolloutProgress, pending: rolloutPending },
};

const revisionKey = 'deployment.kubernetes.io/revision';

/** The label that the controller adds to the template of a ReplicaSet. */
function withoutHash(template: unknown): unknown {
  const labels = at(template, 'metadata', 'labels');
  if (!isFields(template) || !isFields(labels)) return template;
  const { 'pod-template-hash': _, ...rest } = labels;
  return { ...template, metadata: { ...(template.metadata as object), labels: rest } };
}

/** The merge patch that turns one value into the other: fields that only the first has are null (RFC 7396). */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (!isFields(to) || !isFields(from)) return to;
  const gone = Object.keys(from).filter((name) => to[name] === undefined);
  const changed = Object.entries(to).flatMap(([name, value]) => {
    if (JSON.stringify(value) === JSON.stringify(from[name])) return [];
    return [[name, mergePatch(from[name], value)] as const];
  });
  return Object.fromEntries([...gone.map((name) => [name, null] as const), ...changed]);
}
