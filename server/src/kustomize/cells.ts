// Labels and annotations that a transformer sets in several fields of an object are one node in kustomize: what changes one
// of the fields later, such as a patch in an overlay, changes all of them (api/filters/filtersutil/setters.go, SetEntry).
import {
  type Built,
  type BuiltList,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  isAbsent,
  isNull,
  mapBuilt,
  stringOf,
  withValueAt,
} from './built.ts';

/** The object with each change of a field in all fields that share its value. Fields are changed in the order of their keys. */
export function spread(before: BuiltMap, after: BuiltMap): BuiltMap {
  if (before === after || !mayHaveChanged(before, after)) return after;
  const old = new Map<object, BuiltScalar>();
  collect(before, new Set(), (cell, scalar) => old.set(cell, scalar));
  const changed = new Map<object, BuiltScalar>();
  collect(after, new Set(), (cell, scalar) => {
    if (old.has(cell) && !isSame(old.get(cell)!, scalar)) changed.set(cell, scalar);
  });
  if (changed.size === 0) return after;
  return mapBuilt(after, (scalar) => {
    const other = scalar.cell && changed.get(scalar.cell);
    return other && !isSame(other, scalar) ? other : scalar;
  }) as BuiltMap;
}

/** Whether a value that fields share isn't everywhere as it was, which is rare: what both have in common is looked at once. */
function mayHaveChanged(before: BuiltMap, after: BuiltMap): boolean {
  const known = new Map<object, BuiltScalar>();
  const seen = new Set<Built>();
  const differs = (built: Built, isBefore: boolean): boolean => {
    if (built.kind === 'scalar') {
      if (!built.cell) return false;
      const other = known.get(built.cell);
      if (!other && isBefore) known.set(built.cell, built);
      return other !== undefined && !isSame(other, built);
    }
    if (seen.has(built)) return false;
    seen.add(built);
    for (const inner of built.kind === 'list' ? built.items : built.entries.values())
      if (differs(inner, isBefore)) return true;
    return false;
  };
  return differs(before, true) || (known.size > 0 && differs(after, false));
}

function isSame(a: BuiltScalar, b: BuiltScalar): boolean {
  return a.value === b.value && a.text === b.text && a.quoted === b.quoted;
}

function collect(built: Built, seen: Set<Built>, see: (cell: object, scalar: BuiltScalar) => void): void {
  if (built.kind === 'scalar') {
    if (built.cell) see(built.cell, built);
    return;
  }
  if (seen.has(built)) return;
  seen.add(built);
  if (built.kind === 'list') for (const item of built.items) collect(item, seen, see);
  else for (const key of [...built.entries.keys()].sort()) collect(built.entries.get(key)!, seen, see);
}

/** The object after kustomize set its annotations, none of which shares its value with another field then. */
export function withAnnotationsAnew(object: BuiltMap): BuiltMap {
  const path = ['metadata', 'annotations'];
  const annotations = builtAt(object, path);
  const anew =
    annotations &&
    mapBuilt(annotations, (scalar) => {
      if (!scalar.cell && !scalar.folded) return scalar;
      const { cell, folded, ...rest } = scalar;
      return rest;
    });
  return anew === annotations ? object : (withValueAt(object, path, anew!) ?? object);
}

/**
 * A value that kustomize has written as JSON and read again: nothing is shared or in braces, and quotes are those that a text
 * needs.
 */
export function reread(value: BuiltMap, needsQuotes: (text: string) => boolean): BuiltMap {
  const read = mapBuilt(value, (scalar) => {
    if (isAbsent(scalar) && scalar.emptyInFlow) return { ...stringOf('', scalar.origin), quoted: true };
    if (isNull(scalar)) return { ...{ kind: 'scalar', value: null, text: 'null' }, origin: scalar.origin };
    const quoted = typeof scalar.value === 'string' && needsQuotes(scalar.text);
    if (!scalar.cell && !scalar.untagged && !scalar.folded && quoted === (scalar.quoted ?? false)) return scalar;
    const { cell, untagged, folded, quoted: before, ...rest } = scalar;
    return quoted ? { ...rest, quoted } : rest;
  });
  return inBlocks(read, new Map()) as BuiltMap;
}

function sizeOf(value: BuiltMap | BuiltList): number {
  return value.kind === 'map' ? value.entries.size : value.items.length;
}

/** Values that aliases share are visited once. What is empty is in braces. */
function inBlocks(value: Built, done: Map<Built, Built>): Built {
  if (value.kind === 'scalar') return value;
  const known = done.get(value);
  if (known) return known;
  const { flow, ...rest } = value;
  let made: Built;
  if (sizeOf(value) === 0) made = { ...value, flow: true };
  else if (rest.kind === 'list') made = { ...rest, items: rest.items.map((item) => inBlocks(item, done)) };
  else made = { ...rest, entries: new Map([...rest.entries].map(([key, one]) => [key, inBlocks(one, done)])) };
  done.set(value, made);
  return made;
}
