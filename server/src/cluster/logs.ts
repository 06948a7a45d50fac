// The logs that a client reads: each by a token, sent in batches, the oldest lines dropped where the client can't keep up.
import { readLogs } from '../engine/session/logs.ts';
import type { Session } from '../engine/session/session.ts';
import type { LiveObject } from '../live/object.ts';
import type { ClusterNotifications, ClusterRequests } from '../protocol.ts';

type Logged = ClusterNotifications['logged'];

/** Milliseconds between two batches, and lines in each. */
const batch = { pause: 250, lines: 2_000 } as const;
/** A client that opens more has lost the oldest. */
const mostAtOnce = 20;

export class LogStreams {
  readonly #send: (logged: Logged) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(send: (logged: Logged) => void) {
    this.#send = send;
  }

  start(session: Session, object: LiveObject, params: ClusterRequests['logs']['params']): void {
    const { token, container, previous, follow, tail } = params;
    const { transport } = session;
    this.stop(token);
    const own = new AbortController();
    this.#running.set(token, own);
    for (const oldest of this.#running.keys()) if (this.#running.size > mostAtOnce) this.stop(oldest);
    const isWorkload = object.groupKind !== '/Pod';
    let lines: string[] = [];
    let dropped = 0;
    const add = (line: string) => {
      lines.push(line);
      if (lines.length > batch.lines) {
        lines.shift();
        dropped++;
      }
    };
    const flush = (isOver: boolean) => {
      if (own.signal.aborted || (lines.length === 0 && !isOver)) return;
      const skipped = dropped > 0 ? [`--- ${dropped} lines were left out: the log is faster than it can be shown`] : [];
      this.#send({ token, lines: [...skipped, ...lines], isOver });
      [lines, dropped] = [[], 0];
    };
    const timer = setInterval(() => flush(false), batch.pause);
    const sink = {
      line: (pod: string, text: string) => add(isWorkload ? `${pod}  ${text}` : text),
      note: (_: 'failure' | 'fact', text: string) => add(`--- ${text}`),
    };
    const read = transport
      ? readLogs(transport, object, { container, previous, follow, tail }, sink, own.signal)
      : Promise.resolve(sink.note('failure', `${session.context} is not connected.`));
    void read
      .catch((error: Error) => sink.note('failure', error.message))
      .finally(() => {
        clearInterval(timer);
        flush(true);
        if (this.#running.get(token) === own) this.#running.delete(token);
      });
  }

  stop(token: string): void {
    this.#running.get(token)?.abort();
    this.#running.delete(token);
  }

  dispose(): void {
    for (const token of [...this.#running.keys()]) this.stop(token);
  }
}
