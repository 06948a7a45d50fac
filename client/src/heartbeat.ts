// Notices a process that is there but answers no more (stopped, or in an endless loop), which no exit would tell.

/** Milliseconds between an answer and the next question. */
const interval = 5000;
/** Looks at a question without an answer, one interval apart, before the process counts as lost. A machine that slept
 *  finds its timers due at once, so one look is not enough. */
const looks = 3;

/** Asks again and again; `lost` is called once when there is no answer. Returns what ends it. */
export function heartbeat(ask: () => Promise<unknown>, lost: () => void): () => void {
  let unanswered = 0;
  let waiting = false;
  const timer = setInterval(() => {
    if (waiting) {
      if (++unanswered < looks) return;
      clearInterval(timer);
      lost();
      return;
    }
    waiting = true;
    const answered = () => {
      waiting = false;
      unanswered = 0;
    };
    // An error is an answer too.
    ask().then(answered, answered);
  }, interval);
  return () => clearInterval(timer);
}
