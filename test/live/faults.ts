// `npm run faults [C1 C7 ...]`: runs the engine against a real API server while its environment fails; prints a line with
// measured figures for each fault, and the total.
import { missingPrograms, provide } from '../testbed/cache.ts';
import { startControlPlane } from '../testbed/controlplane.ts';
import { fill } from './faults/bed.ts';
import { faults } from './faults/cases.ts';
import { idleRate } from './faults/idle.ts';
import { watchLeaks } from './faults/leaks.ts';
import { heading, lineOf, type Outcome, runFault } from './faults/run.ts';

const lacking = missingPrograms('kubernetes');
if (lacking.length > 0) {
  console.error(`${lacking.join(', ')} not built; \`${provide('kubernetes')}\` builds them (needs Go)`);
  process.exit(2);
}
const only = process.argv.slice(2);
const unknown = only.filter((id) => !faults.some((fault) => fault.id === id));
if (unknown.length > 0) {
  console.error(`No such fault: ${unknown.join(', ')}`);
  process.exit(2);
}
watchLeaks();
const server = await startControlPlane();
let failed = 0;
try {
  await fill(server);
  const outcomes: Outcome[] = [];
  console.log(heading());
  for (const fault of faults) {
    if (only.length > 0 && !only.includes(fault.id)) continue;
    const outcome = await runFault(fault, server);
    outcomes.push(outcome);
    console.log(lineOf(outcome));
  }
  const passed = outcomes.filter(({ problem }) => problem === undefined).length;
  failed += outcomes.length - passed;
  const rate = await idleRate(server);
  console.log(`\nIdle cluster: ${rate.toFixed(2)} requests per second (at most 1)`);
  if (rate > 1) failed++;
  console.log(`${passed} of ${only.length > 0 ? outcomes.length : 42} faults`);
  if (only.length === 0 && outcomes.length < 42) failed++;
} finally {
  await server.stop();
}
process.exit(failed === 0 ? 0 : 1);
