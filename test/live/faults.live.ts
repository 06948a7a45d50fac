// Runs the quick fault cases as tests; `npm run faults` also runs the slow ones, which take minutes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../testbed/controlplane.ts';
import { fill } from './faults/bed.ts';
import { faults } from './faults/cases.ts';
import { idleRate } from './faults/idle.ts';
import { watchLeaks } from './faults/leaks.ts';
import { lineOf, runFault } from './faults/run.ts';

let server: ControlPlane;

beforeAll(async () => {
  watchLeaks();
  server = await startControlPlane();
  await fill(server);
});

afterAll(() => server?.stop());

test('each fault has one case', () => {
  expect(faults.map(({ id }) => id)).toEqual(Array.from({ length: 42 }, (_, index) => `C${index + 1}`));
});

describe('faults', () => {
  for (const fault of faults.filter(({ slow }) => !slow)) {
    test(`${fault.id} ${fault.title}`, async () => {
      const outcome = await runFault(fault, server);
      console.log(lineOf(outcome));
      expect(outcome.problem).toBeUndefined();
    });
  }
});

test('an idle cluster gets at most one request per second', async () => {
  expect(await idleRate(server, 10)).toBeLessThanOrEqual(1);
});
