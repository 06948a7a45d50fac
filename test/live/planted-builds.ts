// `npm run planted:builds -- --from DIR`: plants what kustomize may refuse in real kustomizations and compares: where
// kustomize refuses, the build must refuse and a finding must be at the line that causes it; where it doesn't, the objects
// must be the same and nothing may be reported. Exits 1 below 95 % of right lines, or with any difference. Files
// outside of the folder, which Flux reads, and random changes have no line.
//
//   --from DIR      a repository; may be repeated (examples/fleet)
//   --faults N      number of faults of each kind per repository (2)
//   --only TEXT     only kinds of faults that contain the text
//   --seed N        seed of the random numbers (1)
//   --misses N      number of misses to print (20)
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import { build } from '../../server/src/kustomize/build.ts';
import type { BuildFiles } from '../../server/src/kustomize/build-files.ts';
import { folderOf, kustomizationNames } from '../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { explained } from './build/differences.ts';
import { diskBuildFiles } from './build/disk-files.ts';
import { built, kustomize, type Outcome } from './build/outcome.ts';
import { buildFaults } from './planted/build-faults.ts';
import { type BuildFault, lineOf } from './planted/changed-text.ts';
import { type Random, randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    faults: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    misses: { type: 'string', default: '20' },
  },
});

interface Result {
  readonly fault: BuildFault;
  readonly folder: string;
  readonly refused: boolean;
  /** It is refused at a known line, for a reason that Flux has too. */
  readonly hasLine: boolean;
  /** What differs: the verdict, or the objects. */
  readonly difference?: string;
  /** A finding is on one of the lines of a refusal. */
  readonly found: boolean;
  /** New errors elsewhere or, without a refusal, new errors of kustomizations. */
  readonly others: readonly string[];
  readonly theirs: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingPrograms('kustomize');
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('kustomize')}\` builds it (needs Go).`);
    return 2;
  }
  const results: Result[] = [];
  for (const from of options.from ?? [join(import.meta.dirname, '../../examples/fleet')]) {
    const scratch = mkdtempSync(join(tmpdir(), 'capstan-planted-builds-'));
    try {
      const copy = join(scratch, 'repository');
      cpSync(resolve(from), copy, { recursive: true, filter: (path) => basename(path) !== '.git' });
      const made = await plantIn(copy);
      console.log(row(basename(from), made));
      results.push(...made);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  console.log('');
  for (const kind of new Set(results.map(({ fault }) => fault.kind)))
    console.log(
      row(
        kind,
        results.filter((one) => one.fault.kind === kind),
      ),
    );
  console.log(row('all', results));
  const differ = results.filter(({ difference }) => difference !== undefined);
  const lost = results.filter(({ hasLine, found }) => hasLine && !found);
  const invented = results.filter(({ refused, others }) => !refused && others.length > 0);
  print('Built differently', differ);
  print('Not on the line', lost);
  print('Reported although kustomize builds', invented);
  const placed = results.filter(({ hasLine }) => hasLine).length;
  return lost.length <= placed * 0.05 && differ.length === 0 && invented.length === 0 ? 0 : 1;
}

async function plantIn(root: string): Promise<readonly Result[]> {
  const random = randomOf(Number(options.seed));
  const { workspace } = await workspaceAt(root, {}, 'whole');
  const files = diskBuildFiles(root);
  const counts = new Map<string, number>();
  const results: Result[] = [];
  const kustomizations = [...workspace.files()]
    .map(({ path }) => path)
    .filter((path) => kustomizationNames.includes(basename(path)));
  for (const path of shuffled(kustomizations, random)) {
    const folder = folderOf(path);
    const before = build(folder, files);
    if (before.problems.length > 0 || before.incomplete.length > 0) continue;
    const text = workspace.file(path)!.text;
    const at = {
      ...{ path, text, random, reads: before.reads, objects: before.objects, root: parseManifest(text).root! },
      read: (one: string) => workspace.file(one)?.text ?? files.text(one),
    };
    const faults = buildFaults(
      at,
      (kind) => kind.includes(options.only) && (counts.get(kind) ?? 0) < Number(options.faults),
    );
    if (faults.length === 0 || 'refusal' in (await kustomize(join(root, folder)))) continue;
    // Of the folder as it is, once for all its faults.
    const known = new Map<string, ReadonlySet<string>>();
    for (const fault of faults) {
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      results.push(await judge(root, workspace, files, { folder, fault, reads: before.reads, known }));
    }
  }
  return results;
}

interface Planted {
  readonly folder: string;
  readonly fault: BuildFault;
  /** The files that the folder is built of. */
  readonly reads: readonly string[];
  /** What was found in files before the fault. */
  readonly known: Map<string, ReadonlySet<string>>;
}

async function judge(
  root: string,
  workspace: Workspace,
  files: BuildFiles,
  { folder, fault, reads, known }: Planted,
): Promise<Result> {
  const { path, text } = fault;
  const original = files.text(path)!;
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  const theirs = await kustomize(join(root, folder));
  writeFileSync(target, original);
  const { objects, problems, incomplete } = build(folder, withFile(files, path, text));
  const ours: Outcome =
    problems.length > 0
      ? {
          refusal: problems
            .map(({ reason, origin }) => `${JSON.stringify(reason)} in ${origin.source.file}`)
            .join('\n'),
        }
      : built(objects);
  const watched = [...new Set([...reads, path])].filter((one) => workspace.file(one));
  for (const one of watched)
    if (!known.has(one)) known.set(one, new Set(findingsIn(workspace, one).map(({ key }) => key)));
  workspace.put(path, text);
  const after = watched.flatMap((one) => findingsIn(workspace, one).filter(({ key }) => !known.get(one)!.has(key)));
  workspace.put(path, original);
  // Where Flux applies the folder, files outside of it aren't refused.
  const isOutside = problems.length > 0 && problems.every(({ reason }) => reason.kind === 'outside');
  const refused = 'refusal' in theirs;
  const isSame = refused === 'refusal' in ours && (refused || isDeepStrictEqual(ours, theirs));
  const errors = after.filter(({ severity }) => severity === 'error');
  const isRight = ({ at }: Reported) => fault.lines.includes(at);
  // What a kustomization refuses of a component, the component itself may not.
  const own = kustomizationNames.map((name) => workspace.file(folder === '' ? name : `${folder}/${name}`)?.text ?? '');
  const isComponent = own.some((one) => /^kind: Component$/m.test(one));
  const others = refused
    ? errors.filter((one) => !isRight(one))
    : errors.filter(({ rule }) => /^kustomize\/|^syntax/.test(rule) && !isComponent);
  return {
    ...{ fault, folder, refused, found: after.some(isRight) },
    hasLine: refused && !isOutside && !fault.kind.startsWith('change:'),
    ...(!isSame && incomplete.length === 0 && { difference: explained(ours, theirs) }),
    others: others.map(({ at, key }) => `${at} ${key}`),
    theirs:
      'refusal' in theirs
        ? theirs.refusal
            .split('\n')
            .filter((line) => !line.startsWith('# '))
            .join(' ')
        : '',
  };
}

function withFile(files: BuildFiles, path: string, text: string): BuildFiles {
  const documents = splitDocuments(text).map(({ start, text: one }) => ({ start, manifest: parseManifest(one) }));
  return {
    ...files,
    text: (one) => (one === path ? text : files.text(one)),
    bytes: (one) => (one === path ? Buffer.from(text) : files.bytes?.(one)),
    documents: (one) => (one === path ? documents : files.documents(one)),
  };
}

interface Reported {
  readonly key: string;
  readonly at: string;
  readonly rule: string;
  readonly severity: string;
}

/** Lines move when a fault adds some, so a finding is known by what it says. */
function findingsIn(workspace: Workspace, path: string): readonly Reported[] {
  const { text } = workspace.file(path)!;
  return diagnose(workspace, path)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, severity, message, start }) => ({
      ...{ rule, severity, at: `${path}:${lineOf(text, start)}` },
      key: `${path} ${severity} ${rule}: ${message}`,
    }));
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => [random.next(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function row(name: string, results: readonly Result[]): string {
  const refused = results.filter((one) => one.refused);
  const placed = results.filter(({ hasLine }) => hasLine);
  const lines = placed.filter(({ found }) => found).length;
  const number = (count: number, words: string) => `${String(count).padStart(6)} ${words}`;
  return [
    name.slice(0, 40).padEnd(42),
    number(results.length, 'planted'),
    number(refused.length, 'refused'),
    number(lines, `of ${placed.length} on the line`),
    number(results.filter(({ difference }) => difference !== undefined).length, 'built differently'),
    number(results.filter((one) => !one.refused && one.others.length > 0).length, 'invented'),
  ].join('');
}

function print(title: string, results: readonly Result[]): void {
  if (results.length > 0) console.log(`\n${title}:`);
  for (const { fault, folder, difference, others, theirs } of results.slice(0, Number(options.misses))) {
    console.log(`  ${folder}: ${fault.kind}, ${fault.lines[0]}: ${fault.what}`);
    if (theirs) console.log(`    kustomize: ${theirs.slice(-300).trim()}`);
    if (difference) console.log(difference.slice(0, 600).replace(/^/gm, '    '));
    for (const other of others.slice(0, 3)) console.log(`    also ${other.slice(0, 300)}`);
  }
}
