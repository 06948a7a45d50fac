// The document of an object: its page as comments, then its YAML without managed fields, with secrets hidden.
import { stringify } from 'yaml';
import { failed, type Result, success } from '../engine/failure.ts';
import { redact, redactObject } from '../engine/redact.ts';
import { eventsOf } from '../engine/session/events.ts';
import { readLive } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import type { LiveRef } from '../kube/identity.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { type PageInput, pageLines } from '../live/page.ts';

/** `troubleOf` tells what is wrong with an object. */
export async function objectPage(
  session: Session,
  ref: LiveRef,
  troubleOf: (object: LiveObject) => PageInput['trouble'] = () => undefined,
): Promise<Result<string>> {
  const raw = await readLive(session, ref);
  if (!raw.ok) return raw;
  const object = trim(raw.value);
  if (!object) return failed('server', 'the API server responded with something other than an object');
  const found = session.transport && (await eventsOf(session.transport, object));
  const events =
    found === undefined || !found.ok ? `not read: ${found?.failure.message ?? 'not connected'}` : found.value;
  const now = Date.now() + session.clockSkew;
  const lines = pageLines({
    context: session.context,
    raw: raw.value,
    object,
    events,
    now,
    trouble: troubleOf(object),
  });
  const head = lines.map((line) => redact(line === '' ? '#' : `# ${line}`));
  return success([...head, '---', stringify(redactObject(raw.value), { lineWidth: 0 })].join('\n'));
}
