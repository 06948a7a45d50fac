// Writes to one object and no other: a merge patch or a deletion with the uid as its precondition. A response that was lost is
// resolved by reading the object.
import type { Patch, Removal } from '../../live/actions/action.ts';
import { type FieldChange, fieldChanges, isAsPatched } from '../../live/actions/field-changes.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { printable } from '../redact.ts';
import { deleteObject, patchObject, type RawObject, readObject } from '../watch/objects.ts';
import type { Target } from './target.ts';

export const fieldManager = 'capstan';

/** Seconds after which the server gives up with a reason, before the connection times out without one. */
const serverTimeout = 20;

export interface Seen {
  readonly raw: RawObject;
  readonly live: LiveObject;
}

export interface Written {
  /** The object that was written to: a newer one than before if its status was written in the meantime. */
  readonly before: Seen;
  readonly after: Seen;
}

export async function readNow(target: Target): Promise<Result<Seen>> {
  const { transport, resource } = target;
  return explained(target, seen(await readObject(transport, resource, target, { serverTimeout })));
}

export function write(
  target: Target,
  before: Seen,
  change: Patch | Removal,
  dryRun: boolean,
): Promise<Result<Written>> {
  return 'is' in change ? remove(target, before, dryRun) : patch(target, before, change, dryRun);
}

/** With `asSeen`, applies the patch only to the state that was read. */
async function patch(
  target: Target,
  before: Seen,
  change: Patch,
  dryRun: boolean,
  tries = 3,
): Promise<Result<Written>> {
  const { transport, resource } = target;
  const { uid, resourceVersion } = before.live;
  const identity = change.asSeen ? { uid, resourceVersion } : { uid };
  const body = { ...change.body, metadata: { ...(change.body.metadata as object | undefined), ...identity } };
  const sent = await explained(
    target,
    seen(await patchObject(transport, resource, target, body, { dryRun, fieldManager, serverTimeout })),
  );
  if (sent.ok) return success({ before, after: sent.value });
  if (sent.failure.kind === 'conflict') {
    const now = await readNow(target);
    if (!now.ok) return sent;
    const failure = conflict(before.live, now.value.live, sent.failure);
    // Only the status was written in the meantime: what the user saw is unchanged.
    return failure === undefined && tries > 1
      ? patch(target, now.value, change, dryRun, tries - 1)
      : { ok: false, failure: failure ?? sent.failure };
  }
  // Of another object, the uid of a patch is an invalid value; whether it is that, the object itself tells.
  if (sent.failure.kind === 'invalid') {
    const now = await readNow(target);
    const isOther = now.ok && now.value.live.uid !== uid;
    return isOther ? { ok: false, failure: { ...sent.failure, kind: 'conflict', message: replaced } } : sent;
  }
  if (!dryRun && isLost(sent.failure)) return outcomeOf(target, before, change);
  return sent;
}

async function remove(target: Target, before: Seen, dryRun: boolean): Promise<Result<Written>> {
  const { transport, resource } = target;
  const sent = await explained(
    target,
    await deleteObject(transport, resource, target, before.live.uid, { dryRun, serverTimeout }),
  );
  if (!sent.ok && sent.failure.kind === 'conflict')
    return { ok: false, failure: { ...sent.failure, message: replaced } };
  if (!sent.ok && !dryRun && isLost(sent.failure)) return removalOf(target, before);
  if (!sent.ok) return sent;
  const after = seen(sent);
  // The server sends a Status if the object is gone at once.
  const isObject = after.ok && after.value.live.uid === before.live.uid;
  return success({ before, after: isObject ? after.value : before });
}

function isLost({ kind }: Failure): boolean {
  return kind === 'timeout' || kind === 'reset';
}

const replaced = 'another object now has its name';
const lost = "the server's response was lost";

/** The response to a write was lost: the object itself shows whether the change was made. */
async function outcomeOf(target: Target, before: Seen, { body }: Patch): Promise<Result<Written>> {
  const now = await readNow(target);
  if (!now.ok) return unknownOutcome(now.failure);
  if (now.value.live.uid === before.live.uid && isAsPatched(now.value.raw, body))
    return success({ before, after: now.value });
  return failed('server', `${lost}, and the change was not made. Try again`);
}

async function removalOf(target: Target, before: Seen): Promise<Result<Written>> {
  const now = await readNow(target);
  if (!now.ok)
    return now.failure.kind === 'notFound' ? success({ before, after: before }) : unknownOutcome(now.failure);
  const isDone = now.value.live.uid !== before.live.uid || now.value.live.deleted !== undefined;
  return isDone
    ? success({ before, after: now.value })
    : failed('server', `${lost}, and nothing was deleted. Try again`);
}

function unknownOutcome({ message }: Failure) {
  return failed(
    'server',
    `${lost} and the object cannot be read, so it is unknown whether the change was made (${message})`,
  );
}

/** What someone else changed since the object was read; undefined if its spec is unchanged. */
function conflict(before: LiveObject, now: LiveObject, failure: Failure): Failure | undefined {
  if (now.uid !== before.uid) return { ...failure, message: replaced };
  const changes = fieldChanges(before.spec, now.spec, 'spec');
  if (changes.length === 0) return before.generation === now.generation ? undefined : failure;
  return { ...failure, message: changes.map(changeWords).join(', ') };
}

/** For example, `spec.suspend from none to true`. */
export function changeWords({ path, from, to }: FieldChange): string {
  return `${path} from ${valueWords(from)} to ${valueWords(to)}`;
}

function valueWords(value: unknown): string {
  return printable(value === undefined ? 'none' : JSON.stringify(value), 80);
}

/** If the server fails on a request, adds what `/readyz` reports, which explains more than a timeout does. */
async function explained<T>({ transport, suspect }: Target, result: Result<T>): Promise<Result<T>> {
  if (result.ok || !['server', 'timeout'].includes(result.failure.kind)) return result;
  suspect();
  const ready = await transport.text({ path: '/readyz', quiet: 5000 });
  if (ready.ok || ready.failure.kind !== 'server') return result;
  return { ok: false, failure: { ...result.failure, message: `${result.failure.message}; ${ready.failure.message}` } };
}

function seen(answer: Result<RawObject>): Result<Seen> {
  if (!answer.ok) return answer;
  const live = trim(answer.value);
  return live
    ? success({ raw: answer.value, live })
    : failed('server', 'the API server responded with something other than an object');
}
