// Names the document that is worked on in a file of the client. A server that hangs can't say anything anymore: the client ends
// it, reads the name and tells the next server to leave the document alone.
import { openSync, writeSync } from 'node:fs';

/** Milliseconds without work after which no document is worked on. */
const idle = 100;

/** State: the document that is named. While somebody types in it, nothing is written or allocated. */
export class AtWork {
  #file: number | undefined;
  #named = '';
  #rest: NodeJS.Timeout | undefined;

  /** Without a path, nothing is written. */
  constructor(path: string | undefined) {
    if (path === undefined) return;
    try {
      this.#file = openSync(path, 'r+');
    } catch {
      // The client doesn't learn the name then.
    }
  }

  on(uri: string): void {
    if (this.#file === undefined) return;
    if (this.#named !== uri) this.#write(uri);
    // A loop doesn't let the timer fire.
    if (this.#rest) this.#rest.refresh();
    else this.#rest = setTimeout(() => this.#write(''), idle).unref();
  }

  #write(uri: string): void {
    this.#named = uri;
    try {
      writeSync(this.#file!, `${uri}\n`, 0);
    } catch {
      this.#file = undefined;
    }
  }
}
