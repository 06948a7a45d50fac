// How long to wait before a process that ended by itself is started again, and when to give up and ask the user.

const window = 180_000;
const most = 5;
const first = 250;

export class Restarts {
  #ends: readonly number[] = [];

  /** Milliseconds to wait after an end at `now` (milliseconds); undefined after the fifth within three minutes. */
  next(now: number): number | undefined {
    this.#ends = [...this.#ends.filter((end) => now - end < window), now];
    return this.#ends.length > most ? undefined : first * 2 ** (this.#ends.length - 1);
  }

  forget(): void {
    this.#ends = [];
  }
}
