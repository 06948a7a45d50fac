// What an object was before, as far as the cluster tells: what was applied last with `kubectl apply`, and the revisions of a
// workload. Each beside what it is now, as texts to be compared.
import { type Result, success } from '../engine/failure.ts';
import { redactObject } from '../engine/redact.ts';
import { selectorOf } from '../engine/session/inspect.ts';
import { servedBy } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import { listObjects, type RawObject, readObject } from '../engine/watch/objects.ts';
import type { LiveRef } from '../kube/identity.ts';
import { age } from '../live/describe.ts';
import { at, fields, list, text } from '../live/fields.ts';
import { trim } from '../live/object.ts';
import { historyOf, imagesOf, type Revision, revisionsOf } from '../live/revisions.ts';
import type { EarlierState } from '../protocol.ts';
import { parsed, printed, textsOf } from './compared.ts';

/** Written by `kubectl apply` without `--server-side` (kubectl/pkg/util/apply.go). */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The latest revision first, without the one that the workload has. */
export async function earlierStates(session: Session, ref: LiveRef): Promise<Result<readonly EarlierState[]>> {
  const served = servedBy(session, ref);
  if (!served.ok) return served;
  const { transport, resource } = served.value;
  const raw = await readObject(transport, resource, ref);
  if (!raw.ok) return raw;
  const applied = text(raw.value, 'metadata', 'annotations', lastApplied);
  const states = applied === undefined ? [] : [ofApplied(applied, raw.value)];
  const object = trim(raw.value);
  const history = object && historyOf(object);
  if (!history) return success(states);
  const labelSelector = selectorOf(at(raw.value, 'spec', 'selector'));
  const answer = await listObjects(transport, history, { namespace: object.namespace, labelSelector });
  if (!answer.ok) return answer;
  const [, ...revisions] = revisionsOf(object, list(answer.value, 'items'));
  const now = Date.now() + session.clockSkew;
  return success([...states, ...revisions.map((revision) => ofRevision(revision, raw.value, now))]);
}

function ofApplied(applied: string, raw: RawObject): EarlierState {
  const { wanted, live } = textsOf(parsed(applied), raw);
  return { name: 'last applied', description: 'with kubectl apply', before: wanted, live };
}

function ofRevision({ revision, template, created }: Revision, raw: RawObject, now: number): EarlierState {
  const [before, live] = [template, at(raw, 'spec', 'template')].map((one) =>
    printed(fields(redactObject({ ...raw, spec: { template: one } }), 'spec')),
  ) as [string, string];
  const made = created === undefined ? '' : `${age(created, now)} ago`;
  return {
    name: `revision ${revision}`,
    description: [imagesOf(template), made].filter(Boolean).join(', '),
    before,
    live,
  };
}
