// Resumes a suspended Flux object and requests that its controller reconcile it now, or a paused Deployment or Cluster.
import { canReconcile } from '../family.ts';
import { number } from '../fields.ts';
import { suspendReason } from '../object.ts';
import { type Change, nameOf, offered, refused, type Settled, type Step } from './action.ts';
import { handled, pendingWords, progressOf, requestedAt } from './flux-request.ts';
import { canPause } from './pause.ts';
import { isPaused } from './rollouts.ts';

export const resume: Change<'resume'> = {
  is: 'change',
  verb: 'resume',
  title: 'Resume',
  icon: 'debug-continue',
  menu: { group: '2_act@2', inline: 2 },
  summary: 'resume a suspended Flux object, or a paused Deployment or Cluster',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (canPause(object.groupKind))
      return isPaused(object) ? offered : { is: 'done', message: `${nameOf(object)} is not paused.` };
    if (!canReconcile(object.groupKind)) return refused(`${nameOf(object)} is neither suspended nor paused.`);
    if (object.spec.suspend !== true) return { is: 'done', message: `${nameOf(object)} is not suspended.` };
    return offered;
  },
  change({ groupKind, annotations }, { at }) {
    if (canPause(groupKind)) return { body: { spec: { paused: false } }, asSeen: true };
    const reason = annotations[suspendReason] === undefined ? {} : { [suspendReason]: null };
    const metadata = { annotations: { ...requestedAt(at), ...reason } };
    return { body: { metadata, spec: { suspend: false } }, asSeen: true };
  },
  preview: ({ groupKind }) =>
    canPause(groupKind)
      ? 'Sets spec.paused to false. What was changed in the meantime rolls out now.'
      : 'Sets spec.suspend to false and requests reconciliation now.',
  settled: (step) => (canPause(step.now.groupKind) ? unpaused(step) : handled(step)),
  words: {
    doing: 'Resuming',
    progress: (step) => (canPause(step.now.groupKind) ? undefined : progressOf(step)),
    pending: (step, waited) =>
      canPause(step.now.groupKind)
        ? `${nameOf(step.now)} is no longer paused; its controller has not observed that yet.`
        : pendingWords(step, waited),
  },
};

/** Once the controller has observed it; what rolls out from then on is another matter. */
function unpaused({ written, now, context }: Step): Settled | undefined {
  const what = nameOf(now);
  if (isPaused(now))
    return {
      outcome: 'failed',
      message: `${what} did not stay resumed: another client or controller sets spec.paused.`,
    };
  const observed = number(now.status, 'observedGeneration') ?? 0;
  return observed >= written.generation
    ? { outcome: 'handled', message: `${what} is resumed on ${context}.` }
    : undefined;
}
