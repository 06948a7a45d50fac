// The text of a log that is followed: its last lines, bounded in lines and characters, so that a log of days stays as small as
// one of minutes.

/** Beyond these, the oldest lines go. */
export const bounds = { lines: 10_000, characters: 4_000_000 } as const;

export class LogBuffer {
  readonly #bounds: { readonly lines: number; readonly characters: number };
  #lines: string[] = [];
  #characters = 0;
  #gone = 0;

  constructor(own: { readonly lines: number; readonly characters: number } = bounds) {
    this.#bounds = own;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.length + 1;
    }
    let first = 0;
    while (
      this.#lines.length - first > this.#bounds.lines ||
      (this.#characters > this.#bounds.characters && first < this.#lines.length - 1)
    ) {
      this.#characters -= this.#lines[first]!.length + 1;
      first++;
    }
    if (first === 0) return;
    this.#lines = this.#lines.slice(first);
    this.#gone += first;
  }

  text(): string {
    const gone = this.#gone === 0 ? [] : [`--- ${this.#gone} earlier lines are no longer kept`];
    return [...gone, ...this.#lines, ''].join('\n');
  }
}
