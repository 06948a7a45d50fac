// What an object of a cluster names and the store doesn't have: said with the reason, since only of what is listed whole
// is it known that something isn't there.

import type { Session } from '../engine/session/session.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import type { GroupKind } from '../kube/identity.ts';
import { oneLine } from '../live/describe.ts';
import { kindOf } from '../live/family.ts';
import { type LiveObject, objectKey } from '../live/object.ts';
import { referenceAt } from '../live/providers.ts';
import type { Row } from '../protocol.ts';
import { idOf } from './row-id.ts';

/** A reference to what isn't there is shown: a link that leads nowhere is news. Unless its kind may not be read. */
export function missingReference(session: Session, object: LiveObject, label: string, path: string): readonly Row[] {
  const named = referenceAt(object, path)!;
  const why = absenceOf(session, named.groupKind, object.namespace);
  return [
    {
      id: idOf(session.context, 'cluster-api', objectKey(object), path),
      label,
      description: oneLine(`${kindOf(named.groupKind)} ${named.name}: ${why}`),
      state: absences[why],
      tooltip: '',
      branch: false,
      actions: [],
      kind: named.groupKind,
      context: session.context,
    },
  ];
}

const absences = {
  'not there': 'failed',
  'its kind is not served': 'failed',
  'you may not list it': 'denied',
  'not known yet': 'unknown',
  'counted only': 'unknown',
} as const;

/** Why an object of the kind isn't in the store. */
export function absenceOf(
  { kinds, discovery, store }: Pick<Session, 'kinds' | 'discovery' | 'store'>,
  groupKind: GroupKind,
  within: string | undefined,
): keyof typeof absences {
  const watched = kinds.get(groupKind);
  if (!watched)
    return discovery && discovery.stale.length === 0 && !discovery.resources.has(groupKind)
      ? 'its kind is not served'
      : 'not known yet';
  if (watched.state.failure?.kind === 'forbidden' && !isListOnly(watched.state)) return 'you may not list it';
  if (watched.namespace !== undefined && watched.namespace !== within) return 'you may not list it';
  if (!watched.state.synced || isBehind(watched.state)) return 'not known yet';
  return store.counted(groupKind) > 0 ? 'counted only' : 'not there';
}
