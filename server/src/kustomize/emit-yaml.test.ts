import { expect, test } from 'vitest';
import { parseManifest } from '../syntax/manifest.ts';
import { type Built, builtFrom, locateIn } from './built.ts';
import { reprinted } from './emit-yaml.ts';
import { updateAt } from './field-path.ts';

/** The text with `a` set to another. */
function withA(text: string, value: string): string | undefined {
  const { root } = parseManifest(text);
  const before = builtFrom(root!, locateIn({ file: '', start: 0 }), 'object');
  const set = (old: Built): Built => ({ kind: 'scalar', value, text: value, origin: old.origin });
  const updated = updateAt(before, ['a'], { origin: before.origin, set });
  return 'failed' in updated ? undefined : reprinted(root!, text, updated.value, before);
}

// As kustomize 5.8.3 prints them.
test.each([
  ['x:   {p: 1,q: [ 2 ]}\na: b', 'c', 'x: {p: 1, q: [2]}\na: c'],
  ['x:\n    p:\n      - 1\n      - - 2\na: b', 'y: z', "x:\n  p:\n  - 1\n  - - 2\na: 'y: z'"],
  ['# c\nx: 1   # d\ny: 2\n# e\na: b', '12', '# c\nx: 1 # d\ny: 2\n# e\na: "12"'],
  ["x: |-\n  l1\n\n  l2\na: 'b'\n", "it's", "x: |-\n  l1\n\n  l2\na: 'it''s'"],
  ['x: "l1\n  l2"\na: b', '', 'x: "l1 l2"\na: ""'],
  ['---\nx: \u{1f600}\na: b', '<<', 'x: "\\U0001F600"\na: "<<"'],
  ['x: 1.5\na: "#"', '#', 'x: 1.5\na: "#"'],
])('a text is printed anew as go-yaml prints it: %j', (text, value, expected) => {
  expect(withA(text, value)).toBe(expected);
});

test.each(['x: &k 1\na: b', 'x: !!str 1\na: b', 'x: 1 # c\n# d\na: b', 'x: 1\n\n# d\na: b', 'x: 1\na: b\n---\nc: d'])(
  'what isn’t known to be printed alike has no text: %j',
  (text) => {
    expect(withA(text, 'c')).toBeUndefined();
  },
);
