import { expect, test } from 'vitest';
import { matchesLabels, parseLabelSelector } from './label-selector.ts';

const labels = new Map([
  ['app', 'web'],
  ['tier', 'front'],
  ['size', '10'],
  ['example.com/empty', ''],
]);

test.each([
  ['', true],
  ['app', true],
  ['app=web', true],
  ['app==web,tier!=back', true],
  ['app = web , tier in (front, back)', true],
  ['tier notin (back)', true],
  ['absent notin (a)', true],
  ['absent!=a', true],
  ['!absent', true],
  ['example.com/empty=', true],
  ['example.com/empty in (a,)', true],
  ['size>9', true],
  ['size < 11', true],
  ['app=api', false],
  ['tier in (back)', false],
  ['absent in (a)', false],
  ['!app', false],
  ['size>10', false],
  ['app>1', false],
  ['absent<1', false],
])('%j selects: %s', (selector, expected) => {
  expect(matchesLabels(parseLabelSelector(selector)!, labels)).toBe(expected);
});

test.each([
  'a in b',
  'a in',
  'in (a)',
  '=a',
  'a=b,',
  ',a',
  'a,,b',
  'a in (b',
  'a in (b c)',
  'a ! b',
  'a>b',
  '-a',
  'a=b c',
])('%j is no selector', (selector) => {
  expect(parseLabelSelector(selector)).toBeUndefined();
});
