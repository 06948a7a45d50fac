import { describe, expect, test } from 'vitest';
import { innerText } from './inner-text.ts';
import { parseManifest } from './manifest.ts';
import { scalarAt } from './navigate.ts';

function of(document: string) {
  const { root } = parseManifest(document);
  return { document, inside: innerText(scalarAt(root, ['a'])!, document) };
}

const styles: Readonly<Record<string, string>> = {
  literal: 'x: 1\na: |\n  one:\n    two: three\n\n  four: 5\nb: 2\n',
  'literal with CRLF': 'a: |\r\n  one:\r\n    two: three\r\n',
  'literal with an indentation indicator': 'a: |2\n    one:\n  two: 3\n',
  folded: 'a: >\n  one: two\n  three\n\n  four: five\n',
  'folded with deeper lines': 'a: >\n  one:\n    two: three\n    four: 5\n  six: 7\n',
  plain: 'a: one two three\n',
  'plain over lines': 'a: one\n  two\n\n  three\n',
  single: 'a: \'[{"op": "it\'\'s", "path": "/spec"}]\'\n',
  'single over lines': "a: 'one\n  two''s three'\n",
  double: 'a: "one: \\"two\\"\\n\\u0041b: three\\tx"\n',
  'double over lines': 'a: "one \\\n  two\n\n  three"\n',
};

describe('offsets of a text in a scalar', () => {
  test.each(Object.entries(styles))('%s', (_, source) => {
    const { document, inside } = of(source);
    const { text } = inside;
    let words = 0;
    for (const { 0: word, index } of text.matchAll(/[a-z]{3,}/g)) {
      const outer = inside.outer(index);
      expect(document.slice(outer, outer + word.length)).toBe(word);
      expect(inside.inner(outer)).toBe(index);
      words += 1;
    }
    expect(words).toBeGreaterThan(1);
  });

  test('offsets never decrease and stay in the scalar', () => {
    for (const source of Object.values(styles)) {
      const { document, inside } = of(source);
      let before = 0;
      for (let at = 0; at <= inside.text.length; at += 1) {
        const outer = inside.outer(at);
        expect(outer).toBeGreaterThanOrEqual(before);
        expect(outer).toBeLessThanOrEqual(document.length);
        before = outer;
      }
    }
  });

  test('the column of a literal is that of its lines', () => {
    expect(of(styles.literal!).inside.column).toBe(2);
    expect(of(styles['literal with an indentation indicator']!).inside.column).toBe(2);
    expect(of(styles.folded!).inside.column).toBeUndefined();
  });
});
