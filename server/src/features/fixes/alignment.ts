// Repairs of the indentation: a line, or a line with those nested in it, at a column that the lines around it have.
import type { Finding, TextEdit } from '../../syntax/finding.ts';
import type { Candidate } from './subject.ts';

export interface Repair extends Candidate {
  /** Offset of the affected key after the fix. */
  readonly key?: number;
}

export interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  readonly text: string;
  /** Column of its first character, which can be a dash; undefined for blank lines and comments. */
  readonly column: number | undefined;
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const stop = text.indexOf('\n', start);
    const end = stop === -1 ? text.length : text[stop - 1] === '\r' ? stop - 1 : stop;
    const line = text.slice(start, end);
    const first = line.search(/[^ ]/);
    lines.push({ start, end, text: line, column: first === -1 || line[first] === '#' ? undefined : first });
    start = (stop === -1 ? text.length : stop) + 1;
  }
  return lines;
}

export function lineAt(lines: readonly Line[], offset: number): number {
  return lines.findLastIndex(({ start }) => start <= offset);
}

/** Moves the line, or the next one that is read as its continuation, to a column used by lines above. */
export function indented(
  text: string,
  { start }: Pick<Finding, 'start'>,
  order: 'next first' | 'line first' = 'next first',
): readonly Repair[] {
  const lines = linesOf(text);
  const index = lineAt(lines, start);
  const next = lines.findIndex(({ column }, at) => at > index && column !== undefined);
  return (order === 'next first' ? [next, index] : [index, next]).flatMap((at) => {
    const column = lines[at]?.column;
    if (column === undefined) return [];
    const alone: readonly Line[] = [lines[at]!];
    const block = [...alone, ...below(lines, at, column)];
    const children = block[1]?.column;
    // Lines that are already at the column of a sibling or child of the moved line stay.
    const stays = (to: number) => children === undefined || children === to || children === to + 2;
    const blocks = (to: number) => (stays(to) ? [alone, block] : [block, alone]);
    const parent = lines.slice(0, at).findLast((line) => line.column !== undefined && line.column < column);
    const sibling = children !== undefined && parent?.column === children - 2 ? [children] : [];
    const columns = [...firstChild(lines, at, column), ...sibling, ...columnsAbove(lines, at, column)];
    const here = columns.flatMap((to) => blocks(to).map((one) => moved(one, column, to)));
    return [...before(lines, at, column), ...here];
  });
}

/** A key above that has no value because it is indented like this line, or more: this line and its siblings were its value. */
export function underOpenKey(text: string, start: number): readonly Repair[] {
  const lines = linesOf(text);
  const index = lineAt(lines, start);
  const { column } = lines[index]!;
  if (column === undefined) return [];
  const above = lines.slice(0, index).filter((line) => line.column !== undefined);
  const end = above.findLastIndex((line) => line.column! < column);
  const siblings = above.slice(end + 1);
  const open = siblings.findLast((line, at) => isOpen(line) && (line.column === column || at === siblings.length - 1));
  if (open?.column === undefined) return [];
  const columns = [column - 2, column, ...columnsAbove(lines, lines.indexOf(open), open.column)];
  return columns.filter((to) => to >= 0 && to < open.column!).map((to) => moved([open], open.column!, to));
}

/** Whether nothing follows the colon on the line. */
function isOpen({ text }: Line): boolean {
  return /:[ \t]*(?:#.*)?$/.test(text);
}

/** The column of the first line below a key without a value. */
function firstChild(lines: readonly Line[], index: number, column: number): readonly number[] {
  const above = lines.slice(0, index).findLast((line) => line.column !== undefined);
  if (above === undefined || !isOpen(above)) return [];
  const to = /^ *(?:- +)*/.exec(above.text)![0].length + 2;
  return to === column ? [] : [to];
}

/** If this line is indented by two columns from its parent, the lines between them are the misaligned ones. */
function before(lines: readonly Line[], index: number, column: number): readonly Repair[] {
  const above = lines.slice(0, index);
  const parent = above.findLastIndex((line) => line.column !== undefined && line.column <= column - 2);
  const between = above.slice(parent + 1).filter((line) => line.column !== undefined);
  const from = between[0]?.column;
  const start = begun(lines, parent, column);
  if (lines[parent]?.column !== column - 2 || from === undefined || from === column) return start;
  const children = between[1]?.column;
  const blocks = children === column + 2 ? [between.slice(0, 1)] : [between];
  const all = between.every((line) => line.column! >= from) ? blocks.map((one) => moved(one, from, column)) : [];
  return [...start, ...all];
}

/** A line at the column of its parent key, which has no value yet: the next line has the column that both should have. */
function begun(lines: readonly Line[], index: number, column: number): readonly Repair[] {
  const line = lines[index];
  const open = lines.slice(0, Math.max(index, 0)).findLast((one) => one.column !== undefined);
  const isEmpty = open !== undefined && open.column === line?.column && isOpen(open);
  return line?.column === column - 2 && isEmpty ? [moved([line], column - 2, column)] : [];
}

/** Shifts lines together; the first is the line of the finding. */
function moved(block: readonly Line[], from: number, to: number): Repair {
  const [line] = block;
  const edits = block.map(({ start }): TextEdit => {
    return to > from ? { start, end: start, text: ' '.repeat(to - from) } : { start, end: start + from - to, text: '' };
  });
  const dashes = /^ *((?:- +)*)/.exec(line!.text)![1]!.length;
  return { title: 'Align it with the lines around it', kind: 'move', edits, key: line!.start + to + dashes };
}

/** Lines nested under the one at `index`: those after it with a larger column. */
export function below(lines: readonly Line[], index: number, column: number): readonly Line[] {
  const found: Line[] = [];
  for (const line of lines.slice(index + 1)) {
    if (line.column === undefined) continue;
    if (line.column <= column) break;
    found.push(line);
  }
  return found;
}

/** Enough for a slip of the hand: deeply nested text has many more. */
const mostColumns = 5;

/** Columns of keys and list items, nearest first. */
function columnsAbove(lines: readonly Line[], index: number, column: number): readonly number[] {
  const columns = new Set<number>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const line of lines.slice(0, index).toReversed()) {
    if (line.column === undefined) continue;
    if (/^(?:---|\.\.\.)/.test(line.text)) break;
    const content = /^ *(?:- +)*/.exec(line.text)![0].length;
    if (line.column >= lowest) continue;
    columns.add(content).add(line.column);
    lowest = line.column;
    if (lowest === 0) break;
  }
  columns.delete(column);
  return [...columns].toSorted((a, b) => Math.abs(a - column) - Math.abs(b - column) || b - a).slice(0, mostColumns);
}
