// Reconcile requests to Flux controllers: the request is an annotation with its time, which the controller copies to the
// status when it starts to handle it (Flux, "Triggering a reconcile").
import { conditionsOf } from '../conditions.ts';
import { text } from '../fields.ts';
import { healthOf } from '../health.ts';
import type { LiveObject } from '../object.ts';
import { nameOf, type Settled, type Step } from './action.ts';

const requestAnnotation = 'reconcile.fluxcd.io/requestedAt';

/** The annotation that requests reconciliation. */
export function requestedAt(at: string): Readonly<Record<string, string>> {
  return { [requestAnnotation]: at };
}

/** Whether the controller has handled a request since; a later request of another client qualifies too. */
function isStarted({ before, now }: Step): boolean {
  const handled = text(now.status, 'lastHandledReconcileAt');
  return handled !== undefined && handled !== text(before.status, 'lastHandledReconcileAt');
}

export function handled(step: Step): Settled | undefined {
  return isStarted(step) ? verdictOf(step.now) : undefined;
}

/** Undefined while the controller is still reconciling. */
function verdictOf(now: LiveObject): Settled | undefined {
  const what = nameOf(now);
  const { state, reason } = healthOf(now);
  if (state === 'ready')
    return { outcome: 'handled', message: `${what} was reconciled${reason ? `: ${reason}` : ''}.` };
  if (state === 'failed') return { outcome: 'failed', message: `${what} failed to reconcile: ${reason}` };
  const ready = conditionsOf(now.status).get('Ready');
  const isCurrent = !ready?.observedGeneration || ready.observedGeneration >= now.generation;
  if (state === 'progressing' && ready?.status === 'False' && isCurrent)
    return { outcome: 'failed', message: `${what} is waiting: ${reason}` };
  return undefined;
}

export function progressOf({ now }: Step): string | undefined {
  return conditionsOf(now.status).get('Reconciling')?.message || undefined;
}

export function pendingWords(step: Step, waited: boolean): string {
  const what = nameOf(step.now);
  const progress = progressOf(step);
  if (isStarted(step)) return `${what}: reconciliation has started but not finished${progress ? `: ${progress}` : ''}.`;
  const request = `${what}: reconciliation requested at ${(step.written.annotations[requestAnnotation] ?? '').slice(11, 19)} UTC`;
  return waited ? `${request}, not handled yet. Is its controller running?` : `${request}, not handled yet.`;
}
