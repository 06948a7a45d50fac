// Keeps the objects of an earlier build that a new one makes again: whoever has read an object once knows by its identity
// that it is still the same.
import type { Built, BuiltScalar, Origin } from './built.ts';
import type { BuiltObject, ObjectId } from './objects.ts';

/** The new objects, with the earlier ones in place of those that are equal; the earlier list itself if all are. */
export function unchanged(now: readonly BuiltObject[], before: readonly BuiltObject[]): readonly BuiltObject[] {
  const isAligned = now.length === before.length;
  const byName = isAligned ? undefined : new Map(before.map((object) => [nameOf(object), object]));
  const compared = new Map<Built, Built>();
  const kept = now.map((object, index) => {
    const other = byName ? byName.get(nameOf(object)) : before[index];
    return other && isSameObject(object, other, compared) ? other : object;
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

function isSameObject(a: BuiltObject, b: BuiltObject, compared: Map<Built, Built>): boolean {
  return (
    a === b ||
    (isSameList(a.previous, b.previous, isSameId) &&
      isSameList(a.prefixes, b.prefixes) &&
      isSameList(a.suffixes, b.suffixes) &&
      isSameList(a.variables, b.variables) &&
      a.generated === b.generated &&
      a.hashed === b.hashed &&
      // Annotations of `buildMetadata` are rarely wanted.
      a.provenance === b.provenance &&
      a.transformations === b.transformations &&
      isSame(a.value, b.value, compared))
  );
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

/** The values that aliases share are compared once. */
function isSame(a: Built, b: Built, compared: Map<Built, Built>): boolean {
  if (a === b) return true;
  if (!isSameOrigin(a.origin, b.origin)) return false;
  if (a.kind === 'scalar') return b.kind === 'scalar' && isSameScalar(a, b);
  if (compared.get(a) === b) return true;
  if (a.kind === 'list') {
    if (b.kind !== 'list' || !isSameList(a.items, b.items, (one, other) => isSame(one, other, compared))) return false;
  } else {
    if (b.kind !== 'map' || a.entries.size !== b.entries.size || !isSameSet(a.holes, b.holes)) return false;
    // The order of keys is that of the output.
    const others = b.entries.keys();
    for (const [key, value] of a.entries)
      if (others.next().value !== key || !isSame(value, b.entries.get(key)!, compared)) return false;
  }
  compared.set(a, b);
  return true;
}

function isSameScalar(a: BuiltScalar, b: BuiltScalar): boolean {
  return (
    Object.is(a.value, b.value) &&
    a.text === b.text &&
    a.emptyInFlow === b.emptyInFlow &&
    a.folded === b.folded &&
    a.inside === b.inside &&
    isSameList(a.variables, b.variables, (one, other) => {
      return one.name === other.name && isSameOrigin(one.origin, other.origin);
    })
  );
}

function isSameOrigin(a: Origin | undefined, b: Origin | undefined): boolean {
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
