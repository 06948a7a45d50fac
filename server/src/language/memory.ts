// Gives memory back once files were opened: reading a workspace allocates several times what is kept of it, and V8 holds on
// to that until much more is allocated, which in an editor may be never.

/** Milliseconds without a notification: longer than between two keys, and before what clusters get is computed. */
const rest = 100;

/** Bytes in use. A larger heap takes too long to collect at once; V8 does it in steps by itself. */
const largest = 64 * 1024 * 1024;

/** The collector of a process that was started with `--expose-gc` (Node.js documentation, `global.gc`). */
export type Collect = (options: { readonly type: 'major'; readonly execution: 'async' }) => Promise<void>;

export interface Memory {
  opened(): void;
  edited(): void;
}

export function memoryAtRest(collect = globalThis.gc as Collect | undefined): Memory {
  let due = false;
  let timer: NodeJS.Timeout | undefined;
  const collected = () => {
    due = false;
    if (process.memoryUsage().heapUsed <= largest) void collect?.({ type: 'major', execution: 'async' });
  };
  const wait = () => {
    clearTimeout(timer);
    if (due) timer = setTimeout(collected, rest).unref();
  };
  return {
    opened() {
      due = collect !== undefined;
      wait();
    },
    edited: wait,
  };
}
