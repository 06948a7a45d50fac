// `npm run fuzz -- [--seconds N] [--seed S] [TARGET...]`: feeds everything that reads what others wrote with hostile inputs, and
// prints a line for each target. Without a seed, a new one is chosen and printed.
import { parseArgs } from 'node:util';
import { fuzz } from './run.ts';
import { targets } from './targets.ts';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const seconds = Number(values.seconds);
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (!Number.isFinite(seed) || !Number.isFinite(seconds) || chosen.length === 0) {
  console.error(`Usage: npm run fuzz -- [--seconds N] [--seed S] [${targets.map(({ name }) => name).join('|')}]`);
  process.exit(2);
}
console.log(`seed ${seed}, ${seconds} s`);
let failed = 0;
const memory = () => Math.round(process.memoryUsage().rss / 1e6);
for (const target of chosen) {
  const before = memory();
  const { inputs, slowest, problems } = await fuzz(target, seed, seconds / chosen.length);
  const figures = `${inputs} inputs, slowest ${Math.round(slowest.milliseconds)} ms of CPU, ${before} to ${memory()} MB`;
  console.log(`${target.name.padEnd(16)}${figures}${problems.length > 0 ? `, ${problems.length} PROBLEMS` : ''}`);
  for (const problem of problems) console.log(problem);
  failed += problems.length;
}
process.exit(failed === 0 ? 0 : 1);
