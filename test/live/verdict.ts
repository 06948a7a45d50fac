// `npm run verdict`: compares the editor's verdict with the API server's. Sends every case to a real server with
// `dryRun=All&fieldValidation=Strict` and compares whether it is accepted, and the reported field.
//
//   --mutations N   number of mutations (5000)
//   --seed N        seed of the random numbers (1)
//   --from DIR      additional manifests, a folder of YAML files; may be repeated
//   --only GROUP    only kinds of groups that contain this text
//   --out DIR       folder for the disagreements, a file for each kind of case
import { parseArgs } from 'node:util';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { printFigures } from './verdict/figures.ts';
import { runVerdict } from './verdict/run.ts';

const { values: options } = parseArgs({
  options: {
    mutations: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    out: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingPrograms('kubernetes', ['etcd', 'kube-apiserver']);
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('kubernetes')}\` builds them (needs Go).`);
    return 2;
  }
  const { mutations, seed, from = [], only, out } = options;
  const compared = await runVerdict({ mutations: Number(mutations), seed: Number(seed), from, only });
  return printFigures(compared, out);
}
