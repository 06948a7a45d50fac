import { expect, test } from 'vitest';
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
