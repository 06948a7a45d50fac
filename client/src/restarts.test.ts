import { expect, test } from 'vitest';
import { Restarts } from './restarts.ts';

test('waits longer each time and gives up after five crashes in three minutes', () => {
  const restarts = new Restarts();
  expect([0, 1, 2, 3, 4, 5].map((second) => restarts.next(second * 1000))).toEqual([
    250,
    500,
    1000,
    2000,
    4000,
    undefined,
  ]);
});

test('a crash long after the others is treated as the first', () => {
  const restarts = new Restarts();
  for (let second = 0; second < 5; second++) restarts.next(second * 1000);
  expect(restarts.next(600_000)).toBe(250);
});

test('a restart by the user resets the crash history', () => {
  const restarts = new Restarts();
  for (let second = 0; second < 6; second++) restarts.next(second * 1000);
  restarts.forget();
  expect(restarts.next(7000)).toBe(250);
});
