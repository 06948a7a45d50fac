// Reports duplicate keys in a map: the API server decodes YAML strictly and refuses a key that is set twice. A key that a
// merge (`<<`) sets as well is accepted by kubectl, kustomize and Flux; only a YAML text that is posted as it is
// (yaml.UnmarshalStrict of go.yaml.in/yaml/v2) is refused.
import type { Composed } from './compose.ts';
import type { Finding } from './finding.ts';
import { type Entry, type MapNode, type Node, type ScalarNode, unknown } from './tree.ts';
import { isMerge, mergedMaps, resolveAlias } from './value.ts';

/** `text` is the one that was composed. */
export function checkKeys({ root, merges }: Composed, text: string): readonly Finding[] {
  const findings: Finding[] = [];
  const pending: Node[] = root ? [root] : [];
  const items = new Set<Node>();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq')
      for (const item of node.items) {
        pending.push(item);
        if (item.type === 'map') items.add(item);
      }
    else if (node.type === 'map') {
      checkMap({ map: node, isItem: items.has(node) && !node.flow, text }, merges, findings);
      for (const entry of node.entries) if (entry.value.type !== 'scalar') pending.push(entry.value);
    }
  }
  return findings;
}

interface Place {
  readonly map: MapNode;
  /** An item of a list in block style. */
  readonly isItem: boolean;
  readonly text: string;
}

function checkMap(place: Place, merges: boolean, findings: Finding[]): void {
  const { entries } = place.map;
  for (const entry of entries) {
    if (entry.key.value === null) {
      findings.push(
        finding('syntax/null-key', entry, 'A key must not be empty or null. Give the key a name, or quote it.'),
      );
    }
  }
  checkOwn(place, findings);
  if (merges && entries.some(isMerge)) checkMerging(place.map, findings);
}

/**
 * One finding for each run of repeated keys: where a dash is missing, or lines were pasted twice, all of them follow from
 * one slip.
 */
function checkOwn(place: Place, findings: Finding[]): void {
  const { entries } = place.map;
  // Most maps are small, and comparing pairs is faster than building an index.
  if (entries.length < 2) return;
  const seen = entries.length > 12 ? new Map<unknown, Entry>() : undefined;
  let inRun = false;
  entries.forEach((entry, index) => {
    const { value } = entry.key;
    if (value === unknown || isMerge(entry)) return;
    const first = seen ? seen.get(value) : entries.slice(0, index).find((other) => other.key.value === value);
    if (!first) seen?.set(value, entry);
    else if (!inRun) findings.push(duplicate(entry, first, place));
    inRun = first !== undefined || (inRun && place.isItem);
  });
}

function duplicate(entry: Entry, first: Entry, { map, isItem, text }: Place): Finding {
  const lines = text.slice(first.key.start, entry.key.start).split('\n').length - 1;
  const where = lines === 0 ? 'earlier on this line' : lines === 1 ? 'on the line above' : `${lines} lines above`;
  const remedy =
    isItem && first === map.entries[0]
      ? 'Put “- ” before it if another list item begins here; otherwise remove one of the two.'
      : 'Remove or rename one of the two.';
  return finding(
    'syntax/duplicate-key',
    entry,
    `Duplicate key “${entry.key.text}”: it is set ${where} as well, and the API server refuses the object. ${remedy}`,
  );
}

function checkMerging(map: MapNode, findings: Finding[]): void {
  const own = new Map<unknown, number>();
  map.entries.forEach((entry, index) => {
    if (!isMerge(entry)) own.set(entry.key.value, index);
  });
  const visited = new Set<MapNode>();
  map.entries.forEach((entry, index) => {
    if (!isMerge(entry)) return;
    if (!isMergeable(entry.value)) {
      findings.push(
        finding(
          'syntax/invalid',
          entry,
          'The value of a merge key must be a map, an alias of a map, or a list of these.',
        ),
      );
    }
    const merged = mergedMaps(entry.value).flatMap((one) => keysOf(one, visited, 0));
    const above = merged.find(({ value }) => (own.get(value) ?? index) < index);
    const below = merged.find(({ value }) => (own.get(value) ?? index) > index);
    if (above) findings.push(hint(entry, orderWords(above.text), 'info'));
    else if (below) findings.push(hint(entry, overrideWords(below.text), 'hint'));
  });
}

function orderWords(key: string): string {
  return `“${key}” is set above this merge and by it: kubectl takes the merged value, kustomize and Flux the one above. Move the merge to the top of the map.`;
}

function overrideWords(key: string): string {
  return `“${key}” of the merged map is replaced below. kubectl, kustomize and Flux accept that; only an API server that gets this text as YAML refuses it.`;
}

function hint({ key }: Entry, message: string, severity: 'hint' | 'info'): Finding {
  return { rule: 'info/merge', severity, start: key.start, end: Math.max(key.end, key.start + 1), message };
}

/** The keys that a merged map sets. Each map is visited once; a second visit would only repeat keys. */
function keysOf(map: MapNode, visited: Set<MapNode>, depth: number): readonly ScalarNode[] {
  if (visited.has(map)) return [];
  visited.add(map);
  return map.entries.flatMap((entry) => {
    if (!isMerge(entry)) return [entry.key];
    return depth < 100 ? mergedMaps(entry.value).flatMap((merged) => keysOf(merged, visited, depth + 1)) : [];
  });
}

function isMergeable(value: Node): boolean {
  if (value.type === 'seq')
    return value.items.every((item) => !resolveAlias(item) || resolveAlias(item)?.type === 'map');
  const target = resolveAlias(value);
  return target === undefined || target.type === 'map';
}

function finding(rule: Finding['rule'], { key }: Entry, message: string): Finding {
  return { rule, severity: 'error', start: key.start, end: Math.max(key.end, key.start + 1), message };
}
