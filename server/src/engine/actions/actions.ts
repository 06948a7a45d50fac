// What a user may do to a Flux object: reconcile, suspend, resume. Each is tried on the server first (dry run), names the
// object it means by uid, and is "handled" only when the controller says so (flux.md 4.4).
import { setTimeout as sleep } from 'node:timers/promises';
import { conditionsOf } from '../../live/conditions.ts';
import { canReconcile, canSuspend, kindOf } from '../../live/family.ts';
import { text } from '../../live/fields.ts';
import { healthOf } from '../../live/health.ts';
import { keyOf, type LiveObject, trim } from '../../live/object.ts';
import type { ActParams, ActResult } from '../../protocol.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { printable } from '../redact.ts';
import type { Session } from '../session/session.ts';
import { objectPath, type Resource } from '../watch/discovery.ts';

export const fieldManager = 'capstan';

export interface ActOptions {
  readonly readOnly: boolean;
  readonly onProgress: (message: string) => void;
  /** Milliseconds the controller is waited for. */
  readonly patience?: number;
}

export async function act(
  session: Session,
  { ref, verb }: Pick<ActParams, 'ref' | 'verb'>,
  options: ActOptions,
): Promise<ActResult> {
  const what = `${kindOf(ref.groupKind)} ${[ref.namespace, ref.name].filter(Boolean).join('/')}`;
  const no = (message: string): ActResult => ({ outcome: 'failed', message });
  if (options.readOnly)
    return no(
      `${session.context} is a read-only context: nothing is changed there. Remove it from capstan.readOnlyContexts to change that.`,
    );
  if (ref.cluster !== '' && ref.cluster !== session.clusterId)
    return no(`${session.context} leads to another cluster than the row was made from. Refresh the row and try again.`);
  if (!canReconcile(ref.groupKind)) return no(`${what} is nothing that Flux reconciles.`);
  const resource = session.kinds.get(ref.groupKind)?.resource ?? session.discovery?.resources.get(ref.groupKind);
  if (!resource) return no(`${session.context} does not serve ${ref.groupKind}.`);
  const subject: Subject = { session, resource, namespace: ref.namespace, name: ref.name };
  const current = await read(subject);
  if (!current.ok) return no(said(current.failure, what));
  const known = session.store.get(keyOf(ref.groupKind, ref.namespace, ref.name));
  if (known && known.uid !== current.value.uid)
    return no(`${what} was replaced by a new object of the name. Refresh the row and try again.`);
  if (current.value.deleted !== undefined) return no(`${what} is being deleted.`);
  const suspended = current.value.spec.suspend === true;
  if (verb === 'reconcile' && suspended)
    return no(`${what} is suspended, so its controller would not act. Resume it first.`);
  if (verb === 'suspend' && !canSuspend(ref.groupKind, current.value.apiVersion))
    return no(`${what} cannot be suspended: its kind has no spec.suspend.`);
  if (verb === 'suspend') return suspend(subject, current.value, what, suspended);
  const resumed =
    verb === 'resume' && suspended ? await patch(subject, current.value, { spec: { suspend: false } }, true) : current;
  if (!resumed.ok) return no(said(resumed.failure, what));
  return reconcile(subject, resumed.value, what, options);
}

interface Subject {
  readonly session: Session;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

async function suspend(subject: Subject, current: LiveObject, what: string, suspended: boolean): Promise<ActResult> {
  if (suspended) return { outcome: 'handled', message: `${what} was suspended already.` };
  const written = await patch(subject, current, { spec: { suspend: true } }, true);
  if (!written.ok) return { outcome: 'failed', message: said(written.failure, what) };
  if (written.value.spec.suspend !== true)
    return { outcome: 'failed', message: `${what} did not stay suspended: something sets it back.` };
  const applier = current.labels['kustomize.toolkit.fluxcd.io/name'];
  const warned = applier
    ? ` It is applied by Kustomization ${applier}, which may undo this unless Git says the same.`
    : '';
  return { outcome: 'handled', message: `${what} is suspended on ${subject.session.context}.${warned}` };
}

async function reconcile(subject: Subject, current: LiveObject, what: string, options: ActOptions): Promise<ActResult> {
  const handledBefore = text(current.status, 'lastHandledReconcileAt');
  const requested = new Date().toISOString();
  const change = { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': requested } } };
  const written = await patch(subject, current, change, false);
  if (!written.ok) return { outcome: 'failed', message: said(written.failure, what) };
  options.onProgress(`requested at ${requested.slice(11, 19)} UTC`);
  const until = Date.now() + (options.patience ?? 60_000);
  let shown = '';
  for (;;) {
    const now = latest(subject) ?? written.value;
    const handled = text(now.status, 'lastHandledReconcileAt');
    // Another request may have come after ours; what counts is that the controller looked since.
    if (handled !== undefined && handled !== handledBefore) {
      const verdict = handledVerdict(now, what);
      if (verdict) return verdict;
    }
    const progress = conditionsOf(now.status).get('Reconciling')?.message ?? '';
    if (progress !== '' && progress !== shown) options.onProgress((shown = progress));
    if (Date.now() >= until || subject.session.state.is === 'idle') {
      return handled !== undefined && handled !== handledBefore
        ? {
            outcome: 'requested',
            message: `${what}: its controller has begun, and is not done yet${shown ? `: ${shown}` : ''}.`,
          }
        : {
            outcome: 'requested',
            message: `${what}: requested at ${requested.slice(11, 19)} UTC, not handled yet. Is its controller running?`,
          };
    }
    // Changes come by watch; this only looks at what has come.
    await sleep(100);
  }
}

/** Undefined while the controller is still at it. */
function handledVerdict(now: LiveObject, what: string): ActResult | undefined {
  const { state, reason } = healthOf(now);
  if (state === 'ready') return { outcome: 'handled', message: `${what} is reconciled${reason ? `: ${reason}` : ''}.` };
  if (state === 'failed') return { outcome: 'failed', message: `${what} was reconciled and failed: ${reason}` };
  const ready = conditionsOf(now.status).get('Ready');
  const isCurrent = !ready?.observedGeneration || ready.observedGeneration >= now.generation;
  if (state === 'progressing' && ready?.status === 'False' && isCurrent)
    return { outcome: 'failed', message: `${what} waits: ${reason}` };
  return undefined;
}

function latest({ session, resource, namespace, name }: Subject): LiveObject | undefined {
  return session.store.get(keyOf(`${resource.group}/${resource.kind}`, namespace, name));
}

async function read(subject: Subject): Promise<Result<LiveObject>> {
  const { session, resource, namespace, name } = subject;
  const { transport } = session;
  if (!transport) return failed('aborted', 'the context was closed');
  return told(
    subject,
    objectOf(await transport.json<unknown>({ path: `${objectPath(resource, namespace, name)}?${answerTime}` })),
  );
}

/** The server gives up and says why, rather than leaving the connection to do so. */
const answerTime = 'timeout=20s';

/**
 * A merge patch of that very object and no other, tried first where nothing can come of it. `asSeen`: of no later
 * state of it either.
 */
async function patch(
  subject: Subject,
  current: LiveObject,
  change: Change,
  asSeen: boolean,
  tries = 3,
): Promise<Result<LiveObject>> {
  const { session, resource, namespace, name } = subject;
  const { transport } = session;
  if (!transport) return failed('aborted', 'the context was closed');
  const { metadata = {}, ...rest } = change;
  const { uid, resourceVersion } = current;
  const body = JSON.stringify({ ...rest, metadata: { ...metadata, uid, ...(asSeen ? { resourceVersion } : {}) } });
  const send = async (query: string) =>
    told(
      subject,
      objectOf(
        await transport.json<unknown>({
          method: 'PATCH',
          path: `${objectPath(resource, namespace, name)}?fieldManager=${fieldManager}&${answerTime}${query}`,
          contentType: 'application/merge-patch+json',
          body,
        }),
      ),
    );
  const tried = await send('&dryRun=All');
  const sent = tried.ok ? await send('') : tried;
  if (sent.ok) return sent;
  if (sent.failure.kind === 'conflict') {
    const now = await read(subject);
    if (!now.ok) return sent;
    const failure = conflict(current, now.value, sent.failure);
    // Its controller wrote the status meanwhile: what a person looked at is as it was.
    return failure === undefined && tries > 1
      ? patch(subject, now.value, change, asSeen, tries - 1)
      : { ok: false, failure: failure ?? sent.failure };
  }
  if (tried.ok && ['timeout', 'reset'].includes(sent.failure.kind)) return outcomeOf(subject, current, change);
  return sent;
}

interface Change {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The answer to a write did not come: the object itself says whether it was made. */
async function outcomeOf(subject: Subject, before: LiveObject, change: Change): Promise<Result<LiveObject>> {
  const now = await read(subject);
  if (!now.ok)
    return failed(
      'server',
      `the answer did not come and the object cannot be read, so it is not known whether the change was made (${now.failure.message})`,
    );
  const { spec, annotations, uid } = now.value;
  const made =
    Object.entries(change.spec ?? {}).every(([field, value]) => spec[field] === value) &&
    Object.entries(change.metadata?.annotations ?? {}).every(([name, value]) => annotations[name] === value);
  if (uid === before.uid && made) return now;
  return failed('server', 'the answer did not come, and the change was not made. Try again');
}

/** What somebody else changed since the object was looked at; undefined where that is nothing of its spec. */
function conflict(before: LiveObject, now: LiveObject, failure: Failure): Failure | undefined {
  if (now.uid !== before.uid) return { ...failure, message: 'another object has its name now' };
  const fields = [...new Set([...Object.keys(before.spec), ...Object.keys(now.spec)])].filter(
    (field) => JSON.stringify(before.spec[field]) !== JSON.stringify(now.spec[field]),
  );
  if (fields.length === 0 && before.generation === now.generation) return undefined;
  const changes = fields.map((field) => `spec.${field} from ${shown(before.spec[field])} to ${shown(now.spec[field])}`);
  return changes.length === 0 ? failure : { ...failure, message: changes.join(', ') };
}

function shown(value: unknown): string {
  return printable(value === undefined ? 'none' : JSON.stringify(value), 80);
}

/** A server that fails on a request is asked how it is: what it says of itself says more than a time-out. */
async function told<T>({ session }: Subject, result: Result<T>): Promise<Result<T>> {
  if (result.ok || !['server', 'timeout'].includes(result.failure.kind)) return result;
  session.suspect();
  const ready = await session.transport?.text({ path: '/readyz', quiet: 5000 });
  if (!ready || ready.ok || ready.failure.kind !== 'server') return result;
  const message = `${result.failure.message}; ${ready.failure.message}`;
  return { ok: false, failure: { ...result.failure, message } };
}

function objectOf(answer: Result<unknown>): Result<LiveObject> {
  if (!answer.ok) return answer;
  const object = trim(answer.value);
  return object ? success(object) : failed('server', 'the API server answers with something that is no object');
}

function said(failure: Failure, what: string): string {
  switch (failure.kind) {
    case 'notFound':
      return `${what} is no longer there.`;
    case 'conflict':
      return `${what} was changed or replaced meanwhile: ${failure.message}. Look at it again, then retry.`;
    case 'timeout':
    case 'reset':
      return `${what}: ${failure.message}. Nothing was changed.`;
    default:
      return `${what}: ${failure.message}`;
  }
}
