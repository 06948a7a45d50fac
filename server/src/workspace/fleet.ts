// What the files of a workspace become in clusters: the chains from a file to the clusters that get it, and the forms that an
// object is applied in. Computed on demand, from cached builds.
import type { BuiltMap } from '../kustomize/built.ts';
import { locateIn } from '../kustomize/built.ts';
import type { FluxBase } from '../kustomize/flux-build.ts';
import { objectsOfInstance } from '../kustomize/flux-instance.ts';
import { type FluxKustomization, fluxKustomizationOf } from '../kustomize/flux-kustomization.ts';
import { type Artifact, remotesIn } from '../kustomize/flux-source.ts';
import { type BuiltObject, readObjects } from '../kustomize/objects.ts';
import { fileNameOf, folderOf } from '../kustomize/paths.ts';
import { signatureOf, valueKeyOf } from '../kustomize/signature.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Builds } from './builds.ts';
import { type Applier, type Cluster, followCluster, type Seed } from './cluster.ts';
import type { EntryPoint } from './ownership.ts';
import type { Workspace } from './workspace.ts';

/** The appliers that bring a file to a cluster, the entry point first. */
export interface ClusterChain {
  readonly cluster: string;
  readonly appliers: readonly Applier[];
}

/** A form of an object, and what applies it in this form. */
export interface AppliedForm {
  readonly object: BuiltObject;
  readonly appliers: readonly Applier[];
}

/** State: the clusters of one state of the workspace. */
export class Fleet {
  readonly #workspace: Workspace;
  readonly #builds: Builds;
  #edition = -1;
  #clusters: readonly Cluster[] = [];
  #byFile: ReadonlyMap<string, readonly Applier[]> = new Map();
  #followed: ReadonlyMap<string, Following> = new Map();

  constructor(workspace: Workspace, builds: Builds) {
    this.#workspace = workspace;
    this.#builds = builds;
  }

  /** The clusters of all entry points of Flux, sorted by name. */
  clusters(): readonly Cluster[] {
    this.#refresh();
    return this.#clusters;
  }

  /**
   * Of a file that Flux applies to no cluster, the kustomizations that nothing includes: each stands for a cluster. Empty if
   * nothing applies the file.
   */
  chainsOf(file: string): readonly ClusterChain[] {
    return this.#appliersOf(file).map((applier) => ({ cluster: applier.cluster, appliers: chainTo(applier) }));
  }

  /** The distinct forms that the object at an offset of a file is applied in; the innermost one of a ResourceSet. */
  appliedForms(file: string, offset: number): readonly AppliedForm[] {
    let innermost = -1;
    const forms = new Map<string, { object: BuiltObject; appliers: Applier[] }>();
    for (const applier of this.#appliersOf(file)) {
      for (const object of objectsByFile(applier.result.objects).get(file) ?? []) {
        const { source, start, end } = object.value.origin;
        if (source.start + start > offset || offset > source.start + end || start < innermost) continue;
        if (start > innermost) forms.clear();
        innermost = start;
        const key = valueKeyOf(object.value);
        const known = forms.get(key);
        if (known) known.appliers.push(applier);
        else forms.set(key, { object, appliers: [applier] });
      }
    }
    return [...forms.values()];
  }

  #appliersOf(file: string): readonly Applier[] {
    this.#refresh();
    const applied = this.#byFile.get(file);
    if (applied) return applied;
    return this.#workspace.ownership.topsOf(file).map((top) => byHand(folderOf(top), this.#builds));
  }

  #refresh(): void {
    const { edition } = this.#workspace;
    if (this.#edition === edition) return;
    this.#edition = edition;
    const entries = this.#workspace.ownership.entryPoints();
    const remotes = remotesIn(this.#workspace.data.text('.git/config') ?? '');
    const seeds = entries.map((entry) => ({ entry, seed: this.#seed(entry) }));
    const names = namesOf(seeds);
    const followed = seeds.map((one, index) => ({ ...one, ...this.#follow(one, names[index]!, remotes) }));
    this.#followed = new Map(followed.map((one) => [one.entry.scope, one]));
    this.#builds.forgetUnused();
    const clusters = withoutNested(followed).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const isSame = clusters.length === this.#clusters.length && clusters.every((one, at) => one === this.#clusters[at]);
    if (isSame) return;
    this.#clusters = clusters;
    this.#byFile = indexed(clusters);
  }

  /** Follows a cluster again only if something that it was built of changed. */
  #follow({ entry, seed }: Seeded, name: string, remotes: readonly string[]): Omit<Following, keyof Seeded> {
    const key = [name, ...remotes, ...seed.objects.map(({ value }) => signatureOf(value))].join('\n');
    const files = this.#workspace.below('');
    const before = this.#followed.get(entry.scope);
    if (before?.key === key && before.files === files && before.bases.every((one) => this.#isCurrent(one)))
      return before;
    const bases: Based[] = [];
    const cluster = followCluster({
      ...{ name, seed, remotes },
      hasFolder: (path) => this.#workspace.hasFolder(path),
      base: (kustomization, artifact) => {
        const base = this.#builds.base(kustomization, artifact);
        bases.push({ kustomization, artifact, base });
        return base;
      },
      finish: (kustomization, base, find, strict) => this.#builds.finish(kustomization, base, find, strict),
      expand: (object) => objectsOfInstance(object).map((value) => ({ value, previous: [] })),
    });
    return { key, files, bases, cluster };
  }

  #isCurrent({ kustomization, artifact, base }: Based): boolean {
    return this.#builds.base(kustomization, artifact) === base;
  }

  #seed(entry: EntryPoint): Seed {
    if (entry.is === 'flux') {
      const { file, index } = entry;
      const root = this.#objectsIn(file).filter(({ value }) => isDelivering(value))[index];
      const objects = root ? [root] : [];
      const base = baseOf({ objects, problems: [], warnings: [], incomplete: [], reads: [file] });
      return { is: 'flux', folder: folderOf(file), objects, base };
    }
    if (entry.is === 'kustomization') {
      const { folder } = entry;
      const built = this.#builds.of(folder);
      return { is: entry.is, folder, objects: built.objects, base: baseOf(built) };
    }
    const { folder } = entry;
    const files = this.#filesIn(folder);
    const objects = files.flatMap((file) => this.#objectsIn(file));
    return {
      is: 'folder',
      folder,
      objects,
      base: baseOf({ objects, problems: [], warnings: [], incomplete: [], reads: files }),
    };
  }

  #filesIn(folder: string): readonly string[] {
    return [...this.#workspace.files()].flatMap(({ path, documents }) =>
      folderOf(path) === folder && documents.some(({ document }) => this.#workspace.role(path, document) === 'manifest')
        ? [path]
        : [],
    );
  }

  #objectsIn(file: string): readonly BuiltObject[] {
    const documents = this.#workspace.file(file)?.documents ?? [];
    return documents.flatMap(({ start, document }) => {
      const locate = locateIn({ file, start });
      const { objects } = readObjects([{ manifest: parseManifest(document.text), locate }]);
      return objects.map((value) => ({ value, previous: [] }));
    });
  }
}

function byHand(folder: string, builds: Builds): Applier {
  const built = builds.of(folder);
  const { objects, problems, incomplete } = built;
  const result = { objects, problems, fluxProblems: [], incomplete };
  return { is: 'kustomization', name: folder, cluster: folder, by: undefined, folder, base: baseOf(built), result };
}

function baseOf(built: Omit<FluxBase, 'fluxProblems' | 'listed' | 'isGenerated'>): FluxBase {
  return { ...built, fluxProblems: [], listed: [], isGenerated: false };
}

function isDelivering(object: BuiltMap): boolean {
  return fluxKustomizationOf(object) !== undefined || objectsOfInstance(object).length > 0;
}

interface Seeded {
  readonly entry: EntryPoint;
  readonly seed: Seed;
}

interface Based {
  readonly kustomization: FluxKustomization;
  readonly artifact: Artifact;
  readonly base: FluxBase;
}

interface Following extends Seeded {
  readonly cluster: Cluster;
  /** What the cluster depends on besides its builds. */
  readonly key: string;
  readonly files: readonly string[];
  readonly bases: readonly Based[];
}

/** The last folder of each entry point's path if it tells the clusters apart, else the whole path. */
function namesOf(seeds: readonly Seeded[]): readonly string[] {
  const paths = seeds.map(({ entry, seed }) => (entry.is === 'flux' ? rootPath(seed) : seed.folder));
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(fileNameOf(path), (counts.get(fileNameOf(path)) ?? 0) + 1);
  return paths.map((path) => (counts.get(fileNameOf(path)) === 1 ? fileNameOf(path) : path) || '.');
}

function rootPath({ folder, objects }: Seed): string {
  const created = objects.flatMap(({ value }) => [value, ...objectsOfInstance(value)]);
  return created.flatMap((one) => fluxKustomizationOf(one) ?? [])[0]?.folder ?? folder;
}

/** Without the entry points whose Kustomizations are applied by another: their path is known only after a substitution. */
function withoutNested(followed: readonly Following[]): readonly Cluster[] {
  const appliedBy = new Map<string, Set<Cluster>>();
  for (const { cluster } of followed) {
    for (const { flux, by } of cluster.appliers) {
      if (!flux || !by || by.is !== 'flux') continue;
      const place = placeOf(flux.object);
      const clusters = appliedBy.get(place);
      if (clusters) clusters.add(cluster);
      else appliedBy.set(place, new Set([cluster]));
    }
  }
  return followed.flatMap(({ entry, cluster }) => {
    const tops = cluster.appliers.filter(({ flux, by }) => flux && by?.is !== 'flux');
    const isNested =
      entry.is !== 'flux' &&
      tops.length > 0 &&
      tops.every(({ flux }) => [...(appliedBy.get(placeOf(flux!.object)) ?? [])].some((other) => other !== cluster));
    return isNested ? [] : [cluster];
  });
}

function placeOf({ origin: { source, start } }: BuiltMap): string {
  return `${source.file} ${source.start + start}`;
}

function indexed(clusters: readonly Cluster[]): ReadonlyMap<string, readonly Applier[]> {
  const byFile = new Map<string, Applier[]>();
  for (const applier of clusters.flatMap(({ appliers }) => appliers)) {
    for (const file of applier.base.reads) {
      const known = byFile.get(file);
      if (known) known.push(applier);
      else byFile.set(file, [applier]);
    }
  }
  return byFile;
}

function chainTo(applier: Applier): readonly Applier[] {
  const chain = [applier];
  for (let at = applier.by; at; at = at.by) chain.unshift(at);
  return chain;
}

const byFileOf = new WeakMap<readonly BuiltObject[], ReadonlyMap<string, readonly BuiltObject[]>>();

/** Objects by the file that they begin in; what patches add comes from other files. */
function objectsByFile(objects: readonly BuiltObject[]): ReadonlyMap<string, readonly BuiltObject[]> {
  const known = byFileOf.get(objects);
  if (known) return known;
  const found = new Map<string, BuiltObject[]>();
  for (const object of objects) {
    const { file } = object.value.origin.source;
    const same = found.get(file);
    if (same) same.push(object);
    else found.set(file, [object]);
  }
  byFileOf.set(objects, found);
  return found;
}
