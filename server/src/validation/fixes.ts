// Edits that carry out the remedies of a problem. Each leaves valid YAML; where that can't be had there is no fix.
import type { Fix, TextEdit } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt } from '../syntax/navigate.ts';
import { resolvePlain } from '../syntax/scalar.ts';
import type { Entry, MapNode, Node, Path } from '../syntax/tree.ts';
import { fieldOf, type Problem, type Remedy } from './problem.ts';

export function fixesOf({ remedies }: Problem, manifest: Manifest, path: Path): readonly Fix[] {
  return (remedies ?? []).flatMap((remedy) => {
    const edits = manifest.root ? editsOf(remedy, manifest, manifest.root, path) : undefined;
    return edits ? [{ title: titleOf(remedy, path), edits }] : [];
  });
}

function titleOf(remedy: Remedy, path: Path): string {
  switch (remedy.kind) {
    case 'rename':
      return `Rename to ${remedy.to}`;
    case 'remove':
      return `Remove ${path.at(-1)}`;
    case 'replace':
      return `Change to ${String(remedy.value)}`;
    case 'quote':
      return 'Put it in quotes';
    case 'wrap':
      return 'Make it a list';
    case 'add':
      return `Add ${remedy.key}`;
    case 'move':
      return remedy.into.length === 0 ? 'Move to the top level' : `Move into ${fieldOf(remedy.into)}`;
  }
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
    case 'add':
      if (entry) return isEmpty(entry.value) ? filling(entry.value, remedy.value) : undefined;
      return parent?.type === 'map' ? addition(text, parent, remedy) : undefined;
    case 'move':
      return entry && parent?.type === 'map' ? moving(text, root, parent, entry, remedy.into) : undefined;
  }
}

function isInline(node: Extract<Node, { type: 'scalar' }>): boolean {
  return node.style === 'plain' || node.style === 'single' || node.style === 'double';
}

// Lines

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the line break that ends the line, or the end of the text. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function breakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function beginsLine(text: string, offset: number): boolean {
  return /^[ ]*$/.test(text.slice(lineStart(text, offset), offset));
}

// Edits

/** Takes an entry out of its map: in block style the lines it stands on. */
export function removal(text: string, map: MapNode, entry: Entry): readonly TextEdit[] | undefined {
  const index = map.entries.indexOf(entry);
  const next = map.entries[index + 1];
  const previous = map.entries[index - 1];
  if (map.flow || !beginsLine(text, entry.key.start)) {
    if (next) return [{ start: entry.key.start, end: next.key.start, text: '' }];
    if (previous) return [{ start: previous.value.end, end: entry.value.end, text: '' }];
    return [{ start: entry.key.start, end: entry.value.end, text: map.flow ? '' : '{}' }];
  }
  if (map.entries.length === 1) return [{ start: entry.key.start, end: entry.value.end, text: '{}' }];
  const start = lineStart(text, entry.key.start);
  const end = lineEnd(text, Math.max(entry.value.end, entry.key.end));
  return end === text.length ? [{ start: Math.max(0, start - 1), end, text: '' }] : [{ start, end: end + 1, text: '' }];
}

function isEmpty(node: Node): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** The key stands there with nothing behind it. */
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

/** A block map made the one item of a list: a dash before its first key, two columns for its other lines. */
function indented(text: string, map: MapNode): readonly TextEdit[] | undefined {
  if (!beginsLine(text, map.start)) return undefined;
  const edits: TextEdit[] = [{ start: map.start, end: map.start, text: '- ' }];
  for (let at = lineEnd(text, map.start) + 1; at < map.end; at = lineEnd(text, at) + 1) {
    if (text[at] !== '\n' && text[at] !== '\r') edits.push({ start: at, end: at, text: '  ' });
  }
  return edits;
}

/** Takes an entry's lines out and puts them behind the last entry of another map, at that map's column. */
function moving(text: string, root: Node, map: MapNode, entry: Entry, into: Path): readonly TextEdit[] | undefined {
  const target = nodeAt(root, into);
  const removed = removal(text, map, entry);
  if (!removed || target?.type !== 'map' || target.flow || map.flow || !target.entries[0] || map.entries.length === 1)
    return undefined;
  const from = columnOf(text, entry.key.start);
  const to = columnOf(text, target.entries[0].key.start);
  const [first = '', ...rest] = text
    .slice(entry.key.start, lineEnd(text, entry.value.end))
    .replace(/\r/g, '')
    .split('\n');
  if (rest.some((line) => line.trim() !== '' && !line.startsWith(' '.repeat(Math.min(from, to === 0 ? from : 0)))))
    return undefined;
  const shifted = [first, ...rest.map((line) => (line.trim() === '' ? line : line.slice(from)))];
  const last = target.entries.at(-1)!;
  const at = lineEnd(text, Math.max(last.value.end, last.key.end));
  const end = text[at - 1] === '\r' ? at - 1 : at;
  const moved = shifted.map((line) => breakOf(text) + (line === '' ? '' : ' '.repeat(to) + line)).join('');
  const [cut] = removed;
  // Where the entry is the last of both, its removal reaches the place of insertion.
  if (cut && cut.end > end)
    return [{ start: cut.start === lineStart(text, entry.key.start) ? cut.start - 1 : cut.start, end, text: moved }];
  return [...removed, { start: end, end, text: moved }];
}

// YAML

/** A key and its value as block YAML lines. */
export function yamlLines(key: string, value: unknown, indent: string): readonly string[] {
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
