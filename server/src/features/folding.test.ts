import { expect, test } from 'vitest';
import { LineIndex } from '../syntax/lines.ts';
import { fixture } from './fixture.ts';
import { folds } from './folding.ts';

function shown(source: string): readonly string[] {
  const { workspace, path, text } = fixture(source);
  return folds(workspace.file(path)!, new LineIndex(text)).map(
    ({ start, end, kind }) => `${start}-${end}${kind ? ` ${kind}` : ''}`,
  );
}

test('maps, lists, items and block text fold, and documents if there are several', () => {
  expect(shown('a:\n  b: |\n    one\n    two\n  c:\n    - d: 1\n      e: 2\n    - >\n      f\n')).toEqual([
    '0-8',
    '1-3',
    '4-8',
    '5-6',
    '7-8',
  ]);
  expect(shown('a: 1\nb: 2\n---\nc: 3\nd: 4\n')).toEqual(['0-1', '2-4']);
});

test('comments of several lines fold, but not what only looks like one in text', () => {
  expect(shown('# one\n# two\na: |\n  # three\n  # four\n# five\nb: 1\n  # six\n  # seven\n')).toEqual([
    '2-4',
    '0-1 comment',
    '7-8 comment',
  ]);
});

test('regions fold, also inside each other; without an end or a beginning there is none', () => {
  expect(
    shown('# region one\na: 1\n#region two\nb: 2\n#endregion\n# endregion\n# endregion\n# region three\n'),
  ).toEqual(['2-4 region', '0-5 region']);
});
