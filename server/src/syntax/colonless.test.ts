// A key without its colon above a huge value: read as if the colon were there, and never parsed whole by the slow parser.
import { beforeEach, expect, test, vi } from 'vitest';
import { compose, composeWhole } from './compose.ts';
import { parseManifest } from './manifest.ts';
import { entryAt, nodeAt } from './navigate.ts';
import { composeNear } from './recompose.ts';

vi.mock(import('./compose.ts'), { spy: true });

beforeEach(() => {
  vi.mocked(composeWhole).mockClear();
});

const below = (indent: string, count = 2000) =>
  Array.from({ length: count }, (_, index) => `${indent}key${index}: value\n`).join('');
const text = (word: string, column = '  ') =>
  `spec:\n  interval: 10m\n${column}${word}\n${below('    ')}  suspend: true\n`;

test.each(['v', 'valu', 'values', 'a.b/c'])('the word “%s” is the key of what is nested in it', (word) => {
  const typed = text(word);
  const { root, findings } = composeNear(typed);
  expect(findings.map(({ rule, start, end }) => [rule, typed.slice(start, end)])).toEqual([
    ['syntax/missing-colon', word],
  ]);
  const entry = entryAt(root, ['spec', word])!;
  expect(typed.slice(entry.key.start, entry.key.end)).toBe(word);
  for (const path of [
    ['spec', 'interval'],
    ['spec', word, 'key0'],
    ['spec', word, 'key1999'],
    ['spec', 'suspend'],
  ]) {
    const { key, value } = entryAt(root, path)!;
    expect(typed.slice(key.start, key.end)).toBe(path.at(-1));
    expect(typed.slice(value.start, value.end)).toBe((value as { text: string }).text);
  }
  expect(nodeAt(root, ['spec'])!.end).toBe(typed.length - 1);
});

test('each letter of the word, and edits elsewhere, are read by the fast parser only', () => {
  parseManifest(text('values:'));
  for (const word of ['values', 'value', 'valu', 'val', 'va', 'v']) {
    parseManifest(text(word));
    parseManifest(text(word).replace('10m', '10'));
  }
  expect(composeWhole).not.toHaveBeenCalled();
});

test('the result is the same whatever was read before', () => {
  const fresh = composeNear(text('val'));
  for (const before of [text('values:'), text('va'), below('')]) {
    composeNear(before);
    composeNear(below('x'));
    composeNear(below('y'));
    expect(composeNear(text('val'))).toEqual(fresh);
  }
});

test.each([
  ['text of a block scalar', `a: |\n  word\n    key: value\n${below('')}b: !!str x\n`],
  ['a quoted text', `a: "\n  word\n    key: value"\n${below('')}`],
  ['a scalar over two lines', `a:\n  word\n    more\n${below('')}`],
  ['two words', `a:\n  word\n    key: value\nb:\n  word\n    key: value\n${below('')}`],
  ['another error', `a:\n  word\n    key: value\nb: [\n${below('')}`],
])('%s is read as it stands', (_name, source) => {
  const { root, findings } = compose(source);
  const near = composeNear(source);
  expect({ root: near.root, findings: near.findings }).toEqual({ root, findings });
});
