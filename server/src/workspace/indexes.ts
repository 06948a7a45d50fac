// What the documents of the workspace define and use, by name and by place. Most documents are only built and judged as they
// are applied: their facts are read for it when something asks for a name that is in their text, or when nothing else is to
// be done.
import type { Steps } from '../syntax/steps.ts';
import type { Document } from './document.ts';
import { InUse } from './in-use.ts';
import { Index } from './index.ts';
import { Later } from './later.ts';

/** State: the indexes, and what is still to be added to them. */
export class Indexes {
  readonly #later = new Later((path, document) => void this.add(path, document));
  readonly index = new Index(this.#later);
  readonly inUse = new InUse(this.#later);

  /** Returns whether anything was added. */
  add(path: string, document: Document): boolean {
    this.inUse.add(path, document);
    return this.index.add(path, document);
  }

  /** Adds a document when it is needed. Its text must say whatever its facts do word by word. */
  expect(path: string, document: Document): void {
    this.index.expect(document);
    this.#later.add(path, document);
  }

  /** Returns whether anything may have been removed. */
  remove(path: string, document: Document): boolean {
    if (this.#later.drop(document)) return true;
    this.inUse.remove(path, document);
    return this.index.remove(document);
  }

  /** Adds all that is expected, in steps. */
  rest(): Steps<void> {
    return this.#later.steps();
  }
}
