// `namespace`: sets the namespace of every namespaced object, and the fields of other kinds that contain a namespace
// (api/filters/namespace).
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  isNull,
  textAt,
  withEntry,
  withValueAt,
} from '../built.ts';
import { type BuiltObject, idOf, printId, sameId } from '../objects.ts';
import { isString, type Step, type Transformer } from './transformer.ts';

export const namespaceTransformer: Transformer = (objects, step) => {
  const namespace = step.fields.entries.get('namespace');
  if (!namespace || isNull(namespace)) return objects;
  if (!isString(namespace)) {
    step.report({ kind: 'wrong-type', expected: 'string' }, ['namespace'], namespace.origin);
    return objects;
  }
  if (namespace.text === '') return objects;
  const moved = objects.map(({ value, previous }) => ({
    value: withNamespace(value, namespace, step),
    previous: [...previous, idOf(value)],
  }));
  reportConflicts(moved, objects, step, namespace);
  return moved;
};

function withNamespace(value: BuiltMap, namespace: BuiltScalar, { isNamespaced }: Step): BuiltMap {
  const { gvk } = idOf(value);
  const set = (path: readonly string[], into: BuiltMap) => withValueAt(into, path, namespace) ?? into;
  let result = isNamespaced(gvk) ? set(['metadata', 'namespace'], value) : value;
  if (gvk.kind === 'Namespace' && gvk.group === '' && gvk.version === 'v1') result = set(['metadata', 'name'], result);
  if (gvk.kind === 'APIService' && gvk.group === 'apiregistration.k8s.io')
    result = set(['spec', 'service', 'namespace'], result);
  if (gvk.kind === 'CustomResourceDefinition' && gvk.group === 'apiextensions.k8s.io') {
    const path = ['spec', 'conversion', 'webhook', 'clientConfig', 'service', 'namespace'];
    if (builtAt(result, path)) result = set(path, result);
  }
  return gvk.kind === 'RoleBinding' || gvk.kind === 'ClusterRoleBinding' ? withSubjects(result, namespace) : result;
}

/** Only subjects named `default` are always moved to the namespace; references.ts updates the others. */
function withSubjects(value: BuiltMap, namespace: BuiltScalar): BuiltMap {
  const subjects = value.entries.get('subjects');
  if (subjects?.kind !== 'list') return value;
  const items = subjects.items.map((subject): Built => {
    const isDefault = subject.kind === 'map' && textAt(subject, ['name']) === 'default';
    return isDefault ? withEntry(subject, 'namespace', namespace) : subject;
  });
  return withEntry(value, 'subjects', { ...subjects, items });
}

/** kustomize moves objects one by one, so an object is compared with the old namespaces of those after it. */
function reportConflicts(
  moved: readonly BuiltObject[],
  before: readonly BuiltObject[],
  step: Step,
  { origin }: BuiltScalar,
): void {
  for (const [index, { value }] of moved.entries()) {
    const id = idOf(value);
    const others = [...moved.slice(0, index), ...before.slice(index + 1)];
    const other = others.find((one) => sameId(idOf(one.value), id, step.isNamespaced));
    if (!other) continue;
    step.report({ kind: 'namespace-conflict', id: printId(id), other: other.value.origin }, ['namespace'], origin);
    return;
  }
}
