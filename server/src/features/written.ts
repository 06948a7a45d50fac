// Between files and live objects: where what a cluster has is written, and what clusters have of what is written in a file.
import type { GroupKind } from '../kube/identity.ts';
import { type Built, builtAt, type Origin as Place, textAt } from '../kustomize/built.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { type FluxApplier, type Origin, sameAppliers } from '../live/origin.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { type Applier, chainTo } from '../workspace/cluster.ts';
import { latestHomes, latestHomesOf, scopesIn } from '../workspace/homes.ts';
import type { Definition } from '../workspace/index.ts';
import type { AppliedObject } from '../workspace/parts.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface Written {
  readonly file: string;
  /** In the file. */
  readonly offset: number;
  /** The clusters that get it, as far as the files show. */
  readonly clusters: readonly string[];
  /** The one of the origins that is written there. */
  readonly index: number;
}

/** Where the first of the origins is written that the files have; several places where it isn't known which of them is meant. */
export function writtenAt(workspace: Workspace, origins: readonly Origin[]): readonly Written[] {
  for (const [index, origin] of origins.entries()) {
    const applied = appliedAs(workspace, origin);
    const places = applied.length > 0 ? applied : definedAs(workspace, origin);
    if (places.length > 0) return together(places.map((one) => ({ ...one, index })));
  }
  return [];
}

type One = Omit<Written, 'index' | 'clusters'> & { readonly cluster: string | undefined };

/** As a cluster gets it, of those whose Kustomizations aren't others. */
function appliedAs(workspace: Workspace, origin: Origin): readonly One[] {
  return appliedObjects(workspace, origin).map(({ cluster, object }) => ({
    ...{ cluster, ...placeOf(partOf(object, origin.part)) },
  }));
}

/** The same object in clusters of the files, by what applies it. */
export function appliedObjects(
  workspace: Workspace,
  { groupKind, namespace = '', name, appliers }: Origin,
): readonly { readonly cluster: string; readonly object: AppliedObject }[] {
  const found = latestHomes(workspace).flatMap((home) =>
    home.find(groupKind, namespace, name).map((object) => {
      return { is: sameAppliers(appliersIn(object.applier), appliers), cluster: home.name, object };
    }),
  );
  const certain = found.filter(({ is }) => is === 'certain');
  return certain.length > 0 ? certain : found.filter(({ is }) => is === 'possible');
}

/** As a file defines it that nothing known applies. */
function definedAs(workspace: Workspace, origin: Origin): readonly One[] {
  return definitionsOf(workspace, origin).map((definition) => {
    return { file: definition.path, offset: offsetOf(workspace, definition), cluster: undefined };
  });
}

export function definitionsOf(workspace: Workspace, { groupKind, namespace, name }: Origin): readonly Definition[] {
  return workspace.index.definitions(groupKind, name).filter((definition) => {
    const isOf = namespacesOf(workspace, definition).some((one) => one === undefined || one === namespace);
    const isClustered = scopesIn(workspace).get(groupKind) === 'Cluster';
    const isFitting = (isOf || isClustered) && isWhole(workspace, definition);
    return isFitting && latestHomesOf(workspace, definition.path).length === 0;
  });
}

/** Whether it is an object of a cluster, as it is written or generated: a patch has only parts of one. */
function isWhole(workspace: Workspace, { path, document, from }: Definition): boolean {
  return from === 'generated' || (from === 'object' && workspace.role(path, document) === 'manifest');
}

/** Those that its kustomizations give it, or its own; undefined if none is known. */
function namespacesOf(workspace: Workspace, { path, object }: Definition): readonly (string | undefined)[] {
  return workspace.ownership.asApplied.of(path).forms.map(({ namespace }) => namespace ?? object.namespace);
}

function offsetOf(workspace: Workspace, { path, document, object }: Definition): number {
  const start = workspace.file(path)?.documents.find((one) => one.document === document)?.start ?? 0;
  return start + (nodeAt(parseManifest(document.text).root, object.path)?.start ?? 0);
}

/** The nearest first; the last one without a name if it is the folder of files that is applied by hand, as far as they show. */
function appliersIn(applier: Applier): readonly FluxApplier[] {
  return chainTo(applier)
    .toReversed()
    .flatMap(({ flux, is, folder }): readonly FluxApplier[] => {
      if (flux) return [{ namespace: flux.namespace, name: flux.name, path: flux.folder }];
      return is === 'resource-set' ? [] : [{ namespace: '', name: '', path: folder }];
    });
}

/** The item or the field of the object that is meant, or the object. */
function partOf({ value }: AppliedObject, part: Origin['part']): Place {
  const within = part && builtAt(value, part.path);
  if (!within) return value.origin;
  const isNamed = (item: Built) => textAt(item, ['name']) === part.name;
  const item = within.kind === 'list' ? within.items.find(isNamed) : undefined;
  return (item ?? within).origin;
}

function placeOf({ source, start }: Place): Pick<One, 'file' | 'offset'> {
  return { file: source.file, offset: source.start + start };
}

/** The same place is one, whichever clusters get it. */
function together(found: readonly (One & Pick<Written, 'index'>)[]): readonly Written[] {
  const places = new Map<string, Written>();
  for (const { file, offset, cluster, index } of found) {
    const key = `${offset} ${file}`;
    const clusters = new Set([...(places.get(key)?.clusters ?? []), ...(cluster === undefined ? [] : [cluster])]);
    places.set(key, { file, offset, index, clusters: [...clusters] });
  }
  return [...places.values()];
}

/** An object that is written in a file, as a cluster gets it. */
export interface AppliedIdentity {
  /** In the file. */
  readonly offset: number;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
  readonly appliers: readonly FluxApplier[];
}

/** In the order of the file; an object that several overlays change is there once for each. */
export function identitiesIn(workspace: Workspace, path: string): readonly AppliedIdentity[] {
  const homes = latestHomesOf(workspace, path);
  const applied = homes.flatMap((home) =>
    home.begunIn(path).flatMap(({ groupKind, namespace, value, applier }): readonly AppliedIdentity[] => {
      const name = knownText(builtAt(value, ['metadata', 'name']));
      if (name === undefined) return [];
      const { offset } = placeOf(value.origin);
      return [{ offset, groupKind, ...(namespace !== '' && { namespace }), name, appliers: appliersIn(applier) }];
    }),
  );
  const found = applied.length > 0 ? applied : definedIn(workspace, path);
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()].sort((a, b) => a.offset - b.offset);
}

/** Of a file that nothing known applies, as far as their names are complete: what another file is applied for is that one's. */
function definedIn(workspace: Workspace, path: string): readonly AppliedIdentity[] {
  const objects = (workspace.file(path)?.documents ?? []).flatMap(({ document }) => document.facts.objects);
  // Two of one name are among the definitions of it.
  const named = new Map(objects.map((one) => [`${one.groupKind} ${one.name}`, one]));
  return [...named.values()].flatMap(({ groupKind, name }) => {
    const all = name === undefined ? [] : workspace.index.definitions(groupKind, name);
    return all
      .filter((one) => one.path === path && isWhole(workspace, one))
      .flatMap((definition) => identitiesOf(workspace, definition, name!))
      .filter((one) => appliedAs(workspace, one).length === 0);
  });
}

function identitiesOf(workspace: Workspace, definition: Definition, name: string): readonly AppliedIdentity[] {
  const { groupKind } = definition.object;
  const own = { offset: offsetOf(workspace, definition), groupKind, name, appliers: [] };
  const scope = scopesIn(workspace).get(groupKind);
  if (scope === 'Cluster') return [own];
  return namespacesOf(workspace, definition).flatMap((namespace) => {
    if (namespace !== undefined) return [{ ...own, namespace }];
    // It gets the namespace of whoever applies it.
    return scope === 'Namespaced' ? [] : [own];
  });
}
