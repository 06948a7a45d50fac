// `npm run agree:build`: builds every kustomization below folders with kustomize itself and with ours, and compares the
// objects, whatever their order, and the refusals. A build that ours lists as incomplete (Helm, plugins, remote bases) can't
// be done offline and isn't compared. With `--findings`, each refusal must have a finding in a file that the build reads, and
// each finding a refusal. Exits 1 if any differs.
//
//   --from DIR      a repository or a folder of one; may be repeated (examples/fleet)
//   --only TEXT     only folders whose path contains the text
//   --keep DIR      keep kustomize's results in this folder and use those already there
//   --findings      compare with the findings of the whole repository too
//   --show N        print this many differences (10)
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { repositoryOf } from '../../server/src/disk/files.ts';
import { type BuildResult, build } from '../../server/src/kustomize/build.ts';
import { kustomizationNames } from '../../server/src/kustomize/paths.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import type { Ran } from '../testbed/controlplane.ts';
import { Compared } from './build/compared-findings.ts';
import { explained } from './build/differences.ts';
import { diskBuildFiles } from './build/disk-files.ts';
import { built, type Outcome, outcomeOf, runKustomize } from './build/outcome.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
    findings: { type: 'boolean', default: false },
    show: { type: 'string', default: '10' },
  },
});

type Verdict =
  | 'same objects'
  | 'both refuse'
  | 'incomplete'
  | 'other objects'
  | 'only ours refuses'
  | 'only kustomize refuses';

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingPrograms('kustomize');
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('kustomize')}\` builds it (needs Go).`);
    return 2;
  }
  const from = options.from ?? [join(import.meta.dirname, '../../examples/fleet')];
  const counts = new Map<Verdict, number>();
  const incomplete = new Map<string, number>();
  const differing: string[] = [];
  /** The fields that kustomize calls deprecated and the variables that it calls unused, by folder. */
  const deprecated = new Map<string, string>();
  let shown = 0;
  for (const root of from.map((path) => resolve(path))) {
    const repository = repositoryOf(root) ?? root;
    const files = diskBuildFiles(repository);
    const compared = new Compared();
    const folders = kustomizationFolders(root).filter((folder) => folder.includes(options.only));
    for (const batch of chunks(folders, 2)) {
      const all = await Promise.all(
        batch.map(async (folder) => {
          const run = await ran(folder);
          deprecated.set(
            folder,
            fieldNames([
              ...[...run.stderr.matchAll(/^# Warning: '(\w+)' is deprecated/gm)].map(([, name]) => name!),
              ...[...run.stderr.matchAll(/vars that were never replaced: (.*)$/gm)].flatMap(([, names]) =>
                names!.split(','),
              ),
            ]),
          );
          return [folder, outcomeOf(run)] as const;
        }),
      );
      for (const [folder, theirs] of all) {
        const result = build(relative(repository, folder), files);
        const refusal = result.problems.map(({ reason, field }) => `${field.join('.')}: ${JSON.stringify(reason)}`);
        const ours: Outcome = refusal.length > 0 ? { refusal: refusal.join('\n') } : built(result.objects);
        const verdict = result.incomplete.length > 0 ? 'incomplete' : verdictOf(ours, theirs);
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
        // Flux reads files outside of the folder.
        const anywhere = { loadsAnywhere: true } as const;
        const isAccepted =
          'refusal' in theirs && build(relative(repository, folder), files, anywhere).problems.length === 0;
        compared.add(relative(repository, folder), result, 'refusal' in theirs, isAccepted);
        if (
          !('refusal' in theirs) &&
          result.incomplete.length === 0 &&
          deprecated.get(folder) !== warned(result.warnings)
        )
          differing.push(`warnings: ${folder}: theirs ${deprecated.get(folder)}, ours ${warned(result.warnings)}`);
        for (const field of result.incomplete) incomplete.set(field, (incomplete.get(field) ?? 0) + 1);
        if (isAgreement(verdict) || shown++ >= Number(options.show)) continue;
        console.log(`${verdict}: ${folder}\n${explained(ours, theirs)}\n`);
      }
    }
    if (options.findings) differing.push(...(await compared.differences(repository)));
  }
  for (const line of differing.slice(0, Number(options.show))) console.log(line);
  for (const [verdict, count] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(verdict, count);
  for (const [field, count] of incomplete) console.log(`  incomplete: ${field}`, count);
  const wrong = [...counts].reduce((sum, [verdict, count]) => (isAgreement(verdict) ? sum : sum + count), 0);
  const compared = [...counts.values()].reduce((sum, count) => sum + count, 0) - (counts.get('incomplete') ?? 0);
  console.log(`${compared - wrong} of ${compared} compared builds agree`);
  console.log(`${differing.length} differences in warnings${options.findings ? ' and findings' : ''}`);
  return wrong + differing.length > 0 ? 1 : 0;
}

function warned(warnings: BuildResult['warnings']): string {
  return fieldNames(
    warnings.flatMap(({ reason }) =>
      reason.kind === 'deprecated-field' || reason.kind === 'unused-variable' ? [reason.name] : [],
    ),
  );
}

function fieldNames(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ') || 'none';
}

function isAgreement(verdict: Verdict): boolean {
  return verdict === 'same objects' || verdict === 'both refuse' || verdict === 'incomplete';
}

function verdictOf(ours: Outcome, theirs: Outcome): Verdict {
  if ('refusal' in ours) return 'refusal' in theirs ? 'both refuse' : 'only ours refuses';
  if ('refusal' in theirs) return 'only kustomize refuses';
  return isDeepStrictEqual(ours.objects, theirs.objects) ? 'same objects' : 'other objects';
}

function kustomizationFolders(root: string): readonly string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const own = entries.some((entry) => entry.isFile() && kustomizationNames.includes(entry.name)) ? [root] : [];
  const below = entries.filter((entry) => entry.isDirectory() && !['.git', 'node_modules'].includes(entry.name));
  return [...own, ...below.flatMap(({ name }) => kustomizationFolders(join(root, name)))];
}

/** kustomize's run for a folder, or the one kept from before. */
async function ran(folder: string): Promise<Ran> {
  if (options.keep === undefined) return runKustomize(folder);
  mkdirSync(options.keep, { recursive: true });
  const kept = join(options.keep, `${createHash('sha256').update(folder).digest('hex').slice(0, 20)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Ran;
  const now = await runKustomize(folder);
  writeFileSync(kept, JSON.stringify(now));
  return now;
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return items.flatMap((_item, index) => (index % size === 0 ? [items.slice(index, index + size)] : []));
}
