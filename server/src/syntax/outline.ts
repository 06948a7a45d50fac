// The nesting of a text by its indentation alone, for texts that aren't valid YAML at the moment.
import type { LineIndex } from './lines.ts';

const none = -1;

/** Computed once for a text, in one pass. Lines are 0-based. */
export class Outline {
  readonly #text: LineIndex;
  /** The line of the map or list item around each line; -1 at the top level, for blank lines and for comments. */
  readonly #parents: Int32Array;
  /** The first line with content of each line's document; -1 before it. */
  readonly #heads: Int32Array;
  readonly #columns: Int32Array;

  constructor(text: LineIndex) {
    this.#text = text;
    const count = text.lineCount;
    this.#parents = new Int32Array(count).fill(none);
    this.#heads = new Int32Array(count).fill(none);
    this.#columns = new Int32Array(count).fill(none);
    const above: number[] = [];
    let head = none;
    for (let line = 0; line < count; line += 1) {
      const column = this.#columnOf(line);
      this.#columns[line] = column;
      if (column === 0 && text.text.startsWith('---', text.lineStart(line))) {
        above.length = 0;
        head = none;
        this.#columns[line] = none;
      } else if (column !== none) {
        if (head === none) head = line;
        while (above.length > 0 && !this.#isAround(above.at(-1)!, line)) above.pop();
        this.#parents[line] = above.at(-1) ?? none;
        above.push(line);
      }
      this.#heads[line] = head;
    }
  }

  #columnOf(line: number): number {
    const { text } = this.#text;
    const start = this.#text.lineStart(line);
    let at = start;
    while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at += 1;
    const first = text[at];
    const isBlank = first === undefined || first === '\n' || first === '\r' || first === '#';
    return isBlank ? none : at - start;
  }

  /** A list may begin in the column of its key. */
  #isAround(above: number, line: number): boolean {
    const [outer, inner] = [this.#columns[above]!, this.#columns[line]!];
    return outer < inner || (outer === inner && this.isDash(line) && !this.isDash(above));
  }

  /** Whether the line begins with the dash of a list item. */
  isDash(line: number): boolean {
    return /^-(?:\s|$)/.test(this.content(line).slice(0, 2));
  }

  /** The line without its indentation; empty for blank lines and comments. */
  content(line: number): string {
    if (!this.isContent(line)) return '';
    return this.#text.text.slice(this.#text.lineStart(line) + this.#columns[line]!, this.#text.lineEnd(line));
  }

  get count(): number {
    return this.#columns.length;
  }

  /** -1 for blank lines and comments. */
  column(line: number): number {
    return this.#columns[line] ?? none;
  }

  /** The column after the dashes of list items. */
  keyColumn(line: number): number {
    return this.column(line) + /^(?:-\s+)*/.exec(this.content(line))![0].length;
  }

  isContent(line: number): boolean {
    return this.column(line) !== none;
  }

  contentAbove(line: number): number | undefined {
    for (let above = line - 1; above >= 0; above -= 1) if (this.isContent(above)) return above;
    return undefined;
  }

  parent(line: number): number | undefined {
    const parent = this.#parents[line] ?? none;
    return parent === none ? undefined : parent;
  }

  /** The first line with content of the line's document; -1 for lines before it. */
  head(line: number): number {
    return this.#heads[line] ?? none;
  }

  /** The lines that a line is nested in, innermost first. */
  around(line: number): readonly number[] {
    const lines: number[] = [];
    for (let at = this.parent(line); at !== undefined; at = this.parent(at)) lines.push(at);
    return lines;
  }

  /** Whether the line ends with `key:` or `-`, so that its value may be on the lines below. */
  isOpen(line: number): boolean {
    return this.isContent(line) && /(?:^-|[\s:]-|:)\s*(?:#.*)?$/.test(this.content(line).replace(/\s#.*$/, ''));
  }

  /** Whether the line has a key or a dash but no value, not even below it. */
  isEmpty(line: number): boolean {
    if (!this.isContent(line)) return false;
    if (/:\s*(?:""|'')\s*$/.test(this.content(line))) return true;
    if (!this.isOpen(line)) return false;
    for (let next = line + 1; next < this.#columns.length; next += 1)
      if (this.isContent(next)) return this.parent(next) !== line;
    return true;
  }
}

const space = 0x20;
const tab = 0x09;
