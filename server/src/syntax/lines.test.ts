import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineIndex } from './lines.ts';

const piece = fc.oneof(fc.constantFrom('\n', '\r', '\r\n', 'a', 'é', '👩‍🚀', '\u2028'), fc.string({ maxLength: 3 }));
const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

describe('lines', () => {
  test('end at \\n, \\r\\n and a lone \\r, as in the Language Server Protocol', () => {
    const index = new LineIndex('a\nb\r\nc\rd');
    expect([0, 1, 2, 3].map((line) => [index.lineStart(line), index.lineEnd(line)])).toEqual([
      [0, 1],
      [2, 3],
      [5, 6],
      [7, 8],
    ]);
    expect(index.lineCount).toBe(4);
  });

  test('an edited index equals a new index of the edited text', () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(), fc.nat(), (text, put, a, b) => {
        const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
        const edited = new LineIndex(text).edited(start, end, put);
        const fresh = new LineIndex(text.slice(0, start) + put + text.slice(end));
        const lines = Array.from({ length: fresh.lineCount + 1 }, (_, line) => line);
        expect(edited.text).toBe(fresh.text);
        expect(edited.lineCount).toBe(fresh.lineCount);
        expect(lines.map((line) => edited.lineStart(line))).toEqual(lines.map((line) => fresh.lineStart(line)));
      }),
      { numRuns: 2000 },
    );
  });

  test('converting an offset to a position and back returns the offset, in UTF-16 and UTF-8', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, any) => {
        const index = new LineIndex(text);
        const offset = any % (text.length + 1);
        const position = index.positionAt(offset);
        // An editor can't place the cursor between \r and \n; that position equals the end of the line.
        const inBreak = text[offset - 1] === '\r' && text[offset] === '\n';
        expect(index.offsetAt(position)).toBe(inBreak ? offset - 1 : offset);
        const inPair = /[\udc00-\udfff]/.test(text[offset] ?? '') && /[\ud800-\udbff]/.test(text[offset - 1] ?? '');
        if (!inPair && !inBreak) expect(index.utf8OffsetAt(index.utf8PositionAt(offset))).toBe(offset);
      }),
    );
  });

  test('positions outside the text are clamped', () => {
    const index = new LineIndex('ab\ncd');
    expect(index.offsetAt({ line: -1, character: 5 })).toBe(0);
    expect(index.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(index.offsetAt({ line: 9, character: 0 })).toBe(5);
    expect(index.positionAt(99)).toEqual({ line: 1, character: 2 });
  });
});
