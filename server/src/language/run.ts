// Runs the work of a request: the only place that knows of cancellation, and where an error becomes a line in the log and
// an empty answer. The features themselves are synchronous and don't throw; should one, the editor must not notice.
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

export type Log = (message: string) => void;

type Handler<Params, Result> = (params: Params, token: CancellationToken) => Promise<Result | ResponseError<void>>;

/** Work begins in a later turn, so that a cancellation that is already here is seen first. */
export function answer<Params, Result>(
  name: string,
  log: Log,
  empty: Result,
  work: (params: Params) => Result | Promise<Result>,
): Handler<Params, Result> {
  return async (params, token) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) return cancelled();
    try {
      const result = await work(params);
      return token.isCancellationRequested ? cancelled() : result;
    } catch (error) {
      log(`${name}: ${describe(error)}`);
      return empty;
    }
  };
}

/** The same for what has no answer. */
export function take<Params>(name: string, log: Log, work: (params: Params) => void): (params: Params) => void {
  return (params) => {
    try {
      work(params);
    } catch (error) {
      log(`${name}: ${describe(error)}`);
    }
  };
}

/** Milliseconds of work between two looks at the queue. */
const slice = 8;

/** Drives a generator in slices, so that requests in between wait for one slice at most. */
export async function inSlices(steps: Iterator<unknown>): Promise<void> {
  for (;;) {
    const until = performance.now() + slice;
    while (performance.now() < until) if (steps.next().done) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
