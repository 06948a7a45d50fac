// Converts between offsets and positions (line and column) in one text, in the units editors use. Offsets are UTF-16
// units from the start of the text; a line ends at `\n`, `\r\n` or a lone `\r`, as in the Language Server Protocol.

export interface Position {
  /** 0-based. */
  readonly line: number;
  /** 0-based, in UTF-16 units. */
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The line starts of one text, computed once. */
export class LineIndex {
  readonly text: string;
  readonly #starts: Uint32Array;

  constructor(text: string, starts: Uint32Array = Uint32Array.from(lineStarts(text))) {
    this.text = text;
    this.#starts = starts;
  }

  /** The index of the text with `[start, end)` replaced by `put`; only the lines that change are scanned. */
  edited(start: number, end: number, put: string): LineIndex {
    const text = this.text.slice(0, start) + put + this.text.slice(end);
    // The line breaks directly before and after the edit may join it: `\r` and `\n` together are one break.
    const first = this.#lineAt(Math.max(0, start - 1));
    const next = this.#lineAt(Math.min(end + 1, this.text.length)) + 1;
    const from = this.#starts[first]!;
    const by = put.length - (end - start);
    const until = next < this.#starts.length ? this.#starts[next]! + by : text.length;
    const fresh = lineStarts(text.slice(from, until));
    // The last of these is the start of the next line, unless the text ends here.
    const rest = Math.min(next + 1, this.#starts.length);
    const starts = new Uint32Array(first + fresh.length + this.#starts.length - rest);
    starts.set(this.#starts.subarray(0, first));
    for (const [index, at] of fresh.entries()) starts[first + index] = from + at;
    const ahead = first + fresh.length - rest;
    for (let line = rest; line < this.#starts.length; line += 1) starts[ahead + line] = this.#starts[line]! + by;
    return new LineIndex(text, starts);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a line; the end of the text for lines past the last. */
  lineStart(line: number): number {
    return this.#starts[Math.max(0, line)] ?? this.text.length;
  }

  /** Offset after the last character of a line, excluding its line break. */
  lineEnd(line: number): number {
    let end = line + 1 < this.#starts.length ? this.#starts[line + 1]! : this.text.length;
    if (line + 1 >= this.#starts.length) return end;
    if (this.text.charCodeAt(end - 1) === 0x0a) end -= 1;
    if (end > this.lineStart(line) && this.text.charCodeAt(end - 1) === 0x0d) end -= 1;
    return end;
  }

  /** Offsets outside the text are clamped. */
  positionAt(offset: number): Position {
    const at = Math.min(Math.max(0, offset), this.text.length);
    const line = this.#lineAt(at);
    return { line, character: at - this.#starts[line]! };
  }

  rangeAt(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** Columns are clamped to the end of their line, lines past the last to the end of the text. */
  offsetAt(position: Position): number {
    if (position.line >= this.lineCount) return this.text.length;
    if (position.line < 0) return 0;
    return Math.min(this.lineStart(position.line) + Math.max(0, position.character), this.lineEnd(position.line));
  }

  /** Like `positionAt` with the column in UTF-8 bytes, for clients that negotiated `utf-8`. */
  utf8PositionAt(offset: number): Position {
    const { line, character } = this.positionAt(offset);
    const start = this.lineStart(line);
    return { line, character: utf8Length(this.text, start, start + character) };
  }

  /** Like `offsetAt` with the column in UTF-8 bytes; a column inside a character resolves to the character's start. */
  utf8OffsetAt(position: Position): number {
    const end = this.lineEnd(position.line);
    let offset = this.offsetAt({ line: position.line, character: 0 });
    let bytes = 0;
    while (offset < end) {
      const code = this.text.codePointAt(offset)!;
      bytes += utf8Width(code);
      if (bytes > position.character) break;
      offset += code > 0xffff ? 2 : 1;
    }
    return offset;
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  // Each is searched for again only once it is passed; otherwise a rare one would cost a long search on every line.
  let feed = text.indexOf('\n');
  let carriage = text.indexOf('\r');
  while (feed !== -1 || carriage !== -1) {
    const isFeed = carriage === -1 || (feed !== -1 && feed < carriage);
    const end = isFeed || carriage + 1 === feed ? feed : carriage;
    starts.push(end + 1);
    if (feed !== -1 && feed <= end) feed = text.indexOf('\n', end + 1);
    if (carriage !== -1 && carriage <= end) carriage = text.indexOf('\r', end + 1);
  }
  return starts;
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.codePointAt(at)!;
    bytes += utf8Width(code);
    if (code > 0xffff) at += 1;
  }
  return bytes;
}

function utf8Width(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
