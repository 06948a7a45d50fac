// A text that is the value of a scalar, such as a patch in a block scalar: maps its offsets to those of the document around
// it and back. The lines of a literal are in the document verbatim, after their indentation; in other styles escapes, folded
// line breaks and indentation are skipped.
import type { ScalarNode } from './tree.ts';

export interface InnerText {
  readonly text: string;
  /** The offset in the document of an offset in the text. */
  outer(offset: number): number;
  /** The offset in the text of one in the document; of one outside the value, the nearest. */
  inner(offset: number): number;
  /** The column of the lines of a literal; undefined for other styles, whose text isn't in the document verbatim. */
  readonly column: number | undefined;
}

/** A part of the text that is in the document verbatim. */
interface Run {
  readonly inner: number;
  readonly outer: number;
  readonly length: number;
}

/** `document` is the text of the document that the scalar is in. The map is made when it is first asked for. */
export function innerText(scalar: ScalarNode, document: string): InnerText {
  const isLiteral = scalar.style === 'literal';
  let known: readonly Run[] | undefined;
  const runs = () => (known ??= isLiteral ? literalRuns(scalar, document) : alignedRuns(scalar, document));
  return {
    text: scalar.text,
    outer: (offset) => {
      const index = lastBefore(runs(), offset, ({ inner }) => inner);
      const run = runs()[index];
      if (!run) return scalar.start;
      const past = offset - run.inner;
      if (past <= run.length) return Math.min(run.outer + past, scalar.end);
      const next = runs()[index + 1];
      // White space before the next part ends where that part begins.
      if (!next) return Math.min(run.outer + run.length, scalar.end);
      return Math.max(run.outer + run.length, next.outer - (next.inner - offset));
    },
    inner: (offset) => {
      const run = runs()[lastBefore(runs(), offset, ({ outer }) => outer)];
      return run ? run.inner + Math.min(Math.max(0, offset - run.outer), run.length) : 0;
    },
    get column() {
      return isLiteral ? columnOfLiteral(scalar, document) : undefined;
    },
  };
}

/** The index of the last run that begins at or before an offset; 0 if there is none. */
function lastBefore(runs: readonly Run[], offset: number, of: (run: Run) => number): number {
  let [low, high] = [0, Math.max(0, runs.length - 1)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (of(runs[middle]!) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The column of the first line with text, without the spaces that an indentation indicator makes a part of the text. */
function columnOfLiteral({ start, text }: ScalarNode, document: string): number {
  const header = document.indexOf('\n', start) + 1;
  const first = /^(?:[ \t]*\r?\n)*( *)\S/.exec(document.slice(header));
  const written = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const extra = written.length - written.trimStart().length;
  return Math.max(0, (first?.[1]?.length ?? 0) - extra);
}

/**
 * The lines of a literal up to the next text outside it, with the blank lines at its end that aren't a part of its value; of one
 * without text, lines from the column of the cursor on. Undefined if the cursor isn't on such a line.
 */
export function blockText(scalar: ScalarNode, document: string, cursor: number): InnerText | undefined {
  const from = document.indexOf('\n', scalar.start) + 1;
  if (from === 0 || cursor < from) return undefined;
  const lineStart = document.lastIndexOf('\n', cursor - 1) + 1;
  const column = scalar.text.trim() === '' ? cursor - lineStart : columnOfLiteral(scalar, document);
  if (cursor < lineStart + column) return undefined;
  const runs: Run[] = [];
  let text = '';
  for (let at = from; at < document.length || at === lineStart; ) {
    const next = document.indexOf('\n', at);
    const end = next === -1 ? document.length : next + 1;
    const line = document.slice(at, end);
    const indentation = /^ */.exec(line)![0].length;
    if (indentation < column && line.trim() !== '') break;
    const skipped = Math.min(column, line.trim() === '' ? line.replace(/\r?\n$/, '').length : line.length);
    runs.push({ inner: text.length, outer: at + skipped, length: line.length - skipped });
    text += line.slice(skipped);
    if (next === -1) break;
    at = end;
  }
  const lineOf = (offset: number, of: (run: Run) => number) => runs[lastBefore(runs, offset, of)]!;
  return {
    ...{ text, column },
    outer: (offset) => {
      const run = lineOf(offset, ({ inner }) => inner);
      return run.outer + Math.min(offset - run.inner, run.length);
    },
    inner: (offset) => {
      const run = lineOf(offset, ({ outer }) => outer);
      return run.inner + Math.min(Math.max(0, offset - run.outer), run.length);
    },
  };
}

function literalRuns(scalar: ScalarNode, document: string): readonly Run[] {
  const column = columnOfLiteral(scalar, document);
  const runs: Run[] = [];
  let at = document.indexOf('\n', scalar.start) + 1;
  let inner = 0;
  for (const line of scalar.text.split('\n')) {
    if (at === 0 || at > document.length) break;
    const next = document.indexOf('\n', at);
    const end = next === -1 ? document.length : next;
    runs.push({ inner, outer: Math.min(at + column, end), length: line.length });
    inner += line.length + 1;
    if (next === -1) break;
    at = next + 1;
  }
  return runs;
}

const space = /[ \t\r\n]/;

/** Aligns the text with its source: everything but white space is in both in the same order. */
function alignedRuns({ start, end, style, text }: ScalarNode, document: string): readonly Run[] {
  const runs: { inner: number; outer: number; length: number }[] = [];
  const isQuoted = style === 'single' || style === 'double';
  let at = isQuoted ? start + 1 : style === 'folded' ? Math.max(start, document.indexOf('\n', start)) : start;
  const limit = isQuoted ? end - 1 : end;
  let inner = 0;
  const put = (outer: number, length: number) => {
    const last = runs.at(-1);
    if (last && last.inner + last.length === inner && last.outer + last.length === outer) last.length += length;
    else runs.push({ inner, outer, length });
    inner += length;
  };
  while (at < limit && inner < text.length) {
    const char = document[at]!;
    if (style === 'single' && char === "'") {
      put(at, 1);
      at += 2;
    } else if (style === 'double' && char === '\\') {
      const [read, written] = escapeAt(document, at);
      if (written > 0) put(at, written);
      at += read;
    } else if (!space.test(char)) {
      // An escape may have written white space that the source has none of.
      while (inner < text.length && text[inner] !== char && space.test(text[inner]!)) inner += 1;
      put(at, 1);
      at += 1;
    } else if (text[inner] === char && char !== '\n' && !isBeforeBreak(document, at, limit)) {
      put(at, 1);
      at += 1;
    } else {
      const from = inner;
      while (at < limit && space.test(document[at]!)) at += 1;
      while (inner < text.length && space.test(text[inner]!)) inner += 1;
      // What is indented more than the block keeps the rest of its indentation.
      const kept = inner - Math.max(from, text.lastIndexOf('\n', inner - 1) + 1);
      if (style === 'folded' && kept > 0 && text[inner - kept - 1] === '\n' && document[at - kept - 1] !== undefined) {
        inner -= kept;
        put(at - kept, kept);
      }
    }
  }
  return runs;
}

/** Whether there is only white space up to the line break. */
function isBeforeBreak(document: string, from: number, limit: number): boolean {
  let at = from;
  while (at < limit && (document[at] === ' ' || document[at] === '\t')) at += 1;
  return at < limit && (document[at] === '\n' || document[at] === '\r');
}

/** Lengths of an escape sequence and of what it stands for, both in UTF-16 units. */
function escapeAt(document: string, at: number): readonly [number, number] {
  const next = document[at + 1];
  switch (next) {
    case 'x':
      return [4, 1];
    case 'u':
      return [6, 1];
    case 'U':
      return [10, Number.parseInt(document.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1];
    case '\r':
      return [document[at + 2] === '\n' ? 3 : 2, 0];
    case '\n':
      return [2, 0];
    default:
      return [2, 1];
  }
}
