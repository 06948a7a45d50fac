// The longest time that one verb kept the event loop: an input is read by several. Other threads, which collect memory and
// compile, keep nobody waiting.
let longest = 0;

export function timed<T>(verb: () => T): T {
  const began = process.threadCpuUsage();
  try {
    return verb();
  } finally {
    const { user, system } = process.threadCpuUsage(began);
    longest = Math.max(longest, (user + system) / 1000);
  }
}

/** A time that was measured elsewhere, in milliseconds. */
export function noted(milliseconds: number): void {
  longest = Math.max(longest, milliseconds);
}

/** In milliseconds of CPU time, since it was asked for last. */
export function longestPause(): number {
  const milliseconds = longest;
  longest = 0;
  return milliseconds;
}
