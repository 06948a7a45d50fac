// Correlates the parts of an object with those of the object it replaces: fields by name and items of list maps by their
// keys, but nothing inside atomic maps, sets and other lists (k8s.io/apiserver pkg/cel/common CorrelatedObject, MapList).
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, own } from '../syntax/value.ts';
import { fieldSchema, valueOfJson } from './defaults.ts';
import type { Schema } from './schema.ts';

/** The old value of a field of the map `was`; undefined if it was absent or isn't correlated. */
export function oldField(
  was: Value | undefined,
  name: string,
  { 'x-kubernetes-map-type': type }: Schema,
): Value | undefined {
  if (type === 'atomic' || was === undefined) return undefined;
  if (was === unknown) return unknown;
  if (!isObject(was)) return undefined;
  const value = own(was, name);
  if (value === undefined && hasUnknownKey(was)) return unknown;
  return value === null ? undefined : value;
}

/** The old value of an item of the list `was`; `schema` is that of the list. */
export function oldItem(was: Value | undefined, item: Value, schema: Schema): Value | undefined {
  if (schema['x-kubernetes-list-type'] !== 'map' || was === undefined) return undefined;
  const keys = keysOf(item, schema);
  if (was === unknown || keys === unknown) return unknown;
  if (!isList(was) || !keys) return undefined;
  const others = was.map((one) => keysOf(one, schema));
  const index = others.findIndex(
    (other) => other !== undefined && other !== unknown && other.every((key, at) => key === keys[at]),
  );
  if (index !== -1) return was[index];
  return others.includes(unknown) ? unknown : undefined;
}

/** The values of an item's keys, which are scalars; undefined if the item isn't a map or all of them are missing. */
function keysOf(item: Value, schema: Schema): readonly (Value | undefined)[] | typeof unknown | undefined {
  if (item === unknown) return unknown;
  if (!isObject(item)) return undefined;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map(
    (name) => own(item, name) ?? valueOfJson(schema.items?.properties?.[name]?.default),
  );
  if (keys.includes(unknown)) return unknown;
  return keys.some((key) => key !== undefined) ? keys : undefined;
}

/** Each value on a path with its old value, from the object itself to the end of the path. */
export function correlated(
  now: Value,
  was: Value,
  schema: Schema,
  path: Path,
): readonly (readonly [now: Value, was: Value | undefined])[] {
  const pairs: (readonly [Value, Value | undefined])[] = [[now, was]];
  let value: Value | undefined = now;
  let before: Value | undefined = was;
  let at: Schema | undefined = schema;
  for (const step of path) {
    if (!at || value === undefined) break;
    if (typeof step === 'number') {
      value = isList(value) ? value[step] : undefined;
      before = value === undefined ? undefined : oldItem(before, value, at);
      at = at.items;
    } else {
      value = isObject(value) ? own(value, step) : undefined;
      before = oldField(before, step, at);
      at = fieldSchema(at, step);
    }
    if (value !== undefined) pairs.push([value, before]);
  }
  return pairs;
}

/** Whether two values are deeply equal, or may be because parts of them are unknown. */
export function maybeSame(a: Value, b: Value): boolean {
  if (a === b || a === unknown || b === unknown) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => maybeSame(item, b[index]!));
  if (!isObject(a) || !isObject(b)) return false;
  if (hasUnknownKey(a) || hasUnknownKey(b)) return true;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && maybeSame(a[name]!, b[name]!))
  );
}
