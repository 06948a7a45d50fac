// Decides which findings wait while someone types: those of the lines being typed, and those that exist only because the
// object isn't complete yet. A finding that is shown stays, and one that an edit fixes goes at once. The adapter ends the
// wait after a pause.
import type { Finding, TextEdit } from '../syntax/finding.ts';
import type { LineIndex } from '../syntax/lines.ts';
import { Outline } from '../syntax/outline.ts';

/** One change of a text. */
export interface Change extends TextEdit {
  /** The text that was replaced. */
  readonly removed: string;
}

/** Where someone types, in the current text. */
interface Hand {
  /** The lines that are typed key by key, 0-based. */
  readonly lines: readonly number[];
  /** What was inserted as a whole, by completion or from the clipboard: values that it leaves empty are still filled in. */
  readonly inserted: Span | undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is known about the findings of an open document, in offsets of its current text. */
interface Reported {
  readonly shown: readonly Mark[];
  /** All that were computed last, shown or not; undefined if the document changed since. */
  readonly all: readonly Mark[] | undefined;
  /** All before the hand came to its lines; undefined if they weren't computed. */
  readonly before: readonly Mark[] | undefined;
  readonly someWait: boolean;
}

/** State: the findings of open documents, and where someone types. The documents are identified by any key. */
export class WaitingFindings {
  readonly #reported = new Map<string, Reported>();
  /** Undefined after a pause. */
  #typing: { readonly key: string; readonly hand: Hand } | undefined;

  /**
   * A document was edited; `changes` are in order, each relative to the result of the one before, and undefined if the
   * whole text was replaced. Returns whether findings may wait now, until the next pause.
   */
  edited(key: string, changes: readonly Change[] | undefined, after: LineIndex): boolean {
    const known = this.#typing?.key === key ? this.#typing.hand : undefined;
    const { hand, moved } = changes ? handAfter(known, changes, after) : { hand: undefined, moved: true };
    for (const [one, reported] of this.#reported) {
      const isEdited = one === key;
      const here = isEdited && changes ? followed(reported, changes) : reported;
      this.#reported.set(one, {
        ...here,
        ...(moved && { before: here.all }),
        ...(isEdited && { all: undefined }),
      });
    }
    this.#typing = hand && { key, hand };
    return hand !== undefined;
  }

  /** The findings to show of all that a document has; a document that is new shows all. */
  shown<F extends Finding>(key: string, text: LineIndex, all: readonly F[]): readonly F[] {
    const known = this.#reported.get(key);
    const hand = this.#typing?.key === key ? this.#typing.hand : undefined;
    // Whatever is new since the hand came to its lines follows from what it types, in other documents as well.
    const before = this.#typing && this.#typing.hand.lines.length > 0 ? known?.before : undefined;
    const shown = known && this.#typing ? withoutWaiting(all, text, hand, { shown: known.shown, before }) : all;
    this.#reported.set(key, {
      shown: shown.map(markOf),
      all: all.map(markOf),
      before: known?.before,
      someWait: shown.length < all.length,
    });
    return shown;
  }

  /** Nobody typed for a while. Returns whether findings waited, which are shown from now on. */
  paused(): boolean {
    this.#typing = undefined;
    return [...this.#reported.values()].some(({ someWait }) => someWait);
  }

  /** Returns whether someone was typing in the document. */
  closed(key: string): boolean {
    this.#reported.delete(key);
    return this.#typing?.key === key;
  }
}

function followed({ shown, all, before, someWait }: Reported, changes: readonly Change[]): Reported {
  const follow = (marks: readonly Mark[]) =>
    marks.map((mark) => ({ ...mark, start: changes.reduce(shifted, mark.start) }));
  return { shown: follow(shown), all: all && follow(all), before: before && follow(before), someWait };
}

/** What identifies a finding from one edit to the next. */
interface Mark {
  readonly rule: string;
  readonly path: string | undefined;
  readonly start: number;
}

function markOf({ rule, path, start }: Finding): Mark {
  return { rule, path, start };
}

/**
 * An offset after a change; offsets in the replaced text move to its start. Space that is inserted directly before a word
 * moves the word, letters extend it.
 */
function shifted(offset: number, { start, end, text }: TextEdit): number {
  const isBefore = offset === start && !(start === end && (text.trim() === '' || text.includes('\n')));
  if (offset < end || isBefore) return Math.min(offset, start);
  return offset + text.length - (end - start);
}

/**
 * Where the hand is after changes, which are relative to each other's results; `after` is the last result. `moved` is
 * whether it left the lines where it was.
 */
function handAfter(
  hand: Hand | undefined,
  changes: readonly Change[],
  after: LineIndex,
): { readonly hand: Hand | undefined; readonly moved: boolean } {
  const lines: number[] = [];
  let inserted = hand?.inserted;
  changes.forEach((change, index) => {
    const later = changes.slice(index + 1);
    const inFinal = (offset: number) => later.reduce(shifted, offset);
    const end = inFinal(change.start + change.text.length);
    if (isTyped(change)) lines.push(after.positionAt(end).line);
    const isInside = inserted !== undefined && inserted.start <= change.start && change.end <= inserted.end;
    if (isInside)
      inserted = { start: inserted!.start, end: inserted!.end + change.text.length - change.removed.length };
    else if (isTyped(change)) inserted = undefined;
    else inserted = { start: change.start, end: change.start + change.text.length };
  });
  const stays =
    hand !== undefined &&
    changes.every((change) => isTyped(change) && !/[\r\n]/.test(change.text + change.removed)) &&
    lines.every((line) => hand.lines.includes(line));
  if (lines.length === 0 && inserted === undefined) return { hand: undefined, moved: true };
  return { hand: { lines: stays ? hand.lines : lines, inserted }, moved: !stays };
}

/**
 * Whether a change is one of the keyboard. Completion, the clipboard, undo and fixes insert several lines at once, or
 * replace a word by another.
 */
function isTyped({ text, removed }: Change): boolean {
  const several = /[\r\n]/.test(text) && text.trim() !== '';
  return !several && (removed === '' || text.trim().length < 2);
}

/** `hand` is undefined for a document in which nobody types; findings that aren't among those of `before` wait. */
function withoutWaiting<F extends Finding>(
  findings: readonly F[],
  text: LineIndex,
  hand: Hand | undefined,
  { shown, before }: Pick<Reported, 'shown' | 'before'>,
): readonly F[] {
  const isShown = includes(shown, text);
  const wasThere = before && includes(before, text);
  let places: Places | undefined;
  return findings.filter((finding) => {
    if (isShown(finding)) return true;
    if (wasThere && !wasThere(finding)) return false;
    if (!hand) return true;
    places ??= new Places(text, hand);
    return !places.isUnfinished(finding);
  });
}

/** A finding is known if one of its rule began there, or was of the same field on the same line. */
function includes(marks: readonly Mark[], text: LineIndex): (finding: Finding) => boolean {
  const lineOf = ({ rule, path, start }: Mark) => `${rule} ${path} ${text.positionAt(start).line}`;
  const starts = new Set(marks.map(({ rule, start }) => `${rule} ${start}`));
  const lines = new Set(marks.flatMap((mark) => (mark.path === undefined ? [] : [lineOf(mark)])));
  return (finding) => starts.has(`${finding.rule} ${finding.start}`) || lines.has(lineOf(markOf(finding)));
}

/** The lines that are still being typed, and those of the maps and lists around them. */
class Places {
  readonly #text: LineIndex;
  readonly #outline: Outline;
  /** Typed now, or waiting to be filled in. */
  readonly #lines: ReadonlySet<number>;
  /** `key:` and `-` directly above, whose value may follow. */
  readonly #open = new Set<number>();
  readonly #around = new Set<number>();

  constructor(text: LineIndex, { lines, inserted }: Hand) {
    this.#text = text;
    this.#outline = new Outline(text);
    this.#lines = new Set([...lines, ...(inserted ? this.#emptyIn(inserted) : [])]);
    for (const line of this.#lines) {
      this.#around.add(this.#outline.head(line));
      // A blank line may become a child of the line above or continue any map around that.
      const above = this.#outline.isContent(line) ? undefined : this.#outline.contentAbove(line);
      if (above !== undefined && this.#outline.isOpen(above)) this.#open.add(above);
      for (const one of this.#outline.around(line)) this.#around.add(one);
      if (above !== undefined) for (const one of [above, ...this.#outline.around(above)]) this.#around.add(one);
    }
  }

  #emptyIn({ start, end }: Span): readonly number[] {
    const first = this.#text.positionAt(start).line;
    const last = this.#text.positionAt(end).line;
    const lines = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return lines.filter((line) => this.#outline.isEmpty(line));
  }

  isUnfinished({ rule, start, end, unfinished }: Finding): boolean {
    const first = this.#text.positionAt(start).line;
    const last = this.#text.positionAt(Math.max(start, end - 1)).line;
    for (const line of this.#lines) if (first <= line && line <= last) return true;
    if (this.#open.has(first) && rule !== 'schema/unknown-field') return true;
    if (unfinished === 'object') return this.#lines.size > 0 && this.#around.has(this.#outline.head(first));
    if (unfinished === 'map') return this.#around.has(first);
    return !certain.test(rule) && (this.#around.has(first) || this.#around.has(this.#outline.parent(first) ?? -1));
  }
}

/** These families are about a value, unless a finding says that it is unfinished; rules look at the values around as well. */
const certain = /^(?:syntax|schema|admission|deprecated|security)\//;
