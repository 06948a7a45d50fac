// Moves the lines of a literal or folded block, with the indentation indicator of its header, so that its value stays the
// same to the last space.
import type { Leaf, Token } from '../../syntax/layout.ts';
import { type Level, offsetInList } from './level.ts';
import type { Lines } from './lines.ts';

export function isBlockText(token: Token): token is Leaf {
  return token.type === 'leaf' && token.node.type === 'scalar' && /^(?:literal|folded)$/.test(token.node.style);
}

/**
 * `level` is the map or list around the block; one at the root stays where it is. Returns the column of the text where it
 * moves: a comment below would become a part of it from there on.
 */
export function moveBlockText(lines: Lines, leaf: Leaf, level: Level | undefined, step: number): number | undefined {
  const first = lines.lineAt(leaf.start);
  const header = /^[|>]([-+]?)([1-9]?)([-+]?)/.exec(lines.text.slice(leaf.start, leaf.start + 3))!;
  const indicator = header[2] === '' ? undefined : Number(header[2]);
  const from = indicator === undefined ? columnOfText(lines, first + 1) : Math.max(0, level?.from ?? 0) + indicator;
  const last = lastLine(lines, leaf, from, header[0].includes('+'));
  for (let line = first + 1; line <= last; line += 1) lines.keep(line);
  if (!level || from <= level.from || !lines.isFree(first, last)) return undefined;
  const offset = Math.min(level.type === 'list' ? offsetInList(from - level.from, step) : step, 9);
  const to = level.to + offset;
  if (indicator !== undefined) {
    const at = leaf.start + 1 + header[1]!.length;
    lines.replace(at, at + 1, String(offset));
  }
  for (let line = first + 1; line <= last; line += 1) {
    const indentation = lines.indentation(line);
    const isEmpty = lines.start(line) + indentation === lines.end(line) && indentation <= from;
    lines.indent(line, isEmpty ? 0 : indentation + to - from);
  }
  return to;
}

/** The last of the comments below a block, which must not become a part of it when it moves. */
export function lastComment(lines: Lines, leaf: Leaf): number {
  let line = lines.lineAt(leaf.end) + 1;
  while (line < lines.count && (lines.isBlank(line) || lines.text[lines.start(line) + lines.indentation(line)] === '#'))
    line += 1;
  return line - 1;
}

/** The column of the first line with text; without any, that of the longest line of spaces. */
function columnOfText(lines: Lines, first: number): number {
  let longest = 0;
  for (let line = first; line < lines.count; line += 1) {
    if (!lines.isBlank(line)) return lines.indentation(line);
    longest = Math.max(longest, lines.indentation(line));
  }
  return longest;
}

/** The last line that belongs to the value: after the text, only blank lines that are kept or that contain spaces of it. */
function lastLine(lines: Lines, leaf: Leaf, from: number, keepsAll: boolean): number {
  let last = lines.lineAt(leaf.end);
  for (let line = last + 1; line < lines.count && lines.isBlank(line); line += 1) {
    const isPastEnd = line === lines.count - 1 && lines.start(line) === lines.end(line);
    if (!isPastEnd && (keepsAll || lines.end(line) - lines.start(line) > from)) last = line;
  }
  return last;
}
