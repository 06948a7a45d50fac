// Simulated typing: the text of a document up to a word, with or without the rest of the document below, and the first
// letters of the word. Is the word offered, and at which position of the list?
import { complete, mayBeEmpty, preparingObjects } from '../../../server/src/features/completion/completion.ts';
import type { Completion } from '../../../server/src/features/completion/item.ts';
import type { Snippet } from '../../../server/src/features/completion/snippets.ts';
import { cursorAt } from '../../../server/src/features/cursor.ts';
import { atOnce } from '../../../server/src/syntax/steps.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Subject } from './corpus.ts';
import { type KnownWord, knownWordsOf } from './words.ts';

export interface Outcome {
  readonly subject: Subject;
  readonly word: KnownWord;
  readonly below: boolean;
  /** Number of letters typed. */
  readonly typed: number;
  /** Position in the list, from 0; -1 if it isn't offered. */
  readonly rank: number;
  /** The first labels of the list. */
  readonly best: readonly string[];
  /** Of the processor, for the thread that answers: collecting garbage beside it delays no answer. See `timed`. */
  readonly milliseconds: number;
}

export const typedLengths = [0, 1, 2, 3];

export function typing(
  workspace: Workspace,
  subject: Subject,
  {
    most,
    letters,
    snippets,
  }: { readonly most: number; readonly letters: number; readonly snippets: readonly Snippet[] },
): readonly Outcome[] {
  const words = knownWordsOf(workspace, subject);
  const original = workspace.file(subject.path)!.text;
  const outcomes: Outcome[] = [];
  // As a hand does: the whole document from above, or words of one that is there.
  for (const below of [false, true]) {
    for (const word of words.slice(0, most)) {
      for (const typed of typedLengths) {
        if (typed >= word.name.length || typed > letters) continue;
        outcomes.push({
          subject,
          word,
          below,
          typed,
          ...offered(workspace, original, { subject, word, below, typed }, snippets),
        });
      }
    }
  }
  workspace.put(subject.path, original);
  return outcomes;
}

type State = Pick<Outcome, 'subject' | 'word' | 'below' | 'typed'>;
type Offered = Pick<Outcome, 'rank' | 'best' | 'milliseconds'>;

function offered(
  workspace: Workspace,
  original: string,
  { subject, word, below, typed }: State,
  snippets: readonly Snippet[],
): Offered {
  const above = original.slice(0, subject.start + word.start) + word.name.slice(0, typed);
  workspace.put(subject.path, below ? above + original.slice(subject.start + word.entryEnd) : above);
  // The server prepares the list of an empty document when it is opened or the hand rests there. Any other text is new to it.
  if (!below && typed === 0 && mayBeEmpty(subject.text.slice(0, word.start)))
    atOnce(preparingObjects(cursorAt(workspace, subject.path, above.length)!, snippets));
  const [items, milliseconds] = timed(() => {
    const cursor = cursorAt(workspace, subject.path, above.length);
    return cursor ? shown(complete(cursor, snippets), word.name.slice(0, typed)) : [];
  });
  const rank = items.findIndex(({ label }) => label === word.name);
  return { rank, best: items.slice(0, 4).map(({ label }) => label), milliseconds };
}

/**
 * The clock is exact unless another process interrupted; the processor's time isn't affected by that, but the kernel counts
 * it in ticks of 4 ms.
 */
function timed<T>(compute: () => T): readonly [T, number] {
  const { involuntaryContextSwitches } = process.resourceUsage();
  const used = process.threadCpuUsage();
  const started = performance.now();
  const result = compute();
  const passed = performance.now() - started;
  const { user, system } = process.threadCpuUsage(used);
  const isInterrupted = process.resourceUsage().involuntaryContextSwitches > involuntaryContextSwitches;
  return [result, isInterrupted ? (user + system) / 1000 : passed];
}

/** As an editor shows them: those that start with the typed letters, then those that contain them in this order. */
export function shown(items: readonly Completion[], typed: string): readonly Completion[] {
  const word = typed.toLowerCase();
  const match = ({ label, filter }: Completion) => matchOf((filter ?? label).toLowerCase(), word);
  return items
    .map((item) => ({ item, match: match(item) }))
    .filter((one) => one.match < 2)
    .toSorted((a, b) => a.match - b.match || (a.item.sort < b.item.sort ? -1 : a.item.sort > b.item.sort ? 1 : 0))
    .map(({ item }) => item);
}

function matchOf(label: string, word: string): 0 | 1 | 2 {
  if (label.startsWith(word)) return 0;
  let at = -1;
  for (const letter of word) {
    at = label.indexOf(letter, at + 1);
    if (at === -1) return 2;
  }
  return 1;
}
