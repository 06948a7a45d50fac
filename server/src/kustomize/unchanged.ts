// Keeps the objects of an earlier build that a new one makes again: whoever has read an object once knows by its identity
// that it is still the same.
import type { Built, BuiltMap, BuiltScalar, Origin } from './built.ts';
import { type BuiltObject, idOf, type ObjectId } from './objects.ts';

/** The new objects, with the earlier ones in place of those that are equal; the earlier list itself if all are. */
export function unchanged(now: readonly BuiltObject[], before: readonly BuiltObject[]): readonly BuiltObject[] {
  const isAligned = now.length === before.length;
  const byName = isAligned ? undefined : new Map(before.map((object) => [nameOf(object), object]));
  const kept = now.map((object, index) => {
    const other = byName ? byName.get(nameOf(object)) : before[index];
    return other && isSameObject(object, other) ? other : object;
  });
  return isAligned && kept.every((object, index) => object === before[index]) ? before : kept;
}

/** Objects of different kinds may have the same; only one of them is found then. */
function nameOf({ value }: BuiltObject): string {
  const metadata = value.entries.get('metadata');
  const name = metadata?.kind === 'map' ? metadata.entries.get('name') : undefined;
  const kind = value.entries.get('kind');
  return [kind, name].map((one) => (one?.kind === 'scalar' ? one.text : '')).join('\n');
}

/** What has no entry isn't compared, which the type refuses. */
type Comparisons<T> = { readonly [Field in keyof Required<T>]: (a: T, b: T, comparing: Comparing) => boolean };

interface Comparing {
  /** The values that aliases share are compared once. */
  readonly compared: Map<Built, Built>;
  /** Each build makes its own; what shares one must share one in both. */
  readonly cells: Map<object, object>;
}

const ofObject: Comparisons<BuiltObject> = {
  behavior: (a, b) => a.behavior === b.behavior,
  repeats: (a, b) => a.repeats === b.repeats,
  confused: (a, b) => a.confused === b.confused,
  generated: (a, b) => a.generated === b.generated,
  hashed: (a, b) => a.hashed === b.hashed,
  previous: (a, b) => isSameList(a.previous, b.previous, isSameId),
  prefixes: (a, b) => isSameList(a.prefixes, b.prefixes),
  suffixes: (a, b) => isSameList(a.suffixes, b.suffixes),
  variables: (a, b) => isSameList(a.variables, b.variables),
  // Annotations of `buildMetadata` are rarely wanted.
  provenance: (a, b) => a.provenance === b.provenance,
  transformations: (a, b) => a.transformations === b.transformations,
  value: (a, b, comparing) => isSame(a.value, b.value, comparing),
};

const ofScalar: Comparisons<BuiltScalar> = {
  kind: () => true,
  text: (a, b) => a.text === b.text,
  value: (a, b) => Object.is(a.value, b.value),
  quoted: (a, b) => a.quoted === b.quoted,
  untagged: (a, b) => a.untagged === b.untagged,
  folded: (a, b) => a.folded === b.folded,
  emptyInFlow: (a, b) => a.emptyInFlow === b.emptyInFlow,
  inside: (a, b) => a.inside === b.inside,
  origin: (a, b) => isSameOrigin(a.origin, b.origin),
  variables: (a, b) => isSameList(a.variables, b.variables, isSameVariable),
  cell: (a, b, { cells }) => {
    if (!a.cell || !b.cell) return a.cell === b.cell;
    if (!cells.has(a.cell) && !cells.has(b.cell)) {
      cells.set(a.cell, b.cell);
      cells.set(b.cell, a.cell);
    }
    return cells.get(a.cell) === b.cell && cells.get(b.cell) === a.cell;
  },
};

const objectComparisons = Object.values(ofObject);
const { value: ofValue, ...ofNames } = ofObject;
const nameComparisons = Object.values(ofNames);

/** Whether two objects differ in nothing that a build may tell them or others apart by: only in what their values hold. */
export function isSameButValue(a: BuiltObject, b: BuiltObject): boolean {
  if (a === b) return true;
  const comparing: Comparing = { compared: new Map(), cells: new Map() };
  return isSameId(idOf(a.value), idOf(b.value)) && nameComparisons.every((isEqual) => isEqual(a, b, comparing));
}
const scalarComparisons = Object.values(ofScalar);

/**
 * What an object was found to differ from: the builds of a folder by hand and by Flux have the same objects. Weak, since whoever
 * keeps one object would keep all that came after it.
 */
const others = new WeakMap<BuiltObject, WeakRef<BuiltObject>>();

function isSameObject(a: BuiltObject, b: BuiltObject): boolean {
  if (a === b) return true;
  if (others.get(a)?.deref() === b) return false;
  const comparing: Comparing = { compared: new Map(), cells: new Map() };
  const is = objectComparisons.every((isEqual) => isEqual(a, b, comparing));
  if (!is) others.set(a, new WeakRef(b));
  return is;
}

type Variable = NonNullable<BuiltScalar['variables']>[number];

function isSameVariable(a: Variable, b: Variable): boolean {
  return a.name === b.name && isSameOrigin(a.origin, b.origin);
}

function isSameId(a: ObjectId, b: ObjectId): boolean {
  return (
    a.name === b.name &&
    a.namespace === b.namespace &&
    a.gvk.kind === b.gvk.kind &&
    a.gvk.group === b.gvk.group &&
    a.gvk.version === b.gvk.version
  );
}

function isSame(a: Built, b: Built, comparing: Comparing): boolean {
  if (a === b) return true;
  if (a.kind === 'scalar') return b.kind === 'scalar' && scalarComparisons.every((isEqual) => isEqual(a, b, comparing));
  if (b.kind === 'scalar' || a.flow !== b.flow || !isSameOrigin(a.origin, b.origin)) return false;
  const { compared } = comparing;
  if (compared.get(a) === b) return true;
  if (a.kind === 'list') {
    if (b.kind !== 'list' || !isSameList(a.items, b.items, (one, other) => isSame(one, other, comparing))) return false;
  } else {
    if (b.kind !== 'map' || a.entries.size !== b.entries.size || !isSameKeys(a, b)) return false;
    // The order of keys is that of the output.
    const others = b.entries.keys();
    for (const [key, value] of a.entries)
      if (others.next().value !== key || !isSame(value, b.entries.get(key)!, comparing)) return false;
  }
  compared.set(a, b);
  return true;
}

function isSameKeys(a: BuiltMap, b: BuiltMap): boolean {
  return isSameSet(a.holes, b.holes) && isSameSet(a.untextual, b.untextual);
}

export function isSameOrigin(a: Origin | undefined, b: Origin | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.start !== b.start || a.end !== b.end) return false;
  const isOfSameText = a.source === b.source || (a.source.file === b.source.file && a.source.start === b.source.start);
  return isOfSameText && isSameOrigin(a.through, b.through);
}

function isSameList<T>(
  a: readonly T[] | undefined,
  b: readonly T[] | undefined,
  isSameItem: (one: T, other: T) => boolean = Object.is,
): boolean {
  if (a === b) return true;
  return a !== undefined && a.length === b?.length && a.every((item, index) => isSameItem(item, b[index]!));
}

function isSameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (a !== undefined && a.size === b?.size && [...a].every((one) => b.has(one)));
}
