import { expect, test } from 'vitest';
import { LogBuffer } from './logBuffer.ts';

test('a log keeps its last lines, and says how many are gone', () => {
  const buffer = new LogBuffer({ lines: 3, characters: 1000 });
  buffer.add(['1', '2']);
  expect(buffer.text()).toBe('1\n2\n');
  buffer.add(['3', '4', '5']);
  expect(buffer.text()).toBe('--- 2 earlier lines are no longer kept\n3\n4\n5\n');
});

test('long lines count by their characters, and the last one is kept', () => {
  const buffer = new LogBuffer({ lines: 100, characters: 10 });
  buffer.add(['1234', '5678']);
  expect(buffer.text()).toBe('1234\n5678\n');
  buffer.add(['a line of its own']);
  expect(buffer.text()).toBe('--- 2 earlier lines are no longer kept\na line of its own\n');
});
