// Caches the results of checks together with everything they read outside their document: after an edit, a result is valid
// while all reads still return the same.
import type { Document } from './document.ts';

/** Performs a read and records it with its result. */
export type Remember = <T>(read: () => T) => T;

interface Memo {
  /** The workspace's revision when the reads were last compared. */
  revision: number;
  readonly value: unknown;
  readonly reads: readonly Read[];
}

interface Read {
  readonly read: () => unknown;
  readonly result: unknown;
}

export class Memos {
  readonly #memos = new WeakMap<Document, Map<string, Memo>>();

  /** The value of `compute`, which is computed again only if a read returns another result. `name` identifies the computation. */
  get<T>(document: Document, name: string, revision: number, compute: (remember: Remember) => T): T {
    let memos = this.#memos.get(document);
    if (!memos) this.#memos.set(document, (memos = new Map()));
    const known = memos.get(name);
    if (known && isValid(known, revision)) return known.value as T;
    const reads: Read[] = [];
    const value = compute((read) => {
      const result = read();
      reads.push({ read, result });
      return result;
    });
    memos.set(name, { revision, value, reads });
    return value;
  }
}

function isValid(memo: Memo, revision: number): boolean {
  if (memo.revision === revision) return true;
  if (!memo.reads.every(({ read, result }) => isSame(read(), result))) return false;
  memo.revision = revision;
  return true;
}

/** Lists are created for every read, so their items are compared. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => one === b[index]);
}
