// Decides a reflector's next request, modeled on client-go (tools/cache/reflector.go): list in pages or as a stream, watch
// with bookmarks, resume from the last resource version, relist only when the server no longer keeps it. A pure reducer
// from state and event to the next state with its one task.
import { type Failure, isConnectionFailure } from '../failure.ts';

/** The one request or wait in progress. */
export type Task =
  /** `sendInitialEvents`: the list as watch events, closed by a bookmark. */
  | { readonly do: 'stream'; readonly resourceVersion: string }
  | { readonly do: 'page'; readonly resourceVersion: string; readonly continueToken?: string; readonly limit: number }
  | { readonly do: 'watch'; readonly resourceVersion: string }
  /** Wait `for` milliseconds (before jitter), at least as long as the server requires, then run `next`. */
  | { readonly do: 'wait'; readonly for: number; readonly atLeast?: number; readonly next: Task }
  /** Idle until `retry`: the server doesn't serve the kind (404), or the request was aborted. */
  | { readonly do: 'rest' };

export interface ReflectorState {
  readonly task: Task;
  /** Whether a complete list has been received since the start, so that the store has all objects. */
  readonly synced: boolean;
  /** From the last event or list; empty before the first. */
  readonly resourceVersion: string;
  /** Consecutive failures. */
  readonly failures: number;
  /** Why it isn't live; absent if it is. */
  readonly failure?: Failure;
  /** The server has no streaming lists (before Kubernetes 1.32, or disabled), or they failed here. */
  readonly noStream: boolean;
  /** A watch has been allowed at least once; for a user who may only list, every watch is rejected. */
  readonly watched: boolean;
  /** Relists caused by a lost resource version since the last watch event. */
  readonly relists: number;
}

export type Happened =
  | { readonly event: 'page'; readonly resourceVersion: string; readonly continueToken?: string }
  /** The stream's closing bookmark: the list is complete. */
  | { readonly event: 'listed'; readonly resourceVersion: string }
  /** The server accepted the watch: it is reachable and allows it. */
  | { readonly event: 'opened' }
  /** An object or a bookmark from a watch. */
  | { readonly event: 'moved'; readonly resourceVersion: string }
  /** The server ended the watch normally; `quickly` if it had no events and lasted under a second. */
  | { readonly event: 'ended'; readonly quickly: boolean }
  | { readonly event: 'failed'; readonly failure: Failure }
  | { readonly event: 'waited'; readonly at: number }
  /** The objects that the list omitted are needed now. */
  | { readonly event: 'relist' }
  /** Requested by the user, or after a relevant change (a CRD, a permission). */
  | { readonly event: 'retry' };

export const pageLimit = 500;
const firstWait = 800;
const longestWait = 30_000;
/** Milliseconds until a 403 is retried; permissions granted at run time are detected earlier (session/health-probe.ts). */
const deniedWait = 300_000;

export function startReflector(options: { readonly stream: boolean }): ReflectorState {
  const begin: ReflectorState = {
    task: { do: 'rest' },
    synced: false,
    resourceVersion: '',
    failures: 0,
    relists: 0,
    noStream: !options.stream,
    watched: false,
  };
  return { ...begin, task: listTask(begin) };
}

export function reflect(state: ReflectorState, happened: Happened): ReflectorState {
  switch (happened.event) {
    case 'page':
      return paged(state, happened);
    case 'listed':
      return {
        ...live(state, happened.resourceVersion),
        task: { do: 'watch', resourceVersion: happened.resourceVersion },
      };
    case 'moved':
      return happened.resourceVersion === ''
        ? state
        : { ...live(state, happened.resourceVersion), relists: 0, task: state.task };
    case 'opened':
      return { ...admitted(state), watched: true };
    case 'ended':
      return ended(state, happened.quickly);
    case 'failed':
      return afterFailure(state, happened.failure);
    case 'waited':
      return state.task.do === 'wait' ? { ...state, task: state.task.next } : state;
    case 'relist':
      return state.task.do === 'watch' ? { ...state, task: listTask({ ...state, resourceVersion: '' }) } : state;
    case 'retry':
      if (state.task.do === 'wait') return { ...state, task: state.task.next };
      return state.task.do === 'rest' ? { ...state, task: nextTask(state) } : state;
  }
}

/** Whether the store is known to match the server for this kind. */
export function isLive({ synced, failure }: ReflectorState): boolean {
  return synced && failure === undefined;
}

/** Whether the store's objects of this kind may be outdated: several attempts failed, or access was revoked. */
export function isBehind(state: ReflectorState): boolean {
  const { synced, failure, failures } = state;
  if (!synced || failure === undefined || isListOnly(state)) return false;
  return failures >= 3 || failure.kind === 'forbidden';
}

/** Whether the kind may be listed but not watched: the store's objects are at most minutes old. */
export function isListOnly({ synced, failure, watched }: ReflectorState): boolean {
  return synced && !watched && failure?.kind === 'forbidden';
}

/** Full jitter above a floor, so that a thousand waiting reflectors don't retry at once. `random` is in [0, 1). */
export function jittered(milliseconds: number, random: number): number {
  return Math.round(milliseconds * (0.5 + random));
}

/** Milliseconds to wait. */
export function waitTime({ for: time, atLeast = 0 }: Extract<Task, { do: 'wait' }>, random: number): number {
  return Math.max(jittered(time, random), Math.round(atLeast * (1 + random / 5)));
}

/** Seconds a watch may last: 5 to 10 minutes, spread so that watches don't all end together. */
export function watchSeconds(random: number): number {
  return Math.round(300 * (1 + random));
}

/** The server grants access: clears failures of connection and access, not those within a watch or a list. */
function admitted(state: ReflectorState): ReflectorState {
  const { failure, ...rest } = state;
  const over = failure && (isConnectionFailure(failure) || /^(forbidden|unauthorized|credential)$/.test(failure.kind));
  return over ? rest : state;
}

function live(state: ReflectorState, resourceVersion: string): ReflectorState {
  const { failure: _healed, ...rest } = state;
  return { ...rest, synced: true, resourceVersion, failures: 0 };
}

function paged(
  state: ReflectorState,
  { resourceVersion, continueToken }: Extract<Happened, { event: 'page' }>,
): ReflectorState {
  if (continueToken) {
    const asked = state.task.do === 'page' ? state.task : undefined;
    return {
      ...admitted(state),
      task: { do: 'page', resourceVersion: asked?.resourceVersion ?? '', continueToken, limit: pageLimit },
    };
  }
  return { ...live(state, resourceVersion), task: { do: 'watch', resourceVersion } };
}

function ended(state: ReflectorState, quickly: boolean): ReflectorState {
  // A stream that ends before its closing bookmark is an incomplete list.
  if (state.task.do === 'stream') return { ...state, noStream: true, task: listTask({ ...state, noStream: true }) };
  if (state.task.do !== 'watch') return state;
  const again: Task = { do: 'watch', resourceVersion: state.resourceVersion };
  if (!quickly) return { ...state, task: again };
  return waiting({ ...state, failures: state.failures + 1 }, again);
}

function afterFailure(state: ReflectorState, failure: Failure): ReflectorState {
  const { task } = state;
  const now: ReflectorState = { ...state, failures: state.failures + 1, failure };
  switch (failure.kind) {
    case 'gone':
      // An expired `continue`, or a version no longer kept: a complete relist; the store keeps its objects until it is done.
      if (task.do === 'page' && task.continueToken) {
        return { ...now, task: { do: 'page', resourceVersion: '', limit: 0 } };
      }
      return relist(now, '');
    case 'tooNew':
      // The server is behind what we have seen (another replica, a restored backup): its most recent state is authoritative.
      return relist(now, '');
    case 'invalid':
      if (task.do === 'stream') return { ...state, noStream: true, task: listTask({ ...state, noStream: true }) };
      return waiting(now, nextTask(now));
    case 'forbidden':
      // Streaming requires permission to watch; a user who may only list is served by pages, repeated periodically.
      if (task.do === 'stream') return { ...state, noStream: true, task: listTask({ ...state, noStream: true }) };
      return { ...now, task: { do: 'wait', for: deniedWait, next: now.watched ? nextTask(now) : listTask(now) } };
    case 'notFound':
      return { ...now, task: { do: 'rest' } };
    case 'aborted':
      return { ...state, task: { do: 'rest' } };
    default:
      return waiting(now, nextTask(now), failure.retryAfter);
  }
}

function relist(before: ReflectorState, resourceVersion: string): ReflectorState {
  const state: ReflectorState = { ...before, resourceVersion, relists: before.relists + 1 };
  const list: Task = listTask(state);
  // The first relist is immediate and not shown as a failure. A server that serves lists but rejects watches from them
  // must not be hammered: a successful list doesn't reset `relists`, only a watch event does.
  const { failure: _unseen, ...quiet } = state;
  if (state.relists <= 1 && state.failures <= 1) return { ...quiet, task: list };
  return waiting({ ...state, failures: Math.max(state.failures, state.relists - 1) }, list);
}

function waiting(state: ReflectorState, next: Task, atLeast = 0): ReflectorState {
  const doubled = Math.min(longestWait, firstWait * 2 ** (Math.max(1, state.failures) - 1));
  const wait = { do: 'wait', for: Math.max(atLeast, doubled), next } as const;
  return { ...state, task: atLeast > 0 ? { ...wait, atLeast } : wait };
}

/** The task to resume: the watch that failed, or the list that never finished. */
function nextTask(state: ReflectorState): Task {
  return state.synced && state.resourceVersion !== ''
    ? { do: 'watch', resourceVersion: state.resourceVersion }
    : listTask(state);
}

function listTask({ noStream, resourceVersion }: ReflectorState): Task {
  return noStream ? { do: 'page', resourceVersion: '', limit: pageLimit } : { do: 'stream', resourceVersion };
}
