// The progress of whatever can be followed to its end: rollouts, Jobs, and Flux objects until they are reconciled.
import { kindName } from '../kube/identity.ts';
import { conditionsOf, wordsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import { isFlux, isStatic } from './family.ts';
import { flag, number } from './fields.ts';
import { revisionOf } from './flux-health.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf } from './rollout.ts';
import type { Rollout } from './rollout-state.ts';

/** Undefined for kinds that have nothing to follow. `revision`: as for `rolloutOf`. */
export function progressOf(object: LiveObject, revision = 0): Rollout | undefined {
  if (object.groupKind === 'batch/Job') return jobProgress(object);
  if (isFlux(object.groupKind) && !isStatic(object.groupKind)) return fluxProgress(object);
  return rolloutOf(object, revision);
}

function jobProgress({ name, spec, status, deleted }: LiveObject): Rollout {
  const quoted = `job ${JSON.stringify(name)}`;
  const conditions = conditionsOf(status);
  const failed = conditions.get('Failed');
  if (failed?.status === 'True') return { is: 'failed', message: `${quoted} failed: ${wordsOf(failed)}` };
  if (conditions.get('Complete')?.status === 'True') return { is: 'done', message: `${quoted} is complete` };
  if (deleted !== undefined) return { is: 'waiting', message: `${quoted} is being deleted` };
  if (flag(spec, 'suspend'))
    return { is: 'waiting', message: `${quoted} is suspended; nothing runs until it is resumed` };
  const wanted = number(spec, 'completions') ?? number(spec, 'parallelism') ?? 1;
  const [succeeded, active, failures] = ['succeeded', 'active', 'failed'].map(
    (field) => number(status, field) ?? 0,
  ) as [number, number, number];
  const attempts = failures === 0 ? '' : `, ${failures} failed ${failures === 1 ? 'attempt' : 'attempts'}`;
  return {
    is: 'waiting',
    message: `Waiting for ${quoted} to complete: ${succeeded} of ${wanted} completions, ${active} active${attempts}...`,
  };
}

/** Failures are retried until Flux says that it has given up. */
function fluxProgress(object: LiveObject): Rollout {
  const { groupKind, name, spec, status } = object;
  const quoted = `${kindName(groupKind).toLowerCase()} ${JSON.stringify(name)}`;
  if (flag(spec, 'suspend'))
    return { is: 'waiting', message: `${quoted} is suspended; nothing is reconciled until it is resumed` };
  const { state, reason } = knownHealth(object);
  if (state === 'ready' || state === 'none') {
    const revision = revisionOf(object);
    return { is: 'done', message: `${quoted} is reconciled${revision === undefined ? '' : ` at ${revision}`}` };
  }
  const isStalled = conditionsOf(status).get('Stalled')?.status === 'True';
  if (state === 'failed' && isStalled) return { is: 'failed', message: `${quoted} failed: ${reason}` };
  return { is: 'waiting', message: `Waiting for ${quoted} to be reconciled: ${reason || state}...` };
}
