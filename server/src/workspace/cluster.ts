// Follows Flux from an entry point to everything that one cluster gets: each Kustomization is built as its own applier
// changes it, and its variables come from the ConfigMaps and Secrets that the cluster gets. Pure; builds are passed in.
import type { BuiltMap } from '../kustomize/built.ts';
import type { FluxBase, FluxResult } from '../kustomize/flux-build.ts';
import { type FluxKustomization, fluxKustomizationOf } from '../kustomize/flux-kustomization.ts';
import { type Artifact, artifactOf, type SourceContext } from '../kustomize/flux-source.ts';
import type { FindConfig } from '../kustomize/flux-variables.ts';
import { type BuiltObject, idOf } from '../kustomize/objects.ts';
import { joinPath } from '../kustomize/paths.ts';
import { isResourceSet, renderResourceSet } from '../kustomize/resource-set.ts';
import { signatureOf } from '../kustomize/signature.ts';
import { controllerName, isStrict } from './flux-versions.ts';

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
  base(kustomization: FluxKustomization, artifact: Artifact): FluxBase;
  finish(kustomization: FluxKustomization, base: FluxBase, find: FindConfig, strict: boolean): FluxResult;
  /** The objects that another object stands for, such as those of a ResourceSet. */
  expand(object: BuiltMap): readonly BuiltObject[];
}

/** A Kustomization whose variables depend on its own result changes a few times at most; further changes are ignored. */
const mostRounds = 6;

export function followCluster(context: ClusterContext): Cluster {
  return new Following(context).cluster();
}

interface Known {
  readonly applies: { readonly flux: FluxKustomization } | { readonly set: BuiltMap };
  readonly signature: string;
  rounds: number;
  applier?: Omit<Applier, 'by'>;
  children: readonly string[];
}

/** State: one cluster while it is followed. */
class Following {
  readonly #context: ClusterContext;
  readonly #known = new Map<string, Known>();
  /** The objects that Flux looks up in this cluster, by kind, then by namespace and name. */
  readonly #objects = new Map<string, Map<string, BuiltMap>>();
  #strict: boolean | undefined;
  readonly #readers = new Map<string, Set<string>>();
  readonly #queue = new Set<string>();
  readonly #seedChildren: readonly string[];

  constructor(context: ClusterContext) {
    this.#context = context;
    const { objects } = context.seed;
    this.#register(objects);
    this.#seedChildren = this.#announce(objects);
  }

  cluster(): Cluster {
    // The set grows during the iteration, and an entry that is added again comes last.
    for (const key of this.#queue) {
      this.#queue.delete(key);
      this.#apply(key, this.#known.get(key)!);
    }
    return { name: this.#context.name, ...this.#reached() };
  }

  #apply(key: string, known: Known): void {
    if (known.rounds >= mostRounds) return;
    known.rounds += 1;
    const reads = new Set<string>();
    const find = (kind: string, namespace: string, name: string) => {
      reads.add(`${kind} ${namespace}/${name}`);
      return this.#objects.get(kind)?.get(`${namespace}/${name}`);
    };
    if ('set' in known.applies) known.applier = this.#render(known.applies.set, find);
    else known.applier = this.#build(known.applies.flux, find, reads);
    for (const read of reads) {
      const readers = this.#readers.get(read);
      if (readers) readers.add(key);
      else this.#readers.set(read, new Set([key]));
    }
    // What is applied to another cluster isn't looked up in this one, nor reconciled by this Flux.
    if (known.applier.cluster !== this.#context.name) return;
    const { objects } = known.applier.result;
    this.#register(objects);
    known.children = this.#announce(objects);
  }

  #build(flux: FluxKustomization, find: SourceContext['find'], reads: Set<string>): Omit<Applier, 'by'> {
    const artifact = artifactOf(flux, this.#sources(find, reads));
    const folder = artifact && flux.folder !== undefined ? joinPath(artifact.root, flux.folder) : undefined;
    const placed: FluxKustomization = { ...flux, folder };
    const base = this.#context.base(placed, artifact ?? { root: '', ignore: '' });
    this.#strict ??= isStrict((kind) => this.#all(kind, new Set()));
    const result = this.#context.finish(placed, base, find, this.#strict);
    const { name, namespace, remote } = flux;
    const cluster = remote === undefined ? this.#context.name : `${this.#context.name} → ${remoteName(remote)}`;
    return { is: 'flux', name: `${namespace}/${name}`, cluster, flux: placed, folder, base, result };
  }

  #render(set: BuiltMap, find: SourceContext['find']): Omit<Applier, 'by'> {
    const { objects, isIncomplete } = renderResourceSet(set, (namespace, name) =>
      find('ResourceSetInputProvider', namespace, name),
    );
    const { namespace, name } = idOf(set);
    const incomplete = isIncomplete ? ['resources'] : [];
    const read = { objects, problems: [], fluxProblems: [], incomplete };
    const base: FluxBase = { ...read, warnings: [], reads: [set.origin.source.file], listed: [], isGenerated: false };
    const cluster = this.#context.name;
    return { is: 'resource-set', name: `${namespace}/${name}`, cluster, folder: undefined, base, result: read };
  }

  #sources(find: SourceContext['find'], reads: Set<string>): SourceContext {
    const { remotes, hasFolder } = this.#context;
    // An entry point's own source has its folder.
    const roots = this.#seedChildren.flatMap((key): readonly FluxKustomization[] => {
      const applies = this.#known.get(key)?.applies;
      return applies && 'flux' in applies ? [applies.flux] : [];
    });
    const own = roots.find(({ folder }) => folder !== undefined && hasFolder(folder))?.source;
    return { find, remotes, hasFolder, own, all: (kind) => this.#all(kind, reads) };
  }

  #all(kind: string, reads: Set<string>): readonly BuiltMap[] {
    reads.add(kind);
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  /** Makes objects available to look-ups, and applies again what read an object that changed. */
  #register(objects: readonly BuiltObject[]): void {
    for (const { value } of objects) {
      const { gvk, namespace, name } = idOf(value);
      const { kind } = gvk;
      if (!lookedUp.has(kind) || (kind === 'Deployment' && name !== controllerName)) continue;
      let ofKind = this.#objects.get(kind);
      if (!ofKind) this.#objects.set(kind, (ofKind = new Map()));
      const key = `${namespace}/${name}`;
      const before = ofKind.get(key);
      if (before === value || (before && signatureOf(before) === signatureOf(value))) continue;
      ofKind.set(key, value);
      for (const read of [`${kind} ${key}`, kind])
        for (const reader of this.#readers.get(read) ?? []) this.#queue.add(reader);
      if (versioned.has(kind) && this.#strict !== undefined) this.#strictness();
    }
  }

  /** Applies everything again if the version of Flux turns out to be another. */
  #strictness(): void {
    const now = isStrict((kind) => this.#all(kind, new Set()));
    if (now === this.#strict) return;
    this.#strict = now;
    for (const key of this.#known.keys()) this.#queue.add(key);
  }

  /** The keys of the Flux Kustomizations among the objects; those that are new or changed are applied. */
  #announce(objects: readonly BuiltObject[]): readonly string[] {
    return objects.flatMap(({ value }): readonly string[] => {
      const flux = fluxKustomizationOf(value);
      const applies = flux ? { flux } : isResourceSet(value) ? { set: value } : undefined;
      if (!applies) {
        const expanded = this.#context.expand(value);
        if (expanded.length > 0) this.#register(expanded);
        return this.#announce(expanded);
      }
      const { namespace, name } = idOf(value);
      const key = flux ? `${namespace}/${name}` : `ResourceSet ${namespace}/${name}`;
      const known = this.#known.get(key);
      const signature = signatureOf(value);
      if (known && (known.signature === signature || known.rounds >= mostRounds)) return [key];
      this.#known.set(key, { applies, signature, rounds: known?.rounds ?? 0, children: [] });
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
            const applier: Applier = { ...known.applier, by };
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

/** The kinds that Flux looks up by name while it builds. */
const lookedUp: ReadonlySet<string> = new Set([
  ...['ConfigMap', 'Secret', 'GitRepository', 'OCIRepository', 'Bucket', 'ArtifactGenerator'],
  ...['Deployment', 'FluxInstance', 'ResourceSetInputProvider'],
]);

/** The kinds that tell the version of Flux. */
const versioned: ReadonlySet<string> = new Set(['Deployment', 'FluxInstance']);

/** Cluster API names the Secret after the cluster. */
function remoteName(secret: string): string {
  return secret.replace(/-kubeconfig$/, '') || '?';
}
