// Half a minute of hostile inputs with fixed seeds; `npm run fuzz` takes longer, with new ones.
import { expect, test } from 'vitest';
import { fuzz } from './fuzz/run.ts';
import { targets } from './fuzz/targets.ts';

/** Seconds for each target. */
const share = 3;

test.each(targets.map((target) => [target.name, target] as const))('%s', { timeout: 60_000 }, async (_name, target) => {
  const { inputs, problems } = await fuzz(target, 1, share);
  expect(problems).toEqual([]);
  expect(inputs).toBeGreaterThan(0);
});
