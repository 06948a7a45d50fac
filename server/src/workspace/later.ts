// Documents that are new in the workspace and whose facts nobody needs yet. Most are only built and judged as applied, so that
// reading them for the index waits until something asks for a name that is in their text, or until nothing else is to be done.
import type { Document } from './document.ts';
import type { Steps } from './steps.ts';

/** Searches that are faster than reading everything. */
const mostSearches = 50;

/** Documents that are read within some 20 milliseconds. */
const most = 200;

/** State: the documents that are still to be read. */
export class Later {
  readonly #read: (path: string, document: Document) => void;
  readonly #paths = new Map<Document, string>();
  readonly #words = new Set<string>();

  constructor(read: (path: string, document: Document) => void) {
    this.#read = read;
  }

  add(path: string, document: Document): void {
    // What was searched for before isn't searched for again.
    if (this.#words.size > 0) this.#words.clear();
    this.#paths.set(document, path);
  }

  /** Whether it was there. */
  drop(document: Document): boolean {
    return this.#paths.delete(document);
  }

  /** Reads the documents that may say the word: all of them if it may be written in other ways, or without one. */
  need(word?: string): void {
    if (this.#paths.size === 0 || (word !== undefined && this.#words.has(word))) return;
    if (word === undefined || !/^[\w.-]+$/.test(word) || this.#words.size >= mostSearches) {
      for (const [document, path] of this.#paths) this.#take(path, document);
      return;
    }
    this.#words.add(word);
    for (const [document, path] of this.#paths) if (document.text.includes(word)) this.#take(path, document);
  }

  /** Reads as many as nobody notices, for answers that need not be whole. */
  needSome(): void {
    let left = most;
    for (const [document, path] of this.#paths) {
      if (left === 0) return;
      left -= 1;
      this.#take(path, document);
    }
  }

  /** Reads one. */
  needOne(document: Document): void {
    const path = this.#paths.get(document);
    if (path !== undefined) this.#take(path, document);
  }

  /** Reads all of them, one in a step. */
  *steps(): Steps<void> {
    for (const [document, path] of this.#paths) {
      this.#take(path, document);
      yield;
    }
  }

  #take(path: string, document: Document): void {
    this.#paths.delete(document);
    this.#read(path, document);
  }
}
