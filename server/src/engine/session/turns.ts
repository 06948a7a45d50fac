// Turns of many that begin at once: as long as a few are getting on, the others wait, so that the first are done soon instead
// of all of them late. What takes longer than its turn goes on, but no longer keeps others waiting.

/** Milliseconds in which most contexts connect and are listed. */
export const longestTurn = 1000;

export interface TurnOptions {
  /** How many have a turn at the same time. */
  readonly most: number;
  /** Milliseconds after which a turn is over at the latest. */
  readonly longest: number;
}

export class Turns {
  readonly #options: TurnOptions;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Resolves once there is a turn; what it resolves to ends the turn. */
  take(): Promise<() => void> {
    return new Promise((done) => {
      const begin = () => {
        this.#taken += 1;
        let isOver = false;
        const end = () => {
          clearTimeout(timer);
          if (isOver) return;
          isOver = true;
          this.#taken -= 1;
          this.#waiting.shift()?.();
        };
        const timer = setTimeout(end, this.#options.longest);
        timer.unref();
        done(end);
      };
      if (this.#taken < this.#options.most) begin();
      else this.#waiting.push(begin);
    });
  }
}
