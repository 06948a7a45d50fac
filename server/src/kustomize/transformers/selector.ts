// Determines which objects a patch's `target` selects, by anchored patterns for group, version, kind, name and namespace,
// and selectors for labels and annotations (api/types/selector.go).
import { compilePattern, type Pattern } from '../../cel/pattern.ts';
import { matchesLabels, parseLabelSelector, type Requirement } from '../../kube/values/label-selector.ts';
import type { Path } from '../../syntax/tree.ts';
import { type BuiltMap, builtAt, isNull, textAt } from '../built.ts';
import { type BuiltObject, effectiveNamespace, type IsNamespaced, idOf } from '../objects.ts';
import type { Step } from './transformer.ts';

export interface Target {
  readonly patterns: ReadonlyMap<Field, Pattern>;
  readonly labels: readonly Requirement[];
  readonly annotations: readonly Requirement[];
}

const fields = ['group', 'version', 'kind', 'name', 'namespace'] as const;
type Field = (typeof fields)[number];

/** Undefined if the entry has no target. Problems of the target are reported. */
export function readTarget(step: Step, entry: BuiltMap, field: Path): Target | 'invalid' | undefined {
  const target = entry.entries.get('target');
  if (!target || isNull(target)) return undefined;
  const at = [...field, 'target'];
  if (target.kind !== 'map') {
    step.report({ kind: 'wrong-type', expected: 'map' }, at, target.origin);
    return 'invalid';
  }
  const patterns = new Map<Field, Pattern>();
  for (const name of fields) {
    const written = textAt(target, [name]) ?? '';
    if (written === '') continue;
    const pattern = compilePattern(`^(?:${written})$`);
    if (pattern) patterns.set(name, pattern);
    else {
      step.report({ kind: 'invalid-pattern', pattern: written }, [...at, name], builtAt(target, [name])!.origin);
      return 'invalid';
    }
  }
  const [labels, annotations] = ['labelSelector', 'annotationSelector'].map((name) => {
    const written = textAt(target, [name]) ?? '';
    const requirements = parseLabelSelector(written);
    if (requirements) return requirements;
    step.report({ kind: 'invalid-selector', selector: written }, [...at, name], builtAt(target, [name])!.origin);
    return undefined;
  });
  return labels && annotations ? { patterns, labels, annotations } : 'invalid';
}

/** Name and namespace match if either the current or the original ones do. */
export function selects(
  { patterns, labels, annotations }: Target,
  { value, previous }: BuiltObject,
  isNamespaced: IsNamespaced,
): boolean {
  const now = idOf(value);
  const first = previous[0] ?? now;
  const matches = (field: Field, ...texts: readonly string[]) => {
    const pattern = patterns.get(field);
    return !pattern || texts.some((text) => pattern.test(text));
  };
  // kustomize's constant for cluster-scoped objects.
  const namespaces = [first, now].map((id) => effectiveNamespace(id, isNamespaced) ?? '_non_namespaceable_');
  return (
    matches('namespace', ...namespaces) &&
    matches('name', first.name, now.name) &&
    matches('group', now.gvk.group) &&
    matches('version', now.gvk.version) &&
    matches('kind', now.gvk.kind) &&
    matchesLabels(labels, textsOf(value, 'labels')) &&
    matchesLabels(annotations, textsOf(value, 'annotations'))
  );
}

function textsOf(value: BuiltMap, field: 'labels' | 'annotations'): ReadonlyMap<string, string> {
  const map = builtAt(value, ['metadata', field]);
  if (map?.kind !== 'map') return new Map();
  return new Map([...map.entries.keys()].map((key) => [key, textAt(map, [key]) ?? ''] as const));
}
