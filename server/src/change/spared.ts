// Which Kustomizations need not be built to compare two states of a workspace: nothing that they read differs, and what they
// bring neither applies other objects nor tells what runs in the cluster. They are the same on both sides.

import type { Artifact } from '../kustomize/artifact.ts';
import { type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import type { FluxBase } from '../kustomize/flux-build.ts';
import type { FluxKustomization } from '../kustomize/flux-kustomization.ts';
import { fileNameOf, folderOf, foldersUp, resolvePath } from '../kustomize/paths.ts';
import { valueKeyOf } from '../kustomize/signature.ts';
import { ignoreFileName } from '../kustomize/source-ignore.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import type { Applier, ApplierId, Spared } from '../workspace/cluster.ts';
import { type Contents, contentsOf, mayRename } from '../workspace/contents.ts';
import { Fleet } from '../workspace/fleet.ts';
import { buildsOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { cutOffIn, keyOf } from './comparison.ts';
import { type Side, sideInSteps } from './side.ts';

export interface States {
  /** With the older files, until `toCurrent` is called. */
  readonly workspace: Workspace;
  toCurrent(): void;
  toOlder(): void;
}

export interface BothSides {
  readonly old: Side;
  readonly now: Side;
}

/** Builds what differs, and what is needed to compare it. `changed` are the files that differ; the current state is left. */
export function bothSides(states: States, changed: readonly string[]): BothSides {
  return atOnce(bothSidesInSteps(states, changed));
}

export function* bothSidesInSteps(
  { workspace, toCurrent, toOlder }: States,
  changed: readonly string[],
): Steps<BothSides> {
  const sparing = new Sparing(workspace, changed);
  for (;;) {
    const fleet = new Fleet(workspace, buildsOf(workspace), sparing.spared);
    const old = yield* sideInSteps(workspace, changed, fleet);
    toCurrent();
    const now = yield* sideInSteps(workspace, changed, fleet);
    if (sparing.isRight(old, now)) return { old, now };
    toOlder();
  }
}

/** State: which Kustomizations are spared, and which were found to be needed. */
class Sparing {
  readonly #workspace: Workspace;
  readonly #changed: ReadonlySet<string>;
  /** The folders that changed files are in. */
  readonly #folders: ReadonlySet<string>;
  readonly #needed = new Set<string>();
  /** The same for both sides, as what is built would be. */
  readonly #bases = new Map<string, FluxBase>();
  readonly #contents = new WeakMap<FluxBase, Contents>();
  readonly #known = new Map<string, Contents | undefined>();
  #edition = -1;

  constructor(workspace: Workspace, changed: readonly string[]) {
    this.#workspace = workspace;
    this.#changed = new Set(changed);
    this.#folders = new Set(changed.flatMap((path) => foldersUp(folderOf(path))));
  }

  /** As a `ClusterContext` needs it. */
  readonly spared = (id: ApplierId, flux: FluxKustomization, artifact: Artifact): Spared | undefined => {
    const key = keyOf(id);
    if (this.#needed.has(key)) return undefined;
    const contents = this.#contentsOf(flux, artifact);
    if (!contents) return undefined;
    const patches = patchesOf(flux.spec);
    if (mayRename(patches) || contents.mayStateVersion(patches)) return undefined;
    let base = this.#bases.get(key);
    if (!base) this.#bases.set(key, (base = { ...notBuilt }));
    this.#contents.set(base, contents);
    return { base, has: (kind, name) => contents.has(kind, name) };
  };

  /** Whether both sides show that all was rightly spared. Otherwise they are to be made again, with more. */
  isRight(old: Side, now: Side): boolean {
    const before = this.#needed.size;
    const [was, is] = [appliersOf(old), appliersOf(now)];
    const isCutOff = cutOffIn(now);
    for (const { entry, appliers } of old.targets)
      for (const applier of appliers)
        if (this.#contents.has(applier.base) && isCutOff(applier, entry)) this.#needed.add(keyOf(applier));
    const read = new Set([...was.values(), ...is.values()].flatMap(({ base }) => base.reads));
    for (const [one, other] of [[was, is] as const, [is, was] as const])
      for (const [key, applier] of one) {
        const contents = this.#contents.get(applier.base);
        if (!contents) continue;
        const same = other.get(key);
        const isSame = same?.base === applier.base && isAlike(same, applier);
        // What Secrets hold must be known to be hidden elsewhere.
        if (!isSame || [...contents.secrets].some((path) => read.has(path))) this.#needed.add(key);
      }
    return this.#needed.size === before;
  }

  /** Undefined if it must be built. */
  #contentsOf({ folder, spec }: FluxKustomization, artifact: Artifact): Contents | undefined {
    if (folder === undefined) return undefined;
    const { edition } = this.#workspace;
    if (this.#edition !== edition) this.#known.clear();
    this.#edition = edition;
    const list = builtAt(spec, ['components']);
    const items = list?.kind === 'list' ? list.items.map((item) => textAt(item, []) ?? '') : [];
    const key = JSON.stringify([folder, artifact, items]);
    if (this.#known.has(key)) return this.#known.get(key);
    const contents = this.#read(folder, artifact, items);
    this.#known.set(key, contents);
    return contents;
  }

  #read(folder: string, artifact: Artifact, items: readonly string[]): Contents | undefined {
    if ([...this.#changed].some((path) => fileNameOf(path) === ignoreFileName)) return undefined;
    const components = items.flatMap((item) => resolvePath(folder, item) ?? []);
    if (components.length < items.length) return undefined;
    const contents = contentsOf(this.#workspace, folder, components);
    if (!contents || [...contents.listed].some((one) => this.#folders.has(one))) return undefined;
    const builds = buildsOf(this.#workspace);
    for (const path of contents.files)
      if (this.#changed.has(path) || (this.#workspace.hasFile(path) && builds.isIgnored(artifact, path)))
        return undefined;
    return contents;
  }
}

/** Whether both make the same of the same folder. */
function isAlike(a: Applier, b: Applier): boolean {
  if (a.result === b.result) return true;
  if (a.result.fluxProblems.length > 0 || b.result.fluxProblems.length > 0) return false;
  return valueKeyOf(a.flux!.object) === valueKeyOf(b.flux!.object) && isSet(a, b) && isSet(b, a);
}

/** Whether one has the values of the other's variables. */
function isSet({ result: { variables: one } }: Applier, { result: { variables: other } }: Applier): boolean {
  if (!one || !other) return one === other;
  if (one.isOpen !== other.isOpen || one.strict !== other.strict) return false;
  return [...one.byName].every(([name, { value }]) => other.byName.get(name)?.value === value);
}

function patchesOf(spec: BuiltMap): string {
  const lists = ['patches', 'patchesJson6902'].flatMap((field) => spec.entries.get(field) ?? []);
  return lists.map(valueKeyOf).join('\n');
}

const notBuilt: FluxBase = {
  ...{ objects: [], problems: [], warnings: [], incomplete: [], reads: [] },
  ...{ fluxProblems: [], listed: [], isGenerated: false },
};

function appliersOf({ targets }: Side): ReadonlyMap<string, Applier> {
  return new Map(targets.flatMap(({ appliers }) => appliers.map((one) => [keyOf(one), one] as const)));
}
