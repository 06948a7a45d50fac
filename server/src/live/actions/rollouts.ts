// The outcome of changes that roll out: observed as `kubectl rollout status` observes it, on what the controller reports.
import { at } from '../fields.ts';
import { rolloutOf } from '../rollout.ts';
import { applierOf, nameOf, type Settled, type Step } from './action.ts';

/** `done`: the outcome in the past, such as `was restarted`. */
export function rolledOut({ before, now }: Step, done: string): Settled | undefined {
  const rollout = rolloutOf(now);
  const what = nameOf(now);
  if (now.uid !== before.uid) return { outcome: 'failed', message: `${what} was replaced by another object.` };
  if (rollout?.is === 'done') return { outcome: 'handled', message: `${what} ${done}.` };
  // A strategy without a rollout has nothing more to wait for.
  if (rollout?.is === 'failed' && rollout.untracked) return { outcome: 'handled', message: `${what} ${done}.` };
  if (rollout?.is === 'failed') return { outcome: 'failed', message: `${what} did not roll out: ${rollout.message}` };
  return undefined;
}

export function rolloutProgress({ now }: Step): string | undefined {
  const rollout = rolloutOf(now);
  return rollout?.is === 'waiting' ? rollout.message : undefined;
}

export function rolloutPending(step: Step): string {
  return `${nameOf(step.now)} is rolling out: ${rolloutProgress(step) ?? 'no progress is reported yet'}`;
}

/** Why a change of the field may not last: who applies the object. Empty if nobody is known to. */
export function appliedWarning(step: Pick<Step, 'before'>, field: string): string {
  const applier = applierOf(step.before);
  return applier === undefined ? '' : ` It is applied by ${applier}, which reverts this if Git sets ${field}.`;
}

export function isPaused({ spec }: Step['before']): boolean {
  return at(spec, 'paused') === true;
}
