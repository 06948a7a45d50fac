// `npm run reading -- --from DIR`: asks the files of real repositories for selections, highlights, hovers, folding ranges,
// links, semantic tokens, symbols and the anchors of aliases, and prints answers that can't be right (nonsense.ts).
//
//   --from DIR      a repository; may be repeated
//   --files N       number of files of each repository, taken evenly (500)
//   --places N      number of offsets in each file (60)
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { nonsenseIn } from './nonsense.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    files: { type: 'string', default: '500' },
    places: { type: 'string', default: '60' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (options.from.length === 0) {
    console.error('Nothing to read: give repositories with --from DIR.');
    return 2;
  }
  let wrong = 0;
  for (const folder of options.from) {
    const { workspace } = await workspaceAt(resolve(folder), {}, 'whole');
    const all = [...workspace.files()].map(({ path }) => path);
    const step = Math.max(1, all.length / Number(options.files));
    const paths = Array.from({ length: Math.min(all.length, Number(options.files)) }, (_, index) => {
      return all[Math.floor(index * step)]!;
    });
    const found = paths.flatMap((path) =>
      nonsenseIn(workspace, path, Number(options.places)).map((one) => `${path}: ${one}`),
    );
    wrong += found.length;
    console.log(`${basename(folder).padEnd(40)} ${paths.length} files, ${found.length} wrong answers`);
    for (const one of found.slice(0, 20)) console.log(`  ${one}`);
  }
  return wrong === 0 ? 0 : 1;
}
