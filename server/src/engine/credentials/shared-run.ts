// One operation shared by many callers, each of which may cancel its own wait. The operation is aborted once no caller
// is waiting and none arrives shortly after: a context whose kubeconfig entry changed during a sign-in is reopened, and
// must not open a second browser.

/** Milliseconds. */
const grace = 200;

export class Shared<T> {
  /** Settles when the work does; never rejects. */
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

  /** Undefined if the signal aborts first. */
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
    }, grace);
    timer.unref();
  }
}
