// `npm run completions -- typing|accepting|mutated --from DIR`: measures completion on public repositories.
//
// typing     Types manifests of 25 kinds word by word. A word counts if the schema, the workspace or the text above tells
//            it (completions/words.ts has the rules). Printed for 0 to 3 letters typed, for the text above only and with
//            the rest of the document below: share of words offered, offered first, and among the first three.
//
// accepting  Accepts offered items at places of each document: a new key, a key or a value that was removed, with or
//            without the rest of the file below. Printed: the share of items that bring a finding (an error or a warning
//            that neither the file as it was, nor the file without the word, nor the file with a word that may be any
//            has). A finding at an empty tab stop is the question that the tab stop asks, and doesn't count; nor does a
//            field that is missing in a map around the cursor where the text ends there. Findings elsewhere that end with
//            any value at the empty tab stops are counted apart.
//
// mutated    Breaks a line above a key as it is while somebody types it (no colon, an open quote, ...). Printed for each
//            slip: the share of places at which the key, with two letters typed, is still offered.
//
//   --from DIR      a repository, or a folder of repositories; may be repeated
//   --documents N   number of documents (60 to type, 20000 to accept in, 2000 to break)
//   --kinds N       number of kinds (25)
//   --seed N        seed of the random numbers (1)
//   --items N       number of items to accept at each place (6)
//   --places N      number of places in each document (1)
//   --at PATTERN    only at words whose `group/Kind path` the regular expression matches
//   --letters N     number of letters to type at most (3)
//   --misses N      number of misses to print (0)
//   --slowest N     number of the slowest answers to print (0)
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { snippetTexts } from '../../server/src/disk/snippets.ts';
import { readSnippets } from '../../server/src/features/completion/snippets.ts';
import { preparingFiles } from '../../server/src/features/latest-findings.ts';
import { atOnce } from '../../server/src/syntax/steps.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { type Random, randomOf } from '../live/verdict/random.ts';
import { type Acceptance, acceptingInMany, type Sampling, sampledWords } from './completions/accepting.ts';
import {
  candidatesIn,
  isSubject,
  openRepository,
  repositoriesIn,
  type Subject,
  subjectsIn,
} from './completions/corpus.ts';
import { mutated, type Slip } from './completions/mutated.ts';
import { type Outcome, typedLengths, typing } from './completions/typing.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', multiple: true, default: [] },
    documents: { type: 'string' },
    kinds: { type: 'string', default: '25' },
    seed: { type: 'string', default: '1' },
    items: { type: 'string', default: '6' },
    places: { type: 'string', default: '1' },
    at: { type: 'string' },
    letters: { type: 'string', default: '3' },
    misses: { type: 'string', default: '0' },
    slowest: { type: 'string', default: '0' },
  },
});

const mostWords = 60;

process.exitCode = await main();

async function main(): Promise<number> {
  const repositories = repositoriesIn(options.from);
  if (repositories.length === 0) {
    console.error('Nothing to measure: give repositories with --from DIR.');
    return 2;
  }
  switch (positionals[0] ?? 'typing') {
    case 'typing':
      return measureTyping(repositories);
    case 'accepting':
      return measureAccepting(repositories);
    case 'mutated':
      return measureSlips(repositories);
    default:
      console.error('Unknown measure; give typing, accepting or mutated.');
      return 2;
  }
}

async function measureTyping(repositories: readonly string[]): Promise<number> {
  const chosen = await chooseManifests(repositories);
  const outcomes: Outcome[] = [];
  const hand = { most: mostWords, letters: Number(options.letters), snippets: readSnippets(snippetTexts()) };
  for (const [folder, subjects] of chosen) {
    const workspace = await openRepository(folder);
    for (const subject of subjects) {
      // The server has found what is in an open file before a hand types in it.
      atOnce(preparingFiles(workspace, [subject.path]));
      outcomes.push(...typing(workspace, subject, hand));
    }
    console.log(`${basename(folder).padEnd(46)}${subjects.map(({ kind }) => kind.split('/')[1]).join(' ')}`);
  }
  const subjects = new Set(outcomes.map(({ subject }) => subject));
  const kinds = new Set([...subjects].map(({ kind }) => kind));
  console.log(`\n${subjects.size} manifests of ${kinds.size} kinds\n`);
  for (const below of [false, true]) {
    for (const as of ['key', 'value'] as const) {
      for (const typed of typedLengths.slice(0, Number(options.letters) + 1)) {
        const of = outcomes.filter((one) => one.below === below && one.typed === typed && one.word.as === as);
        console.log(row(`${as}s, ${below ? 'rest below' : 'text above only'}, ${typed} letters typed`, of));
      }
    }
  }
  for (const typed of typedLengths.slice(0, Number(options.letters) + 1))
    console.log(
      row(
        `all, ${typed} letters typed`,
        outcomes.filter((one) => one.typed === typed),
      ),
    );
  console.log(row('all', outcomes));
  printMisses(outcomes);
  const slowest = outcomes.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, Number(options.slowest));
  for (const { milliseconds, ...one } of slowest) console.log(`${milliseconds.toFixed(1)} ms ${described(one)}`);
  return 0;
}

async function measureAccepting(repositories: readonly string[]): Promise<number> {
  const random = randomOf(Number(options.seed));
  const outcomes: Acceptance[] = [];
  const sampling: Sampling = {
    random,
    places: Number(options.places),
    items: Number(options.items),
    snippets: readSnippets(snippetTexts()),
    at: options.at === undefined ? undefined : new RegExp(options.at),
  };
  let left = Number(options.misses);
  const isSampled = (subject: Subject) => sampling.at === undefined || sampledWords(subject, sampling).length > 0;
  const documents = await sampled(repositories, 20_000, random, isSampled, (workspace, subjects) => {
    const found = acceptingInMany(workspace, subjects, sampling);
    const shown = found.filter((one) => hasFinding(one) || one.pending.length > 0).slice(0, left);
    for (const one of shown) printAcceptance(one);
    left -= shown.length;
    outcomes.push(...found);
  });
  console.log(`\n${documents} documents`);
  for (const state of new Set(outcomes.map((one) => one.state))) {
    console.log(
      acceptanceRow(
        state,
        outcomes.filter((one) => one.state === state),
      ),
    );
  }
  console.log(acceptanceRow('all', outcomes));
  return outcomes.some(hasFinding) ? 1 : 0;
}

function hasFinding({ inside, elsewhere }: Acceptance): boolean {
  return inside.length + elsewhere.length > 0;
}

function printAcceptance({ subject, state, label, line, inside, elsewhere, pending }: Acceptance): void {
  console.log(
    `${state} ${subject.kind} ${JSON.stringify(label)} ${JSON.stringify(line.slice(0, 120))} ${subject.path}`,
  );
  for (const one of inside) console.log(`    inside ${one}`);
  for (const one of elsewhere) console.log(`    elsewhere ${one}`);
  for (const one of pending) console.log(`    until filled in ${one}`);
}

async function measureSlips(repositories: readonly string[]): Promise<number> {
  const random = randomOf(Number(options.seed));
  const outcomes: Slip[] = [];
  const documents = await sampled(
    repositories,
    2_000,
    random,
    () => true,
    (workspace, subjects) => {
      for (const subject of subjects) outcomes.push(...mutated(workspace, subject, random));
    },
  );
  console.log(`\n${documents} documents`);
  for (const slip of new Set(outcomes.map((one) => one.slip))) {
    for (const below of [false, true]) {
      const of = outcomes.filter((one) => one.slip === slip && one.below === below);
      console.log(slipRow(`${slip}, ${below ? 'rest below' : 'text above only'}`, of));
    }
  }
  console.log(slipRow('all', outcomes));
  for (const { subject, word, slip, below, where } of outcomes
    .filter(({ offered }) => !offered)
    .slice(0, Number(options.misses))) {
    console.log(`${slip}${below ? ', rest below' : ''}: ${JSON.stringify(where)} ${word.name} ${subject.path}`);
  }
  return 0;
}

function slipRow(name: string, outcomes: readonly Slip[]): string {
  const offered = outcomes.filter((one) => one.offered).length;
  const share = `${((100 * offered) / Math.max(1, outcomes.length)).toFixed(1)} %`;
  return `${name.padEnd(44)}${String(outcomes.length).padStart(7)} places${share.padStart(9)} still offered`;
}

/** Longer ones are generated: schemas of CRDs, dashboards. */
function isOfUsualSize({ text }: Subject): boolean {
  return text.length < 30_000;
}

/** Documents of every repository in equal numbers; what a small one lacks is taken from those after it. */
async function sampled(
  repositories: readonly string[],
  preset: number,
  random: Random,
  isSampled: (subject: Subject) => boolean,
  measure: (workspace: Workspace, subjects: readonly Subject[]) => void,
): Promise<number> {
  const most = Number(options.documents ?? preset);
  let documents = 0;
  for (const [turn, folder] of repositories.entries()) {
    const workspace = await openRepository(folder);
    const share = Math.ceil((most - documents) / (repositories.length - turn));
    const candidates = shuffled(candidatesIn(workspace).filter(isOfUsualSize), random);
    const subjects = firstOf(candidates, share, (one) => isSampled(one) && isSubject(workspace, one));
    const started = process.cpuUsage();
    measure(workspace, subjects);
    const { user, system } = process.cpuUsage(started);
    documents += subjects.length;
    console.log(
      `${basename(folder).padEnd(46)}${String(subjects.length).padStart(7)} documents${((user + system) / 1e6).toFixed(1).padStart(9)} s`,
    );
  }
  return documents;
}

/** The first that are accepted, without asking about those after them. */
function firstOf<T>(list: readonly T[], most: number, accepts: (item: T) => boolean): readonly T[] {
  const found: T[] = [];
  for (const item of list) {
    if (found.length >= most) break;
    if (accepts(item)) found.push(item);
  }
  return found;
}

function acceptanceRow(name: string, outcomes: readonly Acceptance[]): string {
  const count = (of: 'inside' | 'elsewhere' | 'pending') => outcomes.filter((one) => one[of].length > 0).length;
  const share = (of: 'inside' | 'elsewhere') => `${((100 * count(of)) / Math.max(1, outcomes.length)).toFixed(2)} %`;
  return `${name.padEnd(30)}${String(outcomes.length).padStart(8)} accepted, finding in the text ${share('inside')} (${count('inside')}), elsewhere ${share('elsewhere')} (${count('elsewhere')}), until a tab stop is filled in ${count('pending')}`;
}

/** Manifests of the kinds that most repositories have, in turn from each kind, and from different repositories. */
async function chooseManifests(repositories: readonly string[]): Promise<ReadonlyMap<string, readonly Subject[]>> {
  const random = randomOf(Number(options.seed));
  const byKind = new Map<string, { folder: string; subject: Subject }[]>();
  for (const folder of repositories) {
    const workspace = await openRepository(folder);
    for (const subject of subjectsIn(workspace)) {
      const lines = subject.text.split('\n').length;
      if (lines < 8 || lines > 150 || /testdata|golden/.test(subject.path)) continue;
      if (workspace.file(subject.path)!.text.split('\n').length > 500) continue;
      byKind.set(subject.kind, [...(byKind.get(subject.kind) ?? []), { folder, subject }]);
    }
  }
  const spread = (of: readonly { folder: string }[]) => new Set(of.map(({ folder }) => folder)).size;
  const kinds = [...byKind.values()].sort((a, b) => spread(b) - spread(a) || b.length - a.length);
  const chosen = new Map<string, Subject[]>();
  const lists = kinds.slice(0, Number(options.kinds)).map((list) => shuffled(list, random));
  let count = 0;
  for (let turn = 0; count < Number(options.documents ?? 60) && lists.some((list) => list.length > turn); turn += 1) {
    for (const list of lists) {
      const one = list[turn];
      if (!one || count >= Number(options.documents ?? 60)) continue;
      chosen.set(one.folder, [...(chosen.get(one.folder) ?? []), one.subject]);
      count += 1;
    }
  }
  return chosen;
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const keyed = list.map((item) => ({ item, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const share = (below: number) => {
    const met = outcomes.filter(({ rank }) => rank >= 0 && rank < below).length;
    return `${((100 * met) / Math.max(1, outcomes.length)).toFixed(1)} %`.padStart(9);
  };
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
  return `${name.padEnd(44)}${String(outcomes.length).padStart(7)} words${share(Number.POSITIVE_INFINITY)} offered${share(1)} first${share(3)} in the top three   p95 ${p95.toFixed(1)} ms`;
}

function printMisses(outcomes: readonly Outcome[]): void {
  const missed = outcomes.filter(({ rank }) => rank === -1 || rank > 2);
  for (const one of missed.slice(0, Number(options.misses))) {
    const { rank, best } = one;
    console.log(`${rank === -1 ? 'missing' : `rank ${rank}`} ${described(one)} [${best.join(', ')}]`);
  }
}

function described({ subject, word, below, typed }: Pick<Outcome, 'subject' | 'word' | 'below' | 'typed'>): string {
  const place = `${subject.kind} ${word.path.join('.')} = ${word.name}`;
  return `${word.as} ${word.known} ${below ? 'below' : 'above'} ${typed}: ${place} ${subject.path}`;
}
