// Whether two states of an applier's objects give the same evidence about references of others: what they mention, the words
// they are made of, how their own references resolve. What was concluded from it then stays (rules/missing.ts).
import type { GroupKind } from '../kube/identity.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import type { Directory } from './directory.ts';
import { isFoundOtherwise } from './meant.ts';
import { mentionedIn } from './mentions.ts';
import type { AppliedObject, Part } from './parts.ts';
import { isSameSurvey, surveyOfPart } from './survey.ts';
import { hasSameWords, isSameConfig } from './words.ts';

/** Both have the same names: they are parts of states of a cluster that share the directory. */
export function isSameEvidence(a: Part, b: Part, directory: Directory): boolean {
  if (a === b) return true;
  const changed = b.objects.flatMap((object, index) => {
    const before = a.objects[index]!;
    return before.value === object.value ? [] : [[before, object] as const];
  });
  return (
    changed.every(([before, now]) => isAlike(before, now, directory)) &&
    isSameSurvey(directory.derived(a, surveyOfPart), directory.derived(b, surveyOfPart)) &&
    hasSameWords(a, b, directory)
  );
}

function isAlike(a: AppliedObject, b: AppliedObject, directory: Directory): boolean {
  return (
    fileOf(a.value) === fileOf(b.value) &&
    kinds.every((groupKind) => isFoundOtherwise({ ...a, groupKind }) === isFoundOtherwise({ ...b, groupKind })) &&
    isSameConfig(a.value, b.value) &&
    mentionsSame(a.value, b.value, directory)
  );
}

/** What is made for an object may be of another kind, and is found as the object is. */
const kinds: readonly GroupKind[] = ['/Service', '/ConfigMap'];

function fileOf({ origin }: BuiltMap): string {
  return origin.source.file;
}

/** Of names of the cluster; other texts are nobody's. */
function mentionsSame(a: BuiltMap, b: BuiltMap, directory: Directory): boolean {
  const [before, now] = [mentionedIn(a), mentionedIn(b)];
  const hasOnly = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].every((text) => other.has(text) || !directory.isName(text));
  return hasOnly(before, now) && hasOnly(now, before);
}
