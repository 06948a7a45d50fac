// Accepts offered items at places of a document and compares the findings before and after.
import { complete } from '../../../server/src/features/completion/completion.ts';
import type { Completion } from '../../../server/src/features/completion/item.ts';
import type { Snippet } from '../../../server/src/features/completion/snippets.ts';
import { cursorAt } from '../../../server/src/features/cursor.ts';
import { diagnose, type FileFinding } from '../../../server/src/features/diagnostics.ts';
import { preparing, preparingFiles } from '../../../server/src/features/latest-findings.ts';
import { printPath } from '../../../server/src/syntax/navigate.ts';
import { atOnce } from '../../../server/src/syntax/steps.ts';
import type { Path } from '../../../server/src/syntax/tree.ts';
import { readFile, type SourceFile } from '../../../server/src/workspace/document.ts';
import { fleetOf } from '../../../server/src/workspace/fleets.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../../live/verdict/random.ts';
import type { Subject } from './corpus.ts';
import { expanded } from './snippet.ts';
import { shown } from './typing.ts';
import { isAtStop, isNotYetWritten } from './unwritten.ts';
import { type Word, wordsOf } from './words.ts';

export interface Acceptance {
  readonly subject: Subject;
  readonly state: State;
  readonly label: string;
  /** The line at the cursor after the item was accepted, if that brought anything. */
  readonly line: string;
  /** Findings in the accepted text, and those that it causes elsewhere. */
  readonly inside: readonly string[];
  readonly elsewhere: readonly string[];
  /** Elsewhere, but only until the empty tab stops are filled in: gone with values there that may be any. */
  readonly pending: readonly string[];
}

type State = 'new key' | 'key removed' | 'key, nothing below' | 'value removed' | 'value, nothing below';
const states: readonly State[] = [
  'new key',
  'key removed',
  'key, nothing below',
  'value removed',
  'value, nothing below',
];

interface Place {
  readonly state: State;
  /** The file's text, with the cursor at `offset`. */
  readonly text: string;
  readonly offset: number;
  /**
   * The texts that findings are compared with: without the word, with a word that may be any and, where the text ends at the
   * cursor, with the words that were there: what only the end brings is not the item's.
   */
  readonly before: readonly string[];
  /** The text ends at the cursor, so that the object is unfinished. */
  readonly isLast: boolean;
}

export interface Sampling {
  readonly random: Random;
  /** Places in each document. */
  readonly places: number;
  /** Items at each place. */
  readonly items: number;
  readonly snippets: readonly Snippet[];
  /** Only words whose kind and path it matches: `apps/Deployment spec.replicas`. */
  readonly at?: RegExp | undefined;
}

/** The words at which something may be accepted. */
export function sampledWords(subject: Subject, { at }: Pick<Sampling, 'at'>): readonly Word[] {
  const words = wordsOf(subject);
  return at ? words.filter(({ path }) => at.test(`${subject.kind} ${printPath(path)}`)) : words;
}

/** Accepts in a document, one item after the other. */
export function accepting(workspace: Workspace, subject: Subject, sampling: Sampling): readonly Acceptance[] {
  const original = originalOf(workspace, subject);
  const found = attemptsIn(workspace, subject, sampling);
  return found.map((attempt) => outcomeOf(workspace, original, attempt, false));
}

/** Documents that are edited at the same time at most. */
const mostTogether = 32;

/**
 * The same for many documents of a workspace. What an edit means for clusters takes longest to find, so that documents of
 * different files are edited at the same time. An item is accepted on its own if it seems to bring a finding, if it changes
 * what others depend on (which objects there are, what is applied, kinds, values of variables), or if another edit changes
 * what applies its file after all: a finding could be hidden then.
 */
export function acceptingInMany(
  workspace: Workspace,
  subjects: readonly Subject[],
  sampling: Sampling,
): readonly Acceptance[] {
  return inGroups(subjects).flatMap((group) => acceptingTogether(workspace, group, sampling));
}

/** Each of documents of different files. */
function inGroups(subjects: readonly Subject[]): readonly (readonly Subject[])[] {
  const groups: Map<string, Subject>[] = [];
  /** Of each file, the first group that has none of its documents. */
  const next = new Map<string, number>();
  for (const subject of subjects) {
    let at = next.get(subject.path) ?? 0;
    while ((groups[at]?.size ?? 0) >= mostTogether) at += 1;
    (groups[at] ??= new Map()).set(subject.path, subject);
    next.set(subject.path, at + 1);
  }
  return groups.map((group) => [...group.values()]);
}

function acceptingTogether(
  workspace: Workspace,
  subjects: readonly Subject[],
  sampling: Sampling,
): readonly Acceptance[] {
  // As in an editor, everything is found before anything is typed.
  const originals = subjects.map((subject) => ({ subject, original: originalOf(workspace, subject) }));
  const prepared = originals.map((one) => ({ ...one, attempts: attemptsIn(workspace, one.subject, sampling) }));
  const members = prepared.map(({ subject, original, attempts }) => {
    const together = attempts.filter(({ accepted }) => isForItself(original.file, accepted));
    return { subject, attempts, together, original, appliers: appliersOf(workspace, subject) };
  });
  const unsuspected = new Set<Attempt>();
  const rounds = Math.max(0, ...members.map(({ together }) => together.length));
  for (let round = 0; round < rounds; round += 1) {
    const edited = members.flatMap((member) => {
      const attempt = member.together[round];
      return attempt ? [{ ...member, attempt }] : [];
    });
    for (const { subject, attempt } of edited) workspace.put(subject.path, attempt.accepted);
    for (const { subject, attempt, original, appliers } of edited) {
      const isSame = appliersOf(workspace, subject) === appliers;
      if (isSame && suspectsOf(workspace, original, attempt).length === 0) unsuspected.add(attempt);
    }
    for (const { original } of edited) workspace.adopt(original.file);
  }
  return members.flatMap(({ attempts, original }) =>
    attempts.map((attempt) => outcomeOf(workspace, original, attempt, unsuspected.has(attempt))),
  );
}

/** Whether the edit changes nothing that other files depend on. */
function isForItself(file: SourceFile, text: string): boolean {
  const edited = readFile(file.path, text, file);
  const other = edited.documents.filter(({ document }) => file.documents.every((one) => one.document !== document));
  const decides = other.some(({ document: { facts } }) =>
    facts.objects.some(({ groupKind }) => decidesAboutOthers.has(groupKind)),
  );
  return !decides && effectOf(edited) === effectOf(file);
}

const decidesAboutOthers: ReadonlySet<string> = new Set([
  'apiextensions.k8s.io/CustomResourceDefinition',
  '/ConfigMap',
  '/Secret',
]);

/** The objects of a file, and what it applies. */
function effectOf({ documents }: SourceFile): string {
  return JSON.stringify(
    documents.map(({ document: { facts } }) => [
      facts.objects.map(({ groupKind, name, namespace }) => [groupKind, name, namespace]),
      facts.deliveries,
      facts.kustomization,
    ]),
  );
}

/** What applies the file, and whether it is known for certain in which form. */
function appliersOf(workspace: Workspace, { path }: Subject): string {
  const fleet = fleetOf(workspace);
  const chains = fleet.chainsOf(path).map(({ appliers }) => appliers.map(({ name }) => name).join('/'));
  const forms = fleet.objectsWith(path).flat();
  return [...chains, forms.length > 0, forms.some(({ isCertain }) => isCertain)].join('\n');
}

interface Original {
  readonly file: SourceFile;
  readonly places: ReadonlySet<string>;
}

function originalOf(workspace: Workspace, { path }: Subject): Original {
  const file = workspace.file(path)!;
  return { file, places: new Set(found(workspace, path, file.text).map(({ place }) => place)) };
}

/** A value that isn't known: the API server's verdict is on everything around it. */
const hole = '${ANY}';

function placeIn(subject: Subject, original: string, sampling: Sampling): Place | undefined {
  const { random } = sampling;
  const state = random.pick(states);
  const as = state.includes('key') ? 'key' : 'value';
  const isRestBelow = state === 'value removed' || state === 'key removed';
  // The kind of the object decides what the rest of it means; it is chosen before the rest is written.
  const decides = ({ path }: { readonly path: Path }) =>
    path.length === 1 && /^(?:apiVersion|kind)$/.test(String(path[0]));
  const words = sampledWords(subject, sampling).filter((word) => word.as === as && !(isRestBelow && decides(word)));
  if (words.length === 0) return undefined;
  const word = random.pick(words);
  const [start, end] = [subject.start + word.start, subject.start + word.entryEnd];
  const lineStart = original.lastIndexOf('\n', start - 1) + 1;
  const [above, below] = [original.slice(0, start), original.slice(end)];
  switch (state) {
    case 'new key': {
      const lead = original.slice(lineStart, start);
      if (!/^ *$/.test(lead)) return undefined;
      const text = `${above}\n${lead}${original.slice(start)}`;
      return { state, text, offset: start, before: [original], isLast: false };
    }
    case 'key removed':
    case 'value removed':
      return { state, text: above + below, offset: start, before: withHole(above, below), isLast: false };
    default:
      return {
        state,
        text: above,
        offset: start,
        before: [...withHole(above, ''), original.slice(0, end)],
        isLast: true,
      };
  }
}

/** The hole takes the place of a value or, at the first key of a map, of the map and of another key in it. */
function withHole(above: string, below: string): readonly string[] {
  const opened = above.trimEnd();
  const isOpen = /[:-]$/.test(opened);
  if (!isOpen) return [above + below];
  return [above + below, `${opened} ${hole}${below}`, ...(/\S$/.test(above) ? [] : [`${above}any: ${hole}${below}`])];
}

/** An item that is accepted at a place. */
interface Attempt extends Applied {
  readonly subject: Subject;
  readonly label: string;
  readonly place: Place;
}

function attemptsIn(workspace: Workspace, subject: Subject, sampling: Sampling): readonly Attempt[] {
  const file = workspace.file(subject.path)!;
  const attempts: Attempt[] = [];
  for (let count = 0; count < sampling.places; count += 1) {
    const place = placeIn(subject, file.text, sampling);
    if (!place) continue;
    attempts.push(...attemptsAt(workspace, subject, place, sampling));
    // The same documents as before, so that what is known of them stays known.
    workspace.adopt(file);
  }
  return attempts;
}

function attemptsAt(
  workspace: Workspace,
  subject: Subject,
  place: Place,
  { items, random, snippets }: Sampling,
): readonly Attempt[] {
  const { text, offset } = place;
  workspace.put(subject.path, text);
  // In an editor, what is missing from the file was found before anything is typed there.
  atOnce(preparing(workspace));
  atOnce(preparingFiles(workspace, [subject.path]));
  const cursor = cursorAt(workspace, subject.path, offset);
  if (!cursor) return [];
  const list = shown(complete(cursor, snippets), '');
  const chosen = new Set(list.slice(0, Math.ceil(items / 2)));
  while (chosen.size < Math.min(items, list.length)) chosen.add(random.pick(list));
  return [...chosen].map((item) => ({ ...applied(text, item, cursor.start), subject, label: item.label, place }));
}

/** Findings that the file didn't have, apart from questions and what is written next. */
function suspectsOf(workspace: Workspace, { places }: Original, attempt: Attempt): readonly Known[] {
  const { subject, accepted, start, stops, place } = attempt;
  return found(workspace, subject.path, accepted).filter((one) => {
    if (!isInside(one, attempt) && places.has(one.place)) return false;
    // A tab stop without a default is a placeholder: its finding is the question that it asks.
    if (isAtStop(one.finding, stops, accepted)) return false;
    return !isNotYetWritten(workspace, subject.path, one.finding, start, place.isLast);
  });
}

/** Findings that the item brings, with every other file as it is. */
function broughtAlone(workspace: Workspace, original: Original, attempt: Attempt): readonly Known[] {
  const { path } = attempt.subject;
  const suspects = suspectsOf(workspace, original, attempt);
  const before = suspects.length === 0 ? [] : attempt.place.before.flatMap((one) => found(workspace, path, one));
  workspace.adopt(original.file);
  const known = new Set(before.map(({ place }) => place));
  return suspects.filter(({ place }) => !known.has(place));
}

/** Those that are there whatever the empty tab stops will be. */
function lastingOf(
  workspace: Workspace,
  original: Original,
  attempt: Attempt,
  brought: readonly Known[],
): readonly Known[] {
  const { subject, accepted, stops } = attempt;
  if (brought.length === 0 || stops.length === 0) return brought;
  if (isWithoutOneValue(accepted, stops, original.file.text)) return brought.filter((one) => isInside(one, attempt));
  const filled = [...stops].reverse().reduce((text, at) => text.slice(0, at) + hole + text.slice(at), accepted);
  const lasting = new Set(found(workspace, subject.path, filled).map(({ place }) => place));
  workspace.adopt(original.file);
  return brought.filter((one) => isInside(one, attempt) || lasting.has(one.place));
}

/** Whether the text is the original but for a value, which its only stop asks for. */
function isWithoutOneValue(text: string, [stop, ...others]: readonly number[], original: string): boolean {
  if (stop === undefined || others.length > 0 || original.length < text.length) return false;
  return original.startsWith(text.slice(0, stop)) && original.endsWith(text.slice(stop));
}

function isInside({ finding }: Known, { start, end }: Applied): boolean {
  return finding.start >= start - 1 && finding.start <= end;
}

/** With `isKnown`, it is known that the item brings nothing. */
function outcomeOf(workspace: Workspace, original: Original, attempt: Attempt, isKnown: boolean): Acceptance {
  const brought = isKnown ? [] : broughtAlone(workspace, original, attempt);
  const lasting = lastingOf(workspace, original, attempt, brought);
  const { subject, label, accepted, start, end, place } = attempt;
  return {
    subject,
    state: place.state,
    label,
    // A part of a text keeps the whole text in memory, which is many times that of all findings.
    line: brought.length === 0 ? '' : accepted.slice(accepted.lastIndexOf('\n', start - 1) + 1, end),
    inside: lasting.filter((one) => isInside(one, attempt)).map(({ name }) => name),
    elsewhere: lasting.filter((one) => !isInside(one, attempt)).map(({ name }) => name),
    pending: brought.filter((one) => !lasting.includes(one)).map(({ name }) => name),
  };
}

interface Known {
  readonly finding: FileFinding;
  /** The rule and the field, in which document of the file: the finding itself may word what was chosen. */
  readonly place: string;
  readonly name: string;
}

function found(workspace: Workspace, path: string, text: string): readonly Known[] {
  workspace.put(path, text);
  const { documents } = workspace.file(path)!;
  return diagnose(workspace, path)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map((finding) => ({
      finding,
      place: `${documents.findLastIndex(({ start }) => start <= finding.start)} ${finding.rule} ${finding.path ?? ''}`,
      name: `${finding.rule} ${finding.path ?? ''}: ${finding.message}`,
    }));
}

interface Applied {
  readonly accepted: string;
  /** Of the inserted text. */
  readonly start: number;
  readonly end: number;
  /** Offsets of the tab stops without a default. */
  readonly stops: readonly number[];
}

function applied(text: string, item: Completion, documentStart: number): Applied {
  const { text: insert, stops } = expanded(item.insert);
  const main = { start: item.start, end: item.end, text: insert };
  const edits = [main, ...(item.additional ?? [])].toSorted((a, b) => a.start - b.start);
  let accepted = '';
  let at = 0;
  let start = 0;
  for (const edit of edits) {
    accepted += text.slice(at, edit.start + documentStart);
    if (edit === main) start = accepted.length;
    accepted += edit.text;
    at = edit.end + documentStart;
  }
  accepted += text.slice(at);
  return { accepted, start, end: start + insert.length, stops: stops.map((stop) => start + stop) };
}
