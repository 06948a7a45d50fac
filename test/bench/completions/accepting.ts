// Accepts offered items at places of a document and compares the findings before and after.
import { complete } from '../../../server/src/features/completion/completion.ts';
import type { Completion } from '../../../server/src/features/completion/item.ts';
import type { Snippet } from '../../../server/src/features/completion/snippets.ts';
import { cursorAt } from '../../../server/src/features/cursor.ts';
import { diagnose, type FileFinding } from '../../../server/src/features/diagnostics.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import type { Node, Path } from '../../../server/src/syntax/tree.ts';
import { keyName } from '../../../server/src/syntax/value.ts';
import { documentAt } from '../../../server/src/workspace/document.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../../live/verdict/random.ts';
import type { Subject } from './corpus.ts';
import { expanded } from './snippet.ts';
import { shown } from './typing.ts';
import { wordsOf } from './words.ts';

export interface Acceptance {
  readonly subject: Subject;
  readonly state: State;
  readonly label: string;
  /** The line at the cursor after the item was accepted. */
  readonly line: string;
  /** Findings in the accepted text, and those that it causes elsewhere. */
  readonly inside: readonly string[];
  readonly elsewhere: readonly string[];
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
  /** The texts that findings are compared with: without the word, and with a word that may be any. */
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
}

export function accepting(workspace: Workspace, subject: Subject, sampling: Sampling): readonly Acceptance[] {
  const original = workspace.file(subject.path)!.text;
  const outcomes: Acceptance[] = [];
  const known = found(workspace, subject.path, original);
  for (let count = 0; count < sampling.places; count += 1) {
    workspace.put(subject.path, original);
    const place = placeIn(workspace, subject, original, sampling.random);
    if (place) outcomes.push(...acceptAt(workspace, subject, place, known, sampling));
  }
  workspace.put(subject.path, original);
  return outcomes;
}

/** A value that isn't known: the API server's verdict is on everything around it. */
const hole = '${ANY}';

function placeIn(workspace: Workspace, subject: Subject, original: string, random: Random): Place | undefined {
  const state = random.pick(states);
  const as = state.includes('key') ? 'key' : 'value';
  const isRestBelow = state === 'value removed' || state === 'key removed';
  // The kind of the object decides what the rest of it means; it is chosen before the rest is written.
  const decides = ({ path }: { readonly path: Path }) =>
    path.length === 1 && /^(?:apiVersion|kind)$/.test(String(path[0]));
  const words = wordsOf(workspace, subject).filter((word) => word.as === as && !(isRestBelow && decides(word)));
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
      return { state, text: above, offset: start, before: withHole(above, ''), isLast: true };
  }
}

/** The hole takes the place of a value or, at the first key of a map, of the map. */
function withHole(above: string, below: string): readonly string[] {
  const opened = above.trimEnd();
  const isOpen = /[:-]$/.test(opened);
  return isOpen ? [above + below, `${opened} ${hole}${below}`] : [above + below];
}

function acceptAt(
  workspace: Workspace,
  subject: Subject,
  { state, text, offset, before, isLast }: Place,
  original: readonly Known[],
  { items, random, snippets }: Sampling,
): readonly Acceptance[] {
  const without = before.flatMap((one) => found(workspace, subject.path, one));
  const known = new Set([...original, ...without].map(({ place }) => place));
  const knownHere = new Set(without.map(({ place }) => place));
  workspace.put(subject.path, text);
  const cursor = cursorAt(workspace, subject.path, offset);
  if (!cursor) return [];
  const list = shown(complete(cursor, snippets), '');
  const chosen = new Set(list.slice(0, Math.ceil(items / 2)));
  while (chosen.size < Math.min(items, list.length)) chosen.add(random.pick(list));
  return [...chosen].map((item) => {
    const { accepted, start, end, stops } = applied(text, item, cursor.start);
    const isInside = ({ finding }: Known) => finding.start >= start - 1 && finding.start <= end;
    const brought = found(workspace, subject.path, accepted).filter((one) => {
      if ((isInside(one) ? knownHere : known).has(one.place)) return false;
      // A tab stop without a default is a placeholder: its finding is the question that it asks.
      if (isAtStop(one.finding, stops, accepted)) return false;
      return !isNotYetWritten(workspace, subject.path, one.finding, start, isLast);
    });
    return {
      subject,
      state,
      label: item.label,
      line: accepted.slice(accepted.lastIndexOf('\n', start - 1) + 1, end),
      inside: brought.filter(isInside).map(({ name }) => name),
      elsewhere: brought.filter((one) => !isInside(one)).map(({ name }) => name),
    };
  });
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

/**
 * The finding is about what is written next: a field that isn't there, in a map that is being written. That is a map that
 * holds nothing but what was accepted and, where the text ends at the cursor, any map that was there before.
 */
function isNotYetWritten(
  workspace: Workspace,
  path: string,
  finding: FileFinding,
  insertedAt: number,
  isLast: boolean,
): boolean {
  const { start, document } = documentAt(workspace.file(path)!, finding.start)!;
  const { root } = parseManifest(document.text);
  if (!root || finding.path === undefined) return false;
  const { node, isWhole } = deepest(root, finding.path);
  const isBegun = node.type === 'map' && node.entries.length === 1 && insertedAt <= start + node.end;
  if (isWhole && finding.unfinished === undefined && !isBegun) return false;
  if (start + node.start < insertedAt) return isLast || isBegun;
  // An item with several keys is a whole structure.
  return isBegun && isBlank(document.text.slice(insertedAt - start, node.start));
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

interface Found {
  readonly node: Node;
  /** The path ends at the node. */
  readonly isWhole: boolean;
}

/** The innermost node on a path as the API server prints it. */
function deepest(root: Node, printed: string): Found {
  const found = innermost(root, printed);
  if (found.isWhole) return found;
  // Fields of a definition's only version are printed as if they were the definition's own.
  const ofVersion = printed.replace(/^spec\./, 'spec.versions[0].').replace(/\.validation(?=\.)/, '.schema');
  const other = innermost(root, ofVersion);
  return other.node.start > found.node.start ? other : found;
}

function innermost(root: Node, printed: string): Found {
  let node = root;
  let rest = printed;
  for (;;) {
    if (rest === '') return { node, isWhole: true };
    const children: readonly (readonly [step: string, value: Node])[] =
      node.type === 'map'
        ? node.entries.map(({ key, value }) => [keyName(key) ?? '', value])
        : node.type === 'seq'
          ? node.items.map((item, index) => [String(index), item])
          : [];
    const next = children.flatMap(([step, value]) => {
      const at = [`.${step}`, step, `[${step}]`].find(
        (one) => rest.startsWith(one) && /^(?:$|[.[])/.test(rest.slice(one.length)),
      );
      return at === undefined ? [] : [{ value, rest: rest.slice(at.length) }];
    })[0];
    if (!next) return { node, isWhole: false };
    ({ value: node, rest } = next);
  }
}

/** A stop is in the finding's range, or directly after the key in it; what is missing may be further inside. */
function isAtStop({ start, end, rule }: FileFinding, stops: readonly number[], text: string): boolean {
  const inside =
    rule === 'schema/required' ? /^:\s*(?:(?:- *)?[\w.-]+:\s*)*$/ : /^["']?:?\s*(?:[|>][-+]?\s*)?(?:- *)?["']?$/;
  return stops.some((stop) => stop >= start && (stop <= end || inside.test(text.slice(end, stop))));
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
