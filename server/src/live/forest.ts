// The shape of one branch of the explorer: which object stands below which, and in which order. It holds keys alone, so
// that it stays valid while objects change their states; `isMoved` says when it doesn't. Every object has one place, also
// where owners are missing or go round in a circle.
import type { GroupKind } from '../kube/identity.ts';
import { deliveryKinds, inventoryOf } from './inventory.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { type Branch, branchOf, parentOf } from './parents.ts';
import { partsOf } from './parts.ts';

export interface Forest {
  /** Keys of the objects without a parent, in order. */
  roots(): readonly ObjectKey[];
  /** Keys of the objects below one, in order. */
  children(key: ObjectKey): readonly ObjectKey[];
  /** The same with the MachineSets of a MachineDeployment replaced by what is below them. */
  withoutSets(key: ObjectKey): readonly ObjectKey[];
}

/** `root`: an object that stands at the top whatever it says of itself. */
export function forestOf(
  branch: Branch,
  objects: Iterable<LiveObject>,
  get: (key: ObjectKey) => LiveObject | undefined,
  root?: ObjectKey,
): Forest {
  const all = [...objects];
  const parents = parentsIn(branch, all, get, root);
  const roots: LiveObject[] = [];
  const below = new Map<ObjectKey, LiveObject[]>();
  for (const object of all) {
    const parent = parents(object);
    const own = branchOf(object.groupKind) === branch;
    if (parent === undefined) {
      if (own) roots.push(object);
      continue;
    }
    // Delivery shows what is applied and a cluster what it names, of whatever branch that is.
    if (!own && branch !== 'flux' && !parent.isNamed) continue;
    const siblings = below.get(parent.key);
    if (siblings) siblings.push(object);
    else below.set(parent.key, [object]);
  }
  const childrenOf = (key: ObjectKey) => below.get(key) ?? [];
  return {
    roots: once(() => ordered(roots)),
    children: oncePerKey((key) => ordered(childrenOf(key))),
    withoutSets: oncePerKey((key) =>
      ordered(
        childrenOf(key).flatMap((child) =>
          child.groupKind === machineSet && get(key)?.groupKind === machineDeployment
            ? childrenOf(objectKey(child))
            : [child],
        ),
      ),
    ),
  };
}

const machineDeployment: GroupKind = 'cluster.x-k8s.io/MachineDeployment';
const machineSet: GroupKind = 'cluster.x-k8s.io/MachineSet';

/** Whether an object's place, or the place of another that it names, may be another than before. */
export function isMoved(before: LiveObject | undefined, after: LiveObject | undefined): boolean {
  if (!before || !after) return before !== after;
  if (before === after) return false;
  return before.uid !== after.uid || places(before) !== places(after);
}

function places(object: LiveObject): string {
  const { owners, labels, status, spec } = object;
  return JSON.stringify([owners, labels, status.inventory, spec.kubeConfig, partsOf(object).map(({ key }) => key)]);
}

/** What an object names as being below it: its parts, or what it has applied on this cluster. */
function namesOf(branch: Branch, object: LiveObject): readonly ObjectKey[] {
  if (branch === 'cluster-api')
    return branchOf(object.groupKind) === branch ? partsOf(object).map(({ key }) => key) : [];
  if (branch !== 'flux' || !deliveryKinds.includes(object.groupKind)) return [];
  const { entries, remote } = inventoryOf(object);
  return remote ? [] : entries.map(({ key }) => key);
}

interface Parent {
  readonly key: ObjectKey;
  /** It names the object, rather than the object it. */
  readonly isNamed: boolean;
}

function parentsIn(
  branch: Branch,
  objects: readonly LiveObject[],
  get: (key: ObjectKey) => LiveObject | undefined,
  root: ObjectKey | undefined,
): (object: LiveObject) => Parent | undefined {
  const namers = new Map<ObjectKey, ObjectKey>();
  for (const object of objects) {
    const own = objectKey(object);
    for (const key of namesOf(branch, object)) {
      const known = namers.get(key);
      // The first by name, so that it doesn't depend on the order in which objects come in.
      if (key !== own && (known === undefined || own < known)) namers.set(key, own);
    }
  }
  const claim = (object: LiveObject): Parent | undefined => {
    const key = objectKey(object);
    if (key === root) return undefined;
    const namer = namers.get(key);
    const named = namer === undefined ? undefined : { key: namer, isNamed: true };
    const owner = parentOf(branch, object);
    const owned = owner === undefined || !get(owner) ? undefined : { key: owner, isNamed: false };
    // A reference is there before its target's owner is written. Of two that applied an object its labels name the last.
    return branch === 'flux' ? (owned ?? named) : (named ?? owned);
  };
  return (object) => {
    const parent = claim(object);
    const own = objectKey(object);
    const seen = new Set<ObjectKey>();
    // What is above itself stands at the top.
    for (let above = parent?.key; above !== undefined && !seen.has(above); ) {
      if (above === own) return undefined;
      seen.add(above);
      const next = get(above);
      above = next && claim(next)?.key;
    }
    return parent;
  };
}

/** What delivers stands before what is delivered, workers in the order of clusterctl. */
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

function ordered(objects: readonly LiveObject[]): readonly ObjectKey[] {
  const rank = ({ groupKind }: LiveObject) => ranks.get(groupKind) ?? kindOrder.length;
  return [...objects].sort((a, b) => rank(a) - rank(b) || byName(a, b)).map(objectKey);
}

/** By name, numbers by value, then namespace: stable however objects come in. */
function byName(a: LiveObject, b: LiveObject): number {
  return (
    collator.compare(a.name, b.name) ||
    collator.compare(a.namespace ?? '', b.namespace ?? '') ||
    (a.groupKind < b.groupKind ? -1 : 1)
  );
}

const collator = new Intl.Collator('en', { numeric: true });

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
