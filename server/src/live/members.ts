// The pods or machines that a rollout replaces, by revision, and how long one of them takes.
import { conditionsOf } from './conditions.ts';
import { list, number } from './fields.ts';
import type { LiveObject } from './object.ts';

export interface Members {
  /** Of the revision that is wanted. */
  readonly wanted: readonly LiveObject[];
  readonly others: readonly LiveObject[];
  /** The ReplicaSet of the wanted revision, if a Deployment has them. */
  readonly revision?: LiveObject;
}

export const noMembers: Members = { wanted: [], others: [] };

/** Of some members, how long it took from their creation until they were ready. */
export interface Usual {
  /** Milliseconds. */
  readonly median: number;
  readonly of: number;
}

/** Undefined without a member that became ready. What was restarted or not ready in between says nothing about it. */
export function usualTime(members: readonly LiveObject[]): Usual | undefined {
  const times = members.flatMap((member) => {
    const ready = conditionsOf(member.status).get('Ready');
    const took = Date.parse(ready?.since ?? '') - Date.parse(member.created ?? '');
    return ready?.status === 'True' && took >= 0 && !isRestarted(member) ? [took] : [];
  });
  const sorted = times.sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  return median === undefined ? undefined : { median, of: sorted.length };
}

function isRestarted({ status }: LiveObject): boolean {
  return list(status, 'containerStatuses').some((container) => (number(container, 'restartCount') ?? 0) > 0);
}
