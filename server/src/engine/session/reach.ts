// The gate between a context's reflectors and its server: closed while the session checks whether the server responds,
// and with a limit on concurrent lists.
import type { Failure } from '../failure.ts';
import type { Gate } from '../watch/reflector.ts';

const listsAtOnce = 4;

export class Reach implements Gate {
  readonly #onBroken: (failure: Failure) => void;
  #open = false;
  #lists = 0;
  readonly #waiting = new Set<() => void>();
  readonly #queue: (() => void)[] = [];

  constructor(onBroken: (failure: Failure) => void) {
    this.#onBroken = onBroken;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  set(open: boolean): void {
    this.#open = open;
    if (!open) return;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  pass(signal: AbortSignal): Promise<void> {
    if (this.#open || signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      const go = () => {
        signal.removeEventListener('abort', go);
        this.#waiting.delete(go);
        done();
      };
      this.#waiting.add(go);
      signal.addEventListener('abort', go, { once: true });
    });
  }

  broken(failure: Failure): void {
    this.#onBroken(failure);
  }

  async list<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#lists >= listsAtOnce && !signal.aborted) {
      await new Promise<void>((done) => {
        // The listener must be removed: the signal lives as long as the context is open.
        const go = () => {
          signal.removeEventListener('abort', go);
          done();
        };
        this.#queue.push(go);
        signal.addEventListener('abort', go, { once: true });
      });
    }
    this.#lists++;
    try {
      return await work();
    } finally {
      this.#lists--;
      this.#queue.shift()?.();
    }
  }
}
