import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../syntax/lines.ts';
import { edited, fixture } from '../fixture.ts';
import { formatOnEnter } from './on-enter.ts';

/** The text after Enter was typed at its end. */
function entered(text: string, step = 2): string {
  const { workspace, path } = fixture(text);
  const lines = new LineIndex(text);
  return edited(text, formatOnEnter(workspace, path, lines, lines.lineCount - 1, step));
}

test('tabs that indent the line above become spaces, and those that the editor copied from it', () => {
  expect(entered('a:\n\tb:\n\t')).toBe('a:\n  b:\n  ');
  expect(entered('a:\n  b:\n \t\tc: 1\n', 4)).toBe('a:\n  b:\n        c: 1\n');
  expect(entered('x: 1\n---\na:\n\tb:\n\t')).toBe('x: 1\n---\na:\n  b:\n  ');
});

test('nothing changes where tabs are right, in text, or where there are none', () => {
  for (const text of ['a: |\n  b\n  \tc\n  \t', 'a: "b\n\tc\n', 'a:\n   b: 1\n   ', 'a:\t1\n', '\n', ''])
    expect(entered(text)).toBe(text);
});

describe('the new line begins', () => {
  test.each([
    ['beside the first key of an item', 'a:\n  - b: 1\n  ', '    '],
    ['beside the first key of an item of an item', 'a:\n- - b: 1\n', '    '],
    ['below a key without a value', 'a:\n', '  '],
    ['below one that the editor indented already', 'a:\n  b:\n    ', '    '],
    ['below a key in an item', 'a:\n  - b:\n    ', '      '],
    ['below a key with an anchor', 'a: &x\n', '  '],
    ['below a key with a comment', 'a: # why\n', '  '],
    ['in a text', 'a: |-\n', '  '],
    ['in a text of an item', 'a:\n  - b: >\n  ', '      '],
  ])('%s', (_, before, indentation) => {
    expect(entered(before)).toBe(before.replace(/ *$/, indentation));
  });

  test('a file with CRLF and wider steps', () => {
    expect(entered('a:\r\n', 4)).toBe('a:\r\n    ');
  });
});

describe('the new line stays where it is', () => {
  test.each([
    ['after a value', 'a:\n  b: 1\n  '],
    ['after an item without a key', 'a:\n  - b\n  '],
    ['after an empty item', 'a:\n  - \n  '],
    ['after a URL', 'a:\n  - https://b\n  '],
    ['inside a text', 'a: |\n  - b: 1\n  '],
    ['inside quotes', 'a: "b\n  - c: 1\n  '],
    ['inside braces', 'a: {b:\n  '],
    ['after an open bracket', '- a: [1,\n'],
    ['after a comment', '# a:\n'],
    ['if it has text already', 'a:\n  - b: 1\nc: 2'],
  ])('%s', (_, before) => {
    expect(entered(before)).toBe(before);
  });
});
