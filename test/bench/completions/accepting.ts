// Accepts offered items at places of a document and compares the findings before and after.
import { complete } from '../../../server/src/features/completion/completion.ts';
import type { Completion } from '../../../server/src/features/completion/item.ts';
import { cursorAt } from '../../../server/src/features/cursor.ts';
import { diagnose, type FileFinding } from '../../../server/src/features/diagnostics.ts';
import type { Path } from '../../../server/src/syntax/tree.ts';
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
  /** The file's text with the cursor at `offset`, and the text that findings are compared with. */
  readonly text: string;
  readonly offset: number;
  readonly before: string;
}

export function accepting(
  workspace: Workspace,
  subject: Subject,
  items: number,
  random: Random,
): readonly Acceptance[] {
  const original = workspace.file(subject.path)!.text;
  const place = placeIn(workspace, subject, original, random);
  const outcomes = place ? acceptAt(workspace, subject, place, original, items, random) : [];
  workspace.put(subject.path, original);
  return outcomes;
}

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
      return { state, text: `${above}\n${lead}${original.slice(start)}`, offset: start, before: original };
    }
    case 'key removed':
    case 'value removed':
      return { state, text: above + below, offset: start, before: above + below };
    default:
      return { state, text: above, offset: start, before: above };
  }
}

function acceptAt(
  workspace: Workspace,
  subject: Subject,
  { state, text, offset, before }: Place,
  original: string,
  most: number,
  random: Random,
): readonly Acceptance[] {
  const known = new Set(
    [...found(workspace, subject.path, original), ...found(workspace, subject.path, before)].map(nameOf),
  );
  workspace.put(subject.path, text);
  const cursor = cursorAt(workspace, subject.path, offset);
  if (!cursor) return [];
  const list = shown(complete(cursor), '');
  const chosen = new Set(list.slice(0, Math.ceil(most / 2)));
  while (chosen.size < Math.min(most, list.length)) chosen.add(random.pick(list));
  return [...chosen].map((item) => {
    const { accepted, start, end, stops } = applied(text, item, cursor.start);
    const findings = found(workspace, subject.path, accepted).filter((finding) => !known.has(nameOf(finding)));
    // A tab stop without a default is a placeholder: its finding is the question that it asks.
    const brought = findings.filter(
      (finding) => !isAtStop(finding, stops, accepted) && !isNotYetWritten(finding, start),
    );
    const isInside = (finding: FileFinding) => finding.start >= start - 1 && finding.start <= end;
    return {
      subject,
      state,
      label: item.label,
      line: accepted.slice(accepted.lastIndexOf('\n', start - 1) + 1, end),
      inside: brought.filter(isInside).map(nameOf),
      elsewhere: brought.filter((finding) => !isInside(finding)).map(nameOf),
    };
  });
}

function found(workspace: Workspace, path: string, text: string): readonly FileFinding[] {
  workspace.put(path, text);
  return diagnose(workspace, path).filter(({ severity }) => severity === 'error' || severity === 'warning');
}

function nameOf({ rule, path, message }: FileFinding): string {
  return `${rule} ${path ?? ''}: ${message}`;
}

/** A field is missing in a map that was there before: it is written after the cursor. */
function isNotYetWritten({ rule, start }: FileFinding, insertedAt: number): boolean {
  return rule === 'schema/required' && start < insertedAt;
}

/** A stop is in the finding's range, or directly after the key in it. */
function isAtStop({ start, end }: FileFinding, stops: readonly number[], text: string): boolean {
  return stops.some((stop) => {
    if (stop < start) return false;
    return stop <= end || /^["']?:?\s*(?:- *)?["']?$/.test(text.slice(end, stop));
  });
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
