// `npm run fuzz:builds -- --from DIR`: builds random changes of real kustomizations and of the fixtures with kustomize itself
// and with ours, and compares the objects and the refusals. Exits 1 if any differs.
//
//   --from DIR      a repository; may be repeated; without one, only the fixtures are changed
//   --builds N      the number of builds (500)
//   --seed N        seed of the random numbers (1)
//   --only TEXT     only changes whose name contains the text
//   --show N        print this many differences (10)
//   --keep DIR      write the files of each difference below this folder
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { build } from '../../server/src/kustomize/build.ts';
import type { BuildFiles } from '../../server/src/kustomize/build-files.ts';
import { textsOf } from '../../server/src/kustomize/fixture.ts';
import { folderOf, foldersUp, kustomizationNames } from '../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { explained } from './build/differences.ts';
import { diskBuildFiles } from './build/disk-files.ts';
import { fixtures } from './build/fixtures.ts';
import { built, type Outcome, outcomeOf, runKustomize } from './build/outcome.ts';
import { additions, withAddition } from './fuzz/field-edits.ts';
import { type Json, valuesOf } from './fuzz/parts.ts';
import { textEdits } from './fuzz/text-edits.ts';
import { type Random, randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    builds: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    show: { type: 'string', default: '10' },
    keep: { type: 'string' },
  },
});

/** What is changed: the files that a build reads. */
interface Seed {
  readonly name: string;
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  readonly objects: readonly Json[];
}

interface Changed {
  readonly what: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Larger builds take long and find nothing else. */
const mostText = 60_000;

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingPrograms('kustomize');
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('kustomize')}\` builds it (needs Go).`);
    return 2;
  }
  const seeds = [...fixtureSeeds(), ...options.from.flatMap((path) => repositorySeeds(resolve(path)))];
  const random = randomOf(Number(options.seed));
  const scratch = mkdtempSync(join(tmpdir(), 'capstan-fuzz-'));
  const counts = new Map<string, number>();
  const count = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
  let shown = 0;
  try {
    for (let number = 1; number <= Number(options.builds); number += 1) {
      const seed = random.pick(seeds);
      const changed = change(seed, random);
      if (!changed) continue;
      const root = join(scratch, String(number));
      write(root, changed.files);
      const run = await runKustomize(join(root, seed.folder));
      const theirs = outcomeOf(run);
      rmSync(root, { recursive: true, force: true });
      const { objects, problems, incomplete } = build(seed.folder, filesOf(changed.files));
      if (incomplete.length > 0) {
        count('incomplete');
        continue;
      }
      const ours: Outcome =
        problems.length > 0
          ? {
              refusal: problems
                .map(({ reason, origin }) => `${JSON.stringify(reason)} in ${origin.source.file}`)
                .join('\n'),
            }
          : built(objects);
      const verdict = verdictOf(ours, theirs);
      count(verdict);
      if (verdict === 'both refuse' || verdict === 'same objects') continue;
      if (options.keep) write(join(options.keep, String(number)), changed.files);
      if (shown++ < Number(options.show))
        console.log(`${number} ${verdict}: ${seed.name}: ${changed.what}\n${explained(ours, theirs).slice(0, 1500)}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const [verdict, number] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(verdict, number);
  const agreed = (counts.get('same objects') ?? 0) + (counts.get('both refuse') ?? 0);
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0) - (counts.get('incomplete') ?? 0);
  console.log(`${agreed} of ${all} compared builds agree (seed ${options.seed}, ${seeds.length} kustomizations)`);
  return agreed < all ? 1 : 0;
}

function verdictOf(ours: Outcome, theirs: Outcome): string {
  if ('refusal' in ours) return 'refusal' in theirs ? 'both refuse' : 'only ours refuses';
  if ('refusal' in theirs) return 'only kustomize refuses';
  return isDeepStrictEqual(ours.objects, theirs.objects) ? 'same objects' : 'other objects';
}

function fixtureSeeds(): readonly Seed[] {
  return fixtures.flatMap(({ name, files }) => seedOf(name, 'app', textsOf(files)));
}

function repositorySeeds(root: string): readonly Seed[] {
  const files = diskBuildFiles(root);
  return kustomizationFolders(root, '').flatMap((folder) => {
    const { reads } = build(folder, files);
    const texts = new Map<string, string>();
    let size = 0;
    for (const path of reads) {
      const text = files.kindOf(path) === 'file' ? files.text(path) : undefined;
      if (text === undefined) continue;
      texts.set(path, text);
      size += text.length;
    }
    // A file that isn't text would be written with other bytes.
    const isText = [...texts.values()].every((text) => !text.includes('\uFFFD'));
    return size > mostText || !isText ? [] : seedOf(`${basename(root)}/${folder}`, folder, texts);
  });
}

/** None if it isn't built, or holds nothing. */
function seedOf(name: string, folder: string, files: ReadonlyMap<string, string>): readonly Seed[] {
  const { objects, problems, incomplete } = build(folder, filesOf(files));
  const values = valuesOf(objects);
  if (problems.length > 0 || incomplete.length > 0 || values.length === 0) return [];
  return [{ name, folder, files, objects: values }];
}

function kustomizationFolders(root: string, folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const own = entries.some((entry) => entry.isFile() && kustomizationNames.includes(entry.name)) ? [folder] : [];
  const below = entries.filter((entry) => entry.isDirectory() && !['.git', 'node_modules'].includes(entry.name));
  return [
    ...own,
    ...below.flatMap(({ name }) => kustomizationFolders(root, folder === '' ? name : `${folder}/${name}`)),
  ];
}

/** One to three changes. */
function change(seed: Seed, random: Random): Changed | undefined {
  const files = new Map(seed.files);
  const done: string[] = [];
  const isKustomization = (path: string) => kustomizationNames.includes(basename(path));
  for (let number = 1 + random.below(3); number > 0; number -= 1) {
    if (random.chance(0.5)) {
      const [name, add] = random.pick(additions.filter(([one]) => one.includes(options.only)));
      const paths = [...files.keys()].filter((path) => isKustomization(path) && !path.includes('planted'));
      const path = random.chance(0.7)
        ? (paths.find((one) => folderOf(one) === seed.folder) ?? paths[0])
        : random.pick(paths);
      const made = path === undefined ? undefined : add({ objects: seed.objects, random, number });
      const text = made && withAddition(files.get(path!)!, made);
      if (text === undefined) continue;
      files.set(path!, text);
      for (const [file, content] of Object.entries(made!.files ?? {})) files.set(join(folderOf(path!), file), content);
      done.push(`${name} in ${path}`);
    } else {
      const edits = textEdits.filter(([one]) => one.includes(options.only));
      if (edits.length === 0) continue;
      const [name, edit] = random.pick(edits);
      const path = random.pick([...files.keys()]);
      const text = edit(files.get(path)!, random);
      if (text === undefined) continue;
      files.set(path, text);
      done.push(`${name} in ${path}`);
    }
  }
  return done.length > 0 ? { what: done.join('; '), files } : undefined;
}

function write(root: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function filesOf(texts: ReadonlyMap<string, string>): BuildFiles {
  const folders = new Set([...texts.keys()].flatMap((path) => foldersUp(folderOf(path))));
  return {
    kindOf: (path) => (texts.has(path) ? 'file' : folders.has(path) ? 'folder' : undefined),
    text: (path) => texts.get(path),
    bytes: (path) => (texts.has(path) ? Buffer.from(texts.get(path)!) : undefined),
    documents(path) {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      return splitDocuments(text).map(({ start, text: one }) => ({ start, manifest: parseManifest(one) }));
    },
  };
}
