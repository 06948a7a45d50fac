// The shape of an object's health, and health that is read directly from a condition.
import { type Condition, wordsOf } from './conditions.ts';

/** The explorer's icon and the command line's mark derive from it. */
export type HealthState =
  | 'ready'
  | 'progressing'
  | 'failed'
  | 'suspended'
  | 'unknown'
  /** The user has no permission to read it. */
  | 'denied'
  | 'deleting'
  /** A kind without conditions, or an object that has none. */
  | 'none';

export interface Health {
  readonly state: HealthState;
  /** Empty if the state is sufficient. */
  readonly reason: string;
  /** RFC 3339: when the state began, if known. */
  readonly since?: string;
}

export function fromCondition(state: HealthState, condition: Condition): Health {
  return { state, reason: wordsOf(condition), ...sinceOf(condition.since) };
}

/** To be spread into a `Health`. */
export function sinceOf(since: string | undefined): { readonly since?: string } {
  return since === undefined ? {} : { since };
}

/** The controller has not seen the latest change, so the rest of the status is outdated. */
export const notObserved: Health = { state: 'progressing', reason: 'its controller has not observed the change yet' };

/**
 * A pause or suspension hides neither a failure nor an outage: the object keeps the state that it has without it, and the
 * reason reports both.
 */
export function held(words: string, below: Health, since: string | undefined): Health {
  if (below.state === 'failed') return { ...below, reason: [words, below.reason].filter(Boolean).join('; ') };
  return { state: 'suspended', reason: words, ...sinceOf(since) };
}
