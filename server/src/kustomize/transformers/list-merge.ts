// Merges the lists of a strategic merge patch by the keys of their items, or by the items themselves (kyaml/yaml/walk). As
// in kustomize, the patch's items come first.
import { type Built, type BuiltList, isTaggedNull, scalarOf, withEntry } from '../built.ts';
import { plainValue } from '../scalars.ts';

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

/** An item that is no map, for which kustomize has no keys. */
export interface NoMap {
  readonly noMap: Built;
}

/** If there are several keys, items may omit some of them; the others are compared. */
export function mergeByKey(
  mergeItem: MergeItem,
  dest: BuiltList,
  patch: BuiltList | undefined,
  keys: readonly string[],
): readonly Built[] | NoMap {
  const tuples = keys.length > 1 ? joined(tuplesOf(keys, patch, dest)) : tuplesOf(keys, patch, dest);
  const used = keys.filter((_key, at) => tuples.some((tuple) => tuple[at] !== ''));
  const valid = used.length > 0 ? used : keys;
  let kept: readonly Built[] = dest.items;
  let added: readonly Built[] = [];
  for (const tuple of tuples) {
    const values = valid.map((key) => tuple[keys.indexOf(key)]!);
    const [own, theirs] = [kept, patch?.items ?? []].map((items) => findItem(items, valid, values));
    const walked = mergeItem(own, theirs, values.join(','));
    const isGone = !walked || isTaggedNull(walked.value) || isEmptyMap(walked.value);
    const value = isGone ? undefined : withKeys(walked.value, valid, values, theirs ?? own);
    if (own && value && !walked!.replaced) kept = kept.map((item) => (item === own ? value : item));
    const set = setItem(value ? added : kept, valid, values, value);
    if ('noMap' in set) return set;
    if (value) added = set;
    else kept = set;
  }
  return tuples.length > 0 ? appended(added, kept, valid) : kept;
}

function isEmptyMap(built: Built): boolean {
  return built.kind === 'map' && built.entries.size === 0;
}

type Tuple = readonly string[];

/** The distinct key values of all items in the order of the lists; an empty string for a missing key. */
function tuplesOf(keys: readonly string[], ...lists: readonly (BuiltList | undefined)[]): readonly Tuple[] {
  const seen = new Map<string, Tuple>();
  for (const list of lists) {
    for (const item of list?.items ?? []) {
      const tuple = keys.map((key) => {
        const value = item.kind === 'map' ? item.entries.get(key) : undefined;
        return value?.kind === 'scalar' && value.value !== null ? value.text : '';
      });
      seen.set(JSON.stringify(tuple), seen.get(JSON.stringify(tuple)) ?? tuple);
    }
  }
  return [...seen.values()];
}

/** The text of a key of an item, which is empty for a map or a list; undefined without the key. */
function keyOf(item: Built, key: string): string | undefined {
  const value = item.kind === 'map' ? item.entries.get(key) : undefined;
  return value && (value.kind === 'scalar' ? value.text : '');
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

/** The first item that has the values; those that are empty count only if all are. */
function findItem(items: readonly Built[], keys: readonly string[], values: Tuple): Built | undefined {
  const filled = keys.flatMap((key, at) => (values[at] === '' ? [] : [[key, values[at]!] as const]));
  const wanted = filled.length > 0 ? filled : keys.map((key) => [key, ''] as const);
  return items.find((item) => wanted.every(([key, value]) => keyOf(item, key) === value));
}

/**
 * Replaces the items with these keys by `item`, or appends it; without `item`, removes them. An empty value and a
 * missing one stand for any, but without values, every item that is a map is removed.
 */
function setItem(
  items: readonly Built[],
  keys: readonly string[],
  values: Tuple,
  item: Built | undefined,
): readonly Built[] | NoMap {
  const result: Built[] = [];
  const keepsOthers = (values[0] ?? '') !== '';
  let found = false;
  for (const one of items) {
    if (isTaggedNull(one) || isEmptyMap(one)) continue;
    if (one.kind !== 'map') {
      if (keepsOthers) result.push(one);
      else if (values.length > 0) return { noMap: one };
      continue;
    }
    const isFound = keys.every((key, at) => {
      if (at >= values.length) return values.length > 0;
      const own = keyOf(one, key);
      return own !== undefined && (values[at] === '' || own === values[at]);
    });
    found ||= isFound;
    if (!isFound && values.length > 0) result.push(one);
    else if (isFound && item) result.push(item);
  }
  if (item && !isTaggedNull(item) && !found) result.push(item);
  return result;
}

/** Adds missing keys to the merged item. */
function withKeys(value: Built, keys: readonly string[], values: Tuple, from: Built | undefined): Built {
  let result = value;
  for (const [at, key] of keys.entries()) {
    if (result.kind !== 'map' || result.entries.has(key) || values[at] === '') continue;
    const text = values[at]!;
    const written = from?.kind === 'map' ? from.entries.get(key) : undefined;
    result = withEntry(result, key, { ...scalarOf(text, (written ?? result).origin), value: plainValue(text) });
  }
  return result;
}

/** Puts each item in the position of the item with the same keys, or last; with several keys, always last. */
function appended(items: readonly Built[], more: readonly Built[], keys: readonly string[]): readonly Built[] | NoMap {
  let result = items;
  for (const item of more) {
    if (item.kind !== 'map' && !isTaggedNull(item)) return { noMap: item };
    const values: string[] = [];
    for (const key of keys) {
      const own = keyOf(item, key);
      if (own === undefined) result = [...result, item];
      else values.push(own);
    }
    for (const one of keys.length > 1 ? [undefined, item] : [item]) {
      const set = setItem(result, keys, values, one);
      if ('noMap' in set) return set;
      result = set;
    }
  }
  return result;
}
