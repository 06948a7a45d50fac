// The source of a tree's objects: the same interface for a session's store and for a snapshot that was fetched once.
import type { GroupKind } from '../kube/identity.ts';
import { type Forest, forestOf } from './forest.ts';
import type { HealthState } from './health-state.ts';
import { type Keyed, keyOf, type LiveObject, type ObjectKey, objectKey } from './object.ts';
import type { Branch } from './parents.ts';

/** Why a referenced object is unavailable. */
export type Absence =
  | 'not found'
  | 'not served'
  | 'not allowed'
  /** It may be one of the objects over the object limit, of which only the number is kept. */
  | 'not kept'
  /** Its kind has not been listed yet, or the list is out of date. */
  | 'not known'
  /** Reading it failed. */
  | 'not read'
  /** Its kind is not watched: it has no health to show. */
  | 'not observed'
  /** It is applied to another cluster. */
  | 'elsewhere';

export interface Target {
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** The current objects of one branch of a cluster. */
export interface ObjectSource {
  readonly branch: Branch;
  get(key: ObjectKey): LiveObject | undefined;
  /** The branch's top-level objects, in order. */
  roots(): readonly Keyed[];
  /** The object's children, in order. */
  children(key: ObjectKey): readonly Keyed[];
  /** The children, with the MachineSets of a MachineDeployment replaced by their own children. */
  withoutSets(key: ObjectKey): readonly Keyed[];
  /** The keys of `children`; cheaper. */
  childKeys(key: ObjectKey): readonly ObjectKey[];
  /** Why `get` returns nothing for the object. */
  absence(target: Target): Absence;
  /** Number of the branch's objects that are over the object limit: counted, not kept. */
  counted(): number;
  /** Whether the object's children are asked for only when somebody looks, so that it may have some. */
  isAsked(object: LiveObject): boolean;
}

export const absences: Readonly<Record<Absence, { readonly state: HealthState; readonly reason: string }>> = {
  'not found': { state: 'failed', reason: 'not found' },
  'not served': { state: 'failed', reason: 'kind not served by this cluster' },
  'not allowed': { state: 'denied', reason: 'no permission to read it' },
  'not kept': { state: 'unknown', reason: 'over the object limit' },
  'not known': { state: 'unknown', reason: 'not loaded yet' },
  'not read': { state: 'unknown', reason: 'could not be read' },
  'not observed': { state: 'none', reason: '' },
  elsewhere: { state: 'none', reason: '' },
};

/** A source from a forest that is still valid and the current objects. */
export function sourceOf(
  branch: Branch,
  forest: Forest,
  { get, absence, counted, isAsked }: Pick<ObjectSource, 'get' | 'absence' | 'counted' | 'isAsked'>,
): ObjectSource {
  const objects = (keys: readonly ObjectKey[]) => {
    const found: Keyed[] = [];
    for (const key of keys) {
      const object = get(key);
      if (object) found.push({ key, object });
    }
    return found;
  };
  return {
    branch,
    get,
    roots: () => objects(forest.roots()),
    children: (key) => objects(forest.children(key)),
    withoutSets: (key) => objects(forest.withoutSets(key)),
    childKeys: forest.children,
    absence,
    counted,
    isAsked,
  };
}

/** Objects that were fetched once. */
export interface Snapshot {
  readonly objects: ReadonlyMap<ObjectKey, LiveObject>;
  /** Objects that were not found or could not be fetched, with the reason. */
  readonly absent: ReadonlyMap<ObjectKey, Absence>;
}

/** `root`: the object whose tree is wanted; it becomes a top-level object. */
export function sourceOfSnapshot(branch: Branch, { objects, absent }: Snapshot, root?: LiveObject): ObjectSource {
  const get = (key: ObjectKey) => objects.get(key);
  return sourceOf(branch, forestOf(branch, objects, get, root && objectKey(root)), {
    get,
    absence: ({ groupKind, namespace, name }) => absent.get(keyOf(groupKind, namespace, name)) ?? 'not observed',
    counted: () => 0,
    isAsked: () => false,
  });
}
