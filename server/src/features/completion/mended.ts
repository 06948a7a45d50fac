// A half-typed document with its slips taken out, so that it parses: a line above the cursor that lacks its colon, opens
// a quote or a bracket, or is indented wrongly. It is only a second text to look for the cursor in; nothing of it is
// written. Lines keep their length, except that a missing colon or indentation is inserted.
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
    const changed = lineOf(line.text, state, () => nextColumn(lines, index));
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

/** The line without its slip. `below` is the column of the next line. */
function lineOf(line: string, state: State, below: () => number): string {
  if (/^\s*(?:#.*)?$/.test(line)) return line;
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
    Object.assign(state, { columns: [], opens: true, block: undefined });
    return line;
  }
  if (state.block !== undefined && columnOf(line) > state.block) return line;
  state.block = undefined;
  const placed = inPlace(line, state, below);
  const column = columnOf(placed);
  const dashes = /^(?:-(?: +|$))*/.exec(placed.slice(column))![0];
  const head = placed.slice(0, column + dashes.length);
  const content = placed.slice(head.length).trimEnd();
  const entry = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#[\]{},&*!|>%@`].*?)[ \t]*:(?:([ \t]+)(.*))?$/.exec(content);
  if (entry) {
    const [, key, gap = '', value = ''] = entry;
    open(state, column, head.length, dashes !== '');
    const kept = wholeValue(value, state, head.length);
    return padded(`${head}${key}:${kept === '' ? '' : gap}${kept}`, placed);
  }
  if (dashes !== '') {
    open(state, column, head.length, true);
    // The text of a block scalar in a list is nested in its dash.
    return padded(`${head}${wholeValue(content, state, column)}`.trimEnd(), placed);
  }
  if (!/^[\w$./-]+$/.test(content)) return blank(line);
  if (below() <= column) return blank(line);
  open(state, column, head.length, false);
  state.opens = true;
  return `${head}${content}:`;
}

/** Moves a line to the column of the map around it if nothing can be nested where it is. */
function inPlace(line: string, state: State, below: () => number): string {
  const trimmed = line.replace(/^[ \t]*/, '');
  const column = columnOf(line);
  const hasTab = line[column] === '\t';
  while (!hasTab && (state.columns.at(-1) ?? -1) > column) {
    state.columns.pop();
    state.opens = false;
  }
  const around = state.columns.at(-1) ?? -1;
  if (!hasTab && (around === column || around === -1 || state.opens)) return line;
  const nested = Math.max(below(), around + 1);
  return padded(' '.repeat(state.opens ? nested : Math.max(0, around)) + trimmed, line);
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

function nextColumn(lines: readonly Line[], index: number): number {
  for (let at = index + 1; at < lines.length; at += 1) {
    const { text } = lines[at]!;
    if (!/^\s*(?:#.*)?$/.test(text)) return columnOf(text);
  }
  return 0;
}

function columnOf(line: string): number {
  const found = line.search(/[^ ]/);
  return found === -1 ? line.length : found;
}

function padded(line: string, like: string): string {
  return line.padEnd(like.length);
}

function blank(line: string): string {
  return ' '.repeat(line.length);
}
