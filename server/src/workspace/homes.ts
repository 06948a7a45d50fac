// What each cluster gets, as one program of objects that name each other: every applied object with its references, found by
// kind, namespace and name as they are in the cluster, and what may be there besides. Computed once for each state of a
// cluster (workspace/cluster.ts).
import { groupedBy } from '../kube/grouped.ts';
import { type GroupKind, groupKindOf, kindName } from '../kube/identity.ts';
import { kindRows } from '../kube/kinds.ts';
import type { Use } from '../kube/references.ts';
import { type Built, builtAt } from '../kustomize/built.ts';
import type { SourceReference } from '../kustomize/flux-kustomization.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { isRefusal } from '../kustomize/flux-problem.ts';
import type { Applier, Cluster } from './cluster.ts';
import { Directory, type Place, type Resolved, type Wanted } from './directory.ts';
import { fleetOf } from './fleets.ts';
import { type AppliedObject, type Part, partOf, type Scopes, usesOf } from './parts.ts';
import type { Workspace } from './workspace.ts';

/** What a reference resolves to in its cluster. */
export type Resolution =
  | { readonly is: 'object'; readonly objects: readonly AppliedObject[] }
  | Exclude<Resolved, { readonly is: 'object' }>;

/** An applier whose objects aren't all known, which may apply what is missing. */
export interface Gap {
  /** `broken`: its build is refused; `elsewhere`: it reads files that aren't in the workspace. */
  readonly why: 'broken' | 'elsewhere';
  /** Set if it applies to this namespace only. */
  readonly namespace: string | undefined;
}

/** State: what was looked up in one cluster. */
export class Home {
  readonly name: string;
  readonly cluster: Cluster;
  readonly appliers: readonly Applier[];
  /** One for each applier. */
  readonly parts: readonly Part[];
  readonly directory: Directory;
  readonly gaps: readonly Gap[];
  #objects: readonly AppliedObject[] | undefined;
  #byFile: ReadonlyMap<string, readonly AppliedObject[]> | undefined;
  readonly #byKind = new Map<GroupKind, ReadonlyMap<string, readonly AppliedObject[]>>();
  /** Of how many of its own Kustomizations it has the sources. */
  #known: 'all' | 'most' | 'few' | undefined;

  /** `earlier` is the directory of another state of the cluster. */
  constructor(
    name: string,
    cluster: Cluster,
    appliers: readonly Applier[],
    scopes: Scopes,
    earlier: Directory | undefined,
  ) {
    this.name = name;
    this.cluster = cluster;
    this.appliers = appliers;
    this.parts = appliers.map((applier, index) => partOf(applier, scopes, earlier?.latestOf(applier.name, index)));
    this.directory = earlier?.isOf(this.parts, scopes) ? earlier : new Directory(this.parts, scopes);
    this.directory.next(this.parts);
    // What a refused build would apply may apply to other clusters.
    const others = cluster.appliers.filter((one) => one.cluster !== name).flatMap(gapsOf);
    const isBroken = others.some(({ why }) => why === 'broken');
    this.gaps = [...appliers.flatMap(gapsOf), ...(isBroken ? [{ why: 'broken', namespace: undefined } as const] : [])];
  }

  get objects(): readonly AppliedObject[] {
    return (this.#objects ??= this.parts.flatMap(({ objects }) => objects));
  }

  objectAt({ part, index }: Place): AppliedObject {
    return this.parts[part]!.objects[index]!;
  }

  /** Whether the cluster is one that the entry point has the kubeconfig of. */
  get isRemote(): boolean {
    return this.name !== this.cluster.name;
  }

  /**
   * Whether the files show the cluster's entry point. What is applied by hand may be a part of a cluster, unless it brings
   * the sources of most of its own Kustomizations: the name of another may be wrong.
   */
  get isWhole(): boolean {
    return !this.cluster.isAssumed || this.isRemote || this.#sourced === 'all' || this.#sourced === 'most';
  }

  /** Whether the sources of the entry point are in files; without them, others may be missing there too. */
  get isSourced(): boolean {
    return this.isRemote || this.#sourced === 'all';
  }

  get #sourced(): 'all' | 'most' | 'few' {
    if (this.#known) return this.#known;
    const tops = this.appliers.flatMap(({ by, flux }) => (flux && by?.is !== 'flux' ? flux.source : []));
    const count = tops.filter((one) => this.#hasSource(one)).length;
    const isAll = count > 0 && count === tops.length;
    this.#known = isAll ? 'all' : count * 2 > tops.length ? 'most' : 'few';
    return this.#known;
  }

  #hasSource({ kind, namespace, name }: SourceReference): boolean {
    const target = sourceKinds.find((one) => kindName(one) === kind);
    if (target === undefined) return false;
    // What is made at run time is made of another source, which `flux bootstrap` may bring.
    return this.resolution(namespace, { targets: [target], name, within: { is: 'own' } }).is === 'object';
  }

  /** The objects that begin in a file. */
  begunIn(file: string): readonly AppliedObject[] {
    this.#byFile ??= groupedBy(this.objects, ({ value }) => value.origin.source.file);
    return this.#byFile.get(file) ?? [];
  }

  /** The objects of a kind, by name. */
  ofKind(groupKind: GroupKind): ReadonlyMap<string, readonly AppliedObject[]> {
    const before = this.#byKind.get(groupKind);
    if (before) return before;
    const places = this.directory.ofKind(groupKind);
    const found = new Map([...places].map(([name, same]) => [name, same.map((one) => this.objectAt(one))] as const));
    this.#byKind.set(groupKind, found);
    return found;
  }

  inNamespace(groupKind: GroupKind, namespace: string): readonly AppliedObject[] {
    return [...this.ofKind(groupKind).values()].flatMap((same) => same.filter((one) => one.namespace === namespace));
  }

  /** Whether the name of an object of the kind is unknown. */
  hasUnnamed(groupKind: GroupKind): boolean {
    return this.directory.hasUnnamed(groupKind);
  }

  /** The objects of a kind that a controller creates under known names, each as the object that it is created for. */
  madeIn(groupKind: GroupKind, namespace: string): readonly AppliedObject[] {
    const made = this.parts.flatMap((part) => part.made);
    return made.flatMap(({ made: { kinds, name, namespace: within }, by }) =>
      Array.isArray(kinds) && kinds.includes(groupKind) && within === namespace && !name.endsWith('*')
        ? [{ ...by, groupKind, name, namespace }]
        : [],
    );
  }

  find(groupKind: GroupKind, namespace: string, name: string): readonly AppliedObject[] {
    return this.directory.find(groupKind, namespace, name).map((one) => this.objectAt(one));
  }

  usesOf(object: AppliedObject): readonly Use<Built>[] {
    return usesOf(object);
  }

  resolve(by: AppliedObject, use: Use<Built>): Resolution {
    return this.resolution(by.namespace, use);
  }

  /** Of a reference by an object in a namespace. */
  resolution(by: string, use: Wanted): Resolution {
    const resolved = this.directory.resolved(by, use);
    if (resolved.is !== 'object') return resolved;
    return { is: 'object', objects: resolved.places.map((one) => this.objectAt(one)) };
  }

  /** Whether something besides the files creates the target, or adds to it. */
  isAlsoMade(by: AppliedObject, use: Wanted): boolean {
    return this.directory.isAlsoMade(by.namespace, use);
  }

  /** The names of a kind in a namespace, including those of objects that controllers create. */
  namesOf(groupKind: GroupKind, namespace: string): readonly string[] {
    return this.directory.namesOf(groupKind, namespace);
  }
}

const sourceKinds: readonly GroupKind[] = kindRows.flatMap((row) =>
  row.family === 'flux-source' ? groupKindOf(row) : [],
);

export const fluxKustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';

/** The clusters that the appliers of an entry point reach, its own first. */
function homesIn(cluster: Cluster, scopes: Scopes, directories: Map<string, Directory>): readonly Home[] {
  const names = new Set([cluster.name, ...cluster.appliers.map((one) => one.cluster)]);
  return [...names].map((name) => {
    const own = cluster.appliers.filter((one) => one.cluster === name);
    const key = `${cluster.name}\n${name}`;
    const home = new Home(name, cluster, own, scopes, directories.get(key));
    directories.set(key, home.directory);
    return home;
  });
}

const homes = new WeakMap<Cluster, { readonly scopes: Scopes; readonly homes: readonly Home[] }>();

/** Those of the states that clusters had last, by name. */
const latestDirectories = new WeakMap<Workspace, Map<string, Directory>>();

/** The same value (`===`) while the cluster is, and the kinds that are known. */
export function homesOf(workspace: Workspace, cluster: Cluster): readonly Home[] {
  const scopes = scopesIn(workspace);
  const before = homes.get(cluster);
  if (before?.scopes === scopes) return before.homes;
  let directories = latestDirectories.get(workspace);
  // Clusters may have been renamed, again and again.
  if (!directories || directories.size > mostDirectories + 2 * fleetOf(workspace).latest().length)
    latestDirectories.set(workspace, (directories = new Map()));
  const found = homesIn(cluster, scopes, directories);
  homes.set(cluster, { scopes, homes: found });
  return found;
}

const mostDirectories = 100;

const scopesKnown = new WeakMap<Workspace, { readonly edition: number; readonly scopes: Scopes }>();

export function scopesIn(workspace: Workspace): Scopes {
  const { edition } = workspace.schemas;
  const before = scopesKnown.get(workspace);
  if (before?.edition === edition) return before.scopes;
  const kinds = workspace.schemas.storeFor('').kinds();
  const scopes = new Map(kinds.map(({ gvk, scope }) => [groupKindOf(gvk), scope] as const));
  const isSame =
    before?.scopes.size === scopes.size && [...scopes].every(([kind, one]) => before.scopes.get(kind) === one);
  const now = isSame ? before.scopes : scopes;
  scopesKnown.set(workspace, { edition, scopes: now });
  return now;
}

/** Of all clusters, as they were when they were last asked for: nothing is built for it. */
export function latestHomes(workspace: Workspace): readonly Home[] {
  return fleetOf(workspace)
    .latest()
    .flatMap((cluster) => homes.get(cluster)?.homes ?? []);
}

/** Of the clusters that get objects of a file, or will get those that are written in it, likewise. */
export function latestHomesOf(workspace: Workspace, file: string): readonly Home[] {
  const readers = new Set(fleetOf(workspace).latestAppliersOf(file));
  return latestHomes(workspace).filter(
    (home) => home.begunIn(file).length > 0 || (readers.size > 0 && home.appliers.some((one) => readers.has(one))),
  );
}

function gapsOf({ is, flux, folder, base, result }: Applier): readonly Gap[] {
  const target = flux && knownText(builtAt(flux.spec, ['targetNamespace']));
  const gap = (why: Gap['why']): Gap => ({ why, namespace: target });
  if (flux && folder === undefined) return [gap('elsewhere')];
  // What is encrypted is a value; the object is known.
  const isOpen = result.incomplete.some((field) => field !== 'decryption');
  // A patch may be for an object of a remote base.
  const isBroken =
    (result.problems.length > 0 && !isOpen) ||
    [...base.fluxProblems, ...result.fluxProblems].some(
      ({ reason }) => isRefusal(reason) && reason.kind !== 'unset-variable',
    );
  if (isBroken) return [gap('broken')];
  return isOpen ? [is === 'resource-set' ? { why: 'elsewhere', namespace: undefined } : gap('elsewhere')] : [];
}
