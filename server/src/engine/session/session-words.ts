// Returns the sentence for the state of a session, and the action that resolves it.
import type { Failure } from '../failure.ts';
import type { SessionState } from './session-state.ts';

/** The prefix of the reason if "unreachable" would be wrong. */
const unreached: Readonly<Partial<Record<Failure['kind'], string>>> = {
  throttled: 'throttled',
  credential: 'no credential',
};

export interface SessionWords {
  readonly sentence: string;
  readonly action?: 'openContext' | 'closeContext' | 'retryContext' | 'signIn';
}

/** `count`: number of known objects; `now`: milliseconds since the epoch. */
export function sessionWords(state: SessionState, count: number, now: number): SessionWords {
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
        sentence: `last seen ${clock(state.since)}: ${state.why.message}${nextAttemptWords(state.retryAt, now)}`,
        action: 'retryContext',
      };
    case 'unreachable':
      return {
        sentence: `${unreached[state.why.kind] ?? 'unreachable'}: ${state.why.message}${nextAttemptWords(state.retryAt, now)}`,
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

/** A time of day instead of a duration, so that the text stays true without an update each second. */
export function nextAttemptWords(at: number, now: number): string {
  return at - now > 1500 ? `, next attempt at ${new Date(at).toTimeString().slice(0, 8)}` : '';
}

/** Local time of day; the date is irrelevant for what is minutes old. */
function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}
