// Detects a process that still exists but no longer responds (stopped, or in an endless loop); it emits no exit event.

/** Milliseconds between a response and the next request. */
const interval = 5000;
/** Checks of an unanswered request, one interval apart, before the process is considered lost. After a sleep of the
 *  machine all timers are due at once, so one check is not enough. */
const checks = 3;

/** Calls `ask` at intervals, and `lost` once if there is no response. Returns a function that ends the heartbeat. */
export function heartbeat(ask: () => Promise<unknown>, lost: () => void, every = interval): () => void {
  let unanswered = 0;
  let waiting = false;
  const timer = setInterval(() => {
    if (waiting) {
      if (++unanswered < checks) return;
      clearInterval(timer);
      lost();
      return;
    }
    waiting = true;
    const answered = () => {
      waiting = false;
      unanswered = 0;
    };
    // An error is a response too.
    ask().then(answered, answered);
  }, every);
  return () => clearInterval(timer);
}
