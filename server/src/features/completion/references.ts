// Completes references to other objects, as declared in the row of the kind in kube/kinds: the kind, its group or
// apiVersion, and the names of matching objects in the workspace.
import { apiVersionOf, type GroupKind, type Gvk, groupKindOf, groupOf, kindName } from '../../kube/identity.ts';
import { insides } from '../../kube/insides.ts';
import type { Reference } from '../../kube/kind.ts';
import { kindRow } from '../../kube/kinds.ts';
import { type Within, withinOf } from '../../kube/references.ts';
import { isOpen, mayName } from '../../kube/roles.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, scalarAt, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Reachable, Referrer } from '../../workspace/resolve.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { type Field, rowPath } from '../place.ts';
import { appliedNames, isAppliedBySelf, isUnbuilt, missingFrom, reachesTargets } from './applied.ts';
import { dependentsOf, waitsForSelf } from './dependents.ts';
import { valuesInside } from './inside.ts';
import type { Candidate } from './item.ts';
import { inOrder, kindOrder } from './kind-order.ts';
import { leavesOut } from './left-out.ts';
import { sharedLength } from './seen.ts';
import { formatCandidates } from './suggestions.ts';
import { usualTargetRank } from './usual.ts';

export interface Place {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly schemas: SchemaStore;
  readonly root: Node;
  readonly field: Field;
}

/** Includes values of the format that the row sets for the field. */
export function referenceCandidates(place: Place): readonly Candidate[] {
  const { kind, path } = place.field;
  const row = kindRow(groupKindOf(kind.gvk));
  const at = rowPath(path);
  return [
    ...formatCandidates(row?.values?.[at]),
    ...(row?.references ?? []).flatMap((reference) => candidatesOf(place, at, reference)),
  ];
}

/** Whether the field names an object of a kind that files have: a name that only objects elsewhere use is no choice. */
export function namesObjectInFiles({ kind, path }: Field): boolean {
  const at = rowPath(path);
  const references = kindRow(groupKindOf(kind.gvk))?.references ?? [];
  return references.some((one) => (at === one.path || at === `${one.path}.name`) && !one.to.some(isMadeInCluster));
}

export function isMadeInCluster(target: GroupKind): boolean {
  return kindRow(target)?.madeInCluster === true;
}

/** Kind, group and apiVersion to insert with a new reference; its author chooses the name. */
export function fixedParts(place: Place): readonly string[] {
  const part = place.field.path.at(-1);
  if (part !== 'kind' && part !== 'apiGroup' && part !== 'apiVersion') return [];
  const row = kindRow(groupKindOf(place.field.kind.gvk));
  const at = rowPath(place.field.path.slice(0, -1));
  // If a reference allows any kind, none is more likely than the others.
  if (row?.references?.some((reference) => reference.path === at && isOpen(reference))) return [];
  const kinds = kindsOfName(place);
  const values = distinct(referenceCandidates(place).map(({ value }) => String(value)));
  return kinds ? values.filter((value) => kinds.has(value)) : values;
}

export function writtenParts(gvk: Gvk, path: Path): readonly string[] {
  const at = rowPath(path);
  return kindRow(groupKindOf(gvk))?.references?.find((one) => one.path === at)?.written ?? [];
}

function candidatesOf(place: Place, at: string, reference: Reference): readonly Candidate[] {
  const { root, field } = place;
  if (at !== reference.path && !at.startsWith(`${reference.path}.`)) return [];
  const part = at.slice(reference.path.length + 1);
  const around = [...field.object.path, ...(part === '' ? field.path : field.path.slice(0, -1))];
  const targets = targetKinds(place, reference);
  const chosen = stringAt(root, [...around, 'kind']);
  const meant = chosen === undefined ? targets : targets.filter((one) => kindName(one) === chosen);
  if (chosen === undefined && part !== 'kind' && isOpen(reference)) return [];
  switch (part) {
    case '':
    case 'name':
      return namesOf(place, meant, reference, nodeAt(root, around));
    case 'kind':
      return ranked(place.workspace, targets, reference).map((one, rank) => ({
        ...{ value: kindName(one), kind: 'enum', rank },
      }));
    case 'apiGroup':
      return distinct(meant.map(groupOf)).map((value, rank) => ({ value, kind: 'enum', rank }));
    case 'apiVersion':
      return distinct(meant.flatMap((one) => apiVersions(place.schemas, one))).map((value, rank) => ({
        ...{ value, kind: 'enum', rank },
      }));
    case 'namespace':
      return namespaces(place, meant, reference, stringAt(root, [...around, 'name']));
    default:
      return [];
  }
}

/** Where else the named object is, if it isn't in the author's own namespace. */
function namespaces(
  place: Place,
  targets: readonly GroupKind[],
  reference: Reference,
  name: string | undefined,
): readonly Candidate[] {
  const found = reachableFrom(place, targets, reference, undefined).filter(
    ({ definition }) => definition.name === name,
  );
  if (found.some(({ elsewhere }) => elsewhere === undefined)) return [];
  const isMissing = missingFrom(place, reference);
  const there = found.filter(
    ({ kind, elsewhere }) => !isMissing(kind, name!, { is: 'written', namespace: elsewhere! }),
  );
  return there.map(({ kind, definition, elsewhere }, rank) => ({
    ...{ value: elsewhere, kind: 'reference', rank },
    detail: `${kindName(kind)} in ${definition.path}`,
  }));
}

/** For the kind in a reference whose name is written: the kinds that have an object of that name; undefined if none has. */
export function kindsOfName(place: Place): ReadonlySet<string> | undefined {
  const { root, field } = place;
  if (field.path.at(-1) !== 'kind') return undefined;
  const at = nodeAt(root, [...field.object.path, ...field.path.slice(0, -1)]);
  const name = stringAt(at, ['name']);
  const path = rowPath(field.path.slice(0, -1));
  const reference = kindRow(groupKindOf(field.kind.gvk))?.references?.find((one) => one.path === path);
  if (!at || name === undefined || !reference) return undefined;
  const targets = targetKinds(place, reference);
  const reachable = reachableFrom(place, targets, reference, at);
  const defined = reachable.flatMap(({ kind, definition }) => (definition.name === name ? [kind] : []));
  const isMissing = missingFrom(place, reference);
  const within = withinOf(at, reference, nodes);
  const names = appliedNames(place, field.path.slice(0, -1), name);
  const kinds = (defined.length > 0 ? distinct(defined) : targets).filter((kind) =>
    names.every((one) => !isMissing(kind, one, within)),
  );
  return kinds.length === 0 || kinds.length === targets.length ? undefined : new Set(kinds.map(kindName));
}

/**
 * Whether what a name or a namespace stands for is there, by a value of the field at the cursor: the namespace of the object,
 * the name or the namespace of a reference. Undefined at any other field.
 */
export function fittingTarget(place: Place): ((value: string) => boolean) | undefined {
  const { root, field } = place;
  if (rowPath(field.path) === 'metadata.namespace') return reachesTargets(place);
  const at = rowPath(field.path);
  const references = kindRow(groupKindOf(field.kind.gvk))?.references ?? [];
  const reference = references.find(({ path }) => at === path || at === `${path}.name` || at === `${path}.namespace`);
  if (!reference) return undefined;
  const isPlain = reference.path === at;
  const around = isPlain ? field.path : field.path.slice(0, -1);
  const node = nodeAt(root, [...field.object.path, ...around]);
  const [kind, name] = ['kind', 'name'].map((of) => (isPlain ? undefined : scalarAt(node, [of])?.text));
  const targets = targetKinds(place, reference).filter((one) => kind === undefined || kindName(one) === kind);
  if (targets.length === 0) return undefined;
  const isMissing = missingFrom(place, reference);
  if (isPlain || field.path.at(-1) === 'name') {
    const within: Within = node ? withinOf(node, reference, nodes) : { is: 'own' };
    // The namespace is written with the name.
    if (reference.namespace === 'field' && within.is === 'own') return undefined;
    const isReadable = (target: GroupKind, value: string) => {
      const all = place.workspace.index.definitions(target, value);
      return all.length === 0 || all.some((one) => hasNamed(reference, node, one));
    };
    const inFiles = isUnbuilt(place) ? reachableFrom(place, targets, reference, node) : [];
    const named = new Set(inFiles.map(({ definition }) => definition.name));
    return (value) =>
      (named.size === 0 || named.has(value)) &&
      targets.some((target) => !isMissing(target, value, within) && isReadable(target, value));
  }
  if (name === undefined) return undefined;
  const names = appliedNames(place, around, name);
  const isElsewhere = isUnbuilt(place) ? elsewhereInFiles(place, targets, name) : () => false;
  return (namespace) =>
    names.every((one) => targets.some((target) => !isMissing(target, one, { is: 'written', namespace }))) &&
    !isElsewhere(namespace);
}

/** For a namespace: whether files have objects of the name, but in other namespaces. */
function elsewhereInFiles(place: Place, targets: readonly GroupKind[], name: string): (namespace: string) => boolean {
  const { resolver } = place.workspace;
  const by = referrerOf(place);
  const has = (namespace: string, anywhere: boolean) =>
    targets.some((kind) => {
      const reachable = resolver.reachable(by, kind, { is: 'written', namespace }, anywhere);
      return reachable.some(({ definition }) => definition.name === name);
    });
  return (namespace) => !has(namespace, false) && has(namespace, true);
}

/** Objects that the reference can reach, those in its own namespace first. `at` is the reference as written so far. */
export function namesOf(
  place: Place,
  targets: readonly GroupKind[],
  reference: Reference,
  at: Node | undefined,
): readonly Candidate[] {
  const { reached, fitting } = nameable(place, targets, reference, at);
  return [...fitting(reached)];
}

type Reached = Reachable & { readonly kind: GroupKind };

/** What a reference can name. */
export interface Nameable {
  /** All that is in reach, the likeliest first. */
  readonly reached: readonly Reached[];
  /** Of some of it, what a cluster would take there; each is looked at when it is asked for. */
  fitting(some: readonly Reached[]): Iterable<Candidate>;
}

export function nameable(
  place: Place,
  targets: readonly GroupKind[],
  reference: Reference,
  at: Node | undefined,
): Nameable {
  const { path, root, field } = place;
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const own = groupKindOf(field.kind.gvk);
  const near = ({ definition }: Reached) =>
    definition.name === name ? Number.MAX_SAFE_INTEGER : sharedLength(path, definition.path);
  // Objects of the same name belong together; of the others, the nearest is the likeliest.
  const reached = reachableFrom(place, targets, reference, at)
    .map((one) => ({ one, isFar: reference.namespace === 'field' && !one.isOwn, near: near(one) }))
    .sort((a, b) => Number(a.isFar) - Number(b.isFar) || b.near - a.near)
    .map(({ one }) => one);
  return { reached, fitting };

  function* fitting(some: readonly Reached[]): Iterable<Candidate> {
    if (some.length === 0) return;
    // An object must not depend on itself, nor on one that depends on it.
    const dependents =
      reference.acyclic && name !== undefined ? dependentsOf(place.workspace.index, own, name) : new Set<string>();
    const isWaiting = reference.acyclic ? waitsForSelf(place) : () => false;
    const isMissing = missingFrom(place, reference);
    const isLeftOut = leavesOut(place);
    const within: Within = at ? withinOf(at, reference, nodes) : { is: 'own' };
    let rank = 0;
    for (const { kind, definition, elsewhere } of some) {
      const sought: Within = elsewhere === undefined ? within : { is: 'written', namespace: elsewhere };
      if (isMissing(kind, definition.name, sought) || !hasNamed(reference, at, definition)) continue;
      if (isAppliedBySelf(place, kind, definition.name) || isLeftOut(definition)) continue;
      if ((definition.name !== name || kind !== own) && isWaiting(kind, definition.name)) continue;
      // It may depend on an object of the same name in another namespace.
      const isDependent = kind === own && dependents.has(definition.name);
      if (isDependent && (definition.name !== name || elsewhere === undefined)) continue;
      yield {
        ...{ value: definition.name, kind: 'reference', rank: rank++ },
        detail: `${kindName(kind)} in ${definition.path}`,
        ...(elsewhere !== undefined && { namespace: elsewhere }),
      };
    }
  }
}

/** Whether the object has what is named in it beside the reference, such as a key or a port; unknown contents may. */
function hasNamed(reference: Reference, at: Node | undefined, { document, object }: Definition): boolean {
  const { to, key } = reference;
  const read = insides.flatMap((inside) => {
    if (inside.unless !== undefined || !inside.to.some((one) => to.includes(one))) return [];
    const named = at ? inside.at.flatMap((path) => valuesInside(at, path)) : [];
    const names = named.length === 0 && key !== undefined && inside.at.includes('valuesKey') ? [key] : named;
    return names.length > 0 ? [{ names, from: inside.from }] : [];
  });
  const target = read.length > 0 ? nodeAt(parseManifest(document.text).root, object.path) : undefined;
  if (!target) return true;
  return read.every(({ names, from }) => {
    const held = from.flatMap((path) => valuesInside(target, path));
    return held.length === 0 || names.every((name) => held.includes(name));
  });
}

/** The objects that a reference can name; also those of other namespaces if it may still write one. */
function reachableFrom(
  place: Place,
  targets: readonly GroupKind[],
  reference: Reference,
  at: Node | undefined,
): readonly Reached[] {
  const within: Within = at
    ? withinOf(at, reference, nodes)
    : { is: reference.namespace === 'none' ? 'cluster' : 'own' };
  const anywhere = reference.namespace === 'field' && within.is === 'own';
  const by = referrerOf(place);
  return targets.flatMap((kind) =>
    place.workspace.resolver.reachable(by, kind, within, anywhere).map((one) => ({ ...one, kind })),
  );
}

function referrerOf({ path, root, field }: Place): Referrer {
  const namespace = stringAt(root, [...field.object.path, 'metadata', 'namespace']);
  const isEmbedded = field.object.path.length > 0 && field.object.path[0] !== 'items';
  return { path, object: { ...(namespace && { namespace }) }, from: isEmbedded ? 'embedded' : 'object' };
}

/** The objects that a reference names, for the values of fields beside it. `to` is the path of its map or its name. */
export function targetsNamed(place: Place, reference: Reference, to: Path): readonly Node[] {
  const { root, field } = place;
  const at = nodeAt(root, [...field.object.path, ...to]);
  const name = stringAt(root, [...field.object.path, ...to, 'name']) ?? stringAt(root, [...field.object.path, ...to]);
  if (!at || name === undefined) return [];
  const kind = stringAt(root, [...field.object.path, ...to, 'kind']);
  const targets = reference.to.filter((one) => kind === undefined || kindName(one) === kind);
  const found = reachableFrom(place, targets, reference, at).filter((one) => one.definition.name === name);
  return found
    .filter(({ elsewhere }) => elsewhere === undefined)
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
    .flatMap(({ definition: { document, object } }) => nodeAt(parseManifest(document.text).root, object.path) ?? []);
}

/** The kinds a reference may name; if Cluster API leaves the choice to the provider, those with a fitting role. */
export function targetKinds({ schemas, field }: Place, reference: Reference): readonly GroupKind[] {
  if (reference.to.length > 0) return reference.to;
  const by = field.kind.gvk.kind;
  const ofStore = known.get(schemas) ?? new Map<string, readonly GroupKind[]>();
  known.set(schemas, ofStore);
  const key = `${by} ${reference.path} ${reference.role}`;
  let kinds = ofStore.get(key);
  if (!kinds) {
    const served = schemas.kinds().flatMap((kind) => (kind.served ? [groupKindOf(kind.gvk)] : []));
    kinds = distinct(served.filter((one) => mayName(reference, by, one)));
    ofStore.set(key, kinds);
  }
  return kinds;
}

/** The kinds of references that list none, each of which is looked for among all kinds. */
const known = new WeakMap<SchemaStore, Map<string, readonly GroupKind[]>>();

/** Kinds listed in the row keep their order, those in the workspace first; others are ordered by how common they are. */
function ranked(workspace: Workspace, kinds: readonly GroupKind[], reference: Reference): readonly GroupKind[] {
  return reference.to.length > 0
    ? kinds.toSorted((a, b) => Number(workspace.index.hasKind(b)) - Number(workspace.index.hasKind(a)))
    : inOrder(kinds, (one) =>
        isOpen(reference) ? String(usualTargetRank(one)).padStart(3, '0') : kindOrder(workspace, one),
      );
}

function apiVersions(schemas: SchemaStore, groupKind: GroupKind): readonly string[] {
  const served = schemas.versions(groupOf(groupKind), kindName(groupKind)).filter((one) => one.served);
  return served.toSorted((a, b) => Number(b.storage) - Number(a.storage)).map(({ gvk }) => apiVersionOf(gvk));
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
