// The lines of one document as the formatter sees them: where each begins, how far it is indented, and what becomes of it.
import type { TextEdit } from '../../syntax/finding.ts';

/** 0-based lines, both included. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** State: the changes to the white space of one text, line by line. Offsets and lines are those of the text. */
export class Lines {
  readonly text: string;
  /** Only these lines change; all of them if it is undefined. */
  readonly span: LineSpan | undefined;
  readonly #starts: number[] = [];
  readonly #edits: TextEdit[] = [];
  /** Lines that end inside a scalar. */
  readonly #kept = new Set<number>();
  #last = 0;

  constructor(text: string, span: LineSpan | undefined) {
    this.text = text;
    this.span = span;
    // A byte order mark takes no column.
    this.#starts.push(text.charCodeAt(0) === 0xfeff ? 1 : 0);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get count(): number {
    return this.#starts.length;
  }

  get edits(): readonly TextEdit[] {
    return this.#edits.toSorted((a, b) => a.start - b.start);
  }

  /** Fastest for offsets that increase from call to call. */
  lineAt(offset: number): number {
    if (offset < this.#starts[this.#last]!) this.#last = 0;
    let low = this.#last;
    if (this.#starts[low + 1] === undefined || offset < this.#starts[low + 1]!) return low;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }

  start(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** After the last character, without the line break. */
  end(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.text.length;
    return this.text[next - 2] === '\r' && next - 2 >= this.#starts[line]! ? next - 2 : next - 1;
  }

  column(offset: number): number {
    return offset - this.start(this.lineAt(offset));
  }

  /** The number of spaces that a line begins with. */
  indentation(line: number): number {
    let at = this.start(line);
    while (this.text[at] === ' ') at += 1;
    return at - this.start(line);
  }

  isBlank(line: number): boolean {
    return this.text.slice(this.start(line), this.end(line)).trim() === '';
  }

  /** Whether all lines from one to the other may change. */
  isFree(first: number, last: number): boolean {
    return this.span === undefined || (this.span.first <= first && last <= this.span.last);
  }

  keep(line: number): void {
    this.#kept.add(line);
  }

  isKept(line: number): boolean {
    return this.#kept.has(line);
  }

  indent(line: number, column: number): void {
    const start = this.start(line);
    this.replace(start, start + this.indentation(line), ' '.repeat(Math.max(0, column)));
  }

  /** Nothing happens if the text is the same already. */
  replace(start: number, end: number, text: string): void {
    if (this.text.slice(start, end) !== text) this.#edits.push({ start, end, text });
  }
}
