// `npm run slips -- --from DIR`: plants one slip of the hand at a time in manifests of real repositories, and counts the
// findings that it brings: it should be exactly one, at the line that slipped or beside it.
//
//   --from DIR      a folder of manifests; may be repeated
//   --slips N       number of slips of each kind (200)
//   --seed N        seed of the random numbers (1)
//   --only TEXT     only kinds of slips with the text in their name
//   --show N        number of slips with several findings, or with one elsewhere, to print for each kind (3)
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { diagnose, type FileFinding } from '../../server/src/features/diagnostics.ts';
import { testCatalog } from '../../server/src/fixture.ts';
import { gvkOf } from '../../server/src/kube/identity.ts';
import { type Manifest, parseManifest } from '../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { type Slipped, slips } from './slips/slip.ts';
import { type Random, randomOf } from './verdict/random.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    slips: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});

interface Outcome {
  readonly findings: readonly string[];
  /** Whether the first is at a slipped line, or at the one before or after it. */
  readonly near: boolean;
  /** For people: the lines around the slip. */
  readonly shown: string;
}

process.exitCode = main();

function main(): number {
  const files = options.from.flatMap((folder) => manifestsIn(resolve(folder)));
  if (files.length === 0) {
    console.error('Nothing to plant in: give folders with --from DIR.');
    return 2;
  }
  const random = randomOf(Number(options.seed));
  const all: Outcome[] = [];
  for (const [name, slip] of Object.entries(slips)) {
    if (!name.includes(options.only)) continue;
    const outcomes: Outcome[] = [];
    let valid = 0;
    for (let tries = 0; outcomes.length < Number(options.slips) && tries < 100 * Number(options.slips); tries += 1) {
      const manifest = documentOf(random.pick(files), random);
      const slipped = manifest && slip(manifest, random);
      const outcome = slipped && measured(manifest, slipped);
      if (outcome?.findings.length === 0) valid += 1;
      else if (outcome) outcomes.push(outcome);
    }
    console.log(row(name, outcomes, valid));
    for (const { findings, shown } of outcomes.filter(isBad).slice(0, Number(options.show)))
      console.log(
        `${shown}\n${findings
          .slice(0, 4)
          .map((one) => `      ${one}`)
          .join('\n')}\n`,
      );
    all.push(...outcomes);
  }
  console.log(row('all', all, 0));
  return all.filter((one) => !isBad(one)).length >= all.length * 0.97 ? 0 : 1;
}

function isBad({ findings, near }: Outcome): boolean {
  return findings.length !== 1 || !near;
}

function manifestsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(folder, name));
}

/** A random document of a known kind without errors. */
function documentOf(path: string, random: Random): Manifest | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  if (text.length > 60_000 || text.includes('\t') || text.includes('\r')) return undefined;
  const manifest = parseManifest(random.pick(splitDocuments(text)).text);
  const { apiVersion, kind, template, findings } = manifest;
  const gvk = apiVersion && kind ? gvkOf(apiVersion, kind) : undefined;
  if (!gvk || template || findings.length > 0) return undefined;
  return manifest;
}

/** The findings that the text has in addition with the slip. */
function measured({ text }: Manifest, slipped: Slipped): Outcome | undefined {
  const workspace = new Workspace(testCatalog);
  const judged = (what: string): readonly FileFinding[] => {
    workspace.put('a.yaml', what);
    return diagnose(workspace, 'a.yaml');
  };
  const before = judged(text);
  // Errors that are there already hide what a slip next to them brings.
  if (before.some(({ severity }) => severity === 'error')) return undefined;
  const keyOf = ({ rule, path = '', message }: FileFinding) => `${rule} ${path} ${message}`;
  const known = new Set(before.map(keyOf));
  const brought = judged(slipped.text).filter((one) => !known.has(keyOf(one)));
  const lineOf = (offset: number) => slipped.text.slice(0, offset).split('\n').length - 1;
  const lines = slipped.text.split('\n');
  return {
    findings: brought.map(({ rule, start, message }) => `${lineOf(start) + 1} ${rule}: ${message}`),
    near: brought.some(({ start }) => lineOf(start) >= slipped.first - 1 && lineOf(start) <= slipped.last + 1),
    shown: Array.from({ length: 7 }, (_, index) => slipped.first - 3 + index)
      .filter((line) => lines[line] !== undefined)
      .map(
        (line) =>
          `  ${line === slipped.first ? '>' : ' '} ${String(line + 1).padStart(4)} ${lines[line]!.replaceAll('\t', '→')}`,
      )
      .join('\n'),
  };
}

function row(name: string, outcomes: readonly Outcome[], valid: number): string {
  const counts = outcomes.map(({ findings }) => findings.length).toSorted((a, b) => a - b);
  const at = (share: number) => counts[Math.min(counts.length - 1, Math.floor(counts.length * share))] ?? 0;
  const share = (some: readonly Outcome[]) => `${((100 * some.length) / Math.max(1, outcomes.length)).toFixed(1)} %`;
  const one = outcomes.filter(({ findings }) => findings.length === 1);
  return [
    name.padEnd(44),
    `${String(outcomes.length).padStart(5)} slips`,
    `median ${at(0.5)}, p95 ${at(0.95)}, max ${counts.at(-1) ?? 0}`,
    `exactly one ${share(one)}`,
    `near ${share(one.filter(({ near }) => near))}`,
    ...(valid > 0 ? [`(${valid} more left a valid document)`] : []),
  ].join('  ');
}
