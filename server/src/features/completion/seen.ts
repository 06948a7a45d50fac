// Suggestions from the workspace itself: namespaces and versions in use, and the keys that objects of a kind usually set.
import { groupKindOf } from '../../kube/identity.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Field } from '../place.ts';
import type { Candidate } from './item.ts';

/** Namespaces defined or used in the workspace, for every field called `namespace` or `targetNamespace`. */
export function namespaceCandidates(workspace: Workspace, { path, schema }: Field): readonly Candidate[] {
  const key = path.at(-1);
  if (schema.type !== 'string' || (key !== 'namespace' && key !== 'targetNamespace')) return [];
  return [...workspace.namespaces()].sort().map((value) => ({ value, kind: 'reference', rank: 5 }));
}

/** Versions that objects of the same API group set for the same key. */
export function seenValues(workspace: Workspace, { path, kind }: Field): readonly Candidate[] {
  const key = path.at(-1);
  if (typeof key !== 'string' || !/[vV]ersion$/.test(key)) return [];
  const seen = new Map<string, number>();
  for (const file of workspace.files()) {
    for (const { document } of file.documents) {
      if (!document.facts.objects.some(({ gvk }) => gvk.group === kind.gvk.group)) continue;
      for (const one of document.facts.versions) {
        if (one.key === key) seen.set(one.value, (seen.get(one.value) ?? 0) + 1);
      }
    }
  }
  const byUse = [...seen].sort(([a, usesA], [b, usesB]) => usesB - usesA || (a < b ? -1 : 1));
  return byUse.map(([value, uses], index) => ({
    value,
    kind: 'value',
    detail: uses === 1 ? 'once in this workspace' : `${uses} times in this workspace`,
    rank: 30 + index,
  }));
}

/** Number of objects to read, enough to distinguish usual keys from rare ones. */
const sample = 12;

/** How many objects of the kind, in a sample from this workspace, set each key of the field. */
export function usageOf(workspace: Workspace, { kind, path }: Field): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let taken = 0;
  for (const { document, object, from } of workspace.index.definitionsOf(groupKindOf(kind.gvk))) {
    if (taken >= sample) break;
    if (from === 'generated') continue;
    taken += 1;
    const own = nodeAt(parseManifest(document.text).root, object.path);
    for (const node of own ? nodesAt(own, path) : []) {
      for (const { key } of node.type === 'map' ? node.entries : []) {
        const name = keyName(key) ?? '';
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** All nodes that a path matches; an index matches every item. */
function nodesAt(node: Node, path: Path): readonly Node[] {
  return path.reduce<readonly Node[]>(
    (nodes, step) =>
      nodes.flatMap((one) => {
        const target = resolveAlias(one);
        if (typeof step === 'number') return target?.type === 'seq' ? target.items : [];
        const next = nodeAt(one, [step]);
        return next ? [next] : [];
      }),
    [node],
  );
}
