// Changes of the texts of a kustomization and of the patches that it lists, each with the lines that it is on.
import type { BuiltObject } from '../../../server/src/kustomize/objects.ts';
import { folderOf, resolvePath } from '../../../server/src/kustomize/paths.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../../../server/src/syntax/tree.ts';
import type { Random } from '../verdict/random.ts';

export interface BuildFault {
  readonly kind: string;
  readonly path: string;
  readonly text: string;
  /** Lines of any file, from 1, as `path:line`; a finding at one of them is right. */
  readonly lines: readonly string[];
  readonly what: string;
}

export interface Kustomized {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
  /** The text of a file; undefined if there is none. */
  read(path: string): string | undefined;
  /** The files that the build reads. */
  readonly reads: readonly string[];
  /** What the build gives. */
  readonly objects: readonly BuiltObject[];
  readonly random: Random;
}

export type Plant = (at: Kustomized) => Omit<BuildFault, 'kind'> | undefined;

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Replaces a range of a file. */
export function replaced(
  path: string,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  by: string,
): Omit<BuildFault, 'kind'> {
  const was = text.slice(start, end);
  return {
    ...{ path, lines: [`${path}:${lineOf(text, start)}`], what: `${shown(was)} is ${shown(by)}` },
    text: text.slice(0, start) + by + text.slice(end),
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** Adds lines to the end of the kustomization; the fault is on the line that has the mark `@`, or on the first. */
export function appended(at: Kustomized, lines: string, more: readonly string[] = []): Omit<BuildFault, 'kind'> {
  const text = `${at.text.replace(/\n*$/, '')}\n`;
  const added = lines.replace('@', '');
  const line = lineOf(text, text.length) + lines.slice(0, Math.max(0, lines.indexOf('@'))).split('\n').length - 1;
  return { path: at.path, text: text + added, lines: [`${at.path}:${line}`, ...more], what: `adds ${shown(added)}` };
}

export function scalars(node: Node | undefined): readonly ScalarNode[] {
  if (!node) return [];
  if (node.type === 'scalar') return [node];
  if (node.type === 'seq') return node.items.flatMap(scalars);
  return node.type === 'map' ? node.entries.flatMap(({ value }) => scalars(value)) : [];
}

export function items(at: Kustomized, ...fields: readonly string[]): readonly Node[] {
  return fields.flatMap((field) => {
    const list = nodeAt(at.root, [field]);
    return list?.type === 'seq' ? list.items : [];
  });
}

export function inItems(at: Kustomized, field: string, ...path: Path): readonly Node[] {
  return items(at, field).flatMap((item) => {
    const found = nodeAt(item, path);
    return found ? [found] : [];
  });
}

export function pickOf<T>(at: Kustomized, from: readonly T[]): T | undefined {
  return from.length === 0 ? undefined : at.random.pick(from);
}

/** A path that isn't there, from one that is. */
export function misplaced(at: Kustomized, nodes: readonly Node[]): Omit<BuildFault, 'kind'> | undefined {
  const node = pickOf(
    at,
    nodes.filter((one): one is ScalarNode => isPath(at, one)),
  );
  const stem = node && /[^/]*$/.exec(node.text)![0];
  return node && replaced(at.path, at.text, node, node.text.slice(0, -stem!.length || undefined) + `no-${stem}`);
}

export function isPath(at: Kustomized, node: Node): node is ScalarNode {
  return (
    node.type === 'scalar' &&
    node.style === 'plain' &&
    /^[\w./-]*\w$/.test(node.text) &&
    !node.text.includes('://') &&
    at.text.slice(node.start, node.end) === node.text
  );
}

export const hasKey = (at: Kustomized, key: string) => nodeAt(at.root, [key]) !== undefined;

/** Adds an entry to a block list, or the list at the end. */
export function withItem(
  at: Kustomized,
  field: string,
  item: string,
  more: readonly string[] = [],
): Omit<BuildFault, 'kind'> | undefined {
  const list = nodeAt(at.root, [field]);
  const entry = item.replace('@', '');
  const offset = item.slice(0, Math.max(0, item.indexOf('@'))).split('\n').length - 1;
  if (!list) {
    const lines = `${field}:\n- ${item.includes('@') ? item.replaceAll('\n', '\n  ') : `@${item.replaceAll('\n', '\n  ')}`}\n`;
    return appended(at, lines, more);
  }
  if (list.type !== 'seq' || list.flow || list.items.length === 0) return undefined;
  const first = list.items[0]!;
  const start = at.text.lastIndexOf('\n', first.start) + 1;
  const indent = /^ *(?=-)/.exec(at.text.slice(start))?.[0];
  if (indent === undefined) return undefined;
  const added = `${indent}- ${entry.replaceAll('\n', `\n${indent}  `)}\n`;
  const text = at.text.slice(0, start) + added + at.text.slice(start);
  return {
    path: at.path,
    text,
    lines: [`${at.path}:${lineOf(at.text, start) + offset}`, ...more],
    what: `adds ${shown(added)}`,
  };
}

/** A patch that can be changed: where its text is. */
interface PatchText {
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly hasTarget: boolean;
}

function patches(at: Kustomized): readonly PatchText[] {
  const entries = items(at, 'patches', 'patchesJson6902', 'patchesStrategicMerge');
  return entries.flatMap((entry): readonly PatchText[] => {
    const hasTarget = nodeAt(entry, ['target']) !== undefined;
    const inline =
      nodeAt(entry, ['patch']) ?? (entry.type === 'scalar' && entry.text.includes('\n') ? entry : undefined);
    if (inline?.type === 'scalar' && (inline.style === 'literal' || inline.style === 'plain'))
      return [{ path: at.path, text: at.text, start: inline.start, end: inline.end, hasTarget }];
    const named = entry.type === 'scalar' ? entry : nodeAt(entry, ['path']);
    const path = named?.type === 'scalar' ? resolvePath(folderOf(at.path), named.text) : undefined;
    const text = path === undefined ? undefined : at.read(path);
    return text === undefined ? [] : [{ path: path!, text, start: 0, end: text.length, hasTarget }];
  });
}

/** Changes the first match of a pattern in a patch; its last group is replaced. */
export function inPatch(
  at: Kustomized,
  pattern: RegExp,
  by: (was: string) => string,
  filter: (patch: PatchText) => boolean = () => true,
  /** How many lines above are right as well. */
  above = 0,
) {
  const found = patches(at).flatMap((patch) => {
    const part = patch.text.slice(patch.start, patch.end);
    const match = filter(patch) ? pattern.exec(part) : null;
    if (!match) return [];
    const was = match.at(-1)!;
    const start = patch.start + match.index + match[0].lastIndexOf(was);
    return [{ patch, was, start }];
  });
  const one = pickOf(at, found);
  if (!one) return undefined;
  const { patch, start, was } = one;
  const fault = replaced(patch.path, patch.text, { start, end: start + was.length }, by(was));
  const line = lineOf(patch.text, start);
  return { ...fault, lines: Array.from({ length: above + 1 }, (_one, index) => `${patch.path}:${line - index}`) };
}

/** A key of the kustomization that kustomize knows, anywhere outside of free maps. */
export function knownKeys(node: Node, free = false): readonly ScalarNode[] {
  if (node.type === 'seq') return node.items.flatMap((item) => knownKeys(item, free));
  if (node.type !== 'map' || free) return [];
  return node.entries.flatMap(({ key, value }) => [
    key,
    ...knownKeys(
      value,
      /^(?:commonLabels|commonAnnotations|labels|annotations|pairs|valuesInline|vars|helmCharts)$/.test(key.text) &&
        value.type === 'map',
    ),
  ]);
}
