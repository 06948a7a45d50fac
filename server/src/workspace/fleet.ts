// What the files of a workspace become in clusters: the chains from a file to the clusters that get it, and the forms that an
// object is applied in. Computed on demand, from cached builds.

import type { Artifact } from '../kustomize/artifact.ts';
import type { BuildResult } from '../kustomize/build.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { filesIn } from '../kustomize/built-files.ts';
import type { FluxBase } from '../kustomize/flux-build.ts';
import { objectsOfInstance } from '../kustomize/flux-instance.ts';
import { type FluxKustomization, fluxKustomizationOf } from '../kustomize/flux-kustomization.ts';
import { remotesIn } from '../kustomize/flux-source.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import { folderOf } from '../kustomize/paths.ts';
import { signatureOf, valueKeyOf } from '../kustomize/signature.ts';
import type { Targets } from '../schema/load.ts';
import { atOnce, mapped, type Steps, unless } from '../syntax/steps.ts';
import { AppliedDeliveries } from './as-applied.ts';
import type { Builds } from './builds.ts';
import { AppliersByFile, beginningIn, objectsByFile, originsOf } from './by-file.ts';
import { doubtfulOf, isWhole } from './certainty.ts';
import {
  type Applier,
  type Cluster,
  type ClusterContext,
  chainTo,
  type Followed,
  followCluster,
  type Seed,
} from './cluster.ts';
import { Detected } from './detected.ts';
import type { SourceFile } from './document.ts';
import { namesOf, placeOf, withoutNested } from './entries.ts';
import type { EntryPoint } from './ownership.ts';
import { objectsOf } from './read-objects.ts';
import type { Versions } from './versions.ts';
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
  /** Something that is known to be applied makes the object in this form, and could be built from everything it needs. */
  readonly isCertain: boolean;
}

/** State: the clusters of one state of the workspace. */
export class Fleet {
  readonly #workspace: Workspace;
  readonly #builds: Builds;
  readonly #spared: ClusterContext['spared'];
  #edition = -1;
  #clusters: readonly Cluster[] = [];
  #certain: readonly Cluster[] = [];
  /** By the files that are read to build it. */
  readonly #byFile = new AppliersByFile(({ base }) => base.reads);
  readonly #byOrigin = new AppliersByFile(originsOf);
  #followed: ReadonlyMap<string, Following> = new Map();
  readonly #detected: Detected;
  readonly #deliveries = new AppliedDeliveries();
  readonly #doubtful = new WeakSet<Applier>();
  readonly #delivering = new WeakMap<SourceFile, readonly BuiltObject[]>();

  /** With `spared`, not everything is built. */
  constructor(workspace: Workspace, builds: Builds, spared?: ClusterContext['spared']) {
    this.#workspace = workspace;
    this.#spared = spared;
    this.#builds = builds;
    this.#detected = new Detected(workspace, (file) => this.#byFile.get(file) ?? this.#byOrigin.get(file));
  }

  /** The clusters of all entry points of Flux, sorted by name. */
  clusters(): readonly Cluster[] {
    this.#refresh();
    return this.#clusters;
  }

  /** The clusters as they were when they were last asked for, whatever was edited since. */
  latest(): readonly Cluster[] {
    return this.#clusters;
  }

  /** What Flux read the file for, likewise. */
  latestAppliersOf(file: string): readonly Applier[] {
    return this.#byFile.get(file) ?? [];
  }

  /**
   * Of a file that Flux applies to no cluster, the kustomizations that nothing includes: each stands for a cluster. Empty if
   * nothing applies the file.
   */
  chainsOf(file: string): readonly ClusterChain[] {
    return this.appliersOf(file).map((applier) => ({ cluster: applier.cluster, appliers: chainTo(applier) }));
  }

  /** The distinct forms that the object at an offset of a file is applied in; the innermost one of a ResourceSet. */
  appliedForms(file: string, offset: number): readonly AppliedForm[] {
    let innermost = -1;
    const forms = new Map<string, { object: BuiltObject; appliers: Applier[] }>();
    for (const applier of this.appliersOf(file)) {
      for (const object of objectsByFile(applier.result.objects, beginningIn).get(file) ?? []) {
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
    return this.#formsOf(forms.values());
  }

  /** The objects that have values from a file, whatever file they begin in, each in its distinct forms. */
  objectsWith(file: string): readonly (readonly AppliedForm[])[] {
    const objects = new Map<string, Map<string, { readonly object: BuiltObject; readonly appliers: Applier[] }>>();
    for (const applier of this.#appliersWith(file)) {
      for (const object of objectsByFile(applier.result.objects, filesIn).get(file) ?? []) {
        const place = placeOf(object.value);
        let forms = objects.get(place);
        if (!forms) objects.set(place, (forms = new Map()));
        const key = valueKeyOf(object.value);
        const known = forms.get(key);
        if (known) known.appliers.push(applier);
        else forms.set(key, { object, appliers: [applier] });
      }
    }
    return [...objects.values()].map((forms) => this.#formsOf(forms.values()));
  }

  #formsOf(forms: Iterable<Omit<AppliedForm, 'isCertain'>>): readonly AppliedForm[] {
    const isCertain = (applier: Applier) => !this.#doubtful.has(applier) && isWhole(applier);
    return [...forms].map((form) => ({ ...form, isCertain: form.appliers.some(isCertain) }));
  }

  /** Whether anything applies a file, be it by hand. */
  hasApplier(file: string): boolean {
    this.#refresh();
    return this.#byFile.get(file) !== undefined || this.#workspace.ownership.topsOf(file).length > 0;
  }

  /** The clusters without those that may be none: nothing tells that their Kustomizations are still applied. */
  certainClusters(): readonly Cluster[] {
    this.#refresh();
    return this.#certain;
  }

  /** Whether kustomizations or Flux may change the objects of a file before they are applied, if they are applied at all. */
  mayChange(file: string): boolean {
    this.#refresh();
    const { isWhole, ownership } = this.#workspace;
    if (!isWhole || this.#followed.size > 0 || ownership.topsOf(file).length > 0) return true;
    return ownership.lacksBeside(file);
  }

  #appliersWith(file: string): readonly Applier[] {
    this.#refresh();
    return this.#byOrigin.get(file) ?? this.appliersOf(file);
  }

  /** Whether a cluster gets objects of the file. */
  isApplied(file: string): boolean {
    this.#refresh();
    return this.#byOrigin.get(file) !== undefined;
  }

  /** Whether Flux builds something of the file, or nothing does in a repository of Flux. */
  isOfFlux(file: string): boolean {
    this.#refresh();
    const appliers = this.#byFile.get(file);
    return appliers ? appliers.some(({ flux }) => flux) : this.#clusters.some(({ isAssumed }) => !isAssumed);
  }

  /** What reads a file to build it; by hand, the kustomizations that nothing includes. */
  appliersOf(file: string): readonly Applier[] {
    this.#refresh();
    const applied = this.#byFile.get(file);
    if (applied) return applied;
    if (!this.#workspace.isWhole) return [];
    const appliers = this.#workspace.ownership.topsOf(file).map((top) => byHand(folderOf(top), this.#builds));
    // In a repository of Flux, a kustomization that nothing includes is probably no longer used.
    if (this.#followed.size > 0) for (const applier of appliers) this.#doubtful.add(applier);
    return appliers;
  }

  /** Follows the clusters in steps; afterwards nothing is left to do for a question until the workspace changes. */
  *steps(): Steps<void> {
    const { edition } = this.#workspace;
    const isOver = () => this.#edition === edition || this.#workspace.edition !== edition;
    if (isOver() || !this.#workspace.isWhole) return;
    const remotes = remotesIn(this.#workspace.data.text('.git/config') ?? '');
    const seeds: Seeded[] = [];
    for (const entry of this.#workspace.ownership.entryPoints()) {
      const isBuilt = entry.is === 'kustomization';
      const built = isBuilt ? yield* unless(isOver, this.#builds.ofInSteps(entry.folder)) : undefined;
      if (isBuilt && !built) return;
      seeds.push({ entry, built, seed: this.#seed(entry) });
      yield;
      if (isOver()) return;
    }
    const names = namesOf(seeds);
    const followed: Following[] = [];
    for (const [index, one] of seeds.entries()) {
      const following = yield* unless(isOver, this.#follow(one, names[index]!, remotes));
      if (!following) return;
      followed.push({ ...one, ...following });
    }
    const clusters = withoutNested(followed).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const isSame = clusters.length === this.#clusters.length && clusters.every((one, at) => one === this.#clusters[at]);
    if (!isSame) {
      const appliers = clusters.flatMap((cluster) => cluster.appliers);
      for (const index of [this.#byFile, this.#byOrigin]) if (!(yield* unless(isOver, index.update(appliers)))) return;
    }
    this.#edition = edition;
    this.#followed = new Map(followed.map((one) => [one.entry.scope, one]));
    this.#builds.forgetUnused();
    if (isSame) return;
    this.#clusters = clusters;
    const shown = followed.filter(({ cluster }) => clusters.includes(cluster));
    if (!this.#spared) this.#workspace.deliveredAs(this.#deliveries.of(shown, (path) => this.#workspace.file(path)));
    this.#detected.update(shown);
    const doubtful = new Set(doubtfulOf(clusters));
    this.#certain = clusters.filter((cluster) => !doubtful.has(cluster));
    for (const { appliers } of doubtful) for (const applier of appliers) this.#doubtful.add(applier);
  }

  /** The versions that each cluster runs, as far as its objects tell, by its name. */
  versions(): ReadonlyMap<string, Versions> {
    this.#refresh();
    return this.#detected.versions;
  }

  /** What an applier's cluster runs. */
  targetsOf({ cluster }: Applier): Targets {
    return this.#detected.targetsOf(cluster);
  }

  #refresh(): void {
    atOnce(this.steps());
  }

  /** Follows a cluster again only if something that it was built of changed. */
  *#follow(
    { entry, seed, built }: Seeded,
    name: string,
    remotes: readonly string[],
  ): Steps<Omit<Following, keyof Seeded>> {
    const key = [name, ...remotes, ...seed.objects.map(({ value }) => signatureOf(value))].join('\n');
    const files = this.#workspace.below('');
    const before = this.#followed.get(entry.scope);
    const { ownership } = this.#workspace;
    const isSame = before?.key === key && before.files === files && before.built === built;
    const isKnown = isSame && [...before.own].every(([source, is]) => ownership.isOwn(source) === is);
    const again = isKnown ? yield* this.#rebuilt(before) : undefined;
    if (again) return again;
    const bases: Based[] = [];
    const own = new Map<string, boolean>();
    const { cluster, rebuilt } = yield* followCluster({
      ...{ name, seed, remotes },
      hasFolder: (path) => this.#workspace.hasFolder(path),
      isOwn: (source) => {
        const is = ownership.isOwn(source);
        own.set(source, is);
        return is;
      },
      base: (kustomization, artifact) =>
        mapped(this.#builds.base(kustomization, artifact), (base) => {
          bases.push({ kustomization, artifact, base });
          return base;
        }),
      ...(this.#spared && { spared: this.#spared }),
      finish: (kustomization, base, find, strict) => this.#builds.finish(kustomization, base, find, strict),
      expand: (object) => objectsOfInstance(object).map((value) => ({ value, previous: [] })),
    });
    return { key, files, bases, cluster, rebuilt, own };
  }

  /** With the bases built again that are outdated; undefined if that changes what the cluster gets from others. */
  *#rebuilt(before: Following): Steps<Following | undefined> {
    const outdated = before.bases.filter(({ base }) => !this.#builds.isCurrent(base));
    if (outdated.length === 0) return before;
    const now = new Map<FluxBase, FluxBase>();
    for (const { kustomization, artifact, base } of outdated) {
      now.set(base, yield* this.#builds.base(kustomization, artifact));
      yield;
    }
    const followed = yield* before.rebuilt(now);
    const bases = before.bases.map((one) => ({ ...one, base: now.get(one.base) ?? one.base }));
    return followed && { ...before, bases, ...followed };
  }

  #seed(entry: EntryPoint): Seed {
    if (entry.is === 'flux') {
      const { file, index } = entry;
      const root = this.#deliveringIn(file)[index];
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

  /** The manifests in a folder that no kustomization lists. */
  #filesIn(folder: string): readonly string[] {
    const { ownership } = this.#workspace;
    return this.#workspace
      .below(folder)
      .filter(
        (path) =>
          folderOf(path) === folder &&
          ownership.usageOf(path) === undefined &&
          this.#workspace
            .file(path)
            ?.documents.some(({ document }) => this.#workspace.role(path, document) === 'manifest'),
      );
  }

  #objectsIn(file: string): readonly BuiltObject[] {
    return this.#workspace.file(file)?.documents.flatMap((placed) => objectsOf(file, placed)) ?? [];
  }

  /** Flux Kustomizations and FluxInstances: each is an entry point, so that those of a file are read only once. */
  #deliveringIn(file: string): readonly BuiltObject[] {
    const source = this.#workspace.file(file);
    if (!source) return [];
    let objects = this.#delivering.get(source);
    if (!objects) {
      const documents = source.documents.filter(({ document }) => document.facts.deliveries.length > 0);
      objects = documents.flatMap((placed) => objectsOf(file, placed)).filter(({ value }) => isDelivering(value));
      this.#delivering.set(source, objects);
    }
    return objects;
  }
}

/** The kustomization in a folder, as it is applied by hand. */
export function byHand(folder: string, builds: Builds): Applier {
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
  /** Of the kustomization that is the entry point; the same until something it read changes. */
  readonly built: BuildResult | undefined;
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
  readonly rebuilt: Followed['rebuilt'];
  /** Which of the sources that were asked for are this repository. */
  readonly own: ReadonlyMap<string, boolean>;
}
