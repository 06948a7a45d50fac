// A fast parser for the YAML of nearly all manifests: block maps and lists, plain and quoted scalars, multi-line
// scalars, braces and brackets on one line. At the first other construct it gives up, and the full composer
// (compose.ts) reads the whole text; a property test checks that both build the same tree. It never reports findings.
import type { CST } from 'yaml';
import { blockScalar, flowScalar, type ScalarContext, scalarNode } from './compose-scalar.ts';
import { noProperties } from './properties.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './tree.ts';

/** Deeper nesting is left to the full composer, which enforces the limits. */
const maxDepth = 60;
/** Keys near the limit of 1,024 characters are left to the full composer, which enforces it. */
const longKey = 1000;

/** The root, or undefined where the text contains anything this parser doesn't support. */
export function composeSimple(text: string): Node | undefined {
  if (/[\0-\t\v-\x1F\x85\u2028\u2029\uFEFF]/.test(text)) return undefined;
  return new Reader(text).root();
}

class Reader implements ScalarContext {
  readonly text: string;
  readonly handles: ReadonlyMap<string, string> = new Map();
  plain: ScalarContext['plain'];
  /** Offset of the first non-blank character of the next line to read; blank and comment lines are skipped. */
  #at = 0;
  /** Its column; -1 after the last line. */
  #indent = 0;
  #depth = 0;
  /** A scalar has an error. */
  #wrong = false;

  constructor(text: string) {
    this.text = text;
  }

  readonly report = (): void => {
    this.#wrong = true;
  };

  root(): Node | undefined {
    const marker = /^(?:#.*\n|\n)*---(?: *| +#.*)\n/.exec(this.text);
    const root = this.#line(marker ? marker[0].length : 0) && this.#indent === 0 ? this.#block(0) : undefined;
    const isWhole = this.#at >= this.text.length;
    return isWhole && !this.#wrong ? root : undefined;
  }

  /** Moves from the start of a line to the next line with content; false if that line is a marker or directive. */
  #line(start: number): boolean {
    const { text } = this;
    let from = start;
    for (;;) {
      let at = from;
      while (text.charCodeAt(at) === space) at += 1;
      const first = text.charCodeAt(at);
      if (Number.isNaN(first)) {
        this.#at = text.length;
        this.#indent = -1;
        return true;
      }
      if (first !== lineFeed && first !== hash) {
        this.#at = at;
        this.#indent = at - from;
        return this.#indent > 0 || !(first === percent || text.startsWith('---', at) || text.startsWith('...', at));
      }
      const end = text.indexOf('\n', at);
      from = end === -1 ? text.length : end + 1;
    }
  }

  /** The map or list that begins at the next line, in column `indent`. */
  #block(indent: number): Node | undefined {
    this.#depth += 1;
    if (this.#depth > maxDepth) return undefined;
    const node = this.#isDash(this.#at) ? this.#list(indent) : this.#map(indent);
    this.#depth -= 1;
    return node;
  }

  #map(indent: number): MapNode | undefined {
    const entries: Entry[] = [];
    let end = this.#at;
    while (this.#indent === indent && !this.#isDash(this.#at)) {
      const entry = this.#entry(indent);
      if (!entry) return undefined;
      entries.push(entry);
      end = entry.value.end;
    }
    if (this.#indent > indent || entries.length === 0) return undefined;
    const { start } = entries[0]!.key;
    return { type: 'map', start, end: Math.max(end, start), flow: false, entries };
  }

  #entry(indent: number): Entry | undefined {
    const start = this.#at;
    const lineEnd = this.#lineEnd(start);
    const colon = this.#colon(start, lineEnd);
    if (colon === -1 || colon - start > longKey) return undefined;
    const key = this.#word(start, colon);
    if (!key || key.end !== colon || (key.text === '<<' && key.style === 'plain')) return undefined;
    const value = this.#value(colon + 1, lineEnd, indent, true);
    return value && { key, value };
  }

  #list(indent: number): SeqNode | undefined {
    const { text } = this;
    const start = this.#at;
    const items: Node[] = [];
    let end = start;
    while (this.#indent === indent && this.#isDash(this.#at)) {
      const dash = this.#at;
      let at = dash + 1;
      while (text.charCodeAt(at) === space) at += 1;
      const lineEnd = this.#lineEnd(dash);
      const inner = at < lineEnd && text.charCodeAt(at) !== hash;
      let item: Node | undefined;
      if (inner && (this.#isDash(at) || this.#colon(at, lineEnd) !== -1)) {
        // The column of a map or list that begins after the dash is the column of its first character.
        this.#at = at;
        this.#indent = indent + (at - dash);
        item = this.#block(this.#indent);
      } else item = this.#value(dash + 1, lineEnd, indent, false);
      if (!item) return undefined;
      items.push(item);
      end = Math.max(item.end, dash + 1);
    }
    return this.#indent > indent ? undefined : { type: 'seq', start, end, flow: false, items };
  }

  /**
   * The value after a colon or dash that ends at `from`, with all its lines; moves to the line after it. `indent` is
   * the column of the surrounding map or list; below a key, a list may begin at that same column.
   */
  #value(from: number, lineEnd: number, indent: number, belowKey: boolean): Node | undefined {
    const { text } = this;
    let at = from;
    while (text.charCodeAt(at) === space) at += 1;
    const first = text.charCodeAt(at);
    if (at >= lineEnd || first === hash) {
      if (first === hash && at === from) return undefined;
      if (!this.#line(lineEnd + 1)) return undefined;
      const below = this.#indent > indent || (belowKey && this.#indent === indent && this.#isDash(this.#at));
      if (!below) return scalarNode(this, 'absent', from, from, '', noProperties(from));
      const nextEnd = this.#lineEnd(this.#at);
      const isBlock = this.#isDash(this.#at) || this.#colon(this.#at, nextEnd) !== -1;
      return isBlock ? this.#block(this.#indent) : this.#scalarOrFlow(this.#at, nextEnd, indent);
    }
    return this.#scalarOrFlow(at, lineEnd, indent);
  }

  #scalarOrFlow(at: number, lineEnd: number, indent: number): Node | undefined {
    const { text } = this;
    const first = text.charCodeAt(at);
    if (first === pipe || first === greater) return this.#blockText(at, lineEnd, indent);
    let value: Node | undefined;
    if (first === brace || first === bracket) value = this.#flow(at, lineEnd);
    else if (first === quote || first === doubleQuote) value = this.#quoted(at, indent);
    else value = this.#word(at, this.#contentEnd(at, lineEnd));
    if (!value) return undefined;
    const lastEnd = value.end <= lineEnd ? lineEnd : this.#lineEnd(value.end);
    if (!this.#isTail(value.end, lastEnd) || !this.#line(lastEnd + 1)) return undefined;
    if (this.#indent <= indent) return value;
    return value.type === 'scalar' && value.style === 'plain' ? this.#folded(value, indent) : undefined;
  }

  /** A plain scalar whose first line is `value` and that continues in the deeper lines below. */
  #folded(value: ScalarNode, indent: number): ScalarNode | undefined {
    const { text } = this;
    const { start } = value;
    let { end } = value;
    while (this.#indent > indent) {
      // A comment ends the scalar; left to the full composer.
      if (text.slice(end, this.#at).includes('#')) return undefined;
      const lineEnd = this.#lineEnd(this.#at);
      end = lineEnd;
      while (text.charCodeAt(end - 1) === space) end -= 1;
      const line = text.slice(this.#at, end);
      if (line.includes(': ') || line.includes(' #') || line.endsWith(':')) return undefined;
      if (!this.#line(lineEnd + 1)) return undefined;
    }
    const folded = text
      .slice(start, end)
      .replace(/ *\n((?: *\n)*) */g, (_, empty: string) => empty.replaceAll(' ', '') || ' ');
    return scalarNode(this, 'plain', start, end, folded, noProperties(start));
  }

  /** The latest end of a plain scalar: before a comment and the spaces in front of it. */
  #contentEnd(at: number, lineEnd: number): number {
    const { text } = this;
    const comment = text.slice(at, lineEnd).indexOf(' #');
    let end = comment === -1 ? lineEnd : at + comment;
    while (text.charCodeAt(end - 1) === space) end -= 1;
    return end;
  }

  /** Offset of the colon after the key that begins here; -1 where there is no key. */
  #colon(at: number, lineEnd: number): number {
    const { text } = this;
    const first = text.charCodeAt(at);
    if (first === brace || first === bracket) return -1;
    if (first === quote || first === doubleQuote) {
      const close = text.indexOf(text[at]!, at + 1);
      return close !== -1 && close < lineEnd && this.#isColon(close + 1, lineEnd) ? close + 1 : -1;
    }
    for (let colon = at; colon < lineEnd; colon += 1) if (this.#isColon(colon, lineEnd)) return colon;
    return -1;
  }

  #isColon(at: number, lineEnd: number): boolean {
    if (this.text.charCodeAt(at) !== colonSign) return false;
    return at + 1 >= lineEnd || this.text.charCodeAt(at + 1) === space;
  }

  /** A plain or quoted scalar in block style; a plain one extends to `end`. */
  #word(start: number, end: number): ScalarNode | undefined {
    const { text } = this;
    const first = text.charCodeAt(start);
    if (first === quote || first === doubleQuote) return this.#quoted(start);
    if (first < 128 && indicators[first]) {
      const next = text.charCodeAt(start + 1);
      if (first !== dashSign || next === space || start + 1 >= end) return undefined;
    }
    const source = text.slice(start, end);
    if (source.includes(': ') || source.includes(' #') || source.endsWith(':') || source.endsWith(' '))
      return undefined;
    return scalarNode(this, 'plain', start, end, source, noProperties(start));
  }

  /** A quoted scalar on one line or, if `indent` is given, on several lines indented deeper than it. */
  #quoted(start: number, indent?: number): ScalarNode | undefined {
    const { text } = this;
    const double = text.charCodeAt(start) === doubleQuote;
    const whole = double ? doubleQuoted : singleQuoted;
    whole.lastIndex = start;
    const source = whole.exec(text)?.[0];
    if (source === undefined) return undefined;
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
      const first = source.slice(at + 1).search(/[^ ]/);
      if (indent === undefined || (first <= indent && source[at + 1 + first] !== '\n')) return undefined;
    }
    const token = {
      type: double ? 'double-quoted-scalar' : 'single-quoted-scalar',
      offset: start,
      indent: 0,
      source,
    } as const;
    return flowScalar(this, token, noProperties(start), 0, true);
  }

  /** Whether there are only spaces and a comment between a value and the end of its line. */
  #isTail(from: number, lineEnd: number): boolean {
    let at = from;
    while (this.text.charCodeAt(at) === space) at += 1;
    return at >= lineEnd || (at > from && this.text.charCodeAt(at) === hash);
  }

  /** `|`, `|-`, `>` or `>-`, with the deeper lines below it. */
  #blockText(start: number, lineEnd: number, indent: number): ScalarNode | undefined {
    const { text } = this;
    const header = text.slice(start, lineEnd);
    if (header.length > 2 || (header.length === 2 && header[1] !== '-')) return undefined;
    let end = lineEnd + 1;
    for (let from = end; from < text.length; ) {
      let at = from;
      while (text.charCodeAt(at) === space) at += 1;
      const next = text.indexOf('\n', at);
      const after = next === -1 ? text.length : next + 1;
      const isBlank = at >= text.length || text.charCodeAt(at) === lineFeed;
      // Whether a line of spaces is part of the scalar depends on its length; left to the full composer.
      if (isBlank && at > from) return undefined;
      if (!isBlank && at - from <= indent) break;
      from = after;
      if (!isBlank) end = after;
    }
    if (end > text.length || end === lineEnd + 1) return undefined;
    const at = { indent, offset: start };
    const token: CST.BlockScalar = {
      type: 'block-scalar',
      ...at,
      props: [
        { type: 'block-scalar-header', ...at, source: header },
        { type: 'newline', indent, offset: lineEnd, source: '\n' },
      ],
      source: text.slice(lineEnd + 1, end),
    };
    const node = blockScalar(this, token, noProperties(start), indent);
    return this.#line(end) && this.#indent <= indent ? node : undefined;
  }

  /** Braces or brackets that end on the same line. */
  #flow(start: number, lineEnd: number): MapNode | SeqNode | undefined {
    const { text } = this;
    this.#depth += 1;
    const isMap = text.charCodeAt(start) === brace;
    const close = isMap ? braceEnd : bracketEnd;
    const entries: Entry[] = [];
    const items: Node[] = [];
    let at = this.#skip(start + 1);
    while (text.charCodeAt(at) !== close) {
      if (at >= lineEnd || this.#depth > maxDepth) return undefined;
      if (entries.length + items.length > 0) {
        if (text.charCodeAt(at) !== comma) return undefined;
        at = this.#skip(at + 1);
      }
      const item = this.#flowItem(at, lineEnd, isMap);
      if (!item) return undefined;
      at = item.end;
      if (isMap) {
        if (item.type !== 'scalar' || !this.#isColon(at, lineEnd) || text.charCodeAt(at + 1) !== space)
          return undefined;
        if (item.text === '<<' && item.style === 'plain') return undefined;
        const value = this.#flowItem(this.#skip(at + 1), lineEnd, false);
        if (!value) return undefined;
        entries.push({ key: item, value });
        at = value.end;
      } else items.push(item);
      at = this.#skip(at);
    }
    this.#depth -= 1;
    const span = { start, end: at + 1, flow: true };
    return isMap ? { type: 'map', ...span, entries } : { type: 'seq', ...span, items };
  }

  #flowItem(start: number, lineEnd: number, isKey: boolean): Node | undefined {
    const { text } = this;
    const first = text.charCodeAt(start);
    if (first === brace || first === bracket) return isKey ? undefined : this.#flow(start, lineEnd);
    if (first === quote || first === doubleQuote) {
      const node = this.#quoted(start);
      return node && node.end <= lineEnd ? node : undefined;
    }
    flowWord.lastIndex = start;
    const word = flowWord.exec(text)?.[0];
    return word === undefined
      ? undefined
      : scalarNode(this, 'plain', start, start + word.length, word, noProperties(start));
  }

  #skip(from: number): number {
    let at = from;
    while (this.text.charCodeAt(at) === space) at += 1;
    return at;
  }

  #isDash(at: number): boolean {
    if (this.text.charCodeAt(at) !== dashSign) return false;
    const next = this.text.charCodeAt(at + 1);
    return next === space || next === lineFeed || Number.isNaN(next);
  }

  #lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end === -1 ? this.text.length : end;
  }
}

const doubleQuoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const singleQuoted = /'[^']*(?:''[^']*)*'/y;

/** A scalar in braces or brackets without any character that has a special meaning there. */
const flowWord = /[A-Za-z0-9_./$+](?:[A-Za-z0-9_./$+@=*~^%-]| (?=[A-Za-z0-9_./$+]))*/y;

const lineFeed = 0x0a;
const space = 0x20;
const doubleQuote = 0x22;
const hash = 0x23;
const percent = 0x25;
const quote = 0x27;
const comma = 0x2c;
const dashSign = 0x2d;
const colonSign = 0x3a;
const greater = 0x3e;
const bracket = 0x5b;
const bracketEnd = 0x5d;
const pipe = 0x7c;
const brace = 0x7b;
const braceEnd = 0x7d;

/** Characters that can't begin a plain scalar, by code; the dash only where a space follows. */
const indicators: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  ' -?:,[]{}#&*!|>\'"%@`\n'.includes(String.fromCharCode(code)),
);
