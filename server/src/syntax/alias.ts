// Reports aliases that expand a document excessively. The limit is computed as in go.yaml.in/yaml/v2 (decode.go,
// allowedAliasRatio), so that exactly the documents that the API server refuses as excessive are reported.
import type { Composed } from './compose.ts';
import type { Finding } from './finding.ts';
import type { Node } from './tree.ts';
import { isMerge } from './value.ts';

export function checkAliases({ root, aliases }: Composed): readonly Finding[] {
  if (!root || aliases.length === 0 || !isExcessive(root)) return [];
  const [first] = aliases;
  return [
    {
      rule: 'syntax/alias-bomb',
      severity: 'error',
      start: first!.start,
      end: first!.end,
      message:
        'The aliases expand this document to many times its size, and the API server refuses it. Write the values out, or use fewer aliases.',
    },
  ];
}

const fullRatioUpTo = 400_000;
const lowestRatioFrom = 4_000_000;

function allowedRatio(decoded: number): number {
  if (decoded <= fullRatioUpTo) return 0.99;
  if (decoded >= lowestRatioFrom) return 0.1;
  return 0.99 - (0.89 * (decoded - fullRatioUpTo)) / (lowestRatioFrom - fullRatioUpTo);
}

/** Walks the document with its aliases expanded; the ratio itself bounds the walk. */
function isExcessive(root: Node): boolean {
  let decoded = 1;
  let aliased = 0;
  const pending: { readonly node: Node; readonly inAlias: boolean }[] = [{ node: root, inAlias: false }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, inAlias } = next;
    decoded += 1;
    if (inAlias) aliased += 1;
    if (aliased > 100 && decoded > 1000 && aliased / decoded > allowedRatio(decoded)) return true;
    if (node.type === 'alias') {
      if (node.target) pending.push({ node: node.target, inAlias: true });
    } else if (node.type === 'seq') {
      for (let at = node.items.length - 1; at >= 0; at -= 1) pending.push({ node: node.items[at]!, inAlias });
    } else if (node.type === 'map') {
      for (let at = node.entries.length - 1; at >= 0; at -= 1) {
        const entry = node.entries[at]!;
        pending.push({ node: entry.value, inAlias });
        if (!isMerge(entry)) pending.push({ node: entry.key, inAlias });
      }
    }
  }
  return false;
}
