// One piece of work that many wait for, each for as long as he likes: it is given up when nobody waits any more, and
// nobody comes within a moment. A context whose kubeconfig entry changed during a sign-in is opened anew, and one browser
// is enough.

/** Milliseconds. */
const moment = 200;

export class Shared<T> {
  /** Settles with the work, well or badly. */
  readonly ended: Promise<unknown>;
  readonly #work: Promise<T>;
  readonly #given = new AbortController();
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work(this.#given.signal);
    this.ended = this.#work.catch(() => undefined);
  }

  get isGivenUp(): boolean {
    return this.#given.signal.aborted;
  }

  /** Undefined when the signal came first. */
  async wait(signal?: AbortSignal): Promise<T | undefined> {
    this.#waiting++;
    let leave: (() => void) | undefined;
    const left = new Promise<undefined>((done) => {
      leave = () => done(undefined);
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.#work, left]);
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      if (--this.#waiting === 0 && signal?.aborted) this.#giveUpSoon();
    }
  }

  #giveUpSoon(): void {
    const timer = setTimeout(() => {
      if (this.#waiting === 0) this.#given.abort();
    }, moment);
    timer.unref();
  }
}
