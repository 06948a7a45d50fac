// Turns the remedies of a problem into text edits. Each edit leaves valid YAML; where that isn't possible, no fix is
// offered.
import type { Fix, TextEdit } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt, printPath } from '../syntax/navigate.ts';
import { resolvePlain } from '../syntax/scalar.ts';
import type { MapNode, Node, Path } from '../syntax/tree.ts';
import { beginsLine, breakOf, columnOf, lineEnd, moveEdits, removal } from './moves.ts';
import type { Remedy } from './problem.ts';

/** `path` is that of the invalid value, `prefix` that of its object, both from the root of the document. */
export function fixesOf(
  remedies: readonly Remedy[],
  manifest: Manifest,
  path: Path,
  prefix: Path = [],
): readonly Fix[] {
  const { root } = manifest;
  if (!root) return [];
  return remedies.flatMap((given) => {
    const remedy = given.kind === 'move' ? { ...given, into: [...prefix, ...given.into] } : given;
    const at = given.kind === 'replace' && given.at ? [...prefix, ...given.at] : path;
    const edits = editsOf(remedy, manifest, root, at);
    return edits ? [{ title: titleOf(remedy, at), kind: remedy.kind, edits }] : [];
  });
}

function titleOf(remedy: Remedy, path: Path): string {
  switch (remedy.kind) {
    case 'rename':
      return `Rename to ${remedy.to}`;
    case 'remove':
      return `Remove ${nameIn(path)}`;
    case 'replace':
      return `Change to ${String(remedy.value)}`;
    case 'quote':
      return 'Put it in quotes';
    case 'wrap':
      return 'Make it a list';
    case 'space':
      return `Add a space after the ${remedy.after}`;
    case 'add':
      return `Add ${remedy.key}`;
    case 'move':
      return remedy.into.length === 0 ? 'Move to the top level' : `Move into ${printPath(remedy.into)}`;
  }
}

/** The last field of a path. A key with other characters is text that lost its colon or a quote, and may be a credential. */
export function nameIn(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string');
  return typeof name === 'string' && /^[\w./-]+$/.test(name) ? name : 'this';
}

function editsOf(remedy: Remedy, { text }: Manifest, root: Node, path: Path): readonly TextEdit[] | undefined {
  const entry = entryAt(root, path);
  const node = nodeAt(root, path);
  const parent = nodeAt(root, path.slice(0, -1));
  switch (remedy.kind) {
    case 'rename':
      return entry && [{ start: entry.key.start, end: entry.key.end, text: scalarText(remedy.to) }];
    case 'remove':
      return entry && parent?.type === 'map' ? removal(text, parent, entry) : undefined;
    case 'replace':
      return node?.type === 'scalar' && isInline(node)
        ? [{ start: node.start, end: node.end, text: scalarText(remedy.value) }]
        : undefined;
    case 'quote':
      return node?.type === 'scalar' && node.style === 'plain'
        ? [{ start: node.start, end: node.end, text: JSON.stringify(text.slice(node.start, node.end)) }]
        : undefined;
    case 'wrap':
      return node && wrapping(text, node);
    case 'space':
      return node && (remedy.after === 'colon' ? spacedColon(text, node) : spacedDash(text, node));
    case 'add':
      if (entry) return isEmpty(entry.value) ? filling(entry.value, remedy.value) : undefined;
      return parent?.type === 'map' ? addition(text, parent, remedy) : undefined;
    case 'move':
      return moveEdits(text, root, path, remedy.into);
  }
}

function isInline(node: Extract<Node, { type: 'scalar' }>): boolean {
  return node.style === 'plain' || node.style === 'single' || node.style === 'double';
}

// Edits

function isEmpty(node: Node): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** Gives a value to a key without one. */
function filling({ start, end }: Node, value: unknown): readonly TextEdit[] {
  const written = typeof value === 'object' ? JSON.stringify(value) : scalarText(value);
  return [{ start, end, text: start === end ? ` ${written}` : written }];
}

function addition(
  text: string,
  map: MapNode,
  { key, value }: Extract<Remedy, { kind: 'add' }>,
): readonly TextEdit[] | undefined {
  const last = map.entries.at(-1);
  if (map.flow) {
    const at = last ? last.value.end : map.start + 1;
    return [{ start: at, end: at, text: `${last ? ', ' : ''}${key}: ${JSON.stringify(value)}` }];
  }
  if (!last) return undefined;
  const at = lineEnd(text, Math.max(last.value.end, last.key.end));
  const end = text[at - 1] === '\r' ? at - 1 : at;
  const lines = yamlLines(key, value, ' '.repeat(columnOf(text, map.entries[0]!.key.start)));
  return [{ start: end, end, text: lines.map((line) => breakOf(text) + line).join('') }];
}

function wrapping(text: string, node: Node): readonly TextEdit[] | undefined {
  const source = text.slice(node.start, node.end);
  if (!source.includes('\n'))
    return node.type === 'map' && !node.flow
      ? indented(text, node)
      : [{ start: node.start, end: node.end, text: `[${source}]` }];
  return node.type === 'map' && !node.flow ? indented(text, node) : undefined;
}

/** Makes a block map the only item of a list: a dash before its first key, two more columns for its other lines. */
function indented(text: string, map: MapNode): readonly TextEdit[] | undefined {
  if (!beginsLine(text, map.start)) return undefined;
  const edits: TextEdit[] = [{ start: map.start, end: map.start, text: '- ' }];
  for (let at = lineEnd(text, map.start) + 1; at < map.end; at = lineEnd(text, at) + 1) {
    if (text[at] !== '\n' && text[at] !== '\r') edits.push({ start: at, end: at, text: '  ' });
  }
  return edits;
}

/** `key:value` in plain style, where the colon is part of the scalar. */
function spacedColon(text: string, { start, end }: Node): readonly TextEdit[] | undefined {
  const word = /^[\w./-]+:(?=[^\s/])/.exec(text.slice(start, end));
  if (!word) return undefined;
  const at = start + word[0].length;
  return [{ start: at, end: at, text: ' ' }];
}

/** `-key: value`, where the dashes are part of a block map's keys. A nested value must be indented far enough to stay nested. */
function spacedDash(text: string, map: Node): readonly TextEdit[] | undefined {
  if (map.type !== 'map' || map.flow) return undefined;
  const edits: TextEdit[] = [];
  for (const { key, value } of map.entries) {
    if (key.style !== 'plain' || !/^-\w/.test(key.text)) return undefined;
    const isBelow = text.slice(key.end, value.start).includes('\n');
    if (isBelow && columnOf(text, value.start) < columnOf(text, key.start) + 2) return undefined;
    edits.push({ start: key.start + 1, end: key.start + 1, text: ' ' });
  }
  return edits;
}

// YAML

/** A key and its value as block YAML lines. */
function yamlLines(key: string, value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${key}: []`];
    return [`${indent}${key}:`, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return [`${indent}${key}: {}`];
    return [`${indent}${key}:`, ...entries.flatMap(([name, item]) => yamlLines(name, item, `${indent}  `))];
  }
  return [`${indent}${key}: ${scalarText(value)}`];
}

function itemLines(item: unknown, indent: string): readonly string[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [`${indent}- ${JSON.stringify(item)}`];
  const lines = Object.entries(item).flatMap(([name, value]) => yamlLines(name, value, `${indent}  `));
  return lines.length === 0 ? [`${indent}- {}`] : [`${indent}- ${lines[0]!.trimStart()}`, ...lines.slice(1)];
}

function scalarText(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const plain = /^[\w/][\w./-]*$/.test(value) && !/^[yn]$/i.test(value) && resolvePlain(value) === value;
  return plain ? value : JSON.stringify(value);
}
