// The rollout status of an object as text: kubectl's message, then the reasons why it doesn't progress.

import { failed, type Result, success } from '../engine/failure.ts';
import { inspect } from '../engine/session/inspect.ts';
import { readLive } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import { kindName, type LiveRef } from '../kube/identity.ts';
import { diagnosisLine } from '../live/diagnosis.ts';
import { healthOf } from '../live/health.ts';
import { trim } from '../live/object.ts';
import { rolloutOf } from '../live/rollout.ts';

export async function rolloutText(session: Session, ref: LiveRef): Promise<Result<string>> {
  const raw = await readLive(session, ref);
  if (!raw.ok) return raw;
  const object = trim(raw.value);
  const rollout = object && rolloutOf(object);
  if (!rollout) return failed('invalid', `${kindName(ref.groupKind)} ${ref.name} has no rollout`);
  if (rollout.is === 'done') return success(rollout.message);
  const found = session.transport ? await inspect(session.transport, object) : [];
  const why =
    found.length > 0
      ? found.map((diagnosis) => `- ${diagnosisLine(diagnosis)}`)
      : [healthOf(object).reason].filter(Boolean);
  return success([rollout.message, ...why].join('\n'));
}
