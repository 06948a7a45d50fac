// The objects of one cluster as trees, one forest for each branch of the explorer. Built from a snapshot; every object
// stands in it once, also where owners are missing or go round in a circle.
import type { LiveObject, ObjectKey } from './object.ts';
import { objectKey } from './object.ts';
import { type Branch, branchOf, parentOf } from './parents.ts';

export interface Forest {
  readonly roots: readonly LiveObject[];
  children(key: ObjectKey): readonly LiveObject[];
}

export function forestOf(
  branch: Branch,
  objects: Iterable<LiveObject>,
  get: (key: ObjectKey) => LiveObject | undefined,
): Forest {
  const roots: LiveObject[] = [];
  const children = new Map<ObjectKey, LiveObject[]>();
  for (const object of objects) {
    const own = branchOf(object.groupKind) === branch;
    const parent = knownParent(branch, object, get);
    // Delivery shows what it applies, of whatever branch that is.
    if (parent === undefined) {
      if (own) roots.push(object);
    } else if (own || branch === 'flux') {
      const siblings = children.get(parent);
      if (siblings) siblings.push(object);
      else children.set(parent, [object]);
    }
  }
  return { roots, children: (key) => children.get(key) ?? [] };
}

function knownParent(
  branch: Branch,
  object: LiveObject,
  get: (key: ObjectKey) => LiveObject | undefined,
): ObjectKey | undefined {
  const parent = parentOf(branch, object);
  if (parent === undefined || !get(parent)) return undefined;
  // Up to the top; who meets himself again is a root.
  const own = objectKey(object);
  const seen = new Set<ObjectKey>();
  for (let above: ObjectKey | undefined = parent; above !== undefined && !seen.has(above); ) {
    if (above === own) return undefined;
    seen.add(above);
    const next: LiveObject | undefined = get(above);
    above = next && parentOf(branch, next);
  }
  return parent;
}

/** By name, numbers by value, then namespace: stable however objects come in. */
export function byName(a: LiveObject, b: LiveObject): number {
  return (
    collator.compare(a.name, b.name) ||
    collator.compare(a.namespace ?? '', b.namespace ?? '') ||
    (a.groupKind < b.groupKind ? -1 : 1)
  );
}

const collator = new Intl.Collator('en', { numeric: true });
