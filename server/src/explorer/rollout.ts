// The rollout of an object as text, with the counts since somebody began to look at it.
import { failed, type Result, success } from '../engine/failure.ts';
import { type Inspection, inspectWhole } from '../engine/session/inspect.ts';
import { readLive } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import { kindName, type LiveRef } from '../kube/identity.ts';
import { noMembers } from '../live/members.ts';
import { trim } from '../live/object.ts';
import { rolloutOf } from '../live/rollout.ts';
import { countWords, rolloutLines, type Sample } from '../live/rollout-page.ts';

/** Changes of the counts, by uid; those of the objects that were looked at last. */
const seen = new WeakMap<Session, Map<string, readonly Sample[]>>();
const mostObjects = 50;
const mostSamples = 60;

const nothing: Inspection = { diagnoses: [], members: noMembers };

export async function rolloutText(session: Session, ref: LiveRef): Promise<Result<string>> {
  const raw = await readLive(session, ref);
  if (!raw.ok) return raw;
  const object = trim(raw.value);
  const rollout = object && rolloutOf(object);
  if (!rollout) return failed('invalid', `${kindName(ref.groupKind)} ${ref.name} has no rollout`);
  const { diagnoses, members } = session.transport ? await inspectWhole(session.transport, object) : nothing;
  const samples = sampled(session, object.uid, countWords(members));
  const now = Date.now() + session.clockSkew;
  return success(rolloutLines({ object, rollout, diagnoses, members, samples, now }).join('\n'));
}

/** The samples of an object with the one of now, if it differs from the last. */
function sampled(session: Session, uid: string, words: string): readonly Sample[] {
  let known = seen.get(session);
  if (!known) seen.set(session, (known = new Map()));
  const before = known.get(uid) ?? [];
  const samples = before.at(-1)?.words === words ? before : [...before, { at: Date.now(), words }].slice(-mostSamples);
  // Put back last, so that the first of the map is what nobody has looked at for longest.
  known.delete(uid);
  known.set(uid, samples);
  const [oldest] = known.keys();
  if (known.size > mostObjects && oldest !== undefined) known.delete(oldest);
  return samples;
}
