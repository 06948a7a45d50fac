// What the rules about single objects find in an object, computed once for each form that it is applied in.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { gvkIn } from '../kustomize/objects.ts';
import { type ClusterProblem, type ObjectRule, problemsOrFailure } from '../rules/rule.ts';
import { objectRules } from '../rules/rules.ts';

export interface ObjectProblem {
  readonly rule: ObjectRule;
  readonly problem: ClusterProblem;
}

const known = new WeakMap<BuiltMap, readonly ObjectProblem[]>();

export function problemsOfObject(object: BuiltMap): readonly ObjectProblem[] {
  const before = known.get(object);
  if (before) return before;
  const groupKind = groupKindOf(gvkIn(object));
  const found = rulesFor(groupKind).flatMap((rule) =>
    problemsOrFailure(rule, object.origin, () => rule.check(object, groupKind)).map((problem) => ({ rule, problem })),
  );
  known.set(object, found);
  return found;
}

const ofKinds = new Map<GroupKind, readonly ObjectRule[]>();
const ofAll = objectRules.filter(({ kinds }) => kinds === undefined);
for (const groupKind of new Set(objectRules.flatMap(({ kinds }) => kinds ?? [])))
  ofKinds.set(
    groupKind,
    objectRules.filter(({ kinds }) => kinds?.includes(groupKind) ?? true),
  );

/** The rules about the objects of a kind. */
export function rulesFor(groupKind: GroupKind): readonly ObjectRule[] {
  return ofKinds.get(groupKind) ?? ofAll;
}
