import { expect, test } from 'vitest';
import { hasTooManyValues } from './size.ts';

test.each([
  ['a list in one line', `a: [${'a,'.repeat(100_000)}]`],
  ['brackets', '['.repeat(100_000)],
  ['braces of templates', '{{'.repeat(100_000)],
  ['colons in one line', ': '.repeat(300_000)],
  ['a list over lines of usual length', `a: [\n${'  a, a, a, a,\n'.repeat(30_000)}]\n`],
])('%s', (_what, text) => {
  expect(hasTooManyValues(text)).toBe(true);
});

const json = `{${'"a": [1, 2], '.repeat(50_000)}}`;
test.each([
  ['lines', 'a: b\n'.repeat(49_999)],
  ['prose', `a: b\n${'# one, two, [three], {four}, five, six, seven\n'.repeat(30_000)}`],
  ['a long text', `a: "${'x'.repeat(5_000_000)}"`],
  ['JSON in a block', `data:\n  a.json: |-\n    ${json}\n  b: c\n`],
  ['JSON in quotes', `data:\n  a: '${json}'\n  b: "${json.replaceAll('"', '\\"')}"\n`],
  ['text with commas outside of brackets', `a: ${'one, two, three, four, '.repeat(30_000)}\n`],
])('%s have few', (_what, text) => {
  expect(hasTooManyValues(text)).toBe(false);
});

test('what follows a block of text is counted', () => {
  expect(hasTooManyValues(`a: |\n  ${json}\nb: [${'a,'.repeat(100_000)}]\n`)).toBe(true);
});
