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

/** The steps, with what a function makes of their result. */
export function* mapped<T, U>(steps: Steps<T>, map: (result: T) => U): Steps<U> {
  return map(yield* steps);
}

// biome-ignore lint/correctness/useYield: there is nothing to do in between.
export function* inOneStep<T>(compute: () => T): Steps<T> {
  return compute();
}

/** Calls `enter` before each step and `leave` after it, also if it throws: between two steps nothing is as during one. */
export function* within<T>(enter: () => void, leave: () => void, steps: Steps<T>): Steps<T> {
  for (;;) {
    let next: IteratorResult<void, T>;
    enter();
    try {
      next = steps.next();
    } finally {
      leave();
    }
    if (next.done) return next.value;
    yield;
  }
}
