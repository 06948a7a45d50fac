// The structure of one branch: the parent and the order of each object. It contains only keys, so it remains valid when
// the state of objects changes; `isMoved` detects changes that invalidate it. Every object has exactly one place, even if
// its owner is missing or owners form a cycle.
import type { GroupKind } from '../kube/identity.ts';
import { compareNames } from '../kube/natural.ts';
import { familyOf, isFlux } from './family.ts';
import { sourcesOf } from './flux-sources.ts';
import { deliveryKinds, inventoryOf } from './inventory.ts';
import type { Keyed, LiveObject, ObjectKey } from './object.ts';
import { type Branch, branchOf, parentOf } from './parents.ts';
import { partsOf } from './parts.ts';

export interface Forest {
  /** Keys of the objects without a parent, in order. */
  roots(): readonly ObjectKey[];
  /** Keys of the object's children, in order. */
  children(key: ObjectKey): readonly ObjectKey[];
  /** The children, with the MachineSets of a MachineDeployment replaced by their own children. */
  withoutSets(key: ObjectKey): readonly ObjectKey[];
}

/** `root`: an object that is always a root, whatever its owners and labels; sources then have nothing below them. */
export function forestOf(
  branch: Branch,
  objects: Iterable<readonly [ObjectKey, LiveObject]>,
  get: (key: ObjectKey) => LiveObject | undefined,
  root?: ObjectKey,
): Forest {
  const all = Array.from(objects, ([key, object]): Keyed => ({ key, object }));
  const parents = parentsIn(branch, all, get, root);
  const roots: Keyed[] = [];
  const below = new Map<ObjectKey, Keyed[]>();
  for (const keyed of all) {
    const { object } = keyed;
    const parent = parents(keyed);
    const own = branchOf(object.groupKind) === branch;
    if (parent === undefined) {
      if (own || (branch === 'workload' && ofWorkloads.has(object.groupKind))) roots.push(keyed);
      continue;
    }
    // Flux trees contain every applied object, workloads what they own, and clusters every object they reference, whatever
    // its branch.
    if (!own && branch === 'cluster-api' && !parent.isNamed) continue;
    const siblings = below.get(parent.key);
    if (siblings) siblings.push(keyed);
    else below.set(parent.key, [keyed]);
  }
  const childrenOf = (key: ObjectKey) => below.get(key) ?? [];
  const children = oncePerKey((key) => ordered(childrenOf(key)));
  return {
    roots: once(() => ordered(roots)),
    // Most objects have none.
    children: (key) => (below.has(key) ? children(key) : nothing),
    withoutSets: oncePerKey((key) =>
      ordered(
        childrenOf(key).flatMap((child) =>
          child.object.groupKind === machineSet && get(key)?.groupKind === machineDeployment
            ? childrenOf(child.key)
            : [child],
        ),
      ),
    ),
  };
}

const nothing: readonly ObjectKey[] = [];

/** Beside the workloads of their namespace, where they are known. */
const ofWorkloads: ReadonlySet<GroupKind> = new Set([
  'batch/Job',
  'batch/CronJob',
  'autoscaling/HorizontalPodAutoscaler',
  '/PersistentVolumeClaim',
]);

const machineDeployment: GroupKind = 'cluster.x-k8s.io/MachineDeployment';
const machineSet: GroupKind = 'cluster.x-k8s.io/MachineSet';

/** Whether the place of the object, or of an object it references, may have changed. */
export function isMoved(before: LiveObject | undefined, after: LiveObject | undefined): boolean {
  if (!before || !after) return before !== after;
  if (before === after) return false;
  return before.uid !== after.uid || places(before) !== places(after);
}

function places(object: LiveObject): string {
  const { owners, labels, status, spec } = object;
  const named = [...partsOf(object), ...(isFlux(object.groupKind) ? sourcesOf(object) : [])].map(({ key }) => key);
  return JSON.stringify([owners, labels, status.inventory, spec.kubeConfig, named]);
}

/** The objects that an object claims as children: its parts, or the objects it has applied to this cluster. */
function namesOf(branch: Branch, object: LiveObject): readonly ObjectKey[] {
  if (branch === 'cluster-api')
    return branchOf(object.groupKind) === branch ? partsOf(object).map(({ key }) => key) : [];
  if (branch !== 'flux' || !deliveryKinds.includes(object.groupKind)) return [];
  const { entries, remote } = inventoryOf(object);
  return remote ? [] : entries.map(({ key }) => key);
}

interface Parent {
  readonly key: ObjectKey;
  /** The parent references the object; otherwise the object references the parent. */
  readonly isNamed: boolean;
}

function parentsIn(
  branch: Branch,
  objects: readonly Keyed[],
  get: (key: ObjectKey) => LiveObject | undefined,
  root: ObjectKey | undefined,
): (keyed: Keyed) => Parent | undefined {
  const namers = new Map<ObjectKey, ObjectKey>();
  for (const { key: own, object } of objects) {
    for (const key of namesOf(branch, object)) {
      const known = namers.get(key);
      // The first by key, so that the result doesn't depend on the order in which objects arrive.
      if (key !== own && (known === undefined || own < known)) namers.set(key, own);
    }
  }
  const applied = ({ key, object }: Keyed): Parent | undefined => {
    if (key === root) return undefined;
    const namer = namers.get(key);
    const named = namer === undefined ? undefined : { key: namer, isNamed: true };
    const owner = parentOf(branch, object);
    const owned = owner === undefined || !get(owner) ? undefined : { key: owner, isNamed: false };
    // Cluster API: a reference exists before its target's owner is set. Flux: if two objects applied it, the labels name
    // the last one.
    return branch === 'flux' ? (owned ?? named) : (named ?? owned);
  };
  /** What is delivered comes below what delivers it: the applier or, of what nothing applies, its source. */
  const delivery = (keyed: Keyed): Parent | undefined => {
    const applier = applied(keyed);
    if (branch !== 'flux' || root !== undefined) return applier;
    if (applier !== undefined) return isFirst(keyed) ? undefined : applier;
    const { object } = keyed;
    const source = deliveryKinds.includes(object.groupKind) ? sourcesOf(object)[0] : undefined;
    return source !== undefined && get(source.key) ? { key: source.key, isNamed: false } : undefined;
  };
  /** Whether the object is the source of the chain that applies it, as after `flux bootstrap`. */
  const isFirst = (keyed: Keyed): boolean => {
    if (familyOf(keyed.object.groupKind) !== 'flux-source') return false;
    const own = keyed.key;
    const seen = new Set<ObjectKey>();
    for (let above = applied(keyed)?.key; above !== undefined && !seen.has(above); ) {
      seen.add(above);
      const applier = get(above);
      if (!applier) return false;
      const next = applied({ key: above, object: applier })?.key;
      if (next === undefined && sourcesOf(applier).some(({ key }) => key === own)) return true;
      above = next;
    }
    return false;
  };
  const above = new Map<ObjectKey, Parent | undefined>();
  /** That of an object that is there; most have it in common with many others. */
  const aboveOf = (key: ObjectKey): Parent | undefined => {
    if (!above.has(key)) {
      const object = get(key);
      above.set(key, object && delivery({ key, object }));
    }
    return above.get(key);
  };
  /** Objects above which there is no cycle. */
  const rooted = new Set<ObjectKey>();
  /** Whether the object is above itself. */
  const isInCycle = (own: ObjectKey, parent: Parent | undefined): boolean => {
    const passed = new Set<ObjectKey>();
    let at = parent?.key;
    for (; at !== undefined && !rooted.has(at) && !passed.has(at); at = aboveOf(at)?.key) {
      if (at === own) return true;
      passed.add(at);
    }
    // The chain leads into a cycle of others, or it ends.
    if (at === undefined || rooted.has(at)) for (const one of passed) rooted.add(one);
    return false;
  };
  return (keyed) => {
    const parent = delivery(keyed);
    // An object in a cycle is a root.
    return isInCycle(keyed.key, parent) ? undefined : parent;
  };
}

/** Objects that apply others come before the applied ones; workers are in the order of clusterctl. */
const kindOrder: readonly GroupKind[] = [
  'cluster.x-k8s.io/Cluster',
  'source.toolkit.fluxcd.io/GitRepository',
  'source.toolkit.fluxcd.io/OCIRepository',
  'source.toolkit.fluxcd.io/HelmRepository',
  'source.toolkit.fluxcd.io/Bucket',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
  machineDeployment,
  'cluster.x-k8s.io/MachinePool',
  machineSet,
  'cluster.x-k8s.io/Machine',
  'cluster.x-k8s.io/MachineHealthCheck',
];

const ranks: ReadonlyMap<GroupKind, number> = new Map(kindOrder.map((groupKind, rank) => [groupKind, rank]));

function ordered(objects: readonly Keyed[]): readonly ObjectKey[] {
  return [...objects]
    .sort((a, b) => rankOf(a.object) - rankOf(b.object) || byName(a.object, b.object))
    .map(({ key }) => key);
}

function rankOf({ groupKind }: LiveObject): number {
  return ranks.get(groupKind) ?? kindOrder.length;
}

/** By name (numbers by value), then namespace, then kind; independent of the order of arrival. */
function byName(a: LiveObject, b: LiveObject): number {
  return (
    compareNames(a.name, b.name) ||
    compareNames(a.namespace ?? '', b.namespace ?? '') ||
    (a.groupKind < b.groupKind ? -1 : 1)
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function oncePerKey<T>(make: (key: ObjectKey) => T): (key: ObjectKey) => T {
  const made = new Map<ObjectKey, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
