// Reports duplicate keys in a map. The API server decodes YAML strictly (yaml.UnmarshalStrict of go.yaml.in/yaml/v2)
// and refuses a key that is set twice, also where a merge key sets it.
import type { Composed } from './compose.ts';
import type { Finding } from './finding.ts';
import { type Entry, type MapNode, type Node, unknown } from './tree.ts';
import { isMerge, mergedMaps, resolveAlias } from './value.ts';

export function checkKeys({ root, merges }: Composed): readonly Finding[] {
  const findings: Finding[] = [];
  const pending: Node[] = root ? [root] : [];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq') for (const item of node.items) pending.push(item);
    else if (node.type === 'map') {
      checkMap(node, merges, findings);
      for (const entry of node.entries) if (entry.value.type !== 'scalar') pending.push(entry.value);
    }
  }
  return findings;
}

function checkMap(map: MapNode, merges: boolean, findings: Finding[]): void {
  const { entries } = map;
  for (const entry of entries) {
    if (entry.key.value === null) {
      findings.push(
        finding('syntax/null-key', entry, 'A key must not be empty or null. Give the key a name, or quote it.'),
      );
    }
  }
  if (merges && entries.some(isMerge)) checkMerging(map, findings);
  else checkPlain(entries, findings);
}

function checkPlain(entries: readonly Entry[], findings: Finding[]): void {
  // Most maps are small, and comparing pairs is faster than building a set.
  if (entries.length < 2) return;
  const seen = entries.length > 12 ? new Set<unknown>() : undefined;
  entries.forEach((entry, index) => {
    const { value } = entry.key;
    if (value === unknown) return;
    const twice = seen ? seen.has(value) : entries.slice(0, index).some((other) => other.key.value === value);
    seen?.add(value);
    if (twice) findings.push(duplicate(entry));
  });
}

function duplicate(entry: Entry): Finding {
  return finding(
    'syntax/duplicate-key',
    entry,
    `The key “${entry.key.text}” is set twice in this map, and the API server refuses the document. Remove or rename one of them.`,
  );
}

/** Follows go-yaml, which fills a map in order, including the keys of merges. */
function checkMerging(map: MapNode, findings: Finding[]): void {
  const seen = new Set<unknown>();
  const visited = new Set<MapNode>();
  for (const entry of map.entries) {
    if (!isMerge(entry)) {
      if (seen.has(entry.key.value)) findings.push(duplicate(entry));
      seen.add(entry.key.value);
      continue;
    }
    if (!isMergeable(entry.value)) {
      findings.push(
        finding(
          'syntax/invalid',
          entry,
          'The value of a merge key must be a map, an alias of a map, or a list of these.',
        ),
      );
    }
    const twice = mergedMaps(entry.value).flatMap((merged) => addAll(merged, seen, visited, 0));
    if (twice.length > 0) {
      findings.push(
        finding(
          'syntax/duplicate-key',
          entry,
          `This merge sets “${twice[0]}”, which is already set in the map, and the API server refuses the document. Remove it from one of them.`,
        ),
      );
    }
  }
}

/**
 * Adds a merged map's keys and returns the duplicates. Each map is visited once; a second visit would only repeat keys.
 */
function addAll(map: MapNode, seen: Set<unknown>, visited: Set<MapNode>, depth: number): string[] {
  if (visited.has(map)) return map.entries.slice(0, 1).map(({ key }) => key.text);
  visited.add(map);
  return map.entries.flatMap((entry) => {
    if (isMerge(entry))
      return depth < 100 ? mergedMaps(entry.value).flatMap((merged) => addAll(merged, seen, visited, depth + 1)) : [];
    const twice = seen.has(entry.key.value) ? [entry.key.text] : [];
    seen.add(entry.key.value);
    return twice;
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
