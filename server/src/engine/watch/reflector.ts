// Keeps the store's objects of one kind in sync with the server: runs the tasks that reflector-state.ts decides, one
// request at a time, and passes objects on. The session decides whether the server is reachable (`Gate`).
import { setTimeout as sleep } from 'node:timers/promises';
import { at, list, text } from '../../live/fields.ts';
import { type Failure, failed, failureOfStatus, isConnectionFailure, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import {
  type Happened,
  type ReflectorState,
  reflect,
  startReflector,
  type Task,
  waitTime,
  watchSeconds,
} from './reflector-state.ts';

export interface Sink<T> {
  /**
   * Trims on arrival, so that a long list isn't held in full; undefined if the value isn't an object. `before` is the
   * number of objects already received of the list in progress, 0 for a single object.
   */
  read(raw: unknown, before: number): T | undefined;
  replace(objects: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
  /** Called after each step; `count` is the number of objects received of a list in progress. */
  state(state: ReflectorState, count: number): void;
}

export interface Gate {
  /** Waits until requests to the server are allowed. */
  pass(signal: AbortSignal): Promise<void>;
  /** The connection to the server failed: the session checks it and closes the gate meanwhile. */
  broken(failure: Failure): void;
  /** Limits the number of concurrent lists per cluster. */
  list<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface ReflectorOptions<T> {
  readonly transport: Transport;
  /** Path of the collection, without query. */
  readonly path: string;
  /** Field and label selectors. */
  readonly selectors?: Readonly<Record<string, string>>;
  /** Identity, labels and owners are enough: spec and status stay on the server. */
  readonly metadataOnly: boolean;
  /**
   * Whether a watch follows; the list then comes as its beginning, which is lighter for large clusters, but late from a server
   * that has just changed much.
   */
  readonly follows: boolean;
  readonly sink: Sink<T>;
  readonly gate: Gate;
  readonly log: (message: string) => void;
  readonly random?: () => number;
}

export const form = (name: string) => `application/json;as=${name};g=meta.k8s.io;v=v1,application/json`;
/** Milliseconds. A bookmark arrives about once a minute, so a watch that is silent for longer is dead. */
const watchQuiet = 150_000;

export class Reflector<T = unknown> {
  readonly #options: ReflectorOptions<T>;
  readonly #random: () => number;
  readonly #stopped = new AbortController();
  #state: ReflectorState;
  #waking: AbortController | undefined;
  #listed: T[] = [];
  /** The watch that continues a streaming list. */
  #continued: Promise<Happened> | undefined;
  #waitsUntil = 0;
  /** Ends the request in flight. */
  #task = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#state = startReflector({ stream: options.follows });
    this.#running = this.#run();
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Milliseconds since the epoch at which the current wait ends; undefined if it isn't waiting. */
  get retryAt(): number | undefined {
    return this.#state.task.do === 'wait' ? this.#waitsUntil : undefined;
  }

  /** Ends a wait or a rest. */
  retry(): void {
    const { do: doing } = this.#state.task;
    if (doing !== 'wait' && doing !== 'rest') return;
    this.#happened({ event: 'retry' });
    this.#waking?.abort();
  }

  /**
   * Lists the server's current objects: because it is `behind` what we have seen, which its watches don't report, or
   * because there is `room` for omitted objects.
   */
  relist(why: 'behind' | 'room'): void {
    if (why === 'room') this.#interrupt({ event: 'relist' });
    else
      this.#interrupt({
        event: 'failed',
        failure: { kind: 'tooNew', message: 'the API server is behind its earlier state' },
      });
  }

  /** Restarts the watch from its current version: the server checks permissions when a watch begins. */
  resume(): void {
    if (this.#state.task.do === 'watch') this.#interrupt({ event: 'ended', quickly: false });
    else this.retry();
  }

  #interrupt(happened: Happened): void {
    const { task } = this.#state;
    this.#continued = undefined;
    this.#happened(happened);
    // The loop compares tasks by identity.
    if (this.#state.task === task) return;
    this.#task.abort();
    this.#waking?.abort();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#waking?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const { task } = this.#state;
      // A streaming list continues as a watch in the same request, so it keeps the same abort signal.
      if (!this.#continued) this.#task = new AbortController();
      const happened = await this.#do(task, AbortSignal.any([signal, this.#task.signal]));
      // `retry` may have replaced the task during a wait.
      if (happened && !signal.aborted && this.#state.task === task) this.#happened(happened);
    }
  }

  #happened(happened: Happened): void {
    this.#state = reflect(this.#state, happened);
    this.#options.sink.state(this.#state, this.#listed.length);
  }

  async #do(task: Task, signal: AbortSignal): Promise<Happened | undefined> {
    if (task.do === 'wait' || task.do === 'rest') return this.#wait(task);
    const { gate, follows } = this.#options;
    if (task.do === 'watch' && !follows) return aborted(signal);
    await gate.pass(signal).catch(() => undefined);
    if (signal.aborted) return undefined;
    const continued = this.#continued;
    this.#continued = undefined;
    const happened =
      task.do === 'watch'
        ? await (continued ?? this.#watch(task.resourceVersion, signal))
        : await gate.list(
            () => (task.do === 'page' ? this.#page(task, signal) : this.#stream(task.resourceVersion, signal)),
            signal,
          );
    if (happened.event === 'failed') this.#report(happened.failure);
    return happened;
  }

  #report(failure: Failure): void {
    const { gate, log, path } = this.#options;
    if (failure.kind === 'aborted') return;
    log(`${path}: ${failure.message}`);
    if (isConnectionFailure(failure) || failure.kind === 'unauthorized' || failure.kind === 'credential')
      gate.broken(failure);
  }

  async #wait(task: Extract<Task, { do: 'wait' | 'rest' }>): Promise<Happened | undefined> {
    this.#waking = new AbortController();
    const signal = AbortSignal.any([this.#waking.signal, this.#stopped.signal]);
    const time = task.do === 'wait' ? waitTime(task, this.#random()) : 2 ** 31 - 1;
    this.#waitsUntil = Date.now() + time;
    try {
      await sleep(time, undefined, { signal, ref: false });
      return { event: 'waited', at: Date.now() };
    } catch {
      return undefined;
    }
  }

  async #page(
    { resourceVersion, continueToken, limit }: Extract<Task, { do: 'page' }>,
    signal: AbortSignal,
  ): Promise<Happened> {
    const { transport, path, metadataOnly, sink } = this.#options;
    const query = new URLSearchParams({
      ...this.#options.selectors,
      ...(limit > 0 ? { limit: String(limit) } : {}),
      ...(continueToken ? { continue: continueToken } : resourceVersion ? { resourceVersion } : {}),
    });
    const page = await transport.json<unknown>({
      path: `${path}?${query}`,
      signal,
      quiet: 60_000,
      ...(metadataOnly ? { accept: form('PartialObjectMetadataList') } : {}),
    });
    if (!page.ok) return { event: 'failed', failure: page.failure };
    if (!continueToken) this.#listed = [];
    for (const item of typed(page.value)) this.#keep(item);
    const next = text(page.value, 'metadata', 'continue');
    const version = text(page.value, 'metadata', 'resourceVersion') ?? '';
    if (next) return { event: 'page', resourceVersion: version, continueToken: next };
    sink.replace(this.#listed);
    this.#listed = [];
    return { event: 'page', resourceVersion: version };
  }

  async #stream(resourceVersion: string, signal: AbortSignal): Promise<Happened> {
    this.#listed = [];
    const query = {
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      ...(resourceVersion ? { resourceVersion } : {}),
    };
    return this.#events(query, signal, true);
  }

  #watch(resourceVersion: string, signal: AbortSignal): Promise<Happened> {
    return this.#events({ resourceVersion }, signal, false);
  }

  /** Runs one watch request; a streaming one continues as a watch after its list. */
  async #events(query: Readonly<Record<string, string>>, signal: AbortSignal, streaming: boolean): Promise<Happened> {
    const { transport, path, metadataOnly } = this.#options;
    const all = new URLSearchParams({
      ...this.#options.selectors,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(watchSeconds(this.#random())),
      ...query,
    });
    const began = performance.now();
    const ended = new AbortController();
    let initial = streaming;
    let events = 0;
    let failure: Failure | undefined;
    let release: (() => void) | undefined;
    const onLine = (line: string) => {
      if (failure || signal.aborted) return;
      events++;
      const event = this.#event(line, initial);
      if (!event.ok) {
        failure = event.failure;
        ended.abort();
      } else if (event.value === 'listed') {
        initial = false;
        release?.();
      }
    };
    const run = transport.lines(
      {
        path: `${path}?${all}`,
        signal: AbortSignal.any([signal, ended.signal]),
        quiet: watchQuiet,
        ...(metadataOnly ? { accept: form('PartialObjectMetadata') } : {}),
      },
      onLine,
      () => {
        if (!signal.aborted) this.#opened();
      },
    );
    const finished = run.then((result): Happened => {
      if (failure) return { event: 'failed', failure };
      if (!result.ok) return { event: 'failed', failure: result.failure };
      return { event: 'ended', quickly: events === 0 && performance.now() - began < 1000 };
    });
    if (!streaming) return finished;
    // The list slot is released once the list is complete; the watch continues without it.
    const whole = new Promise<'listed'>((done) => {
      release = () => done('listed');
    });
    const first = await Promise.race([finished, whole]);
    if (first !== 'listed') return first;
    this.#continued = finished;
    return { event: 'moved', resourceVersion: '' };
  }

  #event(line: string, initial: boolean): Result<'listed' | 'taken'> {
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      return failed('server', 'a watch event must be JSON');
    }
    const { sink } = this.#options;
    const object = at(event, 'object');
    const version = text(object, 'metadata', 'resourceVersion') ?? '';
    const type = text(event, 'type');
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED': {
        if (initial) {
          this.#keep(object);
          if (this.#listed.length % 500 === 0) sink.state(this.#state, this.#listed.length);
          return success('taken');
        }
        const read = sink.read(object, 0);
        if (read !== undefined && type === 'DELETED') sink.remove(read);
        else if (read !== undefined) sink.put(read);
        break;
      }
      case 'BOOKMARK':
        if (initial) {
          if (text(object, 'metadata', 'annotations', 'k8s.io/initial-events-end') !== 'true') return success('taken');
          sink.replace(this.#listed);
          this.#listed = [];
          this.#happened({ event: 'listed', resourceVersion: version });
          return success('listed');
        }
        break;
      case 'ERROR':
        return { ok: false, failure: failureOfStatus(object) };
      default:
        return failed(
          'server',
          type === undefined ? 'a watch event has no type' : `watch event type ${type} is unknown`,
        );
    }
    this.#moved(version);
    return success('taken');
  }

  #opened(): void {
    if (this.#state.failure !== undefined || !this.#state.watched) this.#happened({ event: 'opened' });
  }

  #keep(raw: unknown): void {
    const read = this.#options.sink.read(raw, this.#listed.length);
    if (read !== undefined) this.#listed.push(read);
  }

  /** Doesn't report each event as a change of state, unless the event clears a failure. */
  #moved(resourceVersion: string): void {
    const healed = this.#state.failure !== undefined;
    this.#state = reflect(this.#state, { event: 'moved', resourceVersion });
    if (healed) this.#options.sink.state(this.#state, 0);
  }
}

/** Items of a typed list have neither apiVersion nor kind; they are derived from the list. */
function typed(page: unknown): readonly unknown[] {
  const apiVersion = text(page, 'apiVersion');
  const kind = text(page, 'kind')?.replace(/List$/, '');
  return list(page, 'items').map((item) => ({ apiVersion, kind, ...(item as object) }));
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((done) => {
    if (signal.aborted) done(undefined);
    else signal.addEventListener('abort', () => done(undefined), { once: true });
  });
}
