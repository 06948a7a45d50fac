// The namespaces that objects can't be moved to: because another Kustomization of the cluster applies the same objects there,
// so that they would have two owners, or because Namespaces would be renamed.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { type BuiltMap, textAt } from '../../kustomize/built.ts';
import { namespacesOf } from '../../rules/renamed-namespace.ts';
import { isOwned } from '../../rules/two-owners.ts';
import { stringAt } from '../../syntax/navigate.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { fluxKustomization, type Home, latestHomesOf } from '../../workspace/homes.ts';
import type { AppliedObject } from '../../workspace/parts.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';
import { filesListedBy } from './reach.ts';

const none: ReadonlySet<string> = new Set();

/** Whether an object can't have the namespace. */
export function refusedNamespaces(place: Place): (namespace: string) => boolean {
  const owned = ownedNamespaces(place);
  const taken = takenNamespaces(place);
  const own = renamedNamespaces(place);
  const needed = neededNamespaces(place);
  return (namespace) =>
    owned.has(namespace) ||
    taken.has(namespace) ||
    own.some((name) => name !== namespace) ||
    (needed.size > 0 && !needed.has(namespace));
}

/** Of the objects of the file that refer to this one in their own namespace: elsewhere they would miss it. */
function neededNamespaces({ workspace, path, root, field }: Place): ReadonlySet<string> {
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  if (rowPath(field.path) !== 'metadata.namespace' || name === undefined) return none;
  const groupKind = groupKindOf(field.kind.gvk);
  const others = workspace.index.definitions(groupKind, name);
  const used = workspace.index.uses(groupKind, name).flatMap(({ by, use }) => {
    const { namespace } = by.object;
    if (by.path !== path || use.within.is !== 'own' || namespace === undefined) return [];
    return others.some((one) => one.path !== path && one.object.namespace === namespace) ? [] : [namespace];
  });
  return new Set(used);
}

/** Where the file, or a kustomization that lists it, has another object of the kind and name, which would be the same one. */
function takenNamespaces({ workspace, path, root, field }: Place): ReadonlySet<string> {
  if (rowPath(field.path) !== 'metadata.namespace') return none;
  const groupKind = groupKindOf(field.kind.gvk);
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const objects = (workspace.file(path)?.documents ?? []).flatMap(({ document }) => document.facts.objects);
  const same = objects.filter((one) => one.groupKind === groupKind && one.name !== undefined && one.name === name);
  const listed = workspace.ownership.topsOf(path).flatMap((top) => {
    const files = filesListedBy(workspace, top);
    const others = name === undefined ? [] : workspace.index.definitions(groupKind, name);
    return others.flatMap((one) => (one.path !== path && files.has(one.path) ? one.object : []));
  });
  return new Set([...same, ...listed].flatMap(({ namespace }) => namespace ?? []));
}

/** The names of the Namespaces that the targetNamespace at the cursor renames; empty at other fields. */
function renamedNamespaces({ workspace, path, root, field }: Place): readonly string[] {
  if (groupKindOf(field.kind.gvk) !== fluxKustomization || rowPath(field.path) !== 'spec.targetNamespace') return [];
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  return latestHomesOf(workspace, path).flatMap(({ appliers }) =>
    appliers.flatMap(({ flux, result }) => {
      const isSelf = flux?.object.origin.source.file === path && textAt(flux.object, ['metadata', 'name']) === name;
      return isSelf ? namespacesOf(result).map(({ from }) => from) : [];
    }),
  );
}

/** For the namespace of an object, of a kustomization or of a Flux Kustomization; empty at other fields. */
function ownedNamespaces(place: Place): ReadonlySet<string> {
  const isMoved = movedBy(place);
  if (!isMoved) return none;
  const namespaces = new Set<string>();
  for (const home of homesOf(place).filter(({ isWhole }) => isWhole)) {
    const own = new Set(home.objects.filter(isMoved));
    const others = (groupKind: GroupKind, name: string) =>
      (home.ofKind(groupKind).get(name) ?? []).filter((one) => !own.has(one) && isOwned(one));
    for (const { groupKind, name, applier } of own) {
      for (const one of others(groupKind, name)) if (one.applier !== applier) namespaces.add(one.namespace);
      // Namespaces are given the name.
      if (groupKind !== '/Namespace' || rowPath(place.field.path) === 'metadata.namespace') continue;
      for (const [other] of home.ofKind(groupKind)) if (others(groupKind, other).length > 0) namespaces.add(other);
    }
  }
  return namespaces;
}

/** The clusters that have an object of the file, or of one that it lists. */
function homesOf({ workspace, path }: Place): readonly Home[] {
  const files = filesListedBy(workspace, path);
  return [...new Set([...files].flatMap((file) => latestHomesOf(workspace, file)))];
}

/** Which objects get the namespace at the cursor. */
function movedBy({ workspace, path, root, field }: Place): ((object: AppliedObject) => boolean) | undefined {
  const { gvk } = field.kind;
  const at = rowPath(field.path);
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const isSelf = (object: BuiltMap) =>
    object.origin.source.file === path && textAt(object, ['metadata', 'name']) === name;
  if (gvk.group === 'kustomize.config.k8s.io') {
    if (at !== 'namespace') return undefined;
    const files = filesListedBy(workspace, path);
    const readers = new Set(fleetOf(workspace).latestAppliersOf(path));
    return ({ value, applier }) => readers.has(applier) && files.has(value.origin.source.file);
  }
  const groupKind = groupKindOf(gvk);
  if (groupKind === fluxKustomization && at === 'spec.targetNamespace')
    return ({ applier: { flux } }) => flux !== undefined && isSelf(flux.object);
  if (at !== 'metadata.namespace') return undefined;
  return (object) => object.groupKind === groupKind && isSelf(object.value);
}
