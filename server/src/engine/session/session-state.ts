// The connection state of a context, as a pure reducer from state and event to the next state with the time of its next
// attempt. Each state has one sentence and at most one action; known objects stay shown while the server is unreachable.
import type { Failure } from '../failure.ts';

export type SessionState =
  | { readonly is: 'idle' }
  | { readonly is: 'connecting'; readonly since: number }
  | { readonly is: 'syncing'; readonly since: number; readonly version: string }
  | {
      readonly is: 'live';
      readonly since: number;
      readonly version: string;
      /** The problem that the server reports about itself (`/readyz`) although it responds. */
      readonly unhealthy?: string;
    }
  /** Was live before; `since` is when it was last known to be live. */
  | {
      readonly is: 'stale';
      readonly since: number;
      readonly why: Failure;
      readonly retryAt: number;
      readonly version: string;
    }
  /** Hasn't been live since it was opened. */
  | { readonly is: 'unreachable'; readonly why: Failure; readonly retryAt: number }
  /** All requests were answered with 401 or 403. */
  | { readonly is: 'denied'; readonly why: Failure; readonly retryAt: number }
  /** The user must sign in or consent. */
  | { readonly is: 'auth-needed'; readonly why: Failure }
  /** The context was removed from the kubeconfig, or its entry can't be used. */
  | { readonly is: 'gone'; readonly why?: Failure };

export interface SessionModel {
  readonly state: SessionState;
  /** Consecutive failed attempts. */
  readonly failures: number;
  /** A connection failure was reported and the server is being checked; it is shown only if the check fails too. */
  readonly checking: boolean;
  /** When the server was last found reachable. */
  readonly openedAt: number;
}

export type SessionEvent =
  | { readonly event: 'open'; readonly now: number }
  | { readonly event: 'reached'; readonly now: number; readonly version: string }
  | { readonly event: 'failed'; readonly now: number; readonly failure: Failure }
  /** The connection of a request failed. */
  | { readonly event: 'broken'; readonly now: number; readonly failure: Failure }
  | { readonly event: 'synced'; readonly now: number }
  /** The result of `/readyz`; absent: healthy. */
  | { readonly event: 'health'; readonly unhealthy?: string }
  | { readonly event: 'retry'; readonly now: number }
  | { readonly event: 'close' }
  | { readonly event: 'removed'; readonly failure?: Failure };

export const idleSession: SessionModel = { state: { is: 'idle' }, failures: 0, checking: false, openedAt: 0 };

/**
 * Milliseconds between attempts. Short while a restart is likely, so that a 20 s outage is noticed as over within 5 s, at
 * a dozen requests in three minutes.
 */
const waits = [500, 1000, 2000, 3000, 4000, 5000, 5000, 10_000, 15_000, 25_000, 30_000];
/** If the server doesn't respond at all, an attempt takes long and costs it nothing, and it may return at any moment. */
const longestSilent = 8_000;
const silentTries = 30;
const shortestDenied = 30_000;
const longestDenied = 300_000;
/** Milliseconds. A connection that fails this soon after it was established continues the same outage. */
const unsteady = 10_000;

export function step(model: SessionModel, happened: SessionEvent): SessionModel {
  const { state } = model;
  switch (happened.event) {
    case 'open':
      return { ...idleSession, state: { is: 'connecting', since: happened.now } };
    case 'close':
      return idleSession;
    case 'removed':
      return { ...idleSession, state: { is: 'gone', ...(happened.failure ? { why: happened.failure } : {}) } };
    case 'reached':
      return reached(model, happened.now, happened.version);
    case 'synced':
      return state.is === 'syncing'
        ? { ...model, state: { is: 'live', since: happened.now, version: state.version } }
        : model;
    case 'failed':
      return afterFailure(model, happened.failure, happened.now);
    case 'broken':
      // All requests in progress fail at once: that is one failure, which is already being checked.
      if (model.checking || (state.is !== 'live' && state.is !== 'syncing')) return model;
      // Stable until now: check at once. Failed again right away: wait as after a failed attempt.
      if (happened.now - model.openedAt >= unsteady || model.failures === 0)
        return { ...model, checking: true, failures: model.failures + 1 };
      return afterFailure(model, happened.failure, happened.now);
    case 'health': {
      if (state.is !== 'live' || state.unhealthy === happened.unhealthy) return model;
      const { unhealthy: _before, ...rest } = state;
      return { ...model, state: { ...rest, ...(happened.unhealthy ? { unhealthy: happened.unhealthy } : {}) } };
    }
    case 'retry':
      if (state.is === 'stale') return { ...model, failures: 0, state: { ...state, retryAt: happened.now } };
      if (state.is === 'unreachable' || state.is === 'denied' || state.is === 'auth-needed') {
        return { ...idleSession, state: { is: 'connecting', since: happened.now } };
      }
      return model;
  }
}

/** Milliseconds since the epoch of the next attempt; undefined: no automatic attempt. */
export function nextTry({ state, checking }: SessionModel): number | undefined {
  if (checking) return 0;
  switch (state.is) {
    case 'connecting':
      return 0;
    case 'stale':
    case 'unreachable':
    case 'denied':
      return state.retryAt;
    default:
      return undefined;
  }
}

/** Whether a server that has responded dropped a connection or a request; it is tried again soon. */
export function isDropped(state: SessionState): boolean {
  return (state.is === 'unreachable' || state.is === 'stale') && /^(reset|throttled)$/.test(state.why.kind);
}

/** Whether requests other than the attempt itself may be sent. */
export function isOpen({ state, checking }: SessionModel): boolean {
  return !checking && (state.is === 'syncing' || state.is === 'live');
}

function reached(model: SessionModel, now: number, version: string): SessionModel {
  const { state } = model;
  // Kept for a while, so that a connection that is established and lost in turn is retried with growing waits.
  const failures = now - model.openedAt < unsteady ? model.failures : 0;
  const next = { failures, checking: false, openedAt: now };
  switch (state.is) {
    case 'live':
    case 'syncing':
      return { ...next, state: { ...state, version } };
    case 'stale':
      return { ...next, state: { is: 'live', since: now, version } };
    case 'idle':
    case 'gone':
      return model;
    default:
      return { ...next, state: { is: 'syncing', since: now, version } };
  }
}

function afterFailure(model: SessionModel, why: Failure, now: number): SessionModel {
  const { state } = model;
  if (state.is === 'idle' || state.is === 'gone' || why.kind === 'aborted') return model;
  const failures = model.failures + 1;
  const usual = waits[Math.min(failures, waits.length) - 1]!;
  const wait = why.kind === 'timeout' && failures < silentTries ? Math.min(usual, longestSilent) : usual;
  const retryAt = now + Math.max(why.retryAfter ?? 0, wait);
  const next = { ...model, failures, checking: false };
  if (why.person) return { ...next, state: { is: 'auth-needed', why } };
  if (why.kind === 'unauthorized' || why.kind === 'forbidden') {
    // Each attempt with a rejected credential runs its plugin again.
    const denied = Math.min(longestDenied, shortestDenied * 2 ** (Math.min(failures, 10) - 1));
    return { ...next, state: { is: 'denied', why, retryAt: now + denied } };
  }
  switch (state.is) {
    case 'live':
      return { ...next, state: { is: 'stale', since: now, why, retryAt, version: state.version } };
    case 'stale':
      return { ...next, state: { ...state, why, retryAt } };
    default:
      return { ...next, state: { is: 'unreachable', why, retryAt } };
  }
}
