// How much there is to read in a text, whatever its length: a list in one line has as many values as it has commas. Counted
// without parsing, so that a text with too many values is never parsed.

/** Values of one text. A file of 50,000 lines has half of it; more take seconds and hundreds of megabytes. */
export const mostValues = 200_000;

/** What an opening bracket or a comma in brackets counts: their values cost more than lines do. */
const flowCost = 3;

/** Texts of fewer characters can't have that many. */
const short = mostValues / flowCost;

/** Characters of a line on average above which a text may have many values on a line. */
const longLine = 400;

export function hasTooManyValues(text: string): boolean {
  if (text.length < short) return false;
  const lines = text.length / longLine;
  if (count(text, '\n', lines) >= lines && !mayHaveManyInBrackets(text)) return false;
  return new Counter(text).exceeds(mostValues);
}

/** From above: those in texts and comments too. */
function mayHaveManyInBrackets(text: string): boolean {
  let left = short;
  for (const mark of ['[', '{', ',']) {
    left -= count(text, mark, left);
    if (left <= 0) return true;
  }
  return false;
}

function count(text: string, mark: string, most: number): number {
  let found = 0;
  for (let at = text.indexOf(mark); at !== -1 && found < most; at = text.indexOf(mark, at + 1)) found += 1;
  return found;
}

const [lineFeed, space, doubleQuote, singleQuote, hash, comma, colon, backslash] = [10, 32, 34, 39, 35, 44, 58, 92];
const [open, openMap, close, closeMap] = [91, 123, 93, 125];

/** Reads lines, quotes and brackets; texts in blocks (`|`, `>`), in quotes and in comments have one value. */
class Counter {
  readonly #text: string;
  #found = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  exceeds(most: number): boolean {
    const text = this.#text;
    for (let at = 0; at < text.length && this.#found <= most; ) at = this.#line(at, most);
    return this.#found > most;
  }

  /** Counts a line and the block of text that it opens; returns the start of the next. */
  #line(start: number, most: number): number {
    const text = this.#text;
    let first = start;
    while (text.charCodeAt(first) === space) first += 1;
    let before = lineFeed;
    this.#found += 1;
    for (let at = first; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === lineFeed) return this.#opensText(at) ? this.#afterText(at + 1, first - start) : at + 1;
      if (this.#found > most) return text.length;
      const isFirst =
        before === space || before === lineFeed || before === open || before === openMap || before === comma;
      if (code === hash && (before === space || before === lineFeed)) return this.#lineEnd(at);
      if ((code === doubleQuote || code === singleQuote) && (isFirst || before === colon)) at = this.#quoted(at, code);
      else if (code === open || code === openMap) {
        this.#depth += 1;
        this.#found += flowCost;
      } else if ((code === close || code === closeMap) && this.#depth > 0) this.#depth -= 1;
      else if (code === comma && this.#depth > 0) this.#found += flowCost;
      else if (code === colon && text.charCodeAt(at + 1) === space) this.#found += 1;
      before = code;
    }
    return text.length;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end === -1 ? this.#text.length : end + 1;
  }

  /** The offset of the closing quote, or the end. */
  #quoted(start: number, quote: number): number {
    const text = this.#text;
    for (let at = start + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === backslash && quote === doubleQuote) at += 1;
      else if (code === quote) return at;
    }
    return text.length;
  }

  /** Whether a line ends with `|` or `>` and what may follow it. */
  #opensText(end: number): boolean {
    return (
      this.#depth === 0 && /(?:^|[\s:])[|>][-+\d]{0,2}[ \t\r]*$/.test(this.#text.slice(Math.max(0, end - 12), end))
    );
  }

  /** The first line after a text that isn't indented more than the line that opens it. */
  #afterText(start: number, indent: number): number {
    const text = this.#text;
    for (let line = start; line < text.length; line = this.#lineEnd(line)) {
      let at = line;
      while (text.charCodeAt(at) === space) at += 1;
      const code = text.charCodeAt(at);
      if (at - line <= indent && code !== lineFeed && code !== 13) return line;
    }
    return text.length;
  }
}
