// Where a tree takes its objects from. The engine's store of a session and a snapshot fetched once look alike from here.
import type { GroupKind } from '../kube/identity.ts';
import { type Forest, forestOf } from './forest.ts';
import type { HealthState } from './health.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey } from './object.ts';
import type { Branch } from './parents.ts';

/** Why an object that another one names isn't at hand. */
export type Absence =
  | 'not found'
  | 'not served'
  | 'not allowed'
  /** It exists, but only the number of such objects is kept. */
  | 'not kept'
  /** Its kind has not been listed yet, or not lately. */
  | 'not known'
  /** Reading it failed. */
  | 'not read'
  /** Nobody reads its kind, which has no health to show. */
  | 'not observed'
  /** It is applied to another cluster. */
  | 'elsewhere';

export interface Target {
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** An object with its key, which is long to make anew for each of ten thousand. */
export interface Keyed {
  readonly key: ObjectKey;
  readonly object: LiveObject;
}

/** One branch of the objects of a cluster, as they are now. */
export interface ObjectSource {
  readonly branch: Branch;
  get(key: ObjectKey): LiveObject | undefined;
  /** Objects of the branch that stand at the top, in order. */
  roots(): readonly Keyed[];
  /** Objects below another one, in order. */
  children(key: ObjectKey): readonly Keyed[];
  /** The same with the MachineSets of a MachineDeployment replaced by what is below them. */
  withoutSets(key: ObjectKey): readonly Keyed[];
  /** The keys of `children`, which cost less. */
  childKeys(key: ObjectKey): readonly ObjectKey[];
  /** Asked of what `get` doesn't have. */
  absence(target: Target): Absence;
  /** How many objects of the branch are counted and not kept. */
  counted(): number;
}

export const absences: Readonly<Record<Absence, { readonly state: HealthState; readonly reason: string }>> = {
  'not found': { state: 'failed', reason: 'not there' },
  'not served': { state: 'failed', reason: 'its kind is not served' },
  'not allowed': { state: 'denied', reason: 'you may not read it' },
  'not kept': { state: 'unknown', reason: 'counted only' },
  'not known': { state: 'unknown', reason: 'not known yet' },
  'not read': { state: 'unknown', reason: 'could not be read' },
  'not observed': { state: 'none', reason: '' },
  elsewhere: { state: 'none', reason: '' },
};

/** A source from a shape that is still valid and the objects of now. */
export function sourceOf(
  branch: Branch,
  forest: Forest,
  { get, absence, counted }: Pick<ObjectSource, 'get' | 'absence' | 'counted'>,
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
  };
}

/** What was fetched once. */
export interface Snapshot {
  readonly objects: ReadonlyMap<ObjectKey, LiveObject>;
  /** Objects that were looked for in vain. */
  readonly absent: ReadonlyMap<ObjectKey, Absence>;
}

/** `root`: the object whose tree is wanted, which stands at the top. */
export function sourceOfSnapshot(branch: Branch, { objects, absent }: Snapshot, root?: LiveObject): ObjectSource {
  const get = (key: ObjectKey) => objects.get(key);
  return sourceOf(branch, forestOf(branch, objects.values(), get, root && objectKey(root)), {
    get,
    absence: ({ groupKind, namespace, name }) => absent.get(keyOf(groupKind, namespace, name)) ?? 'not observed',
    counted: () => 0,
  });
}
