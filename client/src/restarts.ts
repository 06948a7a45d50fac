// Decides how long to wait before restarting a crashed process, and when to give up and ask the user.

const window = 180_000;
const most = 5;
const first = 250;

export class Restarts {
  #ends: readonly number[] = [];

  /** Milliseconds to wait after a crash at `now` (milliseconds); undefined after more than five within three minutes. */
  next(now: number): number | undefined {
    this.#ends = [...this.#ends.filter((end) => now - end < window), now];
    return this.#ends.length > most ? undefined : first * 2 ** (this.#ends.length - 1);
  }

  forget(): void {
    this.#ends = [];
  }
}
