// The body of a unified diff.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineChanges } from './line-changes.ts';

test('hunks have the lines around changes and their places', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].join('\n');
  const after = ['a', 'b', 'C', 'd', 'e', 'f', 'g', 'h', 'j', 'k'].join('\n');
  expect(lineChanges(before, after, 1)).toEqual([
    ...['@@ -2,3 +2,3 @@', ' b', '-c', '+C', ' d'],
    ...['@@ -8,3 +8,3 @@', ' h', '-i', ' j', '+k'],
  ]);
  expect(lineChanges(before, before)).toEqual([]);
});

test('the lines of each side are those of its text', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const lines = lineChanges(a.join('\n'), b.join('\n'), 100);
      if (a.join('\n') === b.join('\n')) return lines.length === 0;
      const side = (sign: string) =>
        lines.slice(1).flatMap((line) => (line[0] === ' ' || line[0] === sign ? line.slice(1) : []));
      return side('-').join('\n') === a.join('\n') && side('+').join('\n') === b.join('\n');
    }),
  );
});
