import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareNames } from './natural.ts';

const sorted = (...names: readonly string[]) => names.toSorted(compareNames);

test('numbers count by value, letters without their case', () => {
  expect(sorted('pool-10', 'pool-2', 'pool', 'Pool-1', 'a', 'pool-a')).toEqual([
    ...['a', 'pool', 'Pool-1', 'pool-2', 'pool-10', 'pool-a'],
  ]);
  expect(sorted('v1.10.0', 'v1.9.3', 'v1.9')).toEqual(['v1.9', 'v1.9.3', 'v1.10.0']);
  expect(sorted('a-20260301120000000', 'a-9')).toEqual(['a-9', 'a-20260301120000000']);
  expect(sorted('web-01', 'web-1')).toEqual(['web-01', 'web-1']);
});

const name = fc.string({ unit: fc.constantFrom(...'ab01-.A'), maxLength: 8 });

test('it is an order, and that of a collator for names of objects', () => {
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) || 0);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) expect(compareNames(a, c)).toBeLessThanOrEqual(0);
      expect(compareNames(a, b) === 0).toBe(a === b);
    }),
  );
  const collator = new Intl.Collator('en', { numeric: true });
  const plain = fc.stringMatching(/^[a-z]{1,3}(-[a-z]{1,2}|-[1-9]\d{0,3}){0,2}$/);
  fc.assert(
    fc.property(plain, plain, (a, b) => {
      expect(Math.sign(compareNames(a, b))).toBe(Math.sign(collator.compare(a, b)));
    }),
  );
});
