// Where a context stands, as a pure reducer: what happened goes in, the state with its time of the next try comes out.
// Each state has one sentence and at most one action; what is known stays shown while the server can't be reached.
import type { Failure } from '../failure.ts';

export type SessionState =
  | { readonly is: 'idle' }
  | { readonly is: 'connecting'; readonly since: number }
  | { readonly is: 'syncing'; readonly since: number; readonly version: string }
  | {
      readonly is: 'live';
      readonly since: number;
      readonly version: string;
      /** What the server says is wrong with itself (`/readyz`), though it answers. */
      readonly unhealthy?: string;
    }
  /** Was live; `since` is when it was last known to be. */
  | {
      readonly is: 'stale';
      readonly since: number;
      readonly why: Failure;
      readonly retryAt: number;
      readonly version: string;
    }
  /** Never was live since it was opened. */
  | { readonly is: 'unreachable'; readonly why: Failure; readonly retryAt: number }
  /** 401 and 403 to all we asked. */
  | { readonly is: 'denied'; readonly why: Failure; readonly retryAt: number }
  /** A person has to sign in, or agree. */
  | { readonly is: 'auth-needed'; readonly why: Failure }
  /** The kubeconfig no longer has the context, or what it has of it can't be used. */
  | { readonly is: 'gone'; readonly why?: Failure };

export interface SessionModel {
  readonly state: SessionState;
  /** Failed tries in a row. */
  readonly failures: number;
  /** A break was told and the server is being asked: nothing is shown of it unless that fails too. */
  readonly checking: boolean;
  /** When the way to the server was last found open. */
  readonly openedAt: number;
}

export type SessionEvent =
  | { readonly event: 'open'; readonly now: number }
  | { readonly event: 'reached'; readonly now: number; readonly version: string }
  | { readonly event: 'failed'; readonly now: number; readonly failure: Failure }
  /** A request broke on its way. */
  | { readonly event: 'broken'; readonly now: number; readonly failure: Failure }
  | { readonly event: 'synced'; readonly now: number }
  /** What `/readyz` says; absent: well. */
  | { readonly event: 'health'; readonly unhealthy?: string }
  | { readonly event: 'retry'; readonly now: number }
  | { readonly event: 'close' }
  | { readonly event: 'removed'; readonly failure?: Failure };

export const idleSession: SessionModel = { state: { is: 'idle' }, failures: 0, checking: false, openedAt: 0 };

/**
 * Milliseconds between tries. Close together while a restart is likely, so that 20 s away cost 5 s at most, and a dozen
 * requests in three minutes.
 */
const waits = [500, 1000, 2000, 3000, 4000, 5000, 5000, 10_000, 15_000, 25_000, 30_000];
/** Where nothing answers at all each try lasts long and costs no server anything, while the way may open any moment. */
const longestSilent = 8_000;
const silentTries = 30;
const shortestDenied = 30_000;
const longestDenied = 300_000;
/** A way that closes again this soon after it opened counts as the same trouble. */
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
      // All that is under way breaks at once: one break, which is being looked into.
      if (model.checking || (state.is !== 'live' && state.is !== 'syncing')) return model;
      // Steady until now: ask at once. Broken again right away: wait like after a failed try.
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

/** Milliseconds since the epoch at which the server is asked next; undefined: not by itself. */
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

/** Whether requests other than the try itself may go out. */
export function isOpen({ state, checking }: SessionModel): boolean {
  return !checking && (state.is === 'syncing' || state.is === 'live');
}

function reached(model: SessionModel, now: number, version: string): SessionModel {
  const { state } = model;
  // Kept for a while, so that a way that opens and breaks in turns is tried ever more rarely.
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
    // Each try with a credential that isn't accepted runs its plugin once more.
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

/** What stands before the reason where "unreachable" would be wrong. */
const unreached: Readonly<Partial<Record<Failure['kind'], string>>> = {
  throttled: 'throttled',
  credential: 'no credential',
};

export interface SessionWords {
  readonly sentence: string;
  readonly action?: 'openContext' | 'closeContext' | 'retryContext' | 'signIn';
}

/** `count`: objects known; `now`: milliseconds since the epoch. */
export function wordsOf(state: SessionState, count: number, now: number): SessionWords {
  switch (state.is) {
    case 'idle':
      return { sentence: '', action: 'openContext' };
    case 'connecting':
      return { sentence: 'connecting' };
    case 'syncing':
      return { sentence: count === 0 ? 'listing' : `listing, ${count} so far` };
    case 'live':
      return { sentence: [state.version, state.unhealthy ?? ''].filter(Boolean).join(', ') };
    case 'stale':
      return {
        sentence: `last seen ${clock(state.since)}: ${state.why.message}${nextTryWords(state.retryAt, now)}`,
        action: 'retryContext',
      };
    case 'unreachable':
      return {
        sentence: `${unreached[state.why.kind] ?? 'unreachable'}: ${state.why.message}${nextTryWords(state.retryAt, now)}`,
        action: 'retryContext',
      };
    case 'denied':
      return {
        sentence:
          state.why.kind === 'unauthorized'
            ? 'the credential is not accepted (401): it has expired or is for another cluster'
            : state.why.message,
        action: state.why.kind === 'unauthorized' ? 'signIn' : 'retryContext',
      };
    case 'auth-needed':
      return { sentence: state.why.message, action: 'signIn' };
    case 'gone':
      return { sentence: state.why?.message ?? 'no longer in the kubeconfig', action: 'closeContext' };
  }
}

/** When rather than in how long, so that the words stay true without being told anew each second. */
export function nextTryWords(at: number, now: number): string {
  return at - now > 1500 ? `, next try at ${new Date(at).toTimeString().slice(0, 8)}` : '';
}

/** Local time of day; the date is not in question for what is minutes old. */
function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}
