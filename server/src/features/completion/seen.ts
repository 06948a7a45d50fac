// Suggestions from the workspace itself: namespaces and versions in use, and the keys that objects of a kind usually set.
import { groupKindOf } from '../../kube/identity.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Cursor } from '../cursor.ts';
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

/** What the maps at a field contain elsewhere: in the object itself and in objects of the kind that are nearest to it. */
export interface Habits {
  /** How often each key is set. */
  readonly keys: ReadonlyMap<string, number>;
  /** How often a key follows another; `''` is the start and the end of a map. */
  follows(previous: string, next: string): number;
}

export function habitsOf(cursor: Cursor, root: Node, field: Field): Habits {
  const keys = new Map<string, number>();
  const pairs = new Map<string, number>();
  const count = <K>(counts: Map<K, number>, key: K, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  const own = nodeAt(root, field.object.path);
  const here = nodeAt(root, [...field.object.path, ...field.path]);
  // An item is most like its neighbours.
  for (const node of own ? nodesAt(own, field.path) : []) if (node !== here) read(node, 3);
  for (const object of samples(cursor, field)) for (const node of nodesAt(object, field.path)) read(node, 1);
  return { keys, follows: (previous, next) => pairs.get(`${previous}\n${next}`) ?? 0 };

  function read(node: Node, by: number): void {
    const map = resolveAlias(node);
    if (map?.type !== 'map') return;
    const names = map.entries.map(({ key }) => keyName(key) ?? '');
    for (const [index, name] of names.entries()) {
      count(keys, name, by);
      count(pairs, `${names[index - 1] ?? ''}\n${name}`, by);
    }
    count(pairs, `${names.at(-1) ?? ''}\n`, by);
  }
}

/** Objects of the kind in other documents, those in the nearest files first. */
function samples({ workspace, path, document }: Cursor, { kind }: Field): readonly Node[] {
  const nearest: { near: number; definition: Definition }[] = [];
  for (const definition of workspace.index.definitionsOf(groupKindOf(kind.gvk))) {
    if (definition.from === 'generated' || definition.document === document) continue;
    const near = sharedLength(path, definition.path);
    if (nearest.length === sample && near <= nearest.at(-1)!.near) continue;
    const at = nearest.findIndex((one) => one.near < near);
    nearest.splice(at === -1 ? nearest.length : at, 0, { near, definition });
    if (nearest.length > sample) nearest.pop();
  }
  return nearest.flatMap(({ definition }) => {
    const node = nodeAt(parseManifest(definition.document.text).root, definition.object.path);
    return node ? [node] : [];
  });
}

/** Length of the folders that two paths share. */
function sharedLength(a: string, b: string): number {
  let shared = 0;
  for (let at = 0; at < a.length && a[at] === b[at]; at += 1) if (a[at] === '/') shared = at + 1;
  return a === b ? a.length : shared;
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
