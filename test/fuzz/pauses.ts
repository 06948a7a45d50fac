// The longest time that one verb kept the processor: an input is read by several.
let longest = 0;

export function timed<T>(verb: () => T): T {
  const began = process.cpuUsage();
  try {
    return verb();
  } finally {
    const { user, system } = process.cpuUsage(began);
    longest = Math.max(longest, (user + system) / 1000);
  }
}

/** In milliseconds of CPU time, since it was asked for last. */
export function longestPause(): number {
  const milliseconds = longest;
  longest = 0;
  return milliseconds;
}
