// Suggestions from the workspace itself: namespaces and versions in use, and the keys that objects of a kind usually set.
import { groupKindOf } from '../../kube/identity.ts';
import { dnsLabelProblem } from '../../kube/names.ts';
import type { Schema } from '../../schema/schema.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Node, Path, ScalarNode } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import { namespacesIn } from '../../workspace/in-use.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Cursor } from '../cursor.ts';
import { childSchema, type Field } from '../place.ts';
import type { Candidate } from './item.ts';

/** Namespaces in use for every field called `namespace` or `targetNamespace`: the object's own, then the nearest. */
export function namespaceCandidates({ workspace, path: file }: Cursor, root: Node, field: Field): readonly Candidate[] {
  const { path, schema, object, kind } = field;
  const key = path.at(-1);
  if (schema.type !== 'string' || (key !== 'namespace' && key !== 'targetNamespace')) return [];
  const own = stringAt(root, [...object.path, 'metadata', 'namespace']);
  const near = namespacesInUse(workspace, file, kind.gvk.group, own);
  return near.slice(0, mostNamespaces).map((value, rank) => ({ value, kind: 'reference', rank }));
}

/** The nearest first; of those, the ones with objects of the API group and with most objects. `own` precedes all. */
export function namespacesInUse(workspace: Workspace, file: string, apiGroup: string, own?: string): readonly string[] {
  const used = new Map<string, { near: number; related: number; objects: number }>();
  const near = (name: string | undefined, shared: number) => {
    if (name === undefined || dnsLabelProblem(name) !== undefined) return;
    const known = used.get(name);
    if (known) known.near = Math.max(known.near, shared);
    else used.set(name, { near: shared, related: 0, objects: 0 });
  };
  const weigh = (name: string, groups: ReadonlyMap<string, number>) => {
    const known = used.get(name);
    if (!known) return;
    for (const count of groups.values()) known.objects += count;
    known.related += groups.get(apiGroup) ?? 0;
  };
  near(own, Number.MAX_SAFE_INTEGER);
  const { namespaces } = workspace.inUse;
  for (const [namespace, { folders, groups }] of namespaces) {
    for (const folder of folders.keys()) near(namespace, sharedLength(file, folder));
    weigh(namespace, groups);
  }
  for (const { document } of workspace.file(file)?.documents ?? [])
    for (const { namespace } of namespacesIn(document)) near(namespace, file.length);
  return [...used]
    .toSorted(
      ([nameA, a], [nameB, b]) =>
        b.near - a.near || b.related - a.related || b.objects - a.objects || (nameA < nameB ? -1 : 1),
    )
    .map(([name]) => name);
}

/** A longer list is not useful. */
const mostNamespaces = 200;

/** Versions that objects of the same API group set for the same key. */
export function seenValues(workspace: Workspace, { path, kind }: Field): readonly Candidate[] {
  const key = path.at(-1);
  if (typeof key !== 'string' || !/[vV]ersion$/.test(key)) return [];
  const seen = workspace.inUse.versions(kind.gvk.group, key);
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
  const alike = likePlaces(field, field.path.length);
  // An item is most like its neighbours.
  for (const node of own ? nodesAt(own, alike) : []) if (node !== here) read(node, 3);
  for (const object of samples(cursor, field)) for (const node of nodesAt(object, alike)) read(node, 1);
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

/** Characters of other documents to read: a large CRD takes longer than all the rest. */
const mostRead = 100_000;

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
  let left = mostRead;
  return nearest.flatMap(({ definition: { document, object } }) => {
    if (document.text.length > left) return [];
    left -= document.text.length;
    const node = nodeAt(parseManifest(document.text).root, object.path);
    return node ? [node] : [];
  });
}

/** Length of the folders that two paths share. */
export function sharedLength(a: string, b: string): number {
  let shared = 0;
  for (let at = 0; at < a.length && a[at] === b[at]; at += 1) if (a[at] === '/') shared = at + 1;
  return a === b ? a.length : shared;
}

/** How many of the neighbouring items and of the nearest objects of the kind have each value at the field. */
export function valueHabitsOf(cursor: Cursor, root: Node, field: Field): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const { object, path } = field;
  if (isFree(path)) return counts;
  const count = (nodes: readonly Node[], by: number) => {
    const values = nodes.flatMap((node) => {
      const target = resolveAlias(node);
      return target?.type === 'scalar' && isUsable(target) ? [String(target.value)] : [];
    });
    for (const value of new Set(values)) counts.set(value, (counts.get(value) ?? 0) + by);
  };
  const own = nodeAt(root, object.path);
  const here = nodeAt(root, [...object.path, ...path]);
  // Each key of a free map, such as a label, has values of its own.
  const alike = likePlaces(field, path.length - 1);
  // The items of the list that the field itself is in are other values, not other objects' values.
  if (own && typeof path.at(-1) !== 'number')
    count(
      nodesAt(own, alike).filter((node) => node !== here),
      2,
    );
  for (const sample of samples(cursor, field)) count(nodesAt(sample, alike), 1);
  return counts;
}

/** What nobody else's objects tell: names, and the data of ConfigMaps and Secrets. */
function isFree(path: Path): boolean {
  const [first, second] = path;
  if (first === 'data' || first === 'stringData' || first === 'binaryData') return true;
  return first === 'metadata' && second !== 'labels' && second !== 'annotations' && second !== 'namespace';
}

function isUsable({ style, value, text }: ScalarNode): boolean {
  if (style === 'absent' || style === 'literal' || style === 'folded' || value === null) return false;
  return typeof value !== 'symbol' && text !== '' && text.length <= 80 && !isHole(text);
}

/** Values that several objects have here. */
export function habitCandidates({ schema }: Field, habits: ReadonlyMap<string, number>): readonly Candidate[] {
  if (schema.type !== 'string') return [];
  const common = [...habits].filter(([, count]) => count > 1);
  return common.map(([value]) => ({ value, kind: 'value', detail: 'used in this workspace', rank: 40 }));
}

/** Values that are in use at the field come first. */
export function inHabit(candidates: readonly Candidate[], habits: ReadonlyMap<string, number>): readonly Candidate[] {
  return candidates.map((candidate) => {
    const count = habits.get(String(candidate.value)) ?? 0;
    // One use may be a coincidence, but decides between values that are otherwise alike.
    return { ...candidate, rank: candidate.rank + (count > 1 ? 100 - Math.min(count, 100) : 200 - count) };
  });
}

/** Any key of a map whose keys are free, such as the names of the properties in a CRD's schema. */
const anyKey = Symbol('any key');
type Pattern = readonly (Path[number] | typeof anyKey)[];

/** Where maps are like the one at a field: under other keys too, as far as the first `depth` keys are free. */
function likePlaces({ kind, path }: Field, depth: number): Pattern {
  let schema: Schema | undefined = kind.schema;
  return path.map((step, index) => {
    const isFree = typeof step === 'string' && schema?.properties?.[step] === undefined;
    schema = schema && childSchema(schema, step);
    return isFree && schema && index < depth ? anyKey : step;
  });
}

/** All nodes that a pattern matches; an index matches every item. */
function nodesAt(node: Node, pattern: Pattern): readonly Node[] {
  return pattern.reduce<readonly Node[]>(
    (nodes, step) =>
      nodes.flatMap((one) => {
        const target = resolveAlias(one);
        if (typeof step === 'number') return target?.type === 'seq' ? target.items : [];
        if (step === anyKey) return target?.type === 'map' ? target.entries.map(({ value }) => value) : [];
        const next = nodeAt(one, [step]);
        return next ? [next] : [];
      }),
    [node],
  );
}
