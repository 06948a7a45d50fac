// A half-typed document with its slips taken out, so that it parses: a line above the cursor that lacks its colon, opens
// a quote or a bracket, or is indented wrongly. It is only a second text to look for the cursor in; nothing of it is
// written. Lines keep their length, except that a missing colon or indentation is inserted.
import { columnOf } from './block-text.ts';
import { lineStartAt } from './token.ts';

export interface Mended {
  readonly text: string;
  /** Offsets in `text` of the characters that the original lacks, in ascending order. */
  readonly inserted: readonly number[];
}

/** Undefined if no line needed a change. The cursor's line stays as it is. */
export function mended(text: string, offset: number): Mended | undefined {
  const cursorLine = lineStartAt(text, offset);
  const lines = linesOf(text);
  const state: State = { columns: [], opens: true, block: undefined };
  const inserted: number[] = [];
  let result = '';
  for (const [index, line] of lines.entries()) {
    if (line.start === cursorLine) {
      result += line.text + line.eol;
      continue;
    }
    const changed = lineOf(line.text, state, () => nextOf(lines, index));
    const indented = Math.max(0, changed.search(/\S/) - line.text.search(/\S/));
    const colon = changed.length - line.text.length - indented;
    for (let at = 0; at < indented; at += 1) inserted.push(result.length + at);
    if (colon > 0) inserted.push(result.length + changed.length - 1);
    result += changed + line.eol;
  }
  return result === text ? undefined : { text: result, inserted };
}

interface Line {
  readonly start: number;
  readonly text: string;
  readonly eol: string;
}

interface State {
  /** The columns of the open maps and lists, ascending. */
  columns: number[];
  /** Whether the last line may be followed by lines that are indented more. */
  opens: boolean;
  /** Lines beyond this column are the text of a block scalar. */
  block: number | undefined;
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)]
    .filter(({ 0: whole }) => whole !== '')
    .map(({ 1: line, 2: eol, index }) => ({ start: index, text: line!, eol: eol! }));
}

/** The next line that isn't blank. */
interface Next {
  readonly column: number;
  readonly isItem: boolean;
}

/** The line without its slip. */
function lineOf(line: string, state: State, below: () => Next): string {
  if (/^\s*(?:#.*)?$/.test(line)) return line;
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
    Object.assign(state, { columns: [], opens: true, block: undefined });
    return line;
  }
  if (state.block !== undefined && columnOf(line) > state.block) return line;
  state.block = undefined;
  const placed = inPlace(line, state, below);
  const column = columnOf(placed);
  const dashes = /^(?:-(?:[ \t]+|$))*/.exec(placed.slice(column))![0];
  const head = headOf(placed.slice(0, column + dashes.length), column, dashes, below);
  const content = placed.slice(column + dashes.length).trimEnd();
  const entry = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#[\]{},&*!|>%@`].*?)[ \t]*:(?:([ \t]+)(.*))?$/.exec(content);
  if (entry) {
    const [, key, gap = '', value = ''] = entry;
    open(state, column, head.length, dashes !== '');
    const kept = wholeValue(value, state, head.length);
    return padded(`${head}${key}:${kept === '' ? '' : gap}${kept}`, placed);
  }
  const isWord = /^[\w$./-]+$/.test(content);
  const next = isWord ? below() : undefined;
  const isKey = next !== undefined && (next.column > head.length || (next.column === head.length && next.isItem));
  if (isKey) {
    open(state, column, head.length, dashes !== '');
    return `${head}${content}:`;
  }
  if (dashes === '') return blank(line);
  open(state, column, head.length, true);
  // With keys below, the word is the first key of the item.
  if (next?.column === head.length) return padded(head, placed);
  // The text of a block scalar in a list is nested in its dash.
  return padded(`${head}${wholeValue(content, state, column)}`.trimEnd(), placed);
}

/** The indentation and the dashes; the first key of an item is at the column of the next one. */
function headOf(head: string, column: number, dashes: string, below: () => Next): string {
  if (dashes === '') return head;
  const spaced = head.replaceAll('\t', ' ');
  const next = dashes.length > 2 ? below().column : 0;
  return next > column + 1 && next < spaced.length ? spaced.slice(0, next) : spaced;
}

/** Moves a line to the column of the map around it if nothing can be nested where it is. */
function inPlace(line: string, state: State, below: () => Next): string {
  const trimmed = line.replace(/^[ \t]*/, '');
  const column = columnOf(line);
  const hasTab = line[column] === '\t';
  while (!hasTab && (state.columns.at(-1) ?? -1) > column) {
    state.columns.pop();
    state.opens = false;
  }
  const around = state.columns.at(-1) ?? -1;
  const isNested = state.opens && (hasTab || column > around);
  if (!isNested) {
    if (!hasTab && (around === column || around === -1)) return line;
    return padded(' '.repeat(Math.max(0, around)) + trimmed, line);
  }
  const next = below().column;
  // The next line has the column of the map if it is nested less than this one.
  const isBeside = next > around && (hasTab || next < column);
  if (!isBeside && !hasTab) return line;
  return padded(' '.repeat(isBeside ? next : around + 1) + trimmed, line);
}

function open(state: State, column: number, content: number, isItem: boolean): void {
  if (state.columns.at(-1) !== column) state.columns.push(column);
  if (isItem && content > column) state.columns.push(content);
  state.opens = true;
}

/** The value, or nothing if it doesn't end on the line. `column` is that of the node around a block scalar. */
function wholeValue(value: string, state: State, column: number): string {
  const [properties] = /^(?:[&!]\S*[ \t]*)*/.exec(value)!;
  const own = value.slice(properties.length).replace(/(?:^|[ \t]+)#.*$/, '');
  if (/^[|>][-+0-9]{0,2}$/.test(own)) {
    state.block = column;
    state.opens = false;
    return value;
  }
  state.opens = own === '';
  return isWhole(own) || isWhole(value) ? value : '';
}

function isWhole(value: string): boolean {
  const first = value[0];
  if (first === undefined) return true;
  if (first === '"') return /^"(?:[^"\\]|\\.)*"$/.test(value);
  if (first === "'") return /^'(?:[^']|'')*'$/.test(value);
  if (first === '[' || first === '{') return isClosed(value);
  return !/[%@`]/.test(first) && !/:(?:\s|$)/.test(value);
}

function isClosed(value: string): boolean {
  if (value.startsWith('{{')) return false;
  let depth = 0;
  for (const [one] of value.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\s\S]/g)) {
    if ('[{'.includes(one)) depth += 1;
    if (']}'.includes(one)) depth -= 1;
  }
  return depth === 0;
}

function nextOf(lines: readonly Line[], index: number): Next {
  for (let at = index + 1; at < lines.length; at += 1) {
    const { text } = lines[at]!;
    if (!/^\s*(?:#.*)?$/.test(text)) return { column: columnOf(text), isItem: /^ *-(?:\s|$)/.test(text) };
  }
  return { column: 0, isItem: false };
}

function padded(line: string, like: string): string {
  return line.padEnd(like.length);
}

function blank(line: string): string {
  return ' '.repeat(line.length);
}
