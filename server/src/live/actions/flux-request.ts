// How a Flux controller is asked to reconcile, and how it answers: an annotation with the time of the request, which it
// repeats in the status once it has begun (Flux, "Triggering a reconcile").
import { conditionsOf } from '../conditions.ts';
import { type Fields, text } from '../fields.ts';
import { healthOf } from '../health.ts';
import type { LiveObject } from '../object.ts';
import { nameOf, type Settled, type Step } from './action.ts';

const requestedAt = 'reconcile.fluxcd.io/requestedAt';

export function requestAt(at: string): Fields {
  return { metadata: { annotations: { [requestedAt]: at } } };
}

/** Another request may have come after ours; what matters is that the controller has looked since. */
function isBegun({ before, now }: Step): boolean {
  const handled = text(now.status, 'lastHandledReconcileAt');
  return handled !== undefined && handled !== text(before.status, 'lastHandledReconcileAt');
}

export function handled(step: Step): Settled | undefined {
  return isBegun(step) ? verdictOf(step.now) : undefined;
}

/** Undefined while the controller is at it. */
function verdictOf(now: LiveObject): Settled | undefined {
  const what = nameOf(now);
  const { state, reason } = healthOf(now);
  if (state === 'ready') return { outcome: 'handled', message: `${what} is reconciled${reason ? `: ${reason}` : ''}.` };
  if (state === 'failed') return { outcome: 'failed', message: `${what} was reconciled and failed: ${reason}` };
  const ready = conditionsOf(now.status).get('Ready');
  const isCurrent = !ready?.observedGeneration || ready.observedGeneration >= now.generation;
  if (state === 'progressing' && ready?.status === 'False' && isCurrent)
    return { outcome: 'failed', message: `${what} waits: ${reason}` };
  return undefined;
}

export function progressOf({ now }: Step): string | undefined {
  return conditionsOf(now.status).get('Reconciling')?.message || undefined;
}

export function pendingWords(step: Step, waited: boolean): string {
  const what = nameOf(step.now);
  const progress = progressOf(step);
  if (isBegun(step)) return `${what}: its controller has begun, and is not done yet${progress ? `: ${progress}` : ''}.`;
  const request = `${what}: requested at ${(step.written.annotations[requestedAt] ?? '').slice(11, 19)} UTC`;
  return waited ? `${request}, not handled yet. Is its controller running?` : `${request}, not handled yet.`;
}
