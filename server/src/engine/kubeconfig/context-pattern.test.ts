import { expect, test } from 'vitest';
import { matches, mentions } from './context-pattern.ts';

test('a pattern is about the whole name', () => {
  expect(matches('prod-*', 'prod-eu')).toBe(true);
  expect(matches('prod-*', 'my-prod-eu')).toBe(false);
  expect(matches('a.c', 'abc')).toBe(false);
});

test.each([
  ['prod', true],
  ['shop-prod', true],
  ['Prod2.eu', true],
  ['arn:aws:eks:eu-west-1:1:cluster/prod', true],
  ['pre-prod-eu', false],
  ['products', false],
  ['nonprod', false],
])('a word names contexts: prod, %s: %s', (context, expected) => expect(mentions('prod', context)).toBe(expected));
