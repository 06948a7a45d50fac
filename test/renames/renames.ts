// `npm run renames -- --from DIR`: renames anchors and objects of real repositories, one at a time, and checks each (check.ts).
//
//   --from DIR      a repository; may be repeated
//   --renames N     number of renames of each kind in each repository that aren't refused (10)
//   --seed N        seed of the random numbers (1)
//   --refusals      prints each refusal with its place
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { randomOf } from '../live/verdict/random.ts';
import { placesIn, renamedAt } from './check.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    renames: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    refusals: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (options.from.length === 0) {
    console.error('Nothing to rename: give repositories with --from DIR.');
    return 2;
  }
  const wrong: string[] = [];
  for (const folder of options.from) {
    const { workspace } = await workspaceAt(resolve(folder), {}, 'whole');
    const random = randomOf(Number(options.seed));
    const tally = { renames: 0, edits: 0, files: 0, refused: 0 };
    const all = placesIn(workspace);
    for (const kind of ['anchor', 'object'] as const) {
      const places = all.filter(({ is }) => is === kind);
      let made = 0;
      for (let tries = 0; made < Number(options.renames) && tries < 10 * Number(options.renames); tries += 1) {
        if (places.length === 0) break;
        const place = random.pick(places);
        const outcome = renamedAt(workspace, place);
        if (outcome?.refused !== undefined) {
          tally.refused += 1;
          if (options.refusals) console.log(`  ${basename(folder)}/${place.path}:${place.offset} ${outcome.refused}`);
        }
        if (!outcome || outcome.refused !== undefined) continue;
        made += 1;
        tally.renames += 1;
        tally.edits += outcome.edits;
        tally.files += outcome.files;
        wrong.push(...outcome.wrong.map((one) => `${basename(folder)}/${place.path}:${place.offset} ${kind}: ${one}`));
      }
    }
    console.log(
      `${basename(folder).padEnd(40)} ${tally.renames} renames, ${tally.edits} edits in ${tally.files} files, ${tally.refused} refused`,
    );
  }
  for (const one of wrong.slice(0, 40)) console.log(`  ${one}`);
  console.log(`${wrong.length} wrong`);
  return wrong.length === 0 ? 0 : 1;
}
