// Determines which objects a patch's `target` selects, by anchored patterns for group, version, kind, name and namespace,
// and selectors for labels and annotations (api/types/selector.go).
import { compilePattern, type Pattern } from '../../cel/pattern.ts';
import { matchesLabels, parseLabelSelector, type Requirement } from '../../kube/values/label-selector.ts';
import type { Path } from '../../syntax/tree.ts';
import { type BuiltMap, builtAt, textAt } from '../built.ts';
import {
  type BuiltObject,
  effectiveNamespace,
  type IsNamespaced,
  idOf,
  type ObjectId,
  previousIds,
} from '../objects.ts';
import type { Step } from './transformer.ts';

export interface Target {
  readonly patterns: ReadonlyMap<Field, Pick<Pattern, 'test'>>;
  readonly labels: readonly Requirement[];
  readonly annotations: readonly Requirement[];
}

const fields = ['group', 'version', 'kind', 'name', 'namespace'] as const;
type Field = (typeof fields)[number];

/** Undefined if the entry has no target. Problems of the target are reported. */
export function readTarget(
  step: Step,
  entry: BuiltMap,
  field: Path,
  objects: readonly BuiltObject[],
): Target | 'invalid' | undefined {
  const target = entry.entries.get('target');
  const isAsked = (patterns: Target['patterns']) =>
    objects.some((object) => matchesPatterns(patterns, object, step.isNamespaced));
  return target?.kind === 'map' ? readSelector(step, target, [...field, 'target'], isAsked) : undefined;
}

/** Problems of the selector are reported; kustomize parses those of labels and annotations only for objects to be asked. */
export function readSelector(
  step: Pick<Step, 'report'>,
  selector: BuiltMap,
  field: Path,
  isAsked: (patterns: Target['patterns']) => boolean,
): Target | 'invalid' {
  const patterns = new Map<Field, Pick<Pattern, 'test'>>();
  for (const name of fields) {
    const written = textAt(selector, [name]) ?? '';
    if (written === '') continue;
    const pattern = anchored(written);
    if (pattern) patterns.set(name, pattern);
    else {
      step.report({ kind: 'invalid-pattern', pattern: written }, [...field, name], builtAt(selector, [name])!.origin);
      return 'invalid';
    }
  }
  const [labels, annotations] = ['labelSelector', 'annotationSelector'].map((name) => {
    const written = textAt(selector, [name]) ?? '';
    const requirements = parseLabelSelector(written);
    if (requirements) return requirements;
    if (isAsked(patterns))
      step.report({ kind: 'invalid-selector', selector: written }, [...field, name], builtAt(selector, [name])!.origin);
    return undefined;
  });
  return labels && annotations ? { patterns, labels, annotations } : 'invalid';
}

/** Most are plain names. */
function anchored(written: string): Pick<Pattern, 'test'> | undefined {
  return /^[\w-]+$/.test(written) ? { test: (text) => text === written } : compilePattern(`^(?:${written})$`);
}

/** Name and namespace match if either the current or the original ones do. */
export function selects(target: Target, object: BuiltObject, isNamespaced: IsNamespaced): boolean {
  return matchesPatterns(target.patterns, object, isNamespaced) && selectsMarks(target, object.value);
}

function matchesPatterns(
  patterns: Target['patterns'],
  { value, previous }: BuiltObject,
  isNamespaced: IsNamespaced,
): boolean {
  const now = idOf(value);
  const first = previousIds({ value, previous })[0] ?? now;
  const matches = (field: Field, ...texts: readonly string[]) => {
    const pattern = patterns.get(field);
    return !pattern || texts.some((text) => pattern.test(text));
  };
  // kustomize's constant for cluster-scoped objects.
  const namespaceOf = (id: ObjectId) => effectiveNamespace(id, isNamespaced) ?? '_non_namespaceable_';
  return (
    matches('kind', now.gvk.kind) &&
    matches('name', first.name, now.name) &&
    matches('group', now.gvk.group) &&
    matches('version', now.gvk.version) &&
    (!patterns.has('namespace') || matches('namespace', namespaceOf(first), namespaceOf(now)))
  );
}

/** Whether labels and annotations match. */
export function selectsMarks({ labels, annotations }: Target, value: BuiltMap): boolean {
  return (
    (labels.length === 0 || matchesLabels(labels, textsOf(value, 'labels'))) &&
    (annotations.length === 0 || matchesLabels(annotations, textsOf(value, 'annotations')))
  );
}

export function selectsId({ patterns }: Target, { gvk, name }: ObjectId, namespace: string): boolean {
  const texts: Readonly<Record<Field, string>> = { ...gvk, name, namespace };
  return [...patterns].every(([field, pattern]) => pattern.test(texts[field]));
}

function textsOf(value: BuiltMap, field: 'labels' | 'annotations'): ReadonlyMap<string, string> {
  const map = builtAt(value, ['metadata', field]);
  if (map?.kind !== 'map') return new Map();
  return new Map([...map.entries.keys()].map((key) => [key, textAt(map, [key]) ?? ''] as const));
}
