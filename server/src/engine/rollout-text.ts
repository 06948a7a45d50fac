// A workload's rollout as a page of text: kubectl's sentence, then what holds it up.

import type { LiveRef } from '../kube/identity.ts';
import { diagnosisLine } from '../live/diagnosis.ts';
import { kindOf } from '../live/family.ts';
import { healthOf } from '../live/health.ts';
import { trim } from '../live/object.ts';
import { rolloutOf } from '../live/rollout.ts';
import { objectPath } from './discovery.ts';
import { failed, type Result, success } from './failure.ts';
import { inspect } from './inspect.ts';
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
  if (rollout.is === 'done') return success(rollout.message);
  const found = await inspect(session.transport, object);
  const why =
    found.length > 0
      ? found.map((diagnosis) => `- ${diagnosisLine(diagnosis)}`)
      : [healthOf(object).reason].filter(Boolean);
  return success([rollout.message, ...why].join('\n'));
}
