// Follows renamed objects: after all transformers, the fields that name an object get its present name, and those that
// also have a namespace get that (api/internal/accumulator/namereferencetransformer.go, api/filters/nameref).
import { groupedBy } from '../kube/grouped.ts';
import type { Gvk } from '../kube/identity.ts';
import type { Reason } from './build-problem.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  changedText,
  isNull,
  type Origin,
  stringOf,
  textAt,
  withEntry,
} from './built.ts';
import { type FieldSpec, isSelected, type NameReference } from './config/field-specs.ts';
import { type Changed, changeSelected } from './field-spec.ts';
import {
  type BuiltObject,
  effectiveNamespace,
  type Fault,
  gvkIn,
  type IsNamespaced,
  idOf,
  previousIds,
} from './objects.ts';

type Objects = readonly BuiltObject[];

/** Objects that are `done` stay as they are, and nothing is reported of them. */
export function followNames(
  objects: Objects,
  references: readonly NameReference[],
  isNamespaced: IsNamespaced,
  report: (reason: Reason, origin: Origin) => void,
  done: (index: number) => boolean = () => false,
): Objects {
  // An object that was never renamed or moved has no earlier id that a reference could match.
  const candidates = objects.filter(({ previous }) => previous.length > 0);
  const byName = namesOf(candidates);
  const rows = rowsByKind(references);
  for (const [index, { value, previous }] of objects.entries()) {
    if (done(index)) continue;
    const fault = versionFault(value) ?? (isNamespaced(gvkIn(value)) ? subjectFault(value) : undefined);
    const isReferrer = fault && rowsFor((previousIds({ value, previous })[0] ?? idOf(value)).gvk, rows).length > 0;
    if (isReferrer) report(fault.reason, fault.origin);
  }
  const settled = settledBy(references);
  return objects.map((object, index) => {
    if (done(index)) return object;
    const { gvk } = previousIds(object)[0] ?? idOf(object.value);
    const present = rowsIn(object.value, gvk, rows);
    if (present.length === 0) return object;
    const mayName = ({ target }: Row) => candidates.some((one) => isOfKind(one, target));
    if (settled.has(object.value) && !present.some(mayName)) return object;
    let isFollowed = true;
    const own = rowsFor(gvk, rows);
    const namespaces = namedNamespaces(object.value);
    let { value } = object;
    for (const row of own) {
      const { target, spec } = row;
      // What was changed may have other fields.
      if (value === object.value && !present.includes(row)) continue;
      const now = value;
      const changed = changeSelected(now, spec, {
        origin: now.origin,
        to: (field) =>
          follow(field, {
            object: { ...object, value: now },
            all: objects,
            byName,
            target,
            path: spec.path,
            isNamespaced,
            namespaces,
          }),
      });
      if ('fault' in changed) {
        isFollowed = false;
        report(changed.fault.reason, changed.fault.origin);
      } else value = changed;
    }
    if (isFollowed && value === object.value) settled.add(object.value);
    return value === object.value ? object : { ...object, value };
  });
}

const sound = new WeakMap<readonly NameReference[], WeakSet<BuiltMap>>();

/** The values whose paths can be followed without a change, if no renamed object is of a kind that they name: most are the same in every build. */
function settledBy(references: readonly NameReference[]): WeakSet<BuiltMap> {
  const found = sound.get(references) ?? new WeakSet<BuiltMap>();
  sound.set(references, found);
  return found;
}

interface Row {
  readonly target: Gvk;
  readonly spec: FieldSpec;
}

type RowsByKind = ReadonlyMap<string, readonly Row[]>;

const known = new WeakMap<readonly NameReference[], RowsByKind>();

/** In the order of the configuration; the rows without a kind are for all kinds. */
function rowsByKind(references: readonly NameReference[]): RowsByKind {
  const cached = known.get(references);
  if (cached) return cached;
  const rows = references.flatMap(({ gvk, referrers }) => referrers.map((spec) => ({ target: gvk, spec })));
  const byKind = groupedBy(rows, ({ spec }) => spec.gvk.kind);
  known.set(references, byKind);
  return byKind;
}

function rowsFor(gvk: Gvk, rows: RowsByKind): readonly Row[] {
  return [...(rows.get(gvk.kind) ?? []), ...(rows.get('') ?? [])].filter(({ spec }) => isSelected(gvk, spec.gvk));
}

const selecting = new WeakMap<
  BuiltMap,
  { readonly of: RowsByKind; readonly kind: string; readonly rows: readonly Row[] }
>();

/** The rows that select a field of the object: of most, none do, and an object is part of many builds. */
function rowsIn(value: BuiltMap, gvk: Gvk, of: RowsByKind): readonly Row[] {
  const kind = `${gvk.group}\n${gvk.version}\n${gvk.kind}`;
  const before = selecting.get(value);
  if (before?.of === of && before.kind === kind) return before.rows;
  const found = rowsFor(gvk, of).filter(({ spec }) => {
    let isThere = false;
    const to = (field: Built) => {
      isThere = true;
      return field;
    };
    const done = changeSelected(value, spec, { origin: value.origin, to });
    return isThere || 'fault' in done || done !== value;
  });
  const rows = found.length > 0 ? found : nowhere;
  selecting.set(value, { of, kind, rows });
  return rows;
}

const nowhere: readonly Row[] = [];

/** The objects by their earlier names. */
function namesOf(objects: Objects): ReadonlyMap<string, Objects> {
  const byName = new Map<string, BuiltObject[]>();
  for (const object of objects) {
    for (const name of new Set(object.previous.map((id) => id.name))) {
      const same = byName.get(name);
      if (same) same.push(object);
      else byName.set(name, [object]);
    }
  }
  return byName;
}

interface Search {
  readonly object: BuiltObject;
  readonly all: Objects;
  readonly byName: ReadonlyMap<string, Objects>;
  readonly target: Gvk;
  /** The path of the field. */
  readonly path: string;
  readonly isNamespaced: IsNamespaced;
  /** The namespaces of the ServiceAccounts that a RoleBinding names. */
  readonly namespaces: ReadonlySet<string>;
}

function follow(field: Built, search: Search): Changed<Built> {
  if (isNull(field)) return field;
  if (field.kind === 'scalar') return followName(field, search);
  if (field.kind === 'map') return followMap(field, search);
  const items: Built[] = [];
  for (const item of field.items) {
    if (item.kind === 'list')
      return { fault: { reason: { kind: 'wrong-type', expected: 'map' }, origin: item.origin } };
    const changed = isNull(item) ? item : follow(item, search);
    if ('fault' in changed) return changed;
    items.push(changed);
  }
  return items.some((item, index) => item !== field.items[index]) ? { ...field, items } : field;
}

function followName(field: BuiltScalar, search: Search): Changed<Built> {
  const all = search.byName.get(field.text);
  if (!all) return field;
  const found = referred(search, field, all, (a, b) => nameOf(a) === nameOf(b));
  if (!found || 'fault' in found) return found ?? field;
  const name = nameOf(found.object);
  return name === field.text ? field : changedText(field, name, found.object.value.origin);
}

function followMap(field: BuiltMap, search: Search): Changed<Built> {
  const name = field.entries.get('name');
  if (!name) return { fault: { reason: { kind: 'unnamed-reference', path: search.path }, origin: field.origin } };
  const old = name.kind === 'scalar' ? name.text : '';
  const all = search.byName.get(old);
  if (!all) return field;
  const isSame = (a: BuiltObject, b: BuiltObject) => nameOf(a) === nameOf(b) && namespaceOf(a) === namespaceOf(b);
  const found = referred(search, field, inNamespace(all, field, search), isSame);
  if (!found || 'fault' in found) return found ?? field;
  const { value } = found.object;
  const namespace = builtAt(value, ['metadata', 'namespace']);
  const isMoved = namespace !== undefined && namespaceOf(found.object) !== '';
  if (nameOf(found.object) === old && !isMoved) return field;
  const renamed = withEntry(field, 'name', changedText(name, nameOf(found.object), value.origin));
  if (!isMoved) return renamed;
  const before = field.entries.get('namespace');
  const text = namespaceOf(found.object);
  // A new field is a string, whatever its text.
  const set = before
    ? changedText(before, text, namespace.origin)
    : stringOf(text, { ...field.origin, through: namespace.origin });
  return withEntry(renamed, 'namespace', set);
}

function nameOf({ value }: BuiltObject): string {
  return textAt(value, ['metadata', 'name']) ?? '';
}

function namespaceOf({ value }: BuiltObject): string {
  return textAt(value, ['metadata', 'namespace']) ?? '';
}

/**
 * The objects that were in the namespace originally or, if no object of the build was, are in it now; all if none is set.
 */
function inNamespace(objects: Objects, field: BuiltMap, search: Search): Objects {
  const { isNamespaced } = search;
  const written = field.entries.get('namespace');
  if (!written) return objects;
  const namespace = written.kind === 'scalar' ? written.text : '';
  const wasThere = (one: BuiltObject) =>
    namespace === effectiveNamespace(previousIds(one)[0] ?? idOf(one.value), isNamespaced);
  if (search.all.some((one) => wasThere(one) && isReferrable(one, search))) return objects.filter(wasThere);
  return objects.filter((one) => namespace === effectiveNamespace(idOf(one.value), isNamespaced));
}

type Found =
  | { readonly object: BuiltObject }
  | { readonly fault: { readonly reason: Reason; readonly origin: Origin } };

/** The object that the field refers to; a fault if several differ in what the field would get. */
function referred(
  search: Search,
  field: Built,
  candidates: Objects,
  isSame: (a: BuiltObject, b: BuiltObject) => boolean,
): Found | undefined {
  const { object, target } = search;
  const role = roleOf(search);
  let found = candidates.filter(
    (one) =>
      isReferrable(one, search) && isOfKind(one, target) && (!role || isOfKind(one, role)) && isNear(one, search),
  );
  if (found.length > 1 || found.length === 0) found = found.filter((one) => sharesAffixes(one, object, true));
  if (found.length > 1) found = found.filter((one) => sharesAffixes(one, object, false));
  const [first, ...others] = found;
  if (!first) return undefined;
  if (others.every((other) => isSame(first, other))) return { object: first };
  const name = field.kind === 'map' ? (textAt(field, ['name']) ?? '') : field.kind === 'scalar' ? field.text : '';
  return { fault: { reason: { kind: 'ambiguous-reference', name }, origin: field.origin } };
}

/** Whether the object had or has a kind; group and version are those of now. */
function isOfKind({ value, previous }: BuiltObject, selector: Gvk): boolean {
  const { group, version } = gvkIn(value);
  return previous.some(({ gvk }) => isSelected({ group, version, kind: gvk.kind }, selector));
}

/** The kind that a binding's `roleRef` names. */
function roleOf({ object: { value }, path }: Search): Gvk | undefined {
  const [group, kind] = [builtAt(value, ['roleRef', 'apiGroup']), builtAt(value, ['roleRef', 'kind'])];
  if (!path.endsWith('roleRef/name') || group?.kind !== 'scalar' || kind?.kind !== 'scalar') return undefined;
  return { group: group.text, version: '', kind: kind.text };
}

/** A namespaced object refers to cluster-scoped ones, those in its namespace and, for a binding, in those of its subjects. */
function isReferrable({ value }: BuiltObject, { object, isNamespaced, namespaces }: Search): boolean {
  const own = effectiveNamespace(idOf(object.value), isNamespaced);
  const other = effectiveNamespace(idOf(value), isNamespaced);
  return own === undefined || other === undefined || own === other || namespaces.has(idOf(value).namespace);
}

/** ServiceAccounts may be in another namespace. */
function isNear(one: BuiltObject, { object, isNamespaced }: Search): boolean {
  const own = effectiveNamespace(idOf(object.value), isNamespaced);
  const other = effectiveNamespace(idOf(one.value), isNamespaced);
  return own === undefined || other === undefined || own === other || gvkIn(one.value).kind === 'ServiceAccount';
}

function namedNamespaces(value: BuiltMap): ReadonlySet<string> {
  const subjects = gvkIn(value).kind === 'RoleBinding' ? value.entries.get('subjects') : undefined;
  const items = subjects?.kind === 'list' ? subjects.items : [];
  return new Set(
    items.flatMap((one) => (textAt(one, ['kind']) === 'ServiceAccount' ? (textAt(one, ['namespace']) ?? []) : [])),
  );
}

/** kustomize reads the version of an object that may refer to others in two ways, which differ for a written null. */
function versionFault({ entries }: BuiltMap): Fault | undefined {
  const version = entries.get('apiVersion');
  if (version?.kind !== 'scalar' || version.value !== null || version.text === '') return undefined;
  return { reason: { kind: 'wrong-type', expected: 'string' }, origin: version.origin };
}

/** The first subject of a RoleBinding that kustomize can't read the namespace of; it crashes if one isn't a map. */
function subjectFault(value: BuiltMap): Fault | undefined {
  const subjects = gvkIn(value).kind === 'RoleBinding' ? value.entries.get('subjects') : undefined;
  for (const subject of subjects?.kind === 'list' ? subjects.items : []) {
    if (subject.kind !== 'map') return { reason: { kind: 'wrong-type', expected: 'map' }, origin: subject.origin };
    const [namespace, kind] = ['namespace', 'kind'].map((key) => subject.entries.get(key));
    if (!namespace || !kind) continue;
    const other = isText(kind)
      ? textAt(kind, []) === 'ServiceAccount' && !isText(namespace)
        ? namespace
        : undefined
      : kind;
    if (!other) continue;
    const isBlank = other === namespace && isNull(other);
    return {
      reason: isBlank ? { kind: 'blank-namespace' } : { kind: 'wrong-type', expected: 'string' },
      origin: other.origin,
    };
  }
  return undefined;
}

/** A time is none: kustomize resolves it. */
function isText(value: Built): boolean {
  return value.kind === 'scalar' && (value.value === value.text || typeof value.value === 'symbol');
}

/** Whether two names got the same prefixes and suffixes last; with `lax`, an object without any matches. */
function sharesAffixes(a: BuiltObject, b: BuiltObject, lax: boolean): boolean {
  return (['prefixes', 'suffixes'] as const).every((part) => {
    const [left, right] = [a[part] ?? [], b[part] ?? []];
    if (left.length === 0 || right.length === 0) return lax || left.length === right.length;
    const [short, long] = left.length < right.length ? [left, right] : [right, left];
    return short.every((text, index) => text === long[long.length - short.length + index]);
  });
}
