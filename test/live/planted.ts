// `npm run planted -- --from DIR`: measures how many faults planted in real repositories the linter finds, and whether it
// reports anything else. Every manifest of every repository gets faults one at a time, including files with ${}.
//
//   --from DIR      a repository, or a folder of repositories; may be repeated
//   --faults N      number of faults of each kind per repository (100)
//   --seed N        seed of the random numbers (1)
//   --misses N      number of missed faults to print (20)
//   --fixes         instead measures how many findings of planted faults have a fix, and what each fix leaves
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import { gvkOf } from '../../server/src/kube/identity.ts';
import { builtAt } from '../../server/src/kustomize/built.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { entryAt, nodeAt, printPath } from '../../server/src/syntax/navigate.ts';
import { fleetOf } from '../../server/src/workspace/fleets.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { measureFixes } from './planted/measure-fixes.ts';
import { type Fault, type Planted, plant } from './planted/plant.ts';
import { type Random, randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    faults: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    misses: { type: 'string', default: '20' },
    fixes: { type: 'boolean', default: false },
  },
});

const faults: readonly Fault[] = ['typo', 'type', 'missing'];

interface Outcome {
  readonly fault: Fault;
  /** Whether kustomizations may complete the object: then no field can be reported as missing. */
  readonly completed: boolean;
  /** Whether the file contains `${}`. */
  readonly holes: boolean;
  readonly found: boolean;
  /** New findings other than the fault. */
  readonly others: readonly string[];
  readonly what: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const repositories = options.from.flatMap((path) => repositoriesIn(resolve(path)));
  if (repositories.length === 0) {
    console.error('Nothing to plant in: give repositories with --from DIR.');
    return 2;
  }
  if (options.fixes) return measureFixes(repositories, options);
  const outcomes: Outcome[] = [];
  let uncertain = 0;
  for (const folder of repositories) {
    const { workspace } = await workspaceAt(folder, {}, 'whole');
    const made = plantIn(workspace, randomOf(Number(options.seed)));
    const certain = made.filter(({ fault, completed }) => fault !== 'missing' || !completed);
    uncertain += made.length - certain.length;
    outcomes.push(...certain);
    console.log(row(basename(folder).slice(0, 44), certain));
  }
  console.log('');
  for (const fault of faults) {
    const of = outcomes.filter((one) => one.fault === fault);
    console.log(row(fault, of));
    console.log(
      row(
        `${fault}, in files with \${}`,
        of.filter(({ holes }) => holes),
      ),
    );
  }
  console.log(row('all', outcomes));
  console.log(`Left out: ${uncertain} missing fields of objects that kustomizations may complete.`);
  print(
    'Not found',
    outcomes.filter(({ found }) => !found),
  );
  print(
    'Said beside the fault',
    outcomes.filter(({ others }) => others.length > 0),
  );
  const found = outcomes.filter((one) => one.found).length;
  return found >= outcomes.length * 0.95 && outcomes.every(({ others }) => others.length === 0) ? 0 : 1;
}

/** The folder itself, or its subfolders if it contains only folders. */
function repositoriesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const inner = readdirSync(folder).map((name) => join(folder, name));
  return inner.length > 0 && inner.every((path) => statSync(path).isDirectory()) && !existsSync(join(folder, '.git'))
    ? inner
    : [folder];
}

interface Target {
  readonly path: string;
  /** Position of the document in the file. */
  readonly start: number;
  readonly text: string;
}

function plantIn(workspace: Workspace, random: Random): readonly Outcome[] {
  const targets = [...workspace.files()].flatMap(({ path, documents }) =>
    documents
      .filter(({ document }) => workspace.role(path, document) === 'manifest' && document.facts.objects.length === 1)
      .map(({ start, document }): Target => ({ path, start, text: document.text })),
  );
  return faults.flatMap((fault) => {
    const made: Outcome[] = [];
    for (let tries = 0; made.length < Number(options.faults) && tries < 20 * Number(options.faults); tries += 1) {
      if (targets.length === 0) break;
      const outcome = tryPlanting(workspace, random.pick(targets), fault, random);
      if (outcome) made.push(outcome);
    }
    return made;
  });
}

function tryPlanting(workspace: Workspace, target: Target, fault: Fault, random: Random): Outcome | undefined {
  const manifest = parseManifest(target.text);
  const gvk = manifest.apiVersion && manifest.kind ? gvkOf(manifest.apiVersion, manifest.kind) : undefined;
  const kind = gvk && workspace.schemas.storeFor(target.path).lookup(gvk);
  if (!kind?.served || manifest.template || manifest.sops) return undefined;
  const planted = plant(manifest, kind, fault, random);
  return planted && judge(workspace, target, planted, target.text.includes('${'));
}

/** Whether every applied form has a value at the place of the fault, or nothing tells how the object is applied. */
function isSupplied(workspace: Workspace, { path, start, text }: Target, planted: Planted): boolean {
  const fleet = fleetOf(workspace);
  const forms = fleet.appliedForms(path, start + Math.max(0, text.search(/^[^#\s-]/m)));
  if (forms.length === 0) return fleet.mayChange(path);
  return forms.every(({ object }) => builtAt(object.value, planted.path) !== undefined);
}

function judge(workspace: Workspace, target: Target, planted: Planted, holes: boolean): Outcome | undefined {
  const original = workspace.file(target.path)!.text;
  const before = said(workspace, target.path);
  // Existing errors hide a planted fault next to them.
  if (before.some(({ rule }) => rule.startsWith('syntax/'))) return undefined;
  const text = original.slice(0, target.start) + planted.text + original.slice(target.start + target.text.length);
  workspace.put(target.path, text);
  const completed = isSupplied(workspace, target, planted);
  const after = said(workspace, target.path);
  workspace.put(target.path, original);
  const known = new Set(before.map(({ rule, field, message }) => `${rule} ${field} ${message}`));
  const added = after.filter(({ rule, field, message }) => !known.has(`${rule} ${field} ${message}`));
  const place = printPath(planted.path);
  const mine = added.filter((one) => isAbout(one.field, place, planted) || isThere(one, target, planted));
  const others = added
    .filter((one) => !mine.includes(one))
    .map(({ rule, field, message }) => `${rule} ${field}: ${message}`);
  return {
    fault: planted.fault,
    completed,
    holes,
    found: mine.length > 0,
    others,
    what: `${target.path}: ${planted.fault} of ${place}`,
  };
}

/** A misspelled required field is missing too; a fault may be reported on the containing map. */
function isAbout(field: string, place: string, { fault }: Planted): boolean {
  const plain = (text: string): string => text.replace(/\[([^\]]*)\]/g, '.$1');
  const parent = plain(place).replace(/\.[^.]*$/, '');
  if (plain(field) === plain(place) || plain(field) === parent) return true;
  return fault !== 'type' && plain(field).startsWith(`${parent}.`);
}

/** The server, and so do we, report CRD fields by the path they were moved to: the position in the text is compared. */
function isThere(
  { start, end }: { readonly start: number; readonly end: number },
  target: Target,
  { text, path }: Planted,
): boolean {
  const { root, kind } = parseManifest(text);
  if (kind !== 'CustomResourceDefinition') return false;
  const parent = nodeAt(root, path.slice(0, -1));
  const from = entryAt(root, path.slice(0, -1))?.key.start ?? parent?.start;
  return parent !== undefined && start - target.start >= from! && end - target.start <= parent.end;
}

function said(workspace: Workspace, path: string) {
  return diagnose(workspace, path)
    .filter(({ rule, severity }) => severity === 'error' && /^(schema|syntax)\//.test(rule))
    .map(({ rule, path: field = '', message, start, end }) => ({ rule, field, message, start, end }));
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const found = outcomes.filter((one) => one.found).length;
  const others = outcomes.filter((one) => one.others.length > 0).length;
  const share = outcomes.length === 0 ? '-' : `${((100 * found) / outcomes.length).toFixed(1)} %`;
  return `${name.padEnd(46)}${String(outcomes.length).padStart(7)} planted${share.padStart(10)} found${String(others).padStart(5)} with something beside`;
}

function print(title: string, outcomes: readonly Outcome[]): void {
  if (outcomes.length > 0) console.log(`\n${title}:`);
  for (const { what, others } of outcomes.slice(0, Number(options.misses))) {
    console.log(`  ${what}`);
    for (const other of others) console.log(`    ${other}`);
  }
}
