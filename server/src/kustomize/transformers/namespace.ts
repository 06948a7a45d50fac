// `namespace`: sets the namespace of every namespaced object, and the fields of other kinds that contain a namespace
// (api/filters/namespace).
import type { Path } from '../../syntax/tree.ts';
import { type Built, type BuiltMap, type BuiltScalar, builtAt, isNull, textAt, withEntry } from '../built.ts';
import type { FieldSpec } from '../config/field-specs.ts';
import { type Change, type Changed, changeAllFields, changeFields } from '../field-spec.ts';
import { isFromHelm, withKept, withoutKept } from '../kept.ts';
import { type BuiltObject, gvkIn, idOf, printId, remembering, sameId } from '../objects.ts';
import { changeAgain, filledText, type Objects, type Step, type Transformer } from './transformer.ts';

export const namespaceTransformer: Transformer = (objects, step) => {
  const namespace = filledText(step.fields, ['namespace']);
  if (!namespace) return objects;
  return moved(objects, step, {
    namespace,
    specs: step.config.namespace,
    subjects: 'defaultOnly',
    field: ['namespace'],
  });
};

/** Which subjects of bindings are moved: those named `default`, all ServiceAccounts, or none. */
export const subjectModes = ['defaultOnly', 'allServiceAccounts', 'none'] as const;

interface Moving {
  readonly namespace: BuiltScalar;
  readonly specs: readonly FieldSpec[];
  readonly subjects: (typeof subjectModes)[number];
  /** Keeps the namespaces that are set. */
  readonly unsetOnly?: boolean;
  readonly field: Path;
}

export function moved(objects: Objects, step: Step, moving: Moving): Objects {
  const touches = moving.specs.some(({ path }) => path === 'metadata/annotations');
  const { namespace, specs, subjects, unsetOnly } = moving;
  const by = [namespace, specs, subjects, unsetOnly, step.isNamespaced];
  const done = changeAgain(objects, step, by, (object, report) => {
    if (isFromHelm(object.value)) return object;
    const before = remembering(object);
    const value = withNamespace(touches ? withKept(before, step.isNamespaced) : object.value, moving, step);
    if (!('fault' in value)) return touches ? withoutKept(before, value) : { ...before, value };
    report(value.fault.reason, moving.field, value.fault.origin);
    return before;
  });
  reportConflicts(done, objects, step, moving);
  return done;
}

/** The value of an object in the namespace; bindings and cluster-scoped kinds have rules of their own. */
export function withNamespace(
  value: BuiltMap,
  { namespace, specs, subjects, unsetOnly }: Omit<Moving, 'field'>,
  { isNamespaced }: Pick<Step, 'isNamespaced'>,
): Changed<BuiltMap> {
  const { kind } = gvkIn(value);
  const change: Change = {
    creates: 'scalar',
    origin: namespace.origin,
    to(written) {
      if (written.kind !== 'scalar')
        return { fault: { reason: { kind: 'not-a-scalar', path: 'namespace' }, origin: written.origin } };
      return unsetOnly && !isNull(written) && written.text !== '' ? written : namespace;
    },
  };
  const placed = isNamespaced(gvkIn(value)) ? changeFields(value, metadataNamespace, change) : value;
  if ('fault' in placed) return placed;
  const isBinding = /^(?:Cluster)?RoleBinding$/.test(kind);
  const bound = isBinding ? withSubjects(placed, subjects, change) : placed;
  if ('fault' in bound) return bound;
  return changeAllFields(bound, applicable(specs, value, isBinding), change);
}

const metadataNamespace: FieldSpec = {
  gvk: { group: '', version: '', kind: '' },
  path: 'metadata/namespace',
  create: true,
};

/** `metadata.name` is set for the core group only: other groups have kinds named Namespace, too. */
function applicable(specs: readonly FieldSpec[], value: BuiltMap, isBinding: boolean): readonly FieldSpec[] {
  const isCore = textAt(value, ['apiVersion']) === 'v1';
  return specs.filter(({ path, gvk }) => {
    if (path === metadataNamespace.path || (path === 'metadata/name' && !isCore)) return false;
    return !(isBinding && path === 'subjects/namespace' && /^(?:Cluster)?RoleBinding$/.test(gvk.kind));
  });
}

/** name-references.ts updates other subjects whose ServiceAccount moved. */
function withSubjects(value: BuiltMap, mode: Moving['subjects'], change: Change): Changed<BuiltMap> {
  const subjects = value.entries.get('subjects');
  if (mode === 'none' || !subjects || isNull(subjects)) return value;
  if (subjects.kind !== 'list')
    return { fault: { reason: { kind: 'wrong-type', expected: 'list' }, origin: subjects.origin } };
  const [key, wanted] = mode === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  const items: Built[] = [];
  for (const subject of subjects.items) {
    if (subject.kind !== 'map' && !isNull(subject))
      return { fault: { reason: { kind: 'not-a-map', path: 'subjects' }, origin: subject.origin } };
    const compared = builtAt(subject, [key!]);
    if (compared && compared.kind !== 'scalar')
      return { fault: { reason: { kind: 'wrong-type', expected: 'string' }, origin: compared.origin } };
    const isMoved = subject.kind === 'map' && textAt(subject, [key!]) === wanted;
    const changed = isMoved ? changeFields(subject, subjectNamespace, change) : subject;
    if ('fault' in changed) return changed;
    items.push(changed);
  }
  return withEntry(value, 'subjects', { ...subjects, items });
}

const subjectNamespace: FieldSpec = { gvk: { group: '', version: '', kind: '' }, path: 'namespace', create: true };

/** kustomize moves objects one by one, so an object is compared with the old namespaces of those after it. */
function reportConflicts(done: Objects, before: Objects, step: Step, { namespace, field }: Moving): void {
  const keys = new Map<string, number>();
  const count = (key: string, by: number) => keys.set(key, (keys.get(key) ?? 0) + by);
  const key = ({ value }: BuiltObject) => {
    const { gvk, name } = idOf(value);
    return JSON.stringify([gvk.group, gvk.version, gvk.kind, name]);
  };
  for (const object of done) count(key(object), 1);
  for (const [index, object] of done.entries()) {
    // Only objects of one kind and name can conflict, which few are.
    if (keys.get(key(object)) === 1 && key(object) === key(before[index]!)) continue;
    const id = idOf(object.value);
    const others = [...done.slice(0, index), ...before.slice(index + 1)];
    const other = others.find((one) => sameId(idOf(one.value), id, step.isNamespaced));
    if (!other) continue;
    step.report({ kind: 'namespace-conflict', id: printId(id), other: other.value.origin }, field, namespace.origin);
    return;
  }
}
