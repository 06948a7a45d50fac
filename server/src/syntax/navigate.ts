// Finds nodes by offset and by path.
import type { Entry, MapNode, Node, Path, ScalarNode } from './tree.ts';
import { effectiveEntries, isMerge, keyName, resolveAlias } from './value.ts';

/** The innermost node at an offset, and the path to it. */
export interface Place {
  /** To the node; if `onKey` is set, to the entry's value. A key that is a hole is represented by its text. */
  readonly path: Path;
  readonly node: Node;
  /** The entry whose key or value `node` is; absent for list items and the root. */
  readonly entry?: Entry;
  readonly onKey: boolean;
  /** The maps and lists around `node`, outermost first. */
  readonly parents: readonly Node[];
}

/** A node includes its end offset, so that a cursor directly after a word is still on it. */
export function placeAt(root: Node | undefined, offset: number): Place | undefined {
  if (!root || offset < root.start || offset > root.end) return undefined;
  const path: (string | number)[] = [];
  const parents: Node[] = [];
  let node: Node = root;
  let entry: Entry | undefined;
  for (;;) {
    const place = (onKey: boolean): Place => ({ path, node, onKey, parents, ...(entry && { entry }) });
    if (node.type === 'map') {
      const inside: Entry | undefined = node.entries.find(
        ({ key, value }) => contains(key, offset) || contains(value, offset),
      );
      if (!inside) return place(false);
      parents.push(node);
      path.push(keyName(inside.key) ?? inside.key.text);
      entry = inside;
      const onKey = contains(inside.key, offset);
      node = onKey ? inside.key : inside.value;
      if (onKey) return place(true);
    } else if (node.type === 'seq') {
      const index: number = node.items.findIndex((item) => contains(item, offset));
      if (index === -1) return place(false);
      parents.push(node);
      path.push(index);
      entry = undefined;
      node = node.items[index]!;
    } else {
      return place(false);
    }
  }
}

/** The value at a path, with aliases and merge keys resolved. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    const parent: Node | undefined = node && resolveAlias(node);
    if (parent?.type === 'map') node = entryOf(parent, String(step))?.value;
    else if (parent?.type === 'seq' && typeof step === 'number') node = parent.items[step];
    else return undefined;
  }
  return node;
}

/** The entry at a path; undefined for list items, the root and missing fields. */
export function entryAt(root: Node | undefined, path: Path): Entry | undefined {
  const last = path.at(-1);
  if (typeof last !== 'string') return undefined;
  const found = nodeAt(root, path.slice(0, -1));
  const parent = found && resolveAlias(found);
  return parent?.type === 'map' ? entryOf(parent, last) : undefined;
}

/** The entry of a map by name; where a name is set twice, the one that takes precedence. */
export function entryOf(map: MapNode, name: string): Entry | undefined {
  if (map.entries.length > fewEntries) return entriesByName(map).get(name);
  if (map.entries.some(isMerge)) return effectiveEntries(map).get(name);
  for (let at = map.entries.length - 1; at >= 0; at -= 1) {
    const entry = map.entries[at]!;
    if (keyName(entry.key) === name) return entry;
  }
  return undefined;
}

/** Up to this many entries are searched faster than they are indexed. */
const fewEntries = 24;

/** A map of thousands of entries with a finding on each is asked for every one of them. */
const indexes = new WeakMap<MapNode['entries'], ReadonlyMap<string | undefined, Entry>>();

function entriesByName(map: MapNode): ReadonlyMap<string | undefined, Entry> {
  const known = indexes.get(map.entries);
  if (known) return known;
  const index = effectiveEntries(map);
  indexes.set(map.entries, index);
  return index;
}

/** The scalar at a path, with aliases resolved. */
export function scalarAt(root: Node | undefined, path: Path): ScalarNode | undefined {
  const node = nodeAt(root, path);
  const target = node && resolveAlias(node);
  return target?.type === 'scalar' ? target : undefined;
}

/** The string at a path; undefined where the value is missing, a hole or not a string. */
export function stringAt(root: Node | undefined, path: Path): string | undefined {
  const value = scalarAt(root, path)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** A path as the API server prints it: `spec.containers[0].image`. */
export function printPath(path: Path): string {
  let printed = '';
  for (const step of path) printed += typeof step === 'number' ? `[${step}]` : printed === '' ? step : `.${step}`;
  return printed;
}

function contains(node: Node, offset: number): boolean {
  return node.start <= offset && offset <= node.end;
}
