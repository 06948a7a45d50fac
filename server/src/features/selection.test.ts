import { expect, test } from 'vitest';
import { cursorOf, fixture } from './fixture.ts';
import { selections } from './selection.ts';

function shown(source: string): readonly string[] {
  const { text, ...rest } = fixture(source);
  return selections(cursorOf({ text, ...rest })).map(({ start, end }) => text.slice(start, end));
}

test('a selection grows from the word to the file', () => {
  expect(shown('a: 1\n---\nb:\n  - c: "one t$0wo"\n    d: 2\n  - e\n')).toEqual([
    'two',
    'one two',
    '"one two"',
    'c: "one two"',
    'c: "one two"\n    d: 2',
    '- c: "one two"\n    d: 2\n  - e',
    'b:\n  - c: "one two"\n    d: 2\n  - e',
    '---\nb:\n  - c: "one two"\n    d: 2\n  - e',
    'a: 1\n---\nb:\n  - c: "one two"\n    d: 2\n  - e\n',
  ]);
});

test('a selection on a key continues with its entry', () => {
  expect(shown('ab$0c: {d: 1}\ne: 2\n')).toEqual(['abc', 'abc: {d: 1}', 'abc: {d: 1}\ne: 2', 'abc: {d: 1}\ne: 2\n']);
});

test('a selection in a comment or an empty file is its word or the file', () => {
  expect(shown('# one t$0wo\na: 1\n')).toEqual(['two', '# one two\na: 1', '# one two\na: 1\n']);
  expect(shown('$0')).toEqual(['']);
});
