import { expect, test } from 'vitest';
import { textOf } from './problem.ts';

test('a problem and its remedy are two sentences', () => {
  expect(textOf({ message: 'context "a" is not open', remedy: 'Open it first.' })).toBe(
    'context "a" is not open. Open it first.',
  );
  expect(textOf({ message: 'This workspace is not trusted.', remedy: 'Trust it.' })).toBe(
    'This workspace is not trusted. Trust it.',
  );
  expect(textOf({ message: 'no such file', remedy: '' })).toBe('no such file');
});
