// What a list of suggestions may do to someone who types on. Editors filter a list that is open without asking again, and
// select its first item, which Enter and Tab then accept. So each item leaves the list before it could replace a word that
// is complete as typed: the text that an item is matched against ends where another word may end.
import type { Completion } from './item.ts';

export interface Typing {
  /** The text before the cursor, from the document's start. */
  readonly before: string;
  /** The user asked for suggestions, instead of only typing. */
  readonly asked: boolean;
  /** The editor selects the first item by itself. */
  readonly selectsFirst: boolean;
}

export interface Offered {
  readonly items: readonly Completion[];
  /** There are more; they are found by asking again for a longer word. */
  readonly isIncomplete: boolean;
}

/**
 * Beyond this, only the best keys and objects are sent, and the rest as the word gets longer. Values are all sent: until
 * the next answer arrives an editor shows the items it has, and Enter accepts one of them.
 */
const most = 200;

/** The items to show for what is typed so far. */
export function offered(items: readonly Completion[], typing: Typing): Offered {
  const shown = typing.asked ? items : afterTyping(items, typing);
  const fitting = shown.filter((item) => isSubsequence(wordOf(item, typing), item.filter ?? item.label));
  const isIncomplete = fitting.some(({ partial }) => partial === true);
  if (fitting.length <= most || fitting.some(isValue)) return { items: fitting, isIncomplete };
  return { items: fitting.toSorted(bySort).slice(0, most), isIncomplete: true };
}

function afterTyping(items: readonly Completion[], typing: Typing): readonly Completion[] {
  const values = items.filter(isValue);
  const isTyped = (item: Completion) => textOf(item) === wordOf(item, typing);
  // A value that is complete ends the list, though it may begin a longer one.
  if (values.some(isTyped)) return [];
  if (!typing.selectsFirst) return items;
  const complete = values.flatMap((item) =>
    item.open ? [] : [{ text: textOf(item), letters: lettersOf(textOf(item)) }],
  );
  return items.flatMap((item) => {
    if (item.opens) return [];
    if (!isValue(item)) return [item];
    // Any word may be meant here, so that the first letter closes the list.
    if (item.open) return wordOf(item, typing) === '' ? [{ ...item, filter: untyped }] : [];
    const word = wordOf(item, typing).toLowerCase();
    const ends = complete.filter((one) => one.text.toLowerCase().startsWith(word));
    return [{ ...item, filter: shortOf(textOf(item), ends) }];
  });
}

/** Matches only the empty word; clients read an empty text as none. */
const untyped = '\uE000';

interface Word {
  readonly text: string;
  readonly letters: number;
}

/** A bit for each letter, so that most words are told apart without reading them. */
function lettersOf(text: string): number {
  let bits = 0;
  for (const char of text.toLowerCase()) bits |= 1 << (char.charCodeAt(0) & 31);
  return bits;
}

/** The text up to where, at the latest, one of the words can be read from it, without its last character. */
function shortOf(text: string, words: readonly Word[]): string {
  let end = text.length;
  const own = lettersOf(text);
  for (const word of words) {
    if ((word.letters & ~own) !== 0) continue;
    const found = subsequenceEnd(word.text, text);
    if (found !== undefined && found < end) end = found;
  }
  return text.slice(0, Math.max(0, end - 1)) || untyped;
}

function isValue({ kind }: Completion): boolean {
  return kind === 'value' || kind === 'enum' || kind === 'reference';
}

/** The text that the item is matched against, with its opening quote. */
function textOf({ filter, label }: Completion): string {
  return filter ?? label;
}

function wordOf({ start }: Completion, { before }: Typing): string {
  return before.slice(start);
}

/** Editors match words whose characters occur in this order, in any case. */
export function isSubsequence(word: string, text: string): boolean {
  return subsequenceEnd(word, text) !== undefined;
}

function subsequenceEnd(word: string, text: string): number | undefined {
  const [wanted, within] = [word.toLowerCase(), text.toLowerCase()];
  let at = 0;
  for (const char of wanted) {
    const found = within.indexOf(char, at);
    if (found === -1) return undefined;
    at = found + 1;
  }
  return at;
}

function bySort(a: Completion, b: Completion): number {
  return a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0;
}
