// What a reflector does next, after client-go's (tools/cache/reflector.go): list in pages or as a stream, watch with
// bookmarks, resume from the last resource version, list anew only when the server no longer keeps it. A pure reducer:
// what happened goes in, the next state with its one request comes out.
import { type Failure, isConnectionFailure } from '../failure.ts';

/** The one thing in flight. */
export type Task =
  /** `sendInitialEvents`: the list as watch events, closed by a bookmark. */
  | { readonly do: 'stream'; readonly resourceVersion: string }
  | { readonly do: 'page'; readonly resourceVersion: string; readonly continueToken?: string; readonly limit: number }
  | { readonly do: 'watch'; readonly resourceVersion: string }
  /** Wait `for` milliseconds (before jitter), never less than the server asked for, and then do as told. */
  | { readonly do: 'wait'; readonly for: number; readonly atLeast?: number; readonly next: Task }
  /** Nothing until `retry`: the server says no (403) or has no such kind (404). */
  | { readonly do: 'rest' };

export interface ReflectorState {
  readonly task: Task;
  /** Whether a whole list has been taken in since the start: what the store holds is all there is. */
  readonly synced: boolean;
  /** Of the last event or list; empty before the first. */
  readonly resourceVersion: string;
  /** Failures in a row. */
  readonly failures: number;
  /** Why it isn't live; absent when it is. */
  readonly failure?: Failure;
  /** The server has no streaming lists (before Kubernetes 1.32, or switched off), or they failed here. */
  readonly noStream: boolean;
  /** A watch was allowed once: who may only list is refused each. */
  readonly watched: boolean;
  /** Lists that a lost version cost since a watch last brought something. */
  readonly relists: number;
}

export type Happened =
  | { readonly event: 'page'; readonly resourceVersion: string; readonly continueToken?: string }
  /** The stream's closing bookmark: the list is whole. */
  | { readonly event: 'listed'; readonly resourceVersion: string }
  /** The server agreed to watch: it is reached, and allows it. */
  | { readonly event: 'opened' }
  /** An object or a bookmark of a watch. */
  | { readonly event: 'moved'; readonly resourceVersion: string }
  /** The server ended the watch in good order; `quickly` when it brought nothing and lasted under a second. */
  | { readonly event: 'ended'; readonly quickly: boolean }
  | { readonly event: 'failed'; readonly failure: Failure }
  | { readonly event: 'waited'; readonly at: number }
  /** What the list left out is wanted now. */
  | { readonly event: 'relist' }
  /** The user, or a sign that things have changed (a CRD, a permission). */
  | { readonly event: 'retry' };

export const pageLimit = 500;
const firstWait = 800;
const longestWait = 30_000;
/** A 403 is asked again this late by itself; permissions granted at run time are met earlier (checkup.ts). */
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

/** Whether what the store holds of this kind is known to be what the server holds. */
export function isLive({ synced, failure }: ReflectorState): boolean {
  return synced && failure === undefined;
}

/** Whether what the store holds of this kind may be old: some tries went wrong, or no more are made for now. */
export function isBehind(state: ReflectorState): boolean {
  const { synced, failure, failures } = state;
  if (!synced || failure === undefined || isListOnly(state)) return false;
  return failures >= 3 || failure.kind === 'forbidden';
}

/** Whether the kind may be listed and not watched: what the store holds is minutes old at most. */
export function isListOnly({ synced, failure, watched }: ReflectorState): boolean {
  return synced && !watched && failure?.kind === 'forbidden';
}

/** Full jitter above a floor, so that a thousand waiting reflectors don't come back at once. `random` is in [0, 1). */
export function jittered(milliseconds: number, random: number): number {
  return Math.round(milliseconds * (0.5 + random));
}

/** Milliseconds a wait lasts. */
export function waitTime({ for: time, atLeast = 0 }: Extract<Task, { do: 'wait' }>, random: number): number {
  return Math.max(jittered(time, random), Math.round(atLeast * (1 + random / 5)));
}

/** Seconds a watch may last: 5 to 10 minutes, spread so that they don't all end together. */
export function watchSeconds(random: number): number {
  return Math.round(300 * (1 + random));
}

/** The server lets us in. What breaks within a watch or a list is another matter. */
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
  // A stream that ends before its closing bookmark brought half a list.
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
      // An expired `continue`, or a version no longer kept: the whole list once more, what is known stays until it is here.
      if (task.do === 'page' && task.continueToken) {
        return { ...now, task: { do: 'page', resourceVersion: '', limit: 0 } };
      }
      return relist(now, '');
    case 'tooNew':
      // This server is behind what we have seen (another replica, a restored backup): what it has most recent is the truth.
      return relist(now, '');
    case 'invalid':
      if (task.do === 'stream') return { ...state, noStream: true, task: listTask({ ...state, noStream: true }) };
      return waiting(now, nextTask(now));
    case 'forbidden':
      // Streaming is watching; who may only list is served by pages, and again by them after a while.
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
  // The first is at once and unseen. A server that takes lists and refuses to watch from them is not hammered: that the
  // list went well heals nothing, only what a watch brings does.
  const { failure: _unseen, ...quiet } = state;
  if (state.relists <= 1 && state.failures <= 1) return { ...quiet, task: list };
  return waiting({ ...state, failures: Math.max(state.failures, state.relists - 1) }, list);
}

function waiting(state: ReflectorState, next: Task, atLeast = 0): ReflectorState {
  const doubled = Math.min(longestWait, firstWait * 2 ** (Math.max(1, state.failures) - 1));
  const wait = { do: 'wait', for: Math.max(atLeast, doubled), next } as const;
  return { ...state, task: atLeast > 0 ? { ...wait, atLeast } : wait };
}

/** Where to go on from: the watch that broke, or the list that never finished. */
function nextTask(state: ReflectorState): Task {
  return state.synced && state.resourceVersion !== ''
    ? { do: 'watch', resourceVersion: state.resourceVersion }
    : listTask(state);
}

function listTask({ noStream, resourceVersion }: ReflectorState): Task {
  return noStream ? { do: 'page', resourceVersion: '', limit: pageLimit } : { do: 'stream', resourceVersion };
}
