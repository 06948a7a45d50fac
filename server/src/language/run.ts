// Runs the work of a request. Cancellation is handled only here, and an error becomes a line in the log and an empty
// response. The features are synchronous and don't throw; if one does, the editor must not notice.
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

export type Log = (message: string) => void;

type Handler<Params, Result> = (params: Params, token: CancellationToken) => Promise<Result | ResponseError<void>>;

/** Work starts in a later turn of the event loop, so that a cancellation that has already arrived is handled first. */
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

/** The same for notifications, which have no response. */
export function take<Params>(name: string, log: Log, work: (params: Params) => void): (params: Params) => void {
  return (params) => {
    try {
      work(params);
    } catch (error) {
      log(`${name}: ${describe(error)}`);
    }
  };
}

/** Milliseconds from one attempt to the next, and the number of attempts. */
const again = 500;
const attempts = 20;

/**
 * Sends a request to the client, and repeats it while the client has no handler for it: VS Code's client adds its handlers
 * one after the other, some after the server has answered `initialize`. A failure must never end the server.
 */
export async function untilAnswered(request: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      await request();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, again).unref());
    }
  }
}

/** Milliseconds of work before the event loop gets a turn. */
export const slice = 4;

/** Drives a generator in slices, so that a request waits for at most one slice; resolves to its result. */
export async function inSlices<Result>(steps: Iterator<unknown, Result>): Promise<Result> {
  for (;;) {
    const until = performance.now() + slice;
    while (performance.now() < until) {
      const { done, value } = steps.next();
      if (done) return value;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
