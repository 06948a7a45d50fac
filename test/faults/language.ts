// `npm run faults:language [L1 L7 ...]`: what may happen to a language server, done to a real one over standard input and
// output; prints a line with measured figures for each fault, and the total.
import { rmSync } from 'node:fs';
import { buildProgram, program } from '../../server/src/language/fixture.ts';
import { Bed } from './bed.ts';
import { faults } from './cases.ts';

const only = process.argv.slice(2);
const chosen = faults.filter(({ id }) => only.length === 0 || only.includes(id));
buildProgram();
let held = 0;
console.log(`${'fault'.padEnd(6)}${'what happens'.padEnd(62)}${'took'.padEnd(8)}outcome`);
try {
  for (const { id, what, run } of chosen) {
    const bed = new Bed();
    const began = performance.now();
    let outcome: string;
    try {
      outcome = `held: ${await run(bed)}`;
      held += 1;
    } catch (error) {
      outcome = `FAILED: ${(error as Error).message}`;
    } finally {
      bed.close();
    }
    const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    console.log(`${id.padEnd(6)}${what.padEnd(62)}${took.padEnd(8)}${outcome}`);
  }
} finally {
  rmSync(program, { force: true });
}
console.log(`${held} of ${chosen.length} faults`);
process.exit(held === chosen.length ? 0 : 1);
