// `npm run agree:diff -- --from DIR`: makes seeded changes in a copy of a repository, one at a time, builds the kustomizations
// that read the changed files before and after with kustomize itself, and holds what `capstan diff` finds against both builds:
// the same objects came, went and changed, in the same fields, and what can't be built is said by both. Exits 1 if any differs.
//
//   --from DIR      a repository; may be repeated
//   --spared N      of each repository, hold what is found of N changes without building what they don't reach against both
//                   sides built in full; nothing is built with kustomize (0)
//   --flux          hold what is found of Flux Kustomizations against `flux build` of both sides instead
//   --changes N     number of changes in each repository that are compared (20)
//   --seed N        seed of the random numbers (1)
//   --show N        print this many differences (20)
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareSides, surroundingsOf } from '../../server/src/change/comparison.ts';
import { setFiles } from '../../server/src/change/revert.ts';
import { kustomizationTarget, type Side } from '../../server/src/change/side.ts';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { groupKindOf } from '../../server/src/kube/identity.ts';
import { folderOf } from '../../server/src/kustomize/paths.ts';
import { byHand } from '../../server/src/workspace/fleet.ts';
import { buildsOf, fleetOf } from '../../server/src/workspace/fleets.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { missingForFlux } from '../testbed/flux.ts';
import { kustomize, type Outcome } from './build/outcome.ts';
import { type Edit, editOf } from './diff/edits.ts';
import { differences } from './diff/expected.ts';
import { compareFlux } from './diff/flux.ts';
import { compareSpared } from './diff/spared.ts';
import { type Random, randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    changes: { type: 'string', default: '20' },
    spared: { type: 'string', default: '0' },
    flux: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '20' },
  },
});

/** More kustomizations of one change aren't compared. */
const mostFolders = 3;

const fleet = join(import.meta.dirname, '../../examples/fleet');

const counts = new Map<string, number>();
const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);

process.exitCode = await main();

async function main(): Promise<number> {
  if (Number(options.spared) > 0) return spared();
  const lacking = options.flux ? missingForFlux() : missingPrograms('kustomize');
  if (lacking.length > 0) {
    console.error(
      `${lacking.join(', ')} not built; \`${provide(options.flux ? 'flux' : 'kustomize')}\` builds it (needs Go).`,
    );
    return 2;
  }
  const wrong: string[] = [];
  let compared = 0;
  for (const from of options.from ?? [fleet]) {
    const scratch = mkdtempSync(join(tmpdir(), 'capstan-agree-diff-'));
    try {
      // `flux build` refuses some characters in the names of folders.
      const root = join(scratch, basename(resolve(from)).replaceAll(/[^\w.-]/g, '-'));
      cpSync(resolve(from), root, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => basename(path) !== '.git',
      });
      mkdirSync(join(root, '.git'));
      compared += await (options.flux ? compareFluxChanges(root, scratch, wrong) : compareChanges(root, wrong));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  for (const line of wrong.slice(0, Number(options.show))) console.log(line);
  for (const [what, number] of [...counts].sort()) console.log(`  ${what}: ${number}`);
  console.log(`${compared} changes compared, ${wrong.length} wrong`);
  return wrong.length > 0 ? 1 : 0;
}

async function spared(): Promise<number> {
  let [changes, differing] = [0, 0];
  for (const from of options.from ?? [fleet]) {
    const { workspace } = await workspaceAt(resolve(from), {}, 'whole');
    const random = randomOf(Number(options.seed));
    const { compared, appliers, built, wrong } = compareSpared(
      resolve(from),
      workspace,
      Number(options.spared),
      random,
    );
    console.log(`${basename(resolve(from))}: ${compared} changes, ${built} of ${appliers} Kustomizations built`);
    for (const line of wrong.slice(0, Number(options.show))) console.log(`  ${line}`);
    changes += compared;
    differing += wrong.length;
  }
  console.log(`${changes} changes compared, ${differing} wrong`);
  return differing > 0 ? 1 : 0;
}

async function compareChanges(root: string, wrong: string[]): Promise<number> {
  const { workspace } = await workspaceAt(root, {}, 'whole');
  const random = randomOf(Number(options.seed));
  const candidates = [...workspace.paths()].filter((path) => workspace.ownership.topsOf(path).length > 0).sort();
  const known = new Map<string, Outcome>();
  let compared = 0;
  const wanted = Number(options.changes);
  for (let tries = 0; compared < wanted && tries < 20 * wanted && candidates.length > 0; tries += 1) {
    const path = random.pick(candidates);
    const textOf = (other: string) => (existsSync(join(root, other)) ? readFileSync(join(root, other), 'utf8') : '');
    const edit = editOf(path, textOf(path), random, textOf);
    if (!edit) continue;
    const before = new Map(
      [...edit.files.keys()].map((one) => [one, existsSync(join(root, one)) ? textOf(one) : undefined]),
    );
    const changed = [...edit.files.keys()];
    const folders = foldersOf(workspace, changed, random);
    const old = sideOf(workspace, folders);
    const theirs = new Map<string, Outcome>();
    for (const folder of folders) {
      const outcome = known.get(folder) ?? (await kustomize(join(root, folder)));
      known.set(folder, outcome);
      theirs.set(folder, outcome);
    }
    write(root, workspace, edit.files);
    const now = sideOf(workspace, folders);
    const clusterKinds = clusterKindsIn(workspace);
    const { targets } = compareSides(old, now, surroundingsOf(workspace));
    let isCompared = false;
    for (const folder of folders) {
      const sides = [old, now].map((side) => side.targets.find(({ name }) => name === folder)?.appliers[0]?.result);
      if (sides.some((side) => side && side.incomplete.length > 0)) {
        count('incomplete');
        continue;
      }
      const [was, is] = [theirs.get(folder)!, await kustomize(join(root, folder))];
      const target = targets.find(({ name }) => name === folder);
      const where = `${basename(root)}/${folder}: ${edit.is} in ${path}`;
      const gap = target?.gaps.find(({ why }) => why.is === 'refused');
      const refusing = 'refusal' in was ? ('refusal' in is ? 'both' : 'old') : 'refusal' in is ? 'new' : undefined;
      if (refusing) {
        count(`refused: ${refusing}`);
        if (refusing !== 'both') isCompared = true;
        // Nothing is said of what neither side can build for the same reason.
        const side = sides.map((one) => one !== undefined && one.problems.length > 0);
        const ours = side[0] ? (side[1] ? 'both' : 'old') : side[1] ? 'new' : undefined;
        if (ours !== refusing || (refusing !== 'both' && gap?.side !== refusing))
          wrong.push(`${where}: ${refusing} refused by kustomize, ${ours} by ours, reported ${gap?.side}`);
        if ((target?.objects.length ?? 0) > 0) wrong.push(`${where}: objects are compared though a side is refused`);
        continue;
      }
      if (gap) wrong.push(`${where}: reported as refused: ${JSON.stringify(gap.why)}`);
      isCompared = true;
      count(`compared: ${edit.is}`);
      for (const one of differences(target?.objects ?? [], objectsOf(was), objectsOf(is), clusterKinds))
        wrong.push(`${where}: ${one}`);
    }
    if (isCompared) compared += 1;
    write(root, workspace, before);
  }
  return compared;
}

async function compareFluxChanges(root: string, scratch: string, wrong: string[]): Promise<number> {
  const { workspace } = await workspaceAt(root, {}, 'whole');
  const random = randomOf(Number(options.seed));
  const candidates = [...workspace.paths()].filter((path) => fleetOf(workspace).chainsOf(path).length > 0).sort();
  const textOf = (other: string) => (existsSync(join(root, other)) ? readFileSync(join(root, other), 'utf8') : '');
  let compared = 0;
  const wanted = Number(options.changes);
  for (let tries = 0; compared < wanted && tries < 10 * wanted && candidates.length > 0; tries += 1) {
    const path = random.pick(candidates);
    const edit = editOf(path, textOf(path), random, textOf);
    if (!edit) continue;
    const changed = [...edit.files.keys()];
    const before = new Map(changed.map((one) => [one, existsSync(join(root, one)) ? textOf(one) : undefined]));
    const found = await compareFlux({
      ...{ workspace, root, scratch, changed, random },
      change: () => write(root, workspace, edit.files),
      clusterKinds: () => clusterKindsIn(workspace),
    });
    if (found.length > 0) compared += 1;
    count(`${found.length > 0 ? 'compared' : 'left out'}: ${edit.is}`);
    for (const one of found)
      for (const line of one.wrong) wrong.push(`${basename(root)}/${one.name}: ${edit.is} in ${path}: ${line}`);
    write(root, workspace, before);
  }
  return compared;
}

function clusterKindsIn(workspace: Workspace): ReadonlySet<string> {
  const { bundled } = workspace.schemas;
  const all = [...bundled.kinds(), ...workspace.schemas.storeFor('').kinds()];
  return new Set(all.flatMap(({ gvk, scope }) => (scope === 'Cluster' ? groupKindOf(gvk) : [])));
}

function objectsOf(outcome: Outcome): Extract<Outcome, { readonly objects: unknown }>['objects'] {
  return 'objects' in outcome ? outcome.objects : new Map();
}

function foldersOf(workspace: Workspace, changed: readonly string[], random: Random): readonly string[] {
  const tops = new Set(changed.flatMap((path) => workspace.ownership.topsOf(path)).map(folderOf));
  const all = [...tops].sort();
  return all.length <= mostFolders ? all : Array.from({ length: mostFolders }, () => random.pick(all)).filter(isFirst);
}

function isFirst<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}

function sideOf(workspace: Workspace, folders: readonly string[]): Side {
  const builds = buildsOf(workspace);
  return { targets: folders.map((folder) => kustomizationTarget(workspace, byHand(folder, builds))) };
}

/** On disk and in the workspace. */
function write(root: string, workspace: Workspace, files: Edit['files']): void {
  for (const [path, text] of files) {
    const file = join(root, path);
    if (text === undefined) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  setFiles(
    workspace,
    [...files.keys()],
    (path) => files.get(path) !== undefined,
    (path) => files.get(path),
  );
}
