// Merges the lists of a strategic merge patch by the keys of their items, or by the items themselves (kyaml/yaml/walk). As
// in kustomize, the patch's items come first.
import { type Built, type BuiltList, isNull, scalarOf, withEntry } from '../built.ts';

export interface Walked {
  readonly value: Built;
  /** The patch's value replaces the object's instead of being merged with it. */
  readonly replaced: boolean;
}

/** Merges an item; undefined if nothing is left of it. */
export type MergeItem = (dest: Built | undefined, patch: Built | undefined, key: string) => Walked | undefined;

export function mergeScalars(dest: readonly Built[], patch: readonly Built[]): readonly Built[] {
  const byText = new Map<string, Built>();
  for (const item of [...patch, ...dest]) {
    const text = item.kind === 'scalar' ? item.text : '';
    if (!byText.has(text)) byText.set(text, item);
  }
  return [...byText.values()];
}

/** If there are several keys, items may omit some of them; the others are compared. */
export function mergeByKey(
  mergeItem: MergeItem,
  dest: BuiltList,
  patch: BuiltList | undefined,
  keys: readonly string[],
): readonly Built[] {
  const tuples = keys.length > 1 ? joined(tuplesOf(keys, patch, dest)) : tuplesOf(keys, patch, dest);
  const used = keys.filter((_key, at) => tuples.some((tuple) => tuple[at] !== ''));
  const valid = used.length > 0 ? used : keys;
  let kept: readonly Built[] = dest.items;
  let added: readonly Built[] = [];
  for (const tuple of tuples) {
    const values = valid.map((key) => tuple[keys.indexOf(key)]!);
    const [own, theirs] = [kept, patch?.items ?? []].map((items) => findItem(items, valid, values));
    const walked = mergeItem(own, theirs, values.join(','));
    if (!walked || (walked.value.kind === 'map' && walked.value.entries.size === 0)) {
      kept = setItem(kept, valid, values, undefined);
      continue;
    }
    const value = withKeys(walked.value, valid, values, theirs ?? own);
    if (own && !walked.replaced) kept = kept.map((item) => (item === own ? value : item));
    added = setItem(added, valid, values, value);
  }
  return tuples.length > 0 ? appended(added, kept, valid) : kept;
}

type Tuple = readonly string[];

/** The distinct key values of all items in the order of the lists; an empty string for a missing key. */
function tuplesOf(keys: readonly string[], ...lists: readonly (BuiltList | undefined)[]): readonly Tuple[] {
  const seen = new Map<string, Tuple>();
  for (const list of lists) {
    for (const item of list?.items ?? []) {
      const tuple = keys.map((key) => keyOf(item, key) ?? '');
      seen.set(JSON.stringify(tuple), seen.get(JSON.stringify(tuple)) ?? tuple);
    }
  }
  return [...seen.values()];
}

function keyOf(item: Built, key: string): string | undefined {
  const value = item.kind === 'map' ? item.entries.get(key) : undefined;
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
}

/** Merges tuples that share a key value and differ only in keys that one of them omits. */
function joined(tuples: readonly Tuple[]): readonly Tuple[] {
  const result = [...tuples];
  for (let i = 0; i < result.length; i += 1) {
    for (let j = 0; j < result.length; j += 1) {
      const [a, b] = [result[i]!, result[j]!];
      if (!a.some((value, at) => value === b[at])) continue;
      if (!a.every((value, at) => value === b[at] || value === '' || b[at] === '')) continue;
      result[i] = result[j] = a.map((value, at) => value || b[at]!);
    }
  }
  return result;
}

/** The first item that matches all keys with a value. */
function findItem(items: readonly Built[], keys: readonly string[], values: Tuple): Built | undefined {
  const known = keys.flatMap((key, at) => (values[at] === '' ? [] : [[key, values[at]!] as const]));
  const wanted = known.length > 0 ? known : keys.map((key) => [key, ''] as const);
  return items.find((item) => item.kind === 'map' && wanted.every(([key, value]) => hasKey(item, key, value)));
}

/** An empty value matches any. */
function hasKey(item: Built, key: string, value: string): boolean {
  const own = keyOf(item, key);
  return own !== undefined && (value === '' || own === value);
}

/** Replaces the items with these keys by `item`, or appends it; without `item`, removes them. */
function setItem(items: readonly Built[], keys: readonly string[], values: Tuple, item: Built | undefined) {
  const result: Built[] = [];
  let found = false;
  for (const one of items) {
    if (isNull(one) || (one.kind === 'map' && one.entries.size === 0)) continue;
    if (one.kind === 'map' && values.every((value, at) => hasKey(one, keys[at]!, value))) {
      found = true;
      if (item) result.push(item);
    } else result.push(one);
  }
  if (item && !found) result.push(item);
  return result;
}

/** Adds missing keys to the merged item. */
function withKeys(value: Built, keys: readonly string[], values: Tuple, from: Built | undefined): Built {
  let result = value;
  for (const [at, key] of keys.entries()) {
    if (result.kind !== 'map' || result.entries.has(key) || values[at] === '') continue;
    const written = from?.kind === 'map' ? from.entries.get(key) : undefined;
    result = withEntry(result, key, written ?? scalarOf(values[at]!, result.origin));
  }
  return result;
}

/** Puts each object item in the position of the item with the same keys, or last; with several keys, always last. */
function appended(items: readonly Built[], more: readonly Built[], keys: readonly string[]): readonly Built[] {
  let result = items;
  for (const item of more) {
    const values = keys.flatMap((key) => keyOf(item, key) ?? []);
    if (values.length < keys.length) result = [...result, item];
    if (values.length === 0) continue;
    if (keys.length > 1) result = setItem(result, keys, values, undefined);
    result = setItem(result, keys, values, item);
  }
  return result;
}
