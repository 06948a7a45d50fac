// Work in steps: a synchronous layer yields where the caller may do something else in between.

export type Steps<T> = Generator<void, T, void>;

/** The result of steps; undefined if they are given up because what they are for is over. */
export function* unless<T>(isOver: () => boolean, steps: Steps<T>): Steps<T | undefined> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield;
    if (isOver()) return undefined;
  }
}

/** Takes all steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
