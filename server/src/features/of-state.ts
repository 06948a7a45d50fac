// What is asked for several times of one state of the workspace, and computed once.
import type { Document } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';

interface Known<T> {
  readonly key: readonly unknown[];
  readonly value: T;
}

/** State: the last value of each document. */
export class OfState<T> {
  readonly #known = new WeakMap<Document, Known<T>>();

  /** `compute` may read the whole workspace, and `given`, whose items are compared (`===`). */
  of(workspace: Workspace, document: Document, given: readonly unknown[], compute: () => T): T {
    const keyNow = () => [workspace, workspace.edition, workspace.revision, workspace.schemas.edition, ...given];
    const key = keyNow();
    const known = this.#known.get(document);
    if (known && isSame(known.key, key)) return known.value;
    const value = compute();
    // To compute it may have found out which versions clusters run.
    if (isSame(keyNow(), key)) this.#known.set(document, { key, value });
    return value;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
