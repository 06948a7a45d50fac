// What a user may do to a Flux object: reconcile, suspend, resume. Each is tried on the server first (dry run), names the
// object it means by uid, and is "handled" only when the controller says so (flux.md 4.4).
import { setTimeout as sleep } from 'node:timers/promises';
import { conditionsOf } from '../live/conditions.ts';
import { isFlux, isStatic, kindOf } from '../live/family.ts';
import { text } from '../live/fields.ts';
import { healthOf } from '../live/health.ts';
import { keyOf, type LiveObject, trim } from '../live/object.ts';
import type { ActParams, ActResult } from '../protocol.ts';
import { objectPath, type Resource } from './discovery.ts';
import { type Failure, failed, type Result, success } from './failure.ts';
import type { Session } from './session.ts';

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
  if (!isFlux(ref.groupKind) || isStatic(ref.groupKind)) return no(`${what} is nothing that Flux reconciles.`);
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
  if (verb === 'suspend') return suspend(subject, current.value, what, suspended);
  const resumed =
    verb === 'resume' && suspended ? await patch(subject, current.value, { spec: { suspend: false } }) : current;
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
  const written = await patch(subject, current, { spec: { suspend: true } });
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
  const written = await patch(subject, current, {
    metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': requested } },
  });
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
  if (state === 'progressing' && conditionsOf(now.status).get('Ready')?.status === 'False')
    return { outcome: 'failed', message: `${what} waits: ${reason}` };
  return undefined;
}

function latest({ session, resource, namespace, name }: Subject): LiveObject | undefined {
  return session.store.get(keyOf(`${resource.group}/${resource.kind}`, namespace, name));
}

async function read(subject: Subject): Promise<Result<LiveObject>> {
  const { session, resource, namespace, name } = subject;
  const transport = session.transport;
  if (!transport) return failed('aborted', 'the context was closed');
  return objectOf(await transport.json<unknown>({ path: objectPath(resource, namespace, name) }));
}

/** A merge patch of that very object and no other, tried first where nothing can come of it. */
async function patch(subject: Subject, current: LiveObject, change: object): Promise<Result<LiveObject>> {
  const { session, resource, namespace, name } = subject;
  const { transport } = session;
  if (!transport) return failed('aborted', 'the context was closed');
  const { metadata = {}, ...rest } = change as { metadata?: object };
  const body = JSON.stringify({ ...rest, metadata: { ...metadata, uid: current.uid } });
  const send = (query: string) =>
    transport.json<unknown>({
      method: 'PATCH',
      path: `${objectPath(resource, namespace, name)}?fieldManager=${fieldManager}${query}`,
      contentType: 'application/merge-patch+json',
      body,
    });
  const tried = await send('&dryRun=All');
  if (!tried.ok) return tried;
  return objectOf(await send(''));
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
      return `${what} was changed or replaced meanwhile. Look at it again, then retry. (${failure.message})`;
    case 'timeout':
    case 'reset':
      return `${what}: the answer did not come, so it is not known whether the change was made. Look at the object before trying again.`;
    default:
      return `${what}: ${failure.message}`;
  }
}
