// The entries of a map in an object as kustomize reads them: with those of merge keys, and the first of a repeated key.
import type { Entry, MapNode, ScalarNode } from '../syntax/tree.ts';
import { isMerge, mergedMaps } from '../syntax/value.ts';

const merged = new WeakMap<MapNode, ReadonlyMap<string, Entry>>();

/** Merges nested deeper than any real document are ignored. */
const deepestMerge = 200;

/**
 * In objects, kustomize resolves merge keys itself: keys of the map take precedence wherever they are. Of a repeated key it
 * uses the first. Keys are told apart by their texts: `yes` isn't `true`, and two variables are two keys.
 */
export function ownFirst(map: MapNode, depth = 0): ReadonlyMap<string, Entry> {
  const known = merged.get(map);
  if (known) return known;
  const own = new Map<string, Entry>();
  const merges: Entry[] = [];
  for (const entry of map.entries) {
    const { text } = entry.key;
    if (isMerge(entry)) merges.push(entry);
    else if (!own.has(text)) own.set(text, entry);
  }
  if (merges.length === 0 || depth > deepestMerge) return own;
  const entries = new Map<string, Entry>();
  for (const { value } of merges)
    for (const one of mergedMaps(value)) for (const [name, entry] of ownFirst(one, depth + 1)) entries.set(name, entry);
  for (const [name, entry] of own) entries.set(name, entry);
  merged.set(map, entries);
  return entries;
}

/** The last entries of the keys that are repeated. */
export function lastEntries({ entries }: MapNode): readonly Entry[] {
  const seen = new Set<string>();
  const again = entries.filter(({ key }) => seen.has(key.text) || !seen.add(key.text));
  return [...new Map(again.map((entry) => [entry.key.text, entry])).values()];
}

/** The second key of a name. */
export function repeatedIn({ entries }: MapNode): ScalarNode | undefined {
  const seen = new Set<string>();
  for (const { key } of entries) {
    if (seen.has(key.text)) return key;
    seen.add(key.text);
  }
  return undefined;
}
