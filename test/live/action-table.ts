// `npm run actions`: prints what every action reports in every situation (no right, read-only, conflict, recreated, gone, no
// controller, connection lost before and after the request arrived), and whether another client sees it so. Exits 1 if not.
//
//   VERB...   only these actions
//   --words   also what each says
import { parseArgs } from 'node:util';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { actionTable, leftOut, tableText } from './actions/table.ts';

const { values, positionals } = parseArgs({ options: { words: { type: 'boolean' } }, allowPositionals: true });
const missing = missingPrograms('kubernetes');
if (missing.length > 0) {
  console.error(`${missing.join(', ')} not built; \`${provide('kubernetes')}\` builds it.`);
  process.exit(2);
}
const cells = await actionTable(positionals.length > 0 ? positionals : undefined);
console.log(tableText(cells));
for (const [verb, why] of Object.entries(leftOut)) console.log(`${verb} is left out: ${why}`);
if (values.words)
  for (const { verb, situation, outcome, message } of cells)
    console.log(`${verb}, ${situation}: ${outcome}: ${message}`);
process.exitCode = cells.some(({ lie }) => lie !== undefined) ? 1 : 0;
