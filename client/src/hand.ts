// Whether someone is typing, which tells suggestions that VS Code asks for by itself from those that a person asks for: it
// calls both invoked. Measured in the extension host, because VS Code sends an edit and the request that follows it
// together, while the server may be busy between the two.

/** Milliseconds between two looks, and how many follow an edit. VS Code asks within the first, on a busy machine later. */
const interval = 100;
const most = 10;

/**
 * Counts timers instead of reading a clock: a host that stood still between an edit and the request after it, as when a
 * window starts, has run none of them.
 */
export class Hand {
  #left = 0;
  #timer: NodeJS.Timeout | undefined;

  edited(): void {
    this.#left = most;
    this.#timer ??= setInterval(() => this.#look(), interval);
  }

  get isTyping(): boolean {
    return this.#left > 0;
  }

  dispose(): void {
    this.#left = 0;
    this.#stop();
  }

  #look(): void {
    this.#left -= 1;
    if (this.#left <= 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
