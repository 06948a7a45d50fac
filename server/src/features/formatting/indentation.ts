// Where the lines of a document go: each line that begins an entry or an item takes the column of its map or list, and
// whatever belongs to it (further lines of a scalar, block text, comments) moves along.
import type { Leaf, Token } from '../../syntax/layout.ts';
import { isBlockText, moveBlockText } from './block-text.ts';
import { dashWidth, type Level, offsetInList } from './level.ts';
import type { Lines } from './lines.ts';
import type { Style } from './style.ts';

export function indent(lines: Lines, tokens: readonly Token[], style: Style, step: number): void {
  new Indentation(lines, tokens, style, step).run();
}

/** State: the levels that are open at the current line, and the comments that wait for the line below them. */
class Indentation {
  readonly #lines: Lines;
  readonly #tokens: readonly Token[];
  readonly #style: Style;
  readonly #step: number;
  /** The distance from a map to a map below its key in most of the text, to recognize comments that continue a map. */
  readonly #written: number;
  #levels: readonly Level[] = [];
  #comments: Token[] = [];
  /** The line of the latest token. */
  #line = -1;
  /** How far the latest line with content moves. */
  #shift = 0;
  #flows = 0;
  /** The column of the block text above, if nothing but comments followed. */
  #text: number | undefined;

  constructor(lines: Lines, tokens: readonly Token[], style: Style, step: number) {
    this.#lines = lines;
    this.#tokens = tokens;
    this.#style = style;
    this.#step = step;
    this.#written = writtenStep(lines, tokens) ?? step;
  }

  run(): void {
    this.#tokens.forEach((token, index) => {
      const line = this.#lines.lineAt(token.start);
      const isFirst = line !== this.#line;
      this.#line = line;
      if (this.#flows > 0) {
        if (isFirst) this.#moveInner(line);
      } else if (token.type === 'comment') {
        if (isFirst) this.#comments.push(token);
      } else if (isFirst) this.#begin(line, index);
      else this.#continue(index);
      this.#take(token, line);
    });
    this.#placeComments(undefined);
  }

  /** The first token of a line outside of braces and brackets. */
  #begin(line: number, index: number): void {
    const token = this.#tokens[index]!;
    const lines = this.#lines;
    const from = lines.column(token.start);
    if (token.type === 'marker') {
      this.#placeComments({ from, to: from });
      this.#levels = [];
      this.#shift = 0;
      return;
    }
    const open = this.#levels;
    const key = this.#keyAt(index);
    const type = token.type === 'dash' ? 'list' : key ? 'map' : undefined;
    // A list may begin in the column of its key, so a key in that column ends the list and not the map.
    const level = open.findLast(
      (one) => one.from < from || (one.from === from && (type === 'list' || one.type === type)),
    );
    const kept = level ? open.slice(0, open.lastIndexOf(level) + 1) : [];
    let to: number;
    if (type === undefined) {
      const around = kept.findLast((one) => one.from < from);
      to = lines.isFree(line, line) ? this.#inside(around, from, 'map') : from;
      this.#levels = kept;
    } else if (level?.type === type && level.from === from) {
      to = level.to;
      this.#levels = kept;
    } else {
      const end = (token.type === 'dash' ? token.listEnd : key?.mapEnd) ?? token.end;
      to = lines.isFree(line, lines.lineAt(end)) ? this.#inside(level, from, type) : from;
      this.#levels = [...kept, { type, from, to }];
    }
    this.#placeComments({ from, to }, open);
    this.#shift = to - from;
    if (lines.isFree(line, line)) lines.indent(line, to);
  }

  /** A later token of a line: after a dash, it can begin another list or a map. */
  #continue(index: number): void {
    const token = this.#tokens[index]!;
    if (this.#tokens[index - 1]?.type !== 'dash') return;
    const key = this.#keyAt(index);
    if (token.type !== 'dash' && !key) return;
    const from = this.#lines.column(token.start);
    const dash = this.#levels.at(-1)!;
    const end = (token.type === 'dash' ? token.listEnd : key?.mapEnd) ?? token.end;
    const isFree = this.#lines.isFree(this.#line, this.#lines.lineAt(end));
    const to = isFree ? dash.to + dashWidth : from;
    this.#levels = [...this.#levels, { type: token.type === 'dash' ? 'list' : 'map', from, to }];
  }

  /** The key of the entry that begins at a token: the token itself, or behind its anchor and tag on the same line. */
  #keyAt(index: number): Leaf | undefined {
    let at = index;
    while (this.#tokens[at]?.type === 'anchor' || this.#tokens[at]?.type === 'tag') at += 1;
    const token = this.#tokens[at];
    if (token?.type !== 'leaf' || !token.isKey || token.flow) return undefined;
    return this.#lines.lineAt(token.start) === this.#line ? token : undefined;
  }

  /** The column of what is inside a level and begins on a line of its own. */
  #inside(level: Level | undefined, from: number, type: Level['type']): number {
    if (!level) return this.#isScalar() ? from : 0;
    if (level.type === 'list') return level.to + offsetInList(from - level.from, this.#step);
    if (type === 'map') return level.to + this.#step;
    const indents = this.#style.indentsLists ?? from > level.from;
    return level.to + (indents ? this.#step : 0);
  }

  /** A document that is one scalar stays where it is. */
  #isScalar(): boolean {
    return this.#tokens.every(({ type }) => type === 'leaf' || type === 'comment' || type === 'marker');
  }

  /** Follows braces and scalars of several lines. */
  #take(token: Token, line: number): void {
    if (token.type === 'open') this.#flows += 1;
    else if (token.type === 'close') this.#flows -= 1;
    if (token.type !== 'leaf') return;
    const last = this.#lines.lineAt(token.end);
    if (isBlockText(token)) {
      this.#text = moveBlockText(this.#lines, token, this.#levels.at(-1), this.#step);
      return;
    }
    for (let inner = line; inner < last; inner += 1) {
      this.#lines.keep(inner);
      if (!this.#lines.isBlank(inner + 1)) this.#moveInner(inner + 1);
    }
    this.#line = last;
  }

  /** A line inside braces, or a further line of a scalar, stays behind the column of its map or list. */
  #moveInner(line: number): void {
    const lines = this.#lines;
    if (!lines.isFree(line, line)) return;
    const from = lines.indentation(line);
    const level = this.#levels.at(-1);
    const least = level && from > level.from ? level.to + 1 : 0;
    lines.indent(line, Math.max(from + this.#shift, least));
  }

  /** Comments above a line go with it or, where their column is another's, with what is open above them. */
  #placeComments(next: Pick<Level, 'from' | 'to'> | undefined, open: readonly Level[] = this.#levels): void {
    for (const comment of this.#comments) {
      const line = this.#lines.lineAt(comment.start);
      if (!this.#lines.isFree(line, line)) continue;
      const column = this.#commentColumn(comment, next, open);
      const isText = this.#text !== undefined && column >= this.#text;
      this.#lines.indent(line, isText ? (open.at(-1)?.to ?? 0) : column);
    }
    this.#comments = [];
    this.#text = undefined;
  }

  #commentColumn(comment: Token, next: Pick<Level, 'from' | 'to'> | undefined, open: readonly Level[]): number {
    const from = this.#lines.column(comment.start);
    const isItem = /^#+ *-(?: |$)/.test(this.#lines.text.slice(comment.start, comment.end));
    const same = open.filter((one) => one.from === from);
    const list = isItem ? same.findLast(({ type }) => type === 'list') : undefined;
    const own = list ?? (next?.from === from ? next : same[0]);
    if (own) return own.to;
    const columns = [...open, ...(next ? [next] : [])];
    const deeper = columns.filter((one) => one.from > from).toSorted((a, b) => a.from - b.from);
    if (deeper[0]) return deeper[0].to;
    // Deeper than everything around it: the content of a key whose entries are all comments.
    // Of a list in the column of its key, the list, which may move deeper.
    const around = columns.toSorted((a, b) => a.from - b.from || a.to - b.to).at(-1);
    if (!around) return from;
    const below = from - around.from;
    if (below === 1) return around.to;
    return around.to + (below === this.#written ? this.#step : below);
  }
}

/** The most frequent distance from a key to the keys of the map below it. */
function writtenStep(lines: Lines, tokens: readonly Token[]): number | undefined {
  const counts = new Map<number, number>();
  let line = -1;
  let above: number | undefined;
  for (const token of tokens) {
    const own = lines.lineAt(token.start);
    const isFirst = own !== line;
    line = own;
    if (!isFirst || token.type === 'comment') continue;
    const column = token.type === 'leaf' && token.isKey && !token.flow ? lines.column(token.start) : undefined;
    if (above !== undefined && column !== undefined && column > above)
      counts.set(column - above, (counts.get(column - above) ?? 0) + 1);
    above = column;
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most?.[0];
}
