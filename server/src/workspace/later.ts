// Documents that are new in the workspace and whose facts nobody needs yet. Most are only built and judged as applied, so that
// reading them for the index waits until something asks for a name that is in their text, or until nothing else is to be done.
import type { Steps } from '../syntax/steps.ts';
import type { Document } from './document.ts';

/** Searches that are faster than reading everything: one takes two milliseconds for 10,000 documents. */
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

  /**
   * Reads the documents that may say the word: all of them without one, or if it may be written in other ways, as a line break
   * or a doubled quote. With many words, reading the rest bit by bit is faster than searching on.
   */
  need(word?: string): void {
    if (this.#paths.size === 0 || word === '' || (word !== undefined && this.#words.has(word))) return;
    const isLiteral = word !== undefined && /^[^\s']+$/.test(word);
    if (isLiteral) {
      if (this.#words.size >= mostSearches) this.needSome();
      this.#words.add(word);
    }
    for (const [document, path] of this.#paths)
      if (!isLiteral || document.text.includes(word)) this.#take(path, document);
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
