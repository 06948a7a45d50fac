// What a list of suggestions may do to someone who types on. Editors filter a list that is open without asking again, and
// select its first item, which Enter and Tab then accept. So each item leaves the list before it could replace a word that
// is complete as typed: the text that an item is matched against ends where another word may end. And no list says that it
// isn't whole: VS Code would leave it as it is until the next answer arrives, and a busy server takes longer than a hand.
// A list that isn't whole closes by itself instead, soon enough that the letter after asks again.
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
  /** There are more; the editor finds them by asking again at each letter. */
  readonly isIncomplete: boolean;
}

/** Beyond this, only the best keys and objects are sent, and the rest as the word gets longer. */
const most = 200;

/** As `most`, of values: enums, names and keys of objects. Their order is rarely known, so that more of them are sent. */
const mostValues = 1000;

/** Letters after which a list that isn't whole is closed at the latest. */
const mostLetters = 1;

/** The items to show for what is typed so far. */
export function offered(items: readonly Completion[], typing: Typing): Offered {
  const shown = typing.asked ? whenAsked(items, typing) : afterTyping(items, typing);
  const fitting = shown.filter((item) => isSubsequence(wordOf(item, typing), textOf(item)));
  const bound = fitting.some(isValue) ? mostValues : most;
  const isLong = fitting.length > bound;
  const sent = isLong ? fitting.toSorted(bySort).slice(0, bound) : fitting;
  const isCut = isLong || fitting.some(({ partial }) => partial === true);
  if (!isCut || typing.asked || !typing.selectsFirst) return { items: sent, isIncomplete: isCut };
  return { items: sent.map((item) => ({ ...item, filter: closing(item, typing) })), isIncomplete: false };
}

/** The part of the text that is matched by what is typed and a few letters more. */
function closing(item: Completion, typing: Typing): string {
  const text = textOf(item);
  const read = subsequenceEnd(wordOf(item, typing).toLowerCase(), text.toLowerCase()) ?? 0;
  return text.slice(0, read + mostLetters);
}

/**
 * Who asks may type on all the same, and a slow editor may ask by itself later than it should. So what is complete already is
 * no suggestion, and the others leave the list before they are, as they do while someone types.
 */
function whenAsked(items: readonly Completion[], typing: Typing): readonly Completion[] {
  if (!typing.selectsFirst) return items;
  const longer = items.filter((item) => !isValue(item) || textOf(item) !== wordOf(item, typing));
  const complete = longer.flatMap((item) => (isValue(item) && !item.open ? [comparable(textOf(item))] : []));
  if (complete.length > mostValues) return longer;
  return longer.map((item) => {
    return isValue(item) && !item.open ? leaving(item, complete, typing) : item;
  });
}

function afterTyping(items: readonly Completion[], typing: Typing): readonly Completion[] {
  const values = items.filter(isValue);
  const isTyped = (item: Completion) => textOf(item) === wordOf(item, typing);
  // A value that is complete ends the list, though it may begin a longer one.
  if (values.some(isTyped)) return [];
  if (!typing.selectsFirst) return items;
  // A list that isn't whole is closed before a longer word could be complete.
  const isLong = values.length > mostValues;
  const complete = values.flatMap((item) => {
    const text = textOf(item);
    const mayBeTyped = !isLong || text.length <= wordOf(item, typing).length + mostLetters;
    return item.open || !mayBeTyped ? [] : [comparable(text)];
  });
  return items.flatMap((item) => {
    if (item.opens) return [];
    if (!isValue(item)) return [item];
    // Any word may be meant here, so that the first letter closes the list.
    if (item.open) return wordOf(item, typing) === '' ? [{ ...item, filter: untyped }] : [];
    return [leaving(item, complete, typing)];
  });
}

/** The item, which leaves the list before one of the words that begin like what is typed could be complete. */
function leaving(item: Completion, complete: readonly Comparable[], typing: Typing): Completion {
  const word = wordOf(item, typing).toLowerCase();
  const ends = word === '' ? complete : complete.filter(({ lower }) => lower.startsWith(word));
  return { ...item, filter: shortOf(textOf(item), ends) };
}

/** Matches only the empty word; clients read an empty text as none. */
const untyped = '\uE000';

interface Comparable {
  readonly lower: string;
  /** The word as it is and with two letters in the wrong order: VS Code matches those too. */
  readonly forms: readonly string[];
  /** A bit for each letter, so that most words are told apart without reading them. */
  readonly letters: number;
}

function comparable(text: string): Comparable {
  const lower = text.toLowerCase();
  const letters = lettersOf(lower);
  return { lower, forms: [lower, ...transposed(lower)], letters };
}

/** Letters from the second to the eighth change places with the next one (VS Code's fuzzyScoreGracefulAggressive). */
function transposed(word: string): readonly string[] {
  const forms: string[] = [];
  for (let at = 1; at < Math.min(7, word.length - 1); at += 1) {
    if (word[at] === word[at + 1]) continue;
    forms.push(`${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`);
  }
  return forms;
}

function lettersOf(lower: string): number {
  let letters = 0;
  for (let at = 0; at < lower.length; at += 1) letters |= 1 << (lower.charCodeAt(at) & 31);
  return letters;
}

/** The text up to where, at the latest, one of the words can be read from it, without its last character. */
function shortOf(text: string, words: readonly Comparable[]): string {
  let end = text.length;
  const own = text.toLowerCase();
  const letters = lettersOf(own);
  for (const word of words) {
    if ((word.letters & ~letters) !== 0 || word.lower.length > end) continue;
    for (const form of word.forms) {
      const found = subsequenceEnd(form, own);
      if (found !== undefined && found < end) end = found;
    }
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
  return word === '' || subsequenceEnd(word.toLowerCase(), text.toLowerCase()) !== undefined;
}

/** Both in lower case; the end of the first characters of `text` that make the word. */
function subsequenceEnd(word: string, text: string): number | undefined {
  let read = 0;
  for (let at = 0; at < text.length && read < word.length; at += 1) {
    if (text.charCodeAt(at) !== word.charCodeAt(read)) continue;
    read += 1;
    if (read === word.length) return at + 1;
  }
  return word === '' ? 0 : undefined;
}

function bySort(a: Completion, b: Completion): number {
  return a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0;
}
