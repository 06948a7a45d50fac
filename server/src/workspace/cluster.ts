// Follows Flux from an entry point to everything that one cluster gets: each Kustomization is built as its own applier
// changes it, and its variables come from the ConfigMaps and Secrets that the cluster gets. Pure; builds are passed in.

import { groupedBy } from '../kube/grouped.ts';
import type { Artifact } from '../kustomize/artifact.ts';
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import type { FluxBase, FluxResult } from '../kustomize/flux-build.ts';
import { type FluxKustomization, fluxKustomizationOf, type SourceReference } from '../kustomize/flux-kustomization.ts';
import { appliedBy, type SourceContext } from '../kustomize/flux-source.ts';
import type { FindConfig } from '../kustomize/flux-variables.ts';
import { type BuiltObject, idOf } from '../kustomize/objects.ts';
import { folderOf } from '../kustomize/paths.ts';
import { isResourceSet, renderResourceSet } from '../kustomize/resource-set.ts';
import { signatureOf } from '../kustomize/signature.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import { ClusterObjects, isLookedUp } from './cluster-objects.ts';

/** What applies objects to a cluster: Flux, or somebody by hand. */
export interface Applier {
  /** A Flux Kustomization, a ResourceSet; by hand: a kustomization, the files of a folder. */
  readonly is: 'flux' | 'resource-set' | 'kustomization' | 'folder';
  /** `namespace/name` of an object of Flux, else the folder. */
  readonly name: string;
  /** The name of the cluster that gets the objects. */
  readonly cluster: string;
  /** The applier of the Flux Kustomization; undefined for an entry point. */
  readonly by: Applier | undefined;
  readonly flux?: FluxKustomization;
  /** The folder in the workspace; undefined if it is unknown or elsewhere. */
  readonly folder: string | undefined;
  readonly base: FluxBase;
  readonly result: FluxResult;
}

/** The appliers of an applier, outer ones first, and itself. */
export function chainTo(applier: Applier): readonly Applier[] {
  const chain = [applier];
  for (let at = applier.by; at; at = at.by) chain.unshift(at);
  return chain;
}

export interface Cluster {
  readonly name: string;
  /** Its entry point is applied by hand, as far as the files tell: it may be part of another cluster, or of none. */
  readonly isAssumed: boolean;
  /** Outer appliers first. */
  readonly appliers: readonly Applier[];
}

/** The objects that an entry point applies by hand, or the Flux Kustomization that applies itself. */
export interface Seed {
  readonly is: Exclude<Applier['is'], 'resource-set'>;
  readonly folder: string;
  readonly objects: readonly BuiltObject[];
  readonly base: FluxBase;
}

export interface ClusterContext {
  readonly name: string;
  readonly seed: Seed;
  readonly remotes: readonly string[];
  hasFolder(path: string): boolean;
  /** Whether the paths of all Kustomizations show that a source, as `Kind/name`, is this repository. */
  isOwn(source: string): boolean;
  base(kustomization: FluxKustomization, artifact: Artifact): Steps<FluxBase>;
  /** Stands for the base of an applier that need not be built unless some of its objects are looked up; undefined otherwise. */
  spared?(applier: ApplierId, kustomization: FluxKustomization, artifact: Artifact): Spared | undefined;
  finish(kustomization: FluxKustomization, base: FluxBase, find: FindConfig, strict: boolean): Steps<FluxResult>;
  /** The objects that another object stands for, such as those of a ResourceSet. */
  expand(object: BuiltMap): readonly BuiltObject[];
}

/** Identifies an applier among all of a workspace. */
export type ApplierId = Pick<Applier, 'is' | 'name' | 'cluster'>;

/** In place of what is built of a folder. */
export interface Spared {
  readonly base: FluxBase;
  /** As of `Deferred`. */
  has(kind: string, name?: string): boolean;
}

/** A Kustomization whose variables depend on its own result changes a few times at most; further changes are ignored. */
const mostRounds = 6;

export interface Followed {
  readonly cluster: Cluster;
  /**
   * The cluster after some bases were built again; undefined if that changes more than the objects of their appliers, such as
   * another Kustomization or a variable.
   */
  rebuilt(bases: ReadonlyMap<FluxBase, FluxBase>): Steps<Followed | undefined>;
}

export function* followCluster(context: ClusterContext): Steps<Followed> {
  const following = new Following(context);
  yield* following.follow();
  return following.followed();
}

/** A cluster that Flux runs in, which is the entry point's or one that it has the kubeconfig of. */
interface Home {
  readonly name: string;
  readonly objects: ClusterObjects;
}

interface Known {
  readonly home: Home;
  readonly applies: { readonly flux: FluxKustomization } | { readonly set: BuiltMap };
  /** The object that applies others. */
  readonly value: BuiltMap;
  rounds: number;
  applier?: Omit<Applier, 'by'>;
  children: readonly string[];
  /** The applier as it was reached last: the same while it and what applies it are. */
  reached?: Applier;
}

/** State: one cluster while it is followed, and those that it has the kubeconfigs of. */
class Following {
  readonly #context: ClusterContext;
  #known = new Map<string, Known>();
  readonly #homes = new Map<string, Home>();
  readonly #queue = new Set<string>();
  /** Those that can't be spared. */
  readonly #built = new Set<string>();
  readonly #home: Home;
  readonly #seedChildren: readonly string[];

  constructor(context: ClusterContext) {
    this.#context = context;
    this.#home = this.#homeOf(context.name);
    this.#seedChildren = this.#receive(this.#home, context.seed.objects);
  }

  *follow(): Steps<void> {
    // The set grows during the iteration, and an entry that is added again comes last.
    for (const key of this.#queue) {
      this.#queue.delete(key);
      yield* this.#apply(key, this.#known.get(key)!);
      yield;
    }
  }

  followed(): Followed {
    const known = this.#known;
    const cluster: Cluster = { name: this.#context.name, ...this.#reached() };
    return { cluster, rebuilt: (bases) => this.#rebuilt(known, bases) };
  }

  /** `from` stays as it is: the caller may give up in between. */
  *#rebuilt(from: Map<string, Known>, bases: ReadonlyMap<FluxBase, FluxBase>): Steps<Followed | undefined> {
    const updated = new Map(from);
    const used = new Set([...from.values()].map(({ applier }) => applier?.base));
    // Of a Kustomization that another one of its name replaced, which may not be there any more.
    if ([...bases.keys()].some((base) => !used.has(base))) return undefined;
    for (const [key, known] of from) {
      const { applier, home } = known;
      const base = applier && bases.get(applier.base);
      if (!applier?.flux || !base) continue;
      const find = (kind: string, namespace: string, name: string) => home.objects.find(key, kind, namespace, name);
      const result = yield* this.#context.finish(applier.flux, base, find, home.objects.isStrict(key));
      if (!this.#isSameStructure(result.objects, applier.result.objects)) return undefined;
      updated.set(key, { ...known, applier: { ...applier, base, result } });
      yield;
    }
    this.#known = updated;
    return this.followed();
  }

  #isSameStructure(now: readonly BuiltObject[], before: readonly BuiltObject[]): boolean {
    if (now.length !== before.length) return this.#structureOf(now) === this.#structureOf(before);
    return now.every(
      (object, at) =>
        object.value === before[at]!.value || this.#structureOf([object]) === this.#structureOf([before[at]!]),
    );
  }

  /** Identifies the objects that decide what else the cluster gets. */
  #structureOf(objects: readonly BuiltObject[]): string {
    const deciding = objects.filter(
      ({ value }) =>
        isLookedUp(value) ||
        fluxKustomizationOf(value) !== undefined ||
        isResourceSet(value) ||
        this.#context.expand(value).length > 0,
    );
    return deciding.map(({ value }) => signatureOf(value)).join('\n');
  }

  #homeOf(name: string): Home {
    const known = this.#homes.get(name) ?? { name, objects: new ClusterObjects() };
    this.#homes.set(name, known);
    return known;
  }

  *#apply(key: string, known: Known): Steps<void> {
    if (known.rounds >= mostRounds) return;
    known.rounds += 1;
    const { home, applies } = known;
    known.applier =
      'set' in applies ? this.#render(key, home, applies.set) : yield* this.#build(key, home, applies.flux);
    const { cluster, result } = known.applier;
    known.children = this.#receive(this.#homeOf(cluster), result.objects);
  }

  *#build(key: string, home: Home, flux: FluxKustomization): Steps<Omit<Applier, 'by'>> {
    const { objects } = home;
    const find = (kind: string, namespace: string, name: string) => objects.find(key, kind, namespace, name);
    const { artifact, folder } = appliedBy(flux, this.#sources(key, home, find)) ?? {};
    const placed: FluxKustomization = { ...flux, folder };
    const { name, namespace, remote } = flux;
    const cluster = remote === undefined ? home.name : remoteOf(home.name, remote);
    const id: ApplierId = { is: 'flux', name: `${namespace}/${name}`, cluster };
    const base =
      (artifact && this.#spared(key, id, placed, artifact)) ??
      (yield* this.#context.base(placed, artifact ?? { root: '', ignore: '' }));
    const result = yield* this.#context.finish(placed, base, find, objects.isStrict(key));
    return { ...id, flux: placed, folder, base, result };
  }

  #spared(key: string, id: ApplierId, flux: FluxKustomization, artifact: Artifact): FluxBase | undefined {
    const spared = this.#built.has(key) ? undefined : this.#context.spared?.(id, flux, artifact);
    if (!spared) return undefined;
    const apply = () => {
      this.#built.add(key);
      atOnce(this.#apply(key, this.#known.get(key)!));
    };
    if (this.#homeOf(id.cluster).objects.defer(key, { has: spared.has, apply })) return spared.base;
    this.#built.add(key);
    return undefined;
  }

  #render(key: string, home: Home, set: BuiltMap): Omit<Applier, 'by'> {
    const { objects, isIncomplete } = renderResourceSet(set, (namespace, name) =>
      home.objects.find(key, 'ResourceSetInputProvider', namespace, name),
    );
    const { namespace, name } = idOf(set);
    const incomplete = isIncomplete ? ['resources'] : [];
    const result = { objects, problems: [], fluxProblems: [], incomplete };
    const base: FluxBase = { ...result, warnings: [], reads: [set.origin.source.file], listed: [], isGenerated: false };
    return { is: 'resource-set', name: `${namespace}/${name}`, cluster: home.name, folder: undefined, base, result };
  }

  #sources(key: string, home: Home, find: SourceContext['find']): SourceContext {
    const { remotes, hasFolder, isOwn } = this.#context;
    // An entry point's own source has its folder.
    const roots = this.#seedChildren.flatMap((one): readonly FluxKustomization[] => {
      const applies = this.#known.get(one)?.applies;
      return applies && 'flux' in applies ? [applies.flux] : [];
    });
    const objectOf = ({ kind, namespace, name }: SourceReference) =>
      this.#home.objects.find(key, kind, namespace, name);
    // An instance writes its source itself, whatever others of the name are.
    const isToldByOthers = ({ source, object }: FluxKustomization) =>
      isOwn(`${source.kind}/${source.name}`) && objectOf(source)?.origin !== object.origin;
    const rooted = roots.filter((one) => isRooted(one, hasFolder)).map(({ source }) => source);
    const own = likeliest(rooted, (source) => objectOf(source) !== undefined) ?? roots.find(isToldByOthers)?.source;
    const object = own && objectOf(own);
    const url = textAt(object, ['spec', 'url']);
    return {
      ...{ find, hasFolder, remotes: url === undefined ? remotes : [url, ...remotes] },
      own: home === this.#home ? own : undefined,
      all: (kind) => home.objects.all(key, kind),
    };
  }

  /** Adds objects to a cluster; the keys of those in it that apply others, which are applied if they are new or changed. */
  #receive(home: Home, objects: readonly BuiltObject[]): readonly string[] {
    for (const key of home.objects.register(objects)) this.#queue.add(key);
    return objects.flatMap(({ value }): readonly string[] => {
      const flux = fluxKustomizationOf(value);
      const applies = flux ? { flux } : isResourceSet(value) ? { set: value } : undefined;
      if (!applies) return this.#receive(home, this.#context.expand(value));
      const { namespace, name } = idOf(value);
      const key = `${home.name} ${flux ? '' : 'ResourceSet '}${namespace}/${name}`;
      const known = this.#known.get(key);
      if (known && (isSame(known.value, value) || known.rounds >= mostRounds)) return [key];
      this.#known.set(key, { home, applies, value, rounds: known?.rounds ?? 0, children: [] });
      this.#queue.add(key);
      return [key];
    });
  }

  #reached(): { readonly isAssumed: boolean; readonly appliers: readonly Applier[] } {
    const { seed, name } = this.#context;
    const { objects, base } = seed;
    const top: Applier = {
      ...{ is: seed.is, name: seed.folder, cluster: name, by: undefined, folder: seed.folder, base },
      result: { objects, problems: base.problems, fluxProblems: [], incomplete: base.incomplete },
    };
    const applied = new Set([...this.#known].flatMap(([key, { children }]) => children.filter((one) => one !== key)));
    const tops = this.#seedChildren.filter((key) => !applied.has(key));
    const appliesItself = (key: string) => this.#known.get(key)?.children.includes(key) ?? false;
    const isAssumed = seed.is !== 'flux' && (tops.length === 0 || !tops.every(appliesItself));
    const found = new Map<string, Applier>();
    const reach = (starts: readonly string[]) => {
      let pending: (readonly [keys: readonly string[], by: Applier | undefined])[] = starts.map((key) => [
        [key],
        seed.is === 'flux' || appliesItself(key) ? undefined : top,
      ]);
      while (pending.length > 0) {
        const next: typeof pending = [];
        for (const [keys, by] of pending) {
          for (const key of keys) {
            const known = this.#known.get(key);
            if (!known?.applier || found.has(key)) continue;
            const applier = reachedBy(known, by);
            found.set(key, applier);
            next.push([known.children, applier]);
          }
        }
        pending = next;
      }
    };
    reach(tops);
    // Some may apply each other.
    reach(this.#seedChildren);
    return { isAssumed, appliers: isAssumed ? [top, ...found.values()] : [...found.values()] };
  }
}

/** The source that most name, one that is defined before one that isn't: its name may be misspelt. */
function likeliest(
  sources: readonly SourceReference[],
  isDefined: (source: SourceReference) => boolean,
): SourceReference | undefined {
  const groups = [...groupedBy(sources, ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).values()];
  const rank = (group: readonly SourceReference[]) => 2 * group.length + (isDefined(group[0]!) ? 1 : 0);
  return groups.toSorted((a, b) => rank(b) - rank(a))[0]?.[0];
}

function isSame(a: BuiltMap, b: BuiltMap): boolean {
  return a === b || signatureOf(a) === signatureOf(b);
}

function reachedBy(known: Known, by: Applier | undefined): Applier {
  const { applier, reached } = known;
  const isSame = reached?.by === by && reached?.result === applier!.result && reached?.base === applier!.base;
  if (reached && isSame) return reached;
  known.reached = { ...applier!, by };
  return known.reached;
}

/** Whether its folder shows that its source is this repository. A bootstrap at the root is in the folder of its namespace. */
function isRooted({ folder, object, namespace }: FluxKustomization, hasFolder: (path: string) => boolean): boolean {
  if (folder === '') return folderOf(object.origin.source.file) === namespace;
  return folder !== undefined && hasFolder(folder);
}

/** A cluster that is reached twice on one chain is the same. */
function remoteOf(home: string, secret: string): string {
  const name = secret.replace(/-kubeconfig$/, '') || '?';
  const chain = home.split(arrow);
  const known = chain.indexOf(name);
  return known > 0 ? chain.slice(0, known + 1).join(arrow) : [...chain.slice(0, deepest), name].join(arrow);
}

/** Between the name of a cluster and that of one that it has the kubeconfig of. */
export const arrow = ' → ';
/** Clusters that have the kubeconfigs of others, one after the other. */
const deepest = 5;
