// Compares what two states of a workspace are applied as: which objects come, go and change in each cluster, and what can't be
// compared because it can't be built.
import { groupedBy } from '../kube/grouped.ts';
import type { GroupKind } from '../kube/identity.ts';
import type { BuildProblem } from '../kustomize/build-problem.ts';
import { type FluxProblem, isRefusal } from '../kustomize/flux-problem.ts';
import { gvkIn } from '../kustomize/objects.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Applier, ApplierId } from '../workspace/cluster.ts';
import { fluxKustomization } from '../workspace/homes.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type FieldChange, fieldChanges, isSameValue } from './fields.ts';
import { fateOfReleased, releasedObjects } from './releases.ts';
import { type Aftermath, type Fate, fateOf } from './removal.ts';
import { type SecretPlaces, secretPlacesOf } from './shown.ts';
import type { Side, Target } from './side.ts';
import type { TargetObject } from './target-object.ts';

export interface Comparison {
  readonly targets: readonly TargetComparison[];
}

export interface TargetComparison {
  readonly is: Target['is'];
  readonly name: string;
  /** The old name, if it is another. */
  readonly was?: string;
  /** Only one side has it. */
  readonly only?: 'old' | 'new';
  readonly objects: readonly ObjectChange[];
  readonly gaps: readonly Gap[];
  readonly secrets: SecretPlaces;
}

/** An object that is added without `was`, and goes without `now`. */
export interface ObjectChange {
  readonly groupKind: GroupKind;
  readonly namespace: string;
  readonly name: string;
  readonly was?: TargetObject;
  readonly now?: TargetObject;
  /** Empty if only what applies it changes. */
  readonly fields: readonly FieldChange[];
  /** Of an object that goes. */
  readonly fate?: Fate;
}

/** An applier whose objects can't be compared, or not all. */
export interface Gap {
  readonly applier: Applier;
  /** The side on which it can't be built. */
  readonly side: 'old' | 'new' | 'both';
  readonly why:
    | { readonly is: 'refused'; readonly problem: BuildProblem | FluxProblem }
    /** The fields of kustomizations that aren't built, such as `helmCharts`. */
    | { readonly is: 'incomplete'; readonly fields: readonly string[] }
    /** Its own applier can't be built. */
    | { readonly is: 'unreached'; readonly by: Applier };
  /** The objects that aren't compared. */
  readonly objects: number;
}

/** What is known of the new side besides what it applies. */
export interface Surroundings {
  /** The schemas for a file. */
  storeFor(path: string): SchemaStore;
  hasFolder(path: string): boolean;
}

export function surroundingsOf(workspace: Workspace): Surroundings {
  return {
    storeFor: (path) => workspace.schemas.storeFor(path),
    hasFolder: (path) => workspace.hasFolder(path),
  };
}

export function compareSides(was: Side, now: Side, surroundings: Surroundings): Comparison {
  const pairs = pairsOf(was.targets, now.targets);
  const isCutOff = cutOffIn(now);
  return {
    targets: pairs.flatMap(([old, current]) => {
      const compared = compareTargets(old, current, isCutOff, surroundings);
      return compared.objects.length > 0 || compared.gaps.length > 0 || compared.only ? [compared] : [];
    }),
  };
}

type Pair = readonly [old: Target | undefined, current: Target | undefined];

/** By name, then by folder: a name is only as long as it must be to tell clusters apart. */
function pairsOf(was: readonly Target[], now: readonly Target[]): readonly Pair[] {
  const old = new Map(was.map((target) => [`${target.is} ${target.name}`, target]));
  const pairs: Pair[] = [];
  const came: Target[] = [];
  for (const target of now) {
    const key = `${target.is} ${target.name}`;
    const same = old.get(key);
    if (same) pairs.push([same, target]);
    else came.push(target);
    old.delete(key);
  }
  for (const target of came) {
    const key = [...old].find(([, one]) => one.is === target.is && one.folder === target.folder)?.[0];
    pairs.push([key === undefined ? undefined : old.get(key), target]);
    if (key !== undefined) old.delete(key);
  }
  return [...pairs, ...[...old.values()].map((target): Pair => [target, undefined])];
}

/**
 * Whether the Kustomization is gone on a side that applied itself and everything down to an applier. `entry` is that of the
 * applier's target: the Kustomizations of a cluster may apply to others that it has the kubeconfigs of.
 */
export function cutOffIn({ targets }: Side): CutOff {
  const keyOf = (entry: string, one: Pick<TargetObject, 'namespace' | 'name'>) =>
    `${entry} ${objectKey({ groupKind: fluxKustomization, namespace: one.namespace, name: one.name })}`;
  const kept = new Set(
    targets.flatMap(({ entry, objects }) =>
      objects.flatMap((one) => (one.groupKind === fluxKustomization ? keyOf(entry, one) : [])),
    ),
  );
  return (applier, entry) => {
    let root = applier;
    while (root.by) root = root.by;
    return root.flux !== undefined && !kept.has(keyOf(entry, root.flux));
  };
}

type CutOff = (applier: Applier, entry: string) => boolean;

function compareTargets(
  was: Target | undefined,
  now: Target | undefined,
  isCutOff: CutOff,
  { storeFor, hasFolder }: Surroundings,
): TargetComparison {
  const { is, name, entry } = (now ?? was)!;
  const state = new Appliers(was?.appliers ?? [], now?.appliers ?? [], (applier) => isCutOff(applier, entry));
  const objects: ObjectChange[] = [];
  const hidden = [was, now].flatMap((side) => side?.releases.flatMap(({ hides }) => hides ?? []) ?? []);
  const secrets = secretPlacesOf([...(was?.objects ?? []), ...(now?.objects ?? [])], hidden);
  const gone: TargetObject[] = [];
  const came: TargetObject[] = [];
  const change = (before: TargetObject, after: TargetObject) => {
    if (!state.isKnown(before, after)) return;
    const moved = isMoved(before, after);
    if (!moved && before.name === after.name && isSameValue(before.value, after.value)) return;
    const schema = storeFor(after.value.origin.source.file).lookup(gvkIn(after.value))?.schema;
    const fields = fieldChanges(before.value, after.value, schema);
    if (fields.length > 0 || moved) objects.push({ ...identity(after), was: before, now: after, fields });
  };
  const released = releasedObjects(was?.releases ?? [], now?.releases ?? []);
  const old = [...(was?.objects ?? []), ...released.was];
  for (const [before, after] of matched(old, [...(now?.objects ?? []), ...released.now])) {
    if (before && after && !state.isLeft(before, after)) change(before, after);
    else if (before && state.isGone(before)) gone.push(before);
    else if (after && state.isNew(after)) came.push(after);
  }
  const renamed = generatedPairs(gone, came);
  for (const [before, after] of renamed) change(before, after);
  const paired = new Set([...renamed].flat());
  for (const one of came) if (!paired.has(one)) objects.push({ ...identity(one), now: one, fields: [] });
  for (const one of gone)
    if (!paired.has(one))
      objects.push({
        ...identity(one),
        was: one,
        fields: [],
        fate: fateIn(one, now, { successor: state.successor, hasFolder }),
      });
  return {
    ...{ is, name, objects, gaps: state.gaps(), secrets },
    ...(was && was.name !== name && { was: was.name }),
    ...(!was && { only: 'new' as const }),
    ...(!now && { only: 'old' as const }),
  };
}

function isMoved(before: TargetObject, after: TargetObject): boolean {
  if (before.released || after.released) return before.released?.key !== after.released?.key;
  return before.applier !== undefined && after.applier !== undefined && keyOf(before.applier) !== keyOf(after.applier);
}

function fateIn(one: TargetObject, now: Target | undefined, aftermath: Aftermath): Fate {
  const { released } = one;
  if (!released) return fateOf(one.value, one.applier, aftermath);
  const isStill = now?.releases.some(({ key }) => key === released.key) === true;
  return fateOfReleased(one, released, isStill, aftermath);
}

function isOfFlux(applier: Applier | undefined): boolean {
  return applier?.is === 'flux' || applier?.is === 'resource-set';
}

function identity({
  groupKind,
  namespace,
  name,
}: TargetObject): Pick<ObjectChange, 'groupKind' | 'namespace' | 'name'> {
  return { groupKind, namespace, name };
}

/** As the API server identifies it, which has no object without a namespace where the kind has one. */
function objectKey({ groupKind, namespace, name }: Pick<TargetObject, 'groupKind' | 'namespace' | 'name'>): string {
  return `${groupKind} ${namespace || 'default'}/${name}`;
}

function* matched(
  was: readonly TargetObject[],
  now: readonly TargetObject[],
): Generator<readonly [TargetObject | undefined, TargetObject | undefined]> {
  const old = groupedBy(was, objectKey);
  for (const [key, after] of groupedBy(now, objectKey)) {
    const before = old.get(key) ?? [];
    old.delete(key);
    if (before.length <= 1 && after.length === 1) {
      yield [before[0], after[0]];
      continue;
    }
    // Several appliers apply it, or several files have it.
    const left = new Set(before);
    const unmatched: TargetObject[] = [];
    for (const one of after) {
      const same = [...left].find((other) => isOfSame(other, one));
      if (same) left.delete(same);
      if (same) yield [same, one];
      else unmatched.push(one);
    }
    const rest = [...left];
    for (let index = 0; index < Math.max(rest.length, unmatched.length); index += 1)
      yield [rest[index], unmatched[index]];
  }
  for (const rest of old.values()) for (const one of rest) yield [one, undefined];
}

function isOfSame(a: TargetObject, b: TargetObject): boolean {
  if (a.applier && b.applier) return keyOf(a.applier) === keyOf(b.applier);
  return a.value.origin.source.file === b.value.origin.source.file;
}

/** An object whose name ends in a hash of its content, and the one that takes its place. */
function generatedPairs(
  gone: readonly TargetObject[],
  came: readonly TargetObject[],
): readonly (readonly [TargetObject, TargetObject])[] {
  const waiting = groupedBy(gone.filter(isHashed), generatedKey);
  return came.filter(isHashed).flatMap((after) => {
    const before = waiting.get(generatedKey(after))?.shift();
    return before ? [[before, after] as const] : [];
  });
}

function isHashed({ built }: TargetObject): boolean {
  return built?.hashed === true;
}

function generatedKey({ groupKind, namespace, name, applier }: TargetObject): string {
  return `${groupKind} ${namespace || 'default'}/${name.replace(/-[a-z0-9]{10}$/, '')} ${applier ? keyOf(applier) : ''}`;
}

export function keyOf({ is, name, cluster }: ApplierId): string {
  return `${is} ${name} ${cluster}`;
}

/** The appliers of both sides of a target, and which of them can be compared. */
class Appliers {
  readonly #was: ReadonlyMap<string, Applier>;
  readonly #now: ReadonlyMap<string, Applier>;
  readonly #isCutOff: (applier: Applier) => boolean;

  constructor(was: readonly Applier[], now: readonly Applier[], isCutOff: (applier: Applier) => boolean) {
    this.#isCutOff = isCutOff;
    this.#was = new Map(was.map((applier) => [keyOf(applier), applier]));
    this.#now = new Map(now.map((applier) => [keyOf(applier), applier]));
  }

  readonly successor = (applier: Applier): Applier | undefined => {
    return this.#isCutOff(applier) ? undefined : this.#now.get(keyOf(applier));
  };

  /** Whether Flux no longer applies an object, though somebody may still apply it by hand. */
  isLeft(before: TargetObject, after: TargetObject): boolean {
    if (!before.applier || !isOfFlux(before.applier)) return false;
    return !isOfFlux(after.applier) || this.#isCutOff(before.applier);
  }

  isKnown(before: TargetObject, after: TargetObject): boolean {
    return !this.#isBlocked(before.applier, this.#now) && !this.#isBlocked(after.applier, this.#was);
  }

  /** Whether an applier isn't applied in this form, since it or what applies it is refused. `other` is the other side. */
  #isBlocked(applier: Applier | undefined, other: ReadonlyMap<string, Applier>): boolean {
    if (!applier) return false;
    if (refusalOf(applier)) return true;
    let above = applier.by;
    while (above && !refusalOf(above)) above = above.by;
    if (!above) return false;
    const same = other.get(keyOf(applier))?.flux?.object;
    return !same || !applier.flux || !isSameValue(same, applier.flux.object);
  }

  /** Whether an object that only the old side has is gone. */
  isGone({ applier }: TargetObject): boolean {
    if (!applier) return true;
    const successor = this.successor(applier);
    if (this.#isBlocked(applier, this.#now) || this.#isBlocked(successor, this.#was)) return false;
    return !this.#unreachedBy(applier, this.#now);
  }

  isNew({ applier }: TargetObject): boolean {
    if (!applier) return true;
    const before = this.#was.get(keyOf(applier));
    if (this.#isBlocked(applier, this.#was) || this.#isBlocked(before, this.#now)) return false;
    return !this.#unreachedBy(applier, this.#was);
  }

  /** What keeps an applier from being reached on a side that doesn't have it. */
  #unreachedBy(applier: Applier, side: ReadonlyMap<string, Applier>): Applier | undefined {
    if (side.has(keyOf(applier))) return undefined;
    for (let at = applier.by; at; at = at.by) {
      const there = side.get(keyOf(at));
      if (there) return refusalOf(there) ? there : undefined;
    }
    return undefined;
  }

  gaps(): readonly Gap[] {
    const gaps: Gap[] = [];
    for (const [key, now] of this.#now) {
      const was = this.#was.get(key);
      if (was?.base === now.base && was.result === now.result) continue;
      const [before, after] = [was && refusalOf(was), refusalOf(now)];
      const problem = after ?? before;
      const objects = Math.max(was?.result.objects.length ?? 0, now.result.objects.length);
      if (problem) {
        const side = before && after ? 'both' : after ? 'new' : 'old';
        gaps.push({ applier: now, side, why: { is: 'refused', problem }, objects });
        continue;
      }
      const fields = [...new Set([...incompleteOf(was), ...incompleteOf(now)])];
      if (fields.length > 0) gaps.push({ applier: now, side: 'both', why: { is: 'incomplete', fields }, objects: 0 });
    }
    for (const [, was] of this.#was) {
      const by = this.#unreachedBy(was, this.#now);
      const objects = was.result.objects.length;
      if (by) gaps.push({ applier: was, side: 'new', why: { is: 'unreached', by }, objects });
    }
    return gaps;
  }
}

const refusals = new WeakMap<Applier, { readonly problem: BuildProblem | FluxProblem | undefined }>();

/** Why the applier applies nothing. */
function refusalOf(applier: Applier | undefined): BuildProblem | FluxProblem | undefined {
  if (!applier) return undefined;
  const known = refusals.get(applier);
  if (known) return known.problem;
  const { problems, fluxProblems } = applier.result;
  const problem =
    problems[0] ?? [...fluxProblems, ...applier.base.fluxProblems].find(({ reason }) => isRefusal(reason));
  refusals.set(applier, { problem });
  return problem;
}

/** What is encrypted is a value; the objects are known. The files of another source are no part of this repository. */
function incompleteOf(applier: Applier | undefined): readonly string[] {
  if (!applier || (applier.flux && applier.folder === undefined)) return [];
  return applier.result.incomplete.filter((field) => field !== 'decryption');
}
