// What each cluster gets, as one program of objects that name each other: every applied object with its references, found by
// kind, namespace and name as they are in the cluster, and what may be there besides. Computed once for each state of a
// cluster (workspace/cluster.ts).
import { groupedBy } from '../kube/grouped.ts';
import { type GroupKind, groupKindOf, kindName } from '../kube/identity.ts';
import { kindRow, kindRows } from '../kube/kinds.ts';
import { isBuiltIn, isMade, type Made, madeBy } from '../kube/made.ts';
import { referencesOf, type Use, type Within } from '../kube/references.ts';
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import { builtReader } from '../kustomize/built-reader.ts';
import { objectsOfInstance } from '../kustomize/flux-instance.ts';
import type { SourceReference } from '../kustomize/flux-kustomization.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { isRefusal } from '../kustomize/flux-problem.ts';
import { idOf } from '../kustomize/objects.ts';
import type { Applier, Cluster } from './cluster.ts';
import { fleetOf } from './fleets.ts';
import type { Workspace } from './workspace.ts';

/** An object as a cluster gets it. */
export interface AppliedObject {
  readonly value: BuiltMap;
  readonly groupKind: GroupKind;
  /** Empty if the kind is cluster-scoped, and where none is set. */
  readonly namespace: string;
  readonly name: string;
  readonly applier: Applier;
}

/** What a reference resolves to in its cluster. */
export type Resolution =
  | { readonly is: 'object'; readonly objects: readonly AppliedObject[] }
  /** Kubernetes or a controller creates it. */
  | { readonly is: 'made' }
  /** It can't be known: the namespace or the scope of the kind is unknown, or an object of the kind has an unknown name. */
  | { readonly is: 'unknown' }
  /**
   * Not in the files that the cluster gets. `namespace` is empty for a cluster-scoped target; `isOpen`: something applied
   * there, such as a chart, may create any object of the kind.
   */
  | { readonly is: 'missing'; readonly namespace: string; readonly isOpen: boolean };

/** An applier whose objects aren't all known, which may apply what is missing. */
export interface Gap {
  /** `broken`: its build is refused; `elsewhere`: it reads files that aren't in the workspace. */
  readonly why: 'broken' | 'elsewhere';
  /** Set if it applies to this namespace only. */
  readonly namespace: string | undefined;
}

type Scope = 'Cluster' | 'Namespaced';

/** What is known of the objects of an applier; the same in every state of its cluster. */
interface OfApplier {
  readonly scopes: Scopes;
  readonly objects: readonly AppliedObject[];
  /** The kinds of objects whose names are unknown. */
  readonly unnamed: readonly GroupKind[];
  readonly made: readonly MadeFor[];
}

interface MadeFor extends Made {
  readonly by: AppliedObject;
}

export type Scopes = ReadonlyMap<GroupKind, Scope>;

/** State: what was looked up in one cluster. */
export class Home {
  readonly name: string;
  readonly cluster: Cluster;
  readonly appliers: readonly Applier[];
  readonly objects: readonly AppliedObject[];
  readonly gaps: readonly Gap[];
  readonly #scopes: Scopes;
  readonly #byKind = new Map<GroupKind, Map<string, AppliedObject[]>>();
  #byFile: ReadonlyMap<string, readonly AppliedObject[]> | undefined;
  readonly #unnamed = new Set<GroupKind>();
  #made: readonly MadeFor[] | undefined;
  #madeByName: ReadonlyMap<string, readonly Made[]> | undefined;
  #isSourced: boolean | undefined;
  readonly #resolutions = new Map<AppliedObject, Map<Use<Built>, Resolution>>();

  constructor(name: string, cluster: Cluster, appliers: readonly Applier[], scopes: Scopes) {
    this.name = name;
    this.cluster = cluster;
    this.appliers = appliers;
    this.#scopes = scopes;
    this.objects = appliers.flatMap((applier) => ofApplier(applier, scopes).objects);
    // What a refused build would apply may apply to other clusters.
    const others = cluster.appliers.filter((one) => one.cluster !== name).flatMap(gapsOf);
    const isBroken = others.some(({ why }) => why === 'broken');
    this.gaps = [...appliers.flatMap(gapsOf), ...(isBroken ? [{ why: 'broken', namespace: undefined } as const] : [])];
    for (const applier of appliers) for (const kind of ofApplier(applier, scopes).unnamed) this.#unnamed.add(kind);
    for (const object of this.objects) this.#add(object);
  }

  /** Whether the cluster is one that the entry point has the kubeconfig of. */
  get isRemote(): boolean {
    return this.name !== this.cluster.name;
  }

  /**
   * Whether the files show the cluster's entry point. What is applied by hand may be a part of a cluster, unless it brings
   * the sources of its own Kustomizations.
   */
  get isWhole(): boolean {
    return !this.cluster.isAssumed || this.isSourced;
  }

  /** Whether the sources of the entry point are in files; without them, others may be missing there too. */
  get isSourced(): boolean {
    return (this.#isSourced ??= this.isRemote || this.#hasSources());
  }

  #hasSources(): boolean {
    const tops = this.appliers.flatMap(({ by, flux }) => (flux && by?.is !== 'flux' ? flux.source : []));
    return tops.length > 0 && tops.every((one) => this.#hasSource(one));
  }

  #hasSource({ kind, namespace, name }: SourceReference): boolean {
    const target = sourceKinds.find((one) => kindName(one) === kind);
    if (target === undefined) return false;
    const found = this.resolution(namespace, { targets: [target], name, within: { is: 'own' } });
    return found.is === 'object' || found.is === 'made';
  }

  /** The objects that begin in a file. */
  begunIn(file: string): readonly AppliedObject[] {
    this.#byFile ??= groupedBy(this.objects, ({ value }) => value.origin.source.file);
    return this.#byFile.get(file) ?? [];
  }

  /** The objects of a kind, by name. */
  ofKind(groupKind: GroupKind): ReadonlyMap<string, readonly AppliedObject[]> {
    return this.#byKind.get(groupKind) ?? none;
  }

  inNamespace(groupKind: GroupKind, namespace: string): readonly AppliedObject[] {
    return [...this.ofKind(groupKind).values()].flatMap((same) => same.filter((one) => one.namespace === namespace));
  }

  /** Whether the name of an object of the kind is unknown. */
  hasUnnamed(groupKind: GroupKind): boolean {
    return this.#unnamed.has(groupKind);
  }

  /** The objects of a kind that a controller creates under known names, each as the object that it is created for. */
  madeIn(groupKind: GroupKind, namespace: string): readonly AppliedObject[] {
    return this.#allMade().flatMap(({ kinds, name, namespace: within, by }) =>
      Array.isArray(kinds) && kinds.includes(groupKind) && within === namespace && !name.endsWith('*')
        ? [{ ...by, groupKind, name, namespace }]
        : [],
    );
  }

  find(groupKind: GroupKind, namespace: string, name: string): readonly AppliedObject[] {
    const scope = this.#scopes.get(groupKind);
    const named = this.ofKind(groupKind).get(name) ?? [];
    return scope === 'Namespaced' ? named.filter((one) => one.namespace === namespace) : named;
  }

  usesOf(object: AppliedObject): readonly Use<Built>[] {
    return usesIn(object.value, object.groupKind);
  }

  resolve(by: AppliedObject, use: Use<Built>): Resolution {
    const before = this.#resolutions.get(by)?.get(use);
    if (before) return before;
    const resolution = this.resolution(by.namespace, use);
    let ofObject = this.#resolutions.get(by);
    if (!ofObject) this.#resolutions.set(by, (ofObject = new Map()));
    ofObject.set(use, resolution);
    return resolution;
  }

  /** Of a reference by an object in a namespace. */
  resolution(by: string, use: Pick<Use<Built>, 'targets' | 'name' | 'within'>): Resolution {
    const namespace = namespaceOf(by, use.within);
    if (namespace === undefined || /\$\{|<<|\{\{/.test(use.name)) return { is: 'unknown' };
    const objects = use.targets.flatMap((target) => this.find(target, namespace, use.name));
    if (objects.length > 0) return { is: 'object', objects };
    if (use.targets.some((target) => this.hasUnnamed(target))) return { is: 'unknown' };
    const makers = use.targets.flatMap((target) => this.#makersOf(target, namespace, use.name));
    if (use.targets.some((target) => isBuiltIn(target, namespace, use.name))) return { is: 'made' };
    if (makers.some(({ name }) => name !== '*')) return { is: 'made' };
    // A namespaced object without a namespace gets one outside of the files.
    const isNamespaced = use.targets.some((target) => this.#scopes.get(target) !== 'Cluster');
    if (isNamespaced && namespace === '') return { is: 'unknown' };
    const isUnknownKind = use.targets.some((target) => this.#scopes.get(target) === undefined);
    const isOpen = isUnknownKind || makers.length > 0;
    return { is: 'missing', namespace: isNamespaced ? namespace : '', isOpen };
  }

  /** Whether something besides the files creates the target, or adds to it. */
  isAlsoMade(by: AppliedObject, use: Use<Built>): boolean {
    const namespace = namespaceOf(by.namespace, use.within) ?? '';
    return use.targets.some((target) => this.#makersOf(target, namespace, use.name).some(({ name }) => name !== '*'));
  }

  /** The names of a kind in a namespace, including those of objects that controllers create. */
  namesOf(groupKind: GroupKind, namespace: string): readonly string[] {
    const isThere = (one: AppliedObject) => one.namespace === namespace;
    const applied = [...this.ofKind(groupKind)].flatMap(([name, objects]) => (objects.some(isThere) ? [name] : []));
    return [...new Set([...applied, ...this.madeIn(groupKind, namespace).map(({ name }) => name)])];
  }

  #allMade(): readonly MadeFor[] {
    return (this.#made ??= this.appliers.flatMap((applier) => ofApplier(applier, this.#scopes).made));
  }

  /** What may create the object. */
  #makersOf(target: GroupKind, namespace: string, name: string): readonly Made[] {
    // A cluster has many releases, each of which may create any name.
    this.#madeByName ??= groupedBy(this.#allMade(), (made) => (made.name.endsWith('*') ? '*' : made.name));
    const isClustered = this.#scopes.get(target) === 'Cluster';
    return [...(this.#madeByName.get(name) ?? []), ...(this.#madeByName.get('*') ?? [])].filter((one) =>
      isMade(isClustered ? { ...one, namespace: undefined } : one, target, name, namespace),
    );
  }

  #add(object: AppliedObject): void {
    const { groupKind, name } = object;
    let byName = this.#byKind.get(groupKind);
    if (!byName) this.#byKind.set(groupKind, (byName = new Map()));
    const same = byName.get(name);
    if (same) same.push(object);
    else byName.set(name, [object]);
  }
}

/** Of what a reference means, by an object in the namespace `own`: empty for a cluster-scoped target, undefined if it is unknown. */
export function namespaceOf(own: string, within: Within): string | undefined {
  switch (within.is) {
    case 'own':
      return own;
    case 'written':
      return within.namespace;
    case 'cluster':
      return '';
    case 'unknown':
      return undefined;
  }
}

const sourceKinds: readonly GroupKind[] = kindRows.flatMap((row) =>
  row.family === 'flux-source' ? groupKindOf(row) : [],
);

export const fluxKustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';

const none: ReadonlyMap<string, readonly AppliedObject[]> = new Map();

const appliersKnown = new WeakMap<Applier, OfApplier>();

function ofApplier(applier: Applier, scopes: Scopes): OfApplier {
  const before = appliersKnown.get(applier);
  if (before?.scopes === scopes) return before;
  const objects = applier.result.objects.flatMap(({ value }) =>
    [value, ...objectsOfInstance(value)].map((one): AppliedObject => {
      const { gvk, name, namespace } = idOf(one);
      const groupKind = groupKindOf(gvk);
      return { value: one, groupKind, namespace: scopes.get(groupKind) === 'Cluster' ? '' : namespace, name, applier };
    }),
  );
  const isNamed = ({ value }: AppliedObject) => knownText(builtAt(value, ['metadata', 'name'])) !== undefined;
  const unnamed = objects.flatMap((object) => (isNamed(object) ? [] : object.groupKind));
  // A release with a kubeconfig creates its objects in another cluster.
  const made = objects.flatMap((by) =>
    builtAt(by.value, ['spec', 'kubeConfig'])
      ? []
      : madeBy<Built>(by.groupKind, by.value, by.namespace, builtReader).map((one): MadeFor => ({ ...one, by })),
  );
  const now = { scopes, objects, unnamed, made };
  appliersKnown.set(applier, now);
  return now;
}

/** The clusters that the appliers of an entry point reach, its own first. */
function homesIn(cluster: Cluster, scopes: Scopes): readonly Home[] {
  const names = new Set([cluster.name, ...cluster.appliers.map((one) => one.cluster)]);
  return [...names].map((name) => {
    const own = cluster.appliers.filter((one) => one.cluster === name);
    return new Home(name, cluster, own, scopes);
  });
}

const homes = new WeakMap<Cluster, { readonly scopes: Scopes; readonly homes: readonly Home[] }>();

/** The same value (`===`) while the cluster is, and the kinds that are known. */
export function homesOf(workspace: Workspace, cluster: Cluster): readonly Home[] {
  const scopes = scopesIn(workspace);
  const before = homes.get(cluster);
  if (before?.scopes === scopes) return before.homes;
  const found = homesIn(cluster, scopes);
  homes.set(cluster, { scopes, homes: found });
  return found;
}

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

/** Of the clusters that get objects of a file, as they were when they were last asked for: nothing is built for it. */
export function latestHomesOf(workspace: Workspace, file: string): readonly Home[] {
  return fleetOf(workspace)
    .latest()
    .flatMap((cluster) => homes.get(cluster)?.homes ?? [])
    .filter((home) => home.begunIn(file).length > 0);
}

const known = new WeakMap<BuiltMap, readonly Use<Built>[]>();

function usesIn(object: BuiltMap, groupKind: GroupKind): readonly Use<Built>[] {
  const before = known.get(object);
  if (before) return before;
  const row = kindRow(groupKind);
  const uses = row?.references ? referencesOf<Built>(object, row, builtReader) : [];
  known.set(object, uses);
  return uses;
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
