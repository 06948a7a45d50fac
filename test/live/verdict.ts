// `npm run verdict`: compares the editor's verdict with the API server's. Sends every case to a real server with
// `dryRun=All&fieldValidation=Strict` and compares whether it is accepted, and the reported field.
//
//   --mutations N   number of mutations (5000)
//   --seed N        seed of the random numbers (1)
//   --from DIR      additional manifests, a folder of YAML files; may be repeated
//   --only GROUP    only kinds of groups that contain this text
//   --target N=V    compares the release that fits, such as flux=2.6 or kubernetes=1.34, instead of the newest; may be repeated.
//                   The API server of another version is built by `npm run testbed -- kubernetes@1.34.4`
//   --out DIR       folder for the disagreements, a file for each kind of case
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { testCatalog } from '../../server/src/fixture.ts';
import { apiServerFolder, missingPrograms, versions } from '../testbed/cache.ts';
import { printFigures } from './verdict/figures.ts';
import { runVerdict } from './verdict/run.ts';

const { values: options } = parseArgs({
  options: {
    mutations: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    target: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const targets: Record<string, string> = {};
  for (const target of options.target) {
    const [, name = '', version = ''] = /^([^=]+)=(.+)$/.exec(target) ?? [];
    const found = testCatalog.releases.filter(
      (one) => one.name === name && `${one.version}.`.startsWith(`${version}.`) && !one.imported,
    );
    if (found.length !== 1) {
      const known = testCatalog.releases.flatMap((one) => (one.name === name ? one.version : []));
      console.error(`--target ${target} is no release; there are ${known.join(', ') || 'none of that name'}.`);
      return 2;
    }
    targets[name] = found[0]!.version;
  }
  const { kubernetes = versions.kubernetes } = targets;
  if (kubernetes !== versions.kubernetes) process.env.KUBEBUILDER_ASSETS = apiServerFolder(kubernetes);
  const lacking = missingPrograms('kubernetes', ['etcd', 'kube-apiserver']);
  if (lacking.length > 0 || (process.env.KUBEBUILDER_ASSETS && !existsSync(process.env.KUBEBUILDER_ASSETS))) {
    const set = kubernetes === versions.kubernetes ? 'kubernetes' : `kubernetes@${kubernetes}`;
    console.error(`The API server isn't built; \`npm run testbed -- ${set}\` builds it (needs Go).`);
    return 2;
  }
  const { mutations, seed, from = [], only, out } = options;
  const compared = await runVerdict({ mutations: Number(mutations), seed: Number(seed), from, only, targets });
  return printFigures(compared, out);
}
