// Compares the editor's verdict with a real API server's, with fewer mutations than `npm run verdict`: fixtures, the example
// fleet, the tables of the unit tests, generated objects, and mutations of them all.
import { expect, test } from 'vitest';
import type { Compared } from './verdict/compare.ts';
import { bars, figuresOf, printFigures } from './verdict/figures.ts';
import { runVerdict } from './verdict/run.ts';

test('our verdict matches the API server’s', { timeout: 240_000 }, async () => {
  const compared = await runVerdict({ mutations: 2000, seed: 20_260 });
  printFigures(compared, undefined);
  const of = (builtin: boolean): readonly Compared[] => compared.filter((one) => one.builtin === builtin);
  const [all, custom, builtin] = [figuresOf(compared), figuresOf(of(false)), figuresOf(of(true))];
  expect(custom.cases).toBeGreaterThan(2000);
  expect(builtin.cases).toBeGreaterThan(1500);
  expect(all.accepted).toBeGreaterThanOrEqual(bars.accepted);
  expect(custom.agree).toBe(bars.custom.agree);
  expect(custom.sameField).toBeGreaterThanOrEqual(bars.custom.sameField);
  expect(builtin.agree).toBeGreaterThanOrEqual(bars.builtin.agree);
  expect(builtin.sameField).toBeGreaterThanOrEqual(bars.builtin.sameField);
});
