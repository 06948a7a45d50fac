// The spaces between two tokens of one line: one after a dash, a colon or a comma, none before a colon or a comma, and inside
// braces and brackets what most of the file has. Values aligned in a column keep their column.
import type { Token } from '../../syntax/layout.ts';
import type { Lines } from './lines.ts';
import type { Style } from './style.ts';

export function space(lines: Lines, tokens: readonly Token[], style: Style): void {
  const aligned = alignedValues(lines, tokens);
  const padding = paddingOf(lines, tokens, style);
  for (let at = 1; at < tokens.length; at += 1) {
    const [before, after] = [tokens[at - 1]!, tokens[at]!];
    const line = lines.lineAt(after.start);
    if (lines.start(line) > before.end || aligned.has(after.start)) continue;
    const wanted = padding.get(at) ?? spaceBetween(lines.text, before, after);
    // Behind a dash, a whole map moves.
    const end = before.type === 'dash' ? endBehindDash(tokens, at) : after.start;
    if (wanted !== undefined && lines.isFree(line, lines.lineAt(end))) lines.replace(before.end, after.start, wanted);
  }
}

function spaceBetween(text: string, before: Token, after: Token): string | undefined {
  if (after.type === 'comment' || before.type === 'marker') return undefined;
  if (before.type === 'dash' || before.type === 'anchor' || before.type === 'tag') return ' ';
  if (after.type === 'colon' || after.type === 'comma') {
    // The name of an alias might include what follows it. As a key, an alias is the scalar that it means.
    const isAlias = before.type === 'leaf' && text[before.start] === '*';
    return (before.type === 'leaf' || before.type === 'close') && !isAlias ? '' : undefined;
  }
  if (after.type === 'close') return undefined;
  return before.type === 'colon' || before.type === 'comma' ? ' ' : undefined;
}

/** Where the map or list ends that begins behind a dash; the token itself where none does. */
function endBehindDash(tokens: readonly Token[], index: number): number {
  let at = index;
  while (tokens[at]?.type === 'anchor' || tokens[at]?.type === 'tag') at += 1;
  const token = tokens[at];
  if (token?.type === 'leaf') return token.mapEnd ?? tokens[index]!.start;
  return token?.type === 'dash' ? (token.listEnd ?? token.end) : tokens[index]!.start;
}

/** The spaces before a token, by its index, where it is the first or last in braces or brackets on one line. */
function paddingOf(lines: Lines, tokens: readonly Token[], style: Style): ReadonlyMap<number, string> {
  const padding = new Map<number, string>();
  const open: number[] = [];
  tokens.forEach(({ type, start }, at) => {
    if (type === 'open') open.push(at);
    if (type !== 'close') return;
    const from = open.pop();
    const opening = from === undefined ? undefined : tokens[from];
    if (from === undefined || !opening || lines.lineAt(opening.start) !== lines.lineAt(start)) return;
    const pads = lines.text[opening.start] === '{' ? style.padsBraces : style.padsBrackets;
    if (at === from + 1) padding.set(at, '');
    else if (pads !== undefined) {
      padding.set(from + 1, pads ? ' ' : '');
      padding.set(at, pads ? ' ' : '');
    }
  });
  return padding;
}

interface Row {
  readonly line: number;
  /** Columns of the key and of its value. */
  readonly key: number;
  readonly value: number;
  readonly keyLength: number;
  readonly start: number;
}

/**
 * Where values begin that are in one column although their keys, on consecutive lines of one map, are of different lengths. A
 * key behind a dash begins a map of its own, and moves with its dash.
 */
function alignedValues(lines: Lines, tokens: readonly Token[]): ReadonlySet<number> {
  const aligned = new Set<number>();
  let above: Row | undefined;
  for (let at = 2; at < tokens.length; at += 1) {
    const [key, colon, value] = [tokens[at - 2]!, tokens[at - 1]!, tokens[at]!];
    if (key.type !== 'leaf' || !key.isKey || key.flow || colon.type !== 'colon' || value.type === 'comment') continue;
    const line = lines.lineAt(key.start);
    if (lines.lineAt(value.start) !== line) continue;
    const { start } = value;
    const column = lines.column(key.start);
    const keyLength = key.end - key.start;
    // As if there were no space before the colon, since there won't be.
    const row: Row = { line, key: column, value: column + keyLength + start - colon.start, keyLength, start };
    const behindDash = tokens[at - 3]?.type === 'dash' && lines.lineAt(tokens[at - 3]!.start) === line;
    const isAligned =
      above && !behindDash && above.line === line - 1 && above.key === row.key && above.value === row.value;
    if (above && isAligned && above.keyLength !== row.keyLength) aligned.add(above.start).add(start);
    above = row;
  }
  return aligned;
}
