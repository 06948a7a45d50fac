// `npm run agree:migrate`: migrates copies of repositories with `capstan migrate` and with `flux migrate -f`, and compares every
// file. What differs must be what flux doesn't do: fields of another version, and a kind above its apiVersion. Lines that only
// flux changes, and objects whose version differs between both, are disagreements. Exits 1 if there are any, or if a second
// run changes something.
//
// With --builds, what kustomize builds of the folders that read a changed file is compared too: an object stays the same, or it
// is the one that the API server's conversion gives, which changes the version only, apart from fields that the new version has
// elsewhere. With --documents, documents of the repositories are written in an older version, with seeded comments, anchors and
// aliases, and migrated one by one.
//
//   --from DIR      a repository; may be repeated (examples/fleet)
//   --builds        also compare builds
//   --documents N   only migrate N seeded documents
//   --seed N        seed of the random numbers (1)
//   --show N        print this many disagreements (10)
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { destinationOf, run } from '../../server/src/cli/migrate.ts';
import { catalogOnDisk } from '../../server/src/disk/catalog.ts';
import { walk } from '../../server/src/disk/files.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { differingBuilds } from './migrate/builds.ts';
import { faultsOf, mayMove, movesFields, olderDocuments, seeded } from './migrate/documents.ts';
import { randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    builds: { type: 'boolean', default: false },
    documents: { type: 'string' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
  },
});

/** The files of a repository after the first run. */
const first = new Map<string, string>();

process.exitCode = await main();

async function main(): Promise<number> {
  const repositories = (options.from ?? [join(import.meta.dirname, '../../examples/fleet')]).map((from) =>
    resolve(from),
  );
  if (options.documents !== undefined) return documents(repositories, Number(options.documents));
  const lacking = missingPrograms('flux', ['flux']);
  if (lacking.length > 0) {
    console.error(`flux not built; \`${provide('flux')}\` builds it (needs Go).`);
    return 1;
  }
  const flux = program('flux', 'flux');
  const disagreements: string[] = [];
  for (const from of repositories) disagreements.push(...(await compare(from, flux)));
  for (const one of disagreements.slice(0, Number(options.show))) console.log(one);
  return disagreements.length === 0 ? 0 : 1;
}

async function compare(from: string, flux: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-migrate-'));
  try {
    const others: string[] = [];
    const files = [...walk(from, { other: (path) => void others.push(path) })];
    for (const side of ['ours', 'theirs']) {
      for (const file of [...files, ...others]) {
        mkdirSync(dirname(join(folder, side, file)), { recursive: true });
        cpSync(join(from, file), join(folder, side, file));
      }
    }
    mkdirSync(join(folder, 'ours/.git'), { recursive: true });
    execFileSync(flux, ['migrate', '-f', '.', '--yes'], { cwd: join(folder, 'theirs'), stdio: 'pipe' });
    const read = (side: string, file: string) => readFileSync(join(folder, side, file), 'utf8');
    const left = await migrate(join(folder, 'ours'));
    const changed = { ours: 0, theirs: 0, differing: 0 };
    const found: string[] = [];
    for (const file of files) {
      const [before, ours, theirs] = [readFileSync(join(from, file), 'utf8'), read('ours', file), read('theirs', file)];
      if (ours !== before) changed.ours += 1;
      if (theirs !== before) changed.theirs += 1;
      if (ours === theirs) continue;
      changed.differing += 1;
      const [had, have] = [versionsIn(before), versionsIn(ours)];
      const missed = versionsIn(theirs).filter((one) => !have.includes(one) && !had.includes(one));
      if (missed.length > 0) found.push(`${basename(from)}/${file}: only flux has ${missed.join(', ')}`);
    }
    if (options.builds) found.push(...(await differingBuilds(from, join(folder, 'ours'), files)));
    await migrate(join(folder, 'ours'));
    // Compared with what the first run wrote.
    const again = files.filter((file) => read('ours', file) !== first.get(file));
    if (again.length > 0) found.push(`${basename(from)}: a second run changes ${again.join(', ')}`);
    console.log(
      `${basename(from)}: ${files.length} files; flux changes ${changed.theirs}, ours ${changed.ours}, ${changed.differing} differ; ${left} with something left`,
    );
    return found;

    async function migrate(root: string): Promise<number> {
      let output = '';
      const io = {
        stdout: { write: (text: string) => (output += text) },
        stderr: { write: () => true },
        env: {},
        cwd: root,
      };
      await run(['.', '--write', '--format', 'json'], io);
      if (first.size === 0) for (const file of files) first.set(file, read('ours', file));
      return (JSON.parse(output) as { left: unknown[] }[]).filter((one) => one.left.length > 0).length;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    first.clear();
  }
}

function documents(repositories: readonly string[], count: number): number {
  const random = randomOf(Number(options.seed));
  const workspace = new Workspace(catalogOnDisk({}));
  const to = destinationOf(workspace, undefined)!;
  const all = repositories.flatMap((from) =>
    [...walk(from)].flatMap((file) => {
      const text = readFileSync(join(from, file), 'utf8');
      return text.length < 200_000 && text.includes('fluxcd.io/') ? olderDocuments(text, to, random) : [];
    }),
  );
  const unique = [...new Set(all)];
  // Every other one has fields to move, if there are any.
  const moving = unique.filter((text) => mayMove(text) && movesFields(workspace, text, to));
  const wrong: string[] = [];
  let compared = 0;
  for (; compared < count && unique.length > 0; compared += 1) {
    const text = seeded(random.pick(compared % 2 === 0 && moving.length > 0 ? moving : unique), random);
    for (const fault of faultsOf(workspace, 'document.yaml', text, to)) wrong.push(`${fault}\n${text}`);
  }
  for (const one of wrong.slice(0, Number(options.show))) console.log(one);
  console.log(
    `${compared} documents of ${unique.length} (${moving.length} of them with fields to move) migrated, ${wrong.length} faults`,
  );
  return wrong.length > 0 ? 1 : 0;
}

/** The lines with a version, without those of comments behind values. */
function versionsIn(text: string): readonly string[] {
  return [...text.matchAll(/apiVersion: +["']?([\w.-]+\.fluxcd\.io\/\w+)/g)].map(([, version]) => version!);
}
