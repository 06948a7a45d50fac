// What a cluster holds beyond the objects we keep of it: said with its number wherever it would otherwise be missing.

import type { Session } from '../engine/session/session.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import type { Row } from '../protocol.ts';
import { idOf } from './row-id.ts';

/** How many objects of the branch are counted only. */
export function notKeptIn({ kinds, store }: Session, branch: Branch): number {
  return [...kinds.keys()]
    .filter((groupKind) => branchOf(groupKind) === branch)
    .reduce((sum, groupKind) => sum + store.counted(groupKind), 0);
}

export function limitWords(limit: number): string {
  return `Of a cluster ${limit} objects are kept with their state; what comes after them is counted only, so that no cluster takes all memory. The setting “capstan.objectsPerCluster” raises that.`;
}

/** The last row of a branch that isn't shown whole. */
export function notKeptRows(session: Session, branch: Branch): readonly Row[] {
  const count = notKeptIn(session, branch);
  if (count === 0) return [];
  return [
    {
      id: idOf(session.context, branch, 'not-kept'),
      label: `${count} more`,
      description: 'counted only',
      state: 'unknown',
      tooltip: limitWords(session.store.limit),
      branch: false,
      actions: [],
      kind: 'folder',
      context: session.context,
    },
  ];
}
