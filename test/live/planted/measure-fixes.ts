// `npm run planted -- --fixes --from DIR`: the figures of fixes.ts, by kind of fault.
import { basename } from 'node:path';
import { workspaceAt } from '../../../server/src/cli/lint/root.ts';
import { randomOf } from '../verdict/random.ts';
import { type Mistake, mistakes, type Repaired, repair, targetsIn } from './fixes.ts';

interface Options {
  /** Number of faults of each kind per repository. */
  readonly faults: string;
  readonly seed: string;
  /** Number of lines to print of what went wrong. */
  readonly misses: string;
}

/** 0 if 95 % have a fix and every fix leaves nothing at its place. */
export async function measureFixes(repositories: readonly string[], options: Options): Promise<number> {
  const found: Repaired[] = [];
  let unseen = 0;
  for (const folder of repositories) {
    const { workspace } = await workspaceAt(folder, {}, 'whole');
    const targets = targetsIn(workspace);
    const random = randomOf(Number(options.seed));
    const here: Repaired[] = [];
    for (const mistake of mistakes) {
      const wanted = Number(options.faults);
      let made = 0;
      for (let tries = 0; made < wanted && tries < 12 * wanted && targets.length > 0; tries += 1) {
        const result = repair(workspace, random.pick(targets), mistake, random);
        if (result === undefined) continue;
        made += 1;
        if (result === 'nothing found') unseen += 1;
        else here.push(result);
      }
    }
    found.push(...here);
    console.log(row(basename(folder).slice(0, 34), here));
  }
  console.log('');
  for (const mistake of mistakes) console.log(row(mistake, of(found, mistake)));
  console.log(row('all', found));
  console.log(`Left out: ${unseen} faults without a finding.`);
  print(
    'No fix',
    found.filter(({ fixes }) => fixes.length === 0),
    options,
  );
  print('Left at the place of a fix', found.filter(isDirty), options);
  const fixed = found.filter(({ fixes }) => fixes.length > 0);
  return fixed.length >= 0.95 * found.length && !found.some(isDirty) ? 0 : 1;
}

function of(found: readonly Repaired[], mistake: Mistake): readonly Repaired[] {
  return found.filter((one) => one.mistake === mistake);
}

function isDirty({ fixes }: Repaired): boolean {
  return fixes.some(({ open, left }) => !open && left.length > 0);
}

function row(name: string, found: readonly Repaired[]): string {
  const share = (count: number, all: number) => (all === 0 ? '-' : `${((100 * count) / all).toFixed(1)} %`).padStart(9);
  const fixed = found.filter(({ fixes }) => fixes.length > 0);
  const offered = found.flatMap(({ fixes }) => fixes);
  const first = fixed.map(({ fixes }) => fixes[0]!);
  const open = fixed.filter(({ fixes }) => fixes.every((fix) => fix.open)).length;
  const removes = first.filter(({ title }) => title.startsWith('Remove')).length;
  const dirty = offered.filter((fix) => !fix.open && fix.left.length > 0).length;
  const same = first.filter((fix) => fix.same === 'text').length;
  const object = first.filter((fix) => fix.same !== undefined).length;
  return [
    name.padEnd(36),
    `${found.length} found`.padStart(12),
    `${share(fixed.length, found.length)} fixed`,
    `${share(open, found.length)} only a placeholder`,
    `${share(removes, found.length)} first removes`,
    `${String(dirty).padStart(4)} of ${offered.length} fixes dirty`,
    `${share(same, fixed.length)} text`,
    `${share(object, fixed.length)} object restored`,
  ].join(' ');
}

function print(title: string, found: readonly Repaired[], { misses }: Options): void {
  if (found.length > 0) console.log(`\n${title}: ${found.length}`);
  for (const { mistake, what, fixes } of found.slice(0, Number(misses))) {
    console.log(`  ${mistake}: ${what.slice(0, 300)}`);
    for (const { title, left } of fixes) if (left.length > 0) console.log(`    ${title} -> ${left[0]!.slice(0, 200)}`);
  }
}
