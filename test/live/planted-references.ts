// `npm run planted:references -- --from DIR`: measures how many dangling references, missing files and cycles that are
// planted in real fleets are found, and whether anything else is reported, in any file of the fleet.
//
//   --from DIR      a repository, or a folder of repositories; may be repeated
//   --faults N      number of faults of each kind per repository (10)
//   --seed N        seed of the random numbers (1)
//   --misses N      number of missed faults to print (20)
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { faultKinds, type PlantedFault, placesIn, plantAt } from './planted/references.ts';
import { randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    faults: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    misses: { type: 'string', default: '20' },
  },
});

interface Outcome {
  readonly fault: PlantedFault;
  readonly found: boolean;
  readonly others: readonly string[];
}

process.exitCode = await main();

async function main(): Promise<number> {
  const repositories = options.from.flatMap((path) => repositoriesIn(resolve(path)));
  if (repositories.length === 0) {
    console.error('Nothing to plant in: give repositories with --from DIR.');
    return 2;
  }
  const outcomes: Outcome[] = [];
  for (const folder of repositories) {
    const { workspace } = await workspaceAt(folder, {}, 'whole');
    const made = plantIn(workspace);
    if (made.length > 0) console.log(row(basename(folder).slice(0, 44), made));
    outcomes.push(...made);
  }
  console.log('');
  for (const kind of faultKinds) {
    const of = outcomes.filter(({ fault }) => fault.kind === kind);
    console.log(row(kind, of));
  }
  console.log(row('all', outcomes));
  print(
    'Not found',
    outcomes.filter(({ found }) => !found),
  );
  print(
    'Reported beside the fault',
    outcomes.filter(({ others }) => others.length > 0),
  );
  const found = outcomes.filter((one) => one.found).length;
  return found >= outcomes.length * 0.98 && outcomes.every(({ others }) => others.length === 0) ? 0 : 1;
}

function plantIn(workspace: Workspace): readonly Outcome[] {
  const random = randomOf(Number(options.seed));
  const places = placesIn(workspace);
  const before = findingsOf(workspace);
  return faultKinds.flatMap((kind) => {
    const of = places.filter((place) => place.kinds.includes(kind));
    const outcomes: Outcome[] = [];
    for (let left = Math.min(Number(options.faults), of.length); left > 0; left -= 1) {
      const fault = plantAt(workspace, random.pick(of), kind, random);
      if (fault) outcomes.push(judge(workspace, fault, before));
    }
    return outcomes;
  });
}

interface Reported {
  readonly key: string;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

function judge(workspace: Workspace, fault: PlantedFault, before: readonly Reported[]): Outcome {
  const original = workspace.file(fault.path)!.text;
  workspace.put(fault.path, fault.text);
  const after = findingsOf(workspace);
  workspace.put(fault.path, original);
  const known = new Map<string, number>();
  for (const { key } of before) known.set(key, (known.get(key) ?? 0) + 1);
  const added = after.filter(({ key }) => {
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
  const isMine = ({ path, line, rule }: Reported) =>
    fault.kind === 'cycle'
      ? rule === 'reference/cycle'
      : path === fault.path && fault.fromLine <= line && line <= fault.line;
  return {
    fault,
    found: added.some(isMine),
    others: added
      .filter((one) => !isMine(one))
      .map(({ path, line, rule, message }) => `${path}:${line} ${rule}: ${message}`),
  };
}

/** Lines move when a fault adds some, and messages name the clusters, so a finding is known by the text that it is about. */
function findingsOf(workspace: Workspace): readonly Reported[] {
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path)
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ rule, message, start, end }) => ({
        ...{ path, rule, line: text.slice(0, start).split('\n').length },
        message,
        key: `${path} ${rule}: ${text.slice(start, end)}`,
      })),
  );
}

/** The folder itself, or its subfolders if it contains only folders. */
function repositoriesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const inner = readdirSync(folder).map((name) => join(folder, name));
  return inner.length > 0 && inner.every((path) => statSync(path).isDirectory()) && !existsSync(join(folder, '.git'))
    ? inner
    : [folder];
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const found = outcomes.filter((one) => one.found).length;
  const others = outcomes.filter((one) => one.others.length > 0).length;
  const share = outcomes.length === 0 ? '-' : `${((100 * found) / outcomes.length).toFixed(1)} %`;
  return `${name.padEnd(46)}${String(outcomes.length).padStart(7)} planted${share.padStart(10)} found${String(others).padStart(5)} with something beside`;
}

function print(title: string, outcomes: readonly Outcome[]): void {
  if (outcomes.length > 0) console.log(`\n${title}:`);
  for (const { fault, others } of outcomes.slice(0, Number(options.misses))) {
    console.log(`  ${fault.path}:${fault.line} ${fault.kind}: ${fault.what}`);
    for (const other of others.slice(0, 5)) console.log(`    ${other}`);
  }
}
