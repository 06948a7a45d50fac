// Gives memory back once files were opened: reading a workspace allocates several times what is kept of it, and V8 holds on
// to that until much more is allocated, which in an editor may be never.

/** Milliseconds without a notification: longer than between two keys, and before what clusters get is computed. */
const rest = 100;

/**
 * Milliseconds without a notification after which someone reads or has gone: then the heap is compacted too, which takes
 * twice as long and gives back a fifth of what the process holds.
 */
const pause = 2_000;

/** Bytes in use. A larger heap takes too long to collect at once; V8 does it in steps by itself. */
const largest = 64 * 1024 * 1024;

/** The collector of a process that was started with `--expose-gc` (Node.js documentation, `global.gc`). */
export type Collect = (options: {
  readonly type: 'major';
  readonly execution: 'async';
  readonly flavor?: 'last-resort';
}) => Promise<void>;

export interface Memory {
  opened(): void;
  edited(): void;
}

/** `isReading`: files of a root are being read, of which nearly everything is kept: to collect in between is in vain. */
export function memoryAtRest(isReading: () => boolean, collect = globalThis.gc as Collect | undefined): Memory {
  const major = { type: 'major', execution: 'async' } as const;
  const steps = [
    { after: rest, options: major },
    { after: pause, options: { ...major, flavor: 'last-resort' } },
  ] as const;
  let next: number = steps.length;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    const step = steps[next];
    if (!step) return;
    timer = setTimeout(() => {
      if (isReading()) {
        wait();
        return;
      }
      next += 1;
      if (process.memoryUsage().heapUsed <= largest) void collect?.(step.options);
      wait();
    }, step.after).unref();
  };
  return {
    opened() {
      next = collect ? 0 : steps.length;
      wait();
    },
    edited: wait,
  };
}
