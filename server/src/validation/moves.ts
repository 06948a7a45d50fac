// Edits that remove an entry of a map with its lines, or move it to another map.
import type { TextEdit } from '../syntax/finding.ts';
import { entryAt, nodeAt } from '../syntax/navigate.ts';
import type { Entry, MapNode, Node, Path } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';

/** Moves the entry at `path` to the map at `home`; undefined if that requires more than moving lines. */
export function moveEdits(text: string, root: Node, path: Path, home: Path): readonly TextEdit[] | undefined {
  const entry = entryAt(root, path);
  const parent = nodeAt(root, path.slice(0, -1));
  if (!entry) return undefined;
  return (
    deeper(text, root, path, entry, home) ??
    (parent?.type === 'map' ? moving(text, root, parent, entry, home) : undefined)
  );
}

/** Removes an entry from its map; in block style, with its lines. */
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

/**
 * Covers the cases where indenting the entry's lines is enough: they directly follow the last line of a map one level
 * down, or the missing levels are inserted above them.
 */
function deeper(
  text: string,
  root: Node,
  path: Path,
  { key, value }: Entry,
  home: Path,
): readonly TextEdit[] | undefined {
  const levels = home.slice(path.length - 1);
  const [parent, target] = [path.slice(0, -1), home].map((at) => mapAt(root, at));
  const from = lineStart(text, key.start);
  const indent = text.slice(from, key.start);
  if (home.length < path.length || !parent || parent.flow || !/^ *$/.test(indent)) return undefined;
  let before = '';
  let more = ' '.repeat(2 * levels.length);
  if (target) {
    const last = target.entries.at(-1);
    if (target.flow || !last || target.start > key.start) return undefined;
    const column = columnOf(text, target.start);
    const between = text.slice(Math.max(last.value.end, last.key.end), from);
    if (column <= indent.length || !isBlank(between)) return undefined;
    more = ' '.repeat(column - indent.length);
  } else if (isOpen(root, home)) {
    // The level's key exists, with no content of its own.
    const open = entryAt(root, home)!.key;
    if (levels.length !== 1 || open.start > key.start || !isBlank(text.slice(open.end + 1, from))) return undefined;
  } else {
    if (nodeAt(root, [...path.slice(0, -1), levels[0]!])) return undefined;
    const eol = breakOf(text);
    before = levels.map((level, depth) => `${indent}${' '.repeat(2 * depth)}${level}:${eol}`).join('');
  }
  const edits = [{ start: from, end: from, text: before + more }];
  for (let at = nextLine(text, from); at < value.end; at = nextLine(text, at)) {
    if (text[at] !== '\n' && text[at] !== '\r') edits.push({ start: at, end: at, text: more });
  }
  return edits;
}

/** Whether there is nothing but comments between two entries. */
function isBlank(between: string): boolean {
  return /^\s*(?:#.*\s*)*$/.test(between);
}

/** Whether nothing follows the colon of the key. */
function isOpen(root: Node, path: Path): boolean {
  const node = nodeAt(root, path);
  return node?.type === 'scalar' && node.style === 'absent';
}

function mapAt(root: Node, path: Path): MapNode | undefined {
  const node = nodeAt(root, path);
  const map = node && resolveAlias(node);
  return map?.type === 'map' ? map : undefined;
}

/** The offset of the next line. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

/** Moves an entry's lines after the last entry of another map, at that map's column. */
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
  // If the entry is the last of both maps, its removal overlaps the insertion.
  if (cut && cut.end > end)
    return [{ start: cut.start === lineStart(text, entry.key.start) ? cut.start - 1 : cut.start, end, text: moved }];
  return [...removed, { start: end, end, text: moved }];
}

// Lines

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the line break that ends the line, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function breakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

export function beginsLine(text: string, offset: number): boolean {
  return /^[ ]*$/.test(text.slice(lineStart(text, offset), offset));
}
