import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPattern, matcherOf } from './pattern.ts';

test.each([
  ['prod-*', 'prod-eu-1', true],
  ['prod-*', 'stage-eu-1', false],
  ['*-eu-?', 'prod-eu-1', true],
  ['*-eu-?', 'prod-eu-12', false],
  ['arn:*/shop', 'arn:aws:eks:eu-west-1:123456789012:cluster/shop', true],
  ['PROD-*', 'prod-a', true],
  ['*', '', true],
  ['?', '', false],
  ['a.c', 'abc', false],
])('%s on %s', (pattern, name, expected) => {
  expect(matcherOf(pattern)(name)).toBe(expected);
});

test('a name without wildcards is not a pattern', () => {
  expect([isPattern('prod'), isPattern('prod-*'), isPattern('p?')]).toEqual([false, true, true]);
});

test('matches the same names as the equivalent regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/', '*', '?'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, letters, (written, name) => {
      const expression = new RegExp(`^${written.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matcherOf(written)(name)).toBe(expression.test(name));
    }),
    { numRuns: 2000 },
  );
});
