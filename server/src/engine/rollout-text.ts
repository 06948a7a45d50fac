// A workload's rollout as a page of text: kubectl's sentence, then what holds it up.

import type { LiveRef } from '../kube/identity.ts';
import { kindOf } from '../live/family.ts';
import { healthOf } from '../live/health.ts';
import { trim } from '../live/object.ts';
import { rolloutOf } from '../live/rollout.ts';
import { objectPath } from './discovery.ts';
import { failed, type Result, success } from './failure.ts';
import type { Session } from './session.ts';

export async function rolloutText(session: Session, ref: LiveRef): Promise<Result<string>> {
  const resource = session.discovery?.resources.get(ref.groupKind);
  if (!resource || !session.transport)
    return failed('notFound', `${session.context} does not serve ${ref.groupKind} at the moment`);
  const raw = await session.transport.json<unknown>({ path: objectPath(resource, ref.namespace, ref.name) });
  if (!raw.ok) return raw;
  const object = trim(raw.value);
  const rollout = object && rolloutOf(object);
  if (!rollout) return failed('invalid', `${kindOf(ref.groupKind)} has no rollout`);
  const { reason } = healthOf(object);
  return success([rollout.message, ...(rollout.is === 'done' || reason === '' ? [] : [reason])].join('\n'));
}
