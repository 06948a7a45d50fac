import { expect, test } from 'vitest';
import { plain } from './plain.ts';

test('a name is no link', () => {
  expect(plain('[Fix it](command:x)\n$(pass)')).toBe('[Fix it] (command:x) \\$(pass)');
});
