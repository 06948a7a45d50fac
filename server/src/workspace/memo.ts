// Results of checks, each with the questions it asked of its surroundings and the answers: after an edit, a result holds
// as long as every question would be answered alike.
import type { Document } from './document.ts';

/** Asks, and remembers the question with its answer. */
export type Remember = <T>(ask: () => T) => T;

interface Memo {
  /** Of the workspace, when the answers were last compared. */
  revision: number;
  readonly value: unknown;
  readonly reads: readonly Read[];
}

interface Read {
  readonly ask: () => unknown;
  readonly answer: unknown;
}

export class Memos {
  readonly #memos = new WeakMap<Document, Map<string, Memo>>();

  /** The value of `compute`, computed again only where an answer has changed. `name` tells computations apart. */
  get<T>(document: Document, name: string, revision: number, compute: (remember: Remember) => T): T {
    let memos = this.#memos.get(document);
    if (!memos) this.#memos.set(document, (memos = new Map()));
    const known = memos.get(name);
    if (known && holds(known, revision)) return known.value as T;
    const reads: Read[] = [];
    const value = compute((ask) => {
      const answer = ask();
      reads.push({ ask, answer });
      return answer;
    });
    memos.set(name, { revision, value, reads });
    return value;
  }
}

function holds(memo: Memo, revision: number): boolean {
  if (memo.revision === revision) return true;
  if (!memo.reads.every(({ ask, answer }) => isSame(ask(), answer))) return false;
  memo.revision = revision;
  return true;
}

/** Lists are made anew with every answer; what stands in them is not. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => one === b[index]);
}
