// The word at the cursor: where it starts and ends on its line, and which YAML punctuation precedes it. Only this line is
// read; whether the word is a key, a value or neither is decided by the parser, see probe.ts.

export interface Token {
  readonly start: number;
  readonly end: number;
  readonly lineStart: number;
  readonly lineEnd: number;
  /** The word follows `key:` on the same line, outside flow style. */
  readonly afterKey: boolean;
  /** A `- ` precedes the word on the line. */
  readonly afterDash: boolean;
  readonly inFlow: boolean;
  /** A colon follows, so the word is already a key. */
  readonly isKey: boolean;
  /** The missing space after a dash or colon directly before the cursor. */
  readonly lead: '' | ' ';
  readonly quote: '' | '"' | "'";
}

/** Undefined if nothing can be completed: between words, in a comment, on a document marker. */
export function tokenAt(text: string, offset: number, flowBefore: number): Token | undefined {
  const lineStart = lineStartAt(text, offset);
  const lineEnd = endOfLine(text, offset);
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(lineStart, lineEnd))) {
    if (offset - lineStart <= 3) return undefined;
  }
  const scanner = new LineScanner(text, lineStart, lineEnd, flowBefore);
  return scanner.tokenAt(offset);
}

/** Start of the line that contains the offset. Only the line is read: most texts have no `\r` to search for. */
export function lineStartAt(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at -= 1;
  return at;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '\n' || text[at] === '\r') return at;
  return text.length;
}

/** Scans one line from its start, token by token, up to the one that contains the cursor. */
class LineScanner {
  readonly #text: string;
  readonly #lineStart: number;
  readonly #lineEnd: number;
  #at: number;
  #flow: number;
  /** End of the last anchor or tag. */
  #propertyEnd = -1;
  #afterKey = false;
  #afterDash = false;

  constructor(text: string, lineStart: number, lineEnd: number, flow: number) {
    this.#text = text;
    this.#lineStart = lineStart;
    this.#lineEnd = lineEnd;
    this.#at = lineStart;
    this.#flow = flow;
  }

  tokenAt(offset: number): Token | undefined {
    for (;;) {
      const before = this.#at;
      this.#skipBlanks();
      if (offset < this.#at || this.#at >= this.#lineEnd) return this.#gap(offset, before);
      const char = this.#text[this.#at]!;
      if (char === '#' && (this.#at === this.#lineStart || /[ \t\uFEFF]/.test(this.#text[this.#at - 1]!)))
        return undefined;
      if (this.#isDash()) {
        const dashEnd = this.#at + 1;
        if (offset === this.#at) return undefined;
        this.#at = dashEnd;
        this.#afterDash = true;
        if (offset === dashEnd) {
          const isAlone = /^[ \t]*(?:#.*)?$/.test(this.#text.slice(dashEnd, this.#lineEnd));
          return isAlone ? this.#token(dashEnd, dashEnd, ' ') : undefined;
        }
      } else if ('{['.includes(char) && (this.#flow > 0 || this.#startsValue())) {
        if (offset === this.#at) return undefined;
        this.#at += 1;
        this.#flow += 1;
        this.#afterKey = false;
      } else if (this.#flow > 0 && '}],'.includes(char)) {
        if (offset === this.#at) return this.#token(offset, offset, '');
        this.#at += 1;
        if (char !== ',') this.#flow -= 1;
        this.#afterKey = false;
      } else if (char === '&' || char === '!') {
        // An anchor or a tag: the value follows it.
        const end = this.#at + /^\S[^\s,[\]{}]*/.exec(this.#text.slice(this.#at, this.#lineEnd))![0].length;
        if (offset <= end) return undefined;
        this.#at = end;
        this.#propertyEnd = end;
      } else {
        const end = this.#wordEnd();
        if (offset <= end) return this.#token(this.#at, end, '');
        this.#at = end;
        this.#skipBlanks();
        if (this.#text[this.#at] === ':') {
          this.#at += 1;
          if (this.#flow === 0) this.#afterKey = true;
          if (offset === this.#at && !/[ \t]/.test(this.#text[this.#at] ?? '')) return this.#token(offset, offset, ' ');
        } else if (this.#flow === 0) return undefined;
      }
    }
  }

  /** The cursor is in white space or at the end of the line. */
  #gap(offset: number, from: number): Token | undefined {
    // Only in flow style may another key or value precede other text on the line.
    if (this.#flow === 0 && /^[ \t]*[^\s#]/.test(this.#text.slice(offset, this.#lineEnd))) return undefined;
    const previous = this.#text[from - 1];
    const open =
      from === this.#lineStart ||
      from === this.#propertyEnd ||
      previous === ' ' ||
      previous === undefined ||
      '-:,{[\n\r'.includes(previous);
    return open && offset >= from ? this.#token(offset, offset, '') : undefined;
  }

  #token(start: number, end: number, lead: Token['lead']): Token {
    const first = this.#text[start];
    const quote = end > start && (first === '"' || first === "'") ? first : '';
    return {
      start,
      end,
      lineStart: this.#lineStart,
      lineEnd: this.#lineEnd,
      afterKey: this.#afterKey && this.#flow === 0,
      afterDash: this.#afterDash,
      inFlow: this.#flow > 0,
      isKey: /^[ \t]*:(?:[\s]|$)/.test(this.#text.slice(end, end + 40)) && end > start,
      lead,
      quote,
    };
  }

  #skipBlanks(): void {
    while (this.#at < this.#lineEnd && /[ \t\uFEFF]/.test(this.#text[this.#at]!)) this.#at += 1;
  }

  #isDash(): boolean {
    if (this.#text[this.#at] !== '-' || this.#flow > 0 || this.#afterKey) return false;
    const next = this.#text[this.#at + 1];
    return this.#at + 1 >= this.#lineEnd || next === ' ' || next === '\t';
  }

  /** Only punctuation precedes it on the line. */
  #startsValue(): boolean {
    return this.#afterKey || this.#text.slice(this.#lineStart, this.#at).replace(/[&!]\S*|[\s-]/g, '') === '';
  }

  /** End of the plain or quoted word that starts here. */
  #wordEnd(): number {
    const first = this.#text[this.#at]!;
    if (first === '"' || first === "'") {
      const close = this.#text.indexOf(first, this.#at + 1);
      return close === -1 || close >= this.#lineEnd ? this.#lineEnd : close + 1;
    }
    let end = this.#at;
    for (let at = this.#at; at < this.#lineEnd; at += 1) {
      const char = this.#text[at]!;
      const next = this.#text[at + 1];
      if (char === ':' && (at + 1 >= this.#lineEnd || next === ' ' || next === '\t') && !this.#afterKey) break;
      if (char === '#' && /[ \t]/.test(this.#text[at - 1] ?? '')) break;
      if (this.#flow > 0 && ',}]'.includes(char)) break;
      if (!/[ \t]/.test(char)) end = at + 1;
    }
    return Math.max(end, this.#at + 1);
  }
}
