// Runs an action: checks the object and makes a dry run on the server, then applies the change to that object and no other
// (by uid), and reports it as handled only once its outcome is observed.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Change,
  nameOf,
  offerOf,
  type Patch,
  readOnlyWords,
  type Settled,
  type Step,
} from '../../live/actions/action.ts';
import { type FieldChange, fieldChanges, isAsPatched } from '../../live/actions/field-changes.ts';
import { at, list } from '../../live/fields.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { ActResult } from '../../protocol.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { printable, redactObject } from '../redact.ts';
import { selectorOf } from '../session/inspect.ts';
import { listObjects, patchObject, type RawObject, readObject } from '../watch/objects.ts';
import { deniedNeed } from './permission.ts';
import { type Target, whatOf } from './target.ts';

export const fieldManager = 'capstan';

/** Seconds after which the server gives up with a reason, before the connection times out without one. */
const serverTimeout = 20;

export interface Prepared {
  readonly target: Target;
  readonly action: Change;
  /** The object as it was read for the preview. */
  readonly before: Seen;
  readonly patch: Patch;
  /** The changes of the server's dry run, with secrets hidden. */
  readonly changes: readonly FieldChange[];
}

interface Seen {
  readonly raw: RawObject;
  readonly live: LiveObject;
}

export type Preparing =
  | { readonly is: 'asks'; readonly parameters: readonly { name: string; title: string; initial: string }[] }
  | { readonly is: 'ready'; readonly prepared: Prepared }
  | { readonly is: 'over'; readonly result: ActResult };

/** Everything except the write: checks that the action is offered and permitted, checks the values, and makes a dry run. */
export async function prepare(
  target: Target,
  action: Change,
  values: Readonly<Record<string, string>> = {},
): Promise<Preparing> {
  const { context, readOnly, resource } = target;
  if (readOnly) return over('failed', readOnlyWords(context));
  const read = await readNow(target);
  if (!read.ok) return over('failed', failureWords(read.failure, target));
  const before = read.value.live;
  const watched = target.watched();
  if (watched && watched.uid !== before.uid)
    return over(
      'failed',
      `${nameOf(before)} was replaced by a new object with the same name. Refresh the row and try again.`,
    );
  const offer = offerOf(action, before, { context, readOnly, verbs: resource.verbs });
  if (offer.is === 'refused') return over('failed', offer.why);
  if (offer.is === 'done') return over('handled', offer.message);
  const missing = action.parameters.filter(({ name }) => values[name] === undefined);
  if (missing.length > 0) {
    const parameters = missing.map(({ name, title, initial }) => ({ name, title, initial: initial(before) }));
    return { is: 'asks', parameters };
  }
  for (const { name, problem } of action.parameters) {
    const wrong = problem(values[name]!);
    if (wrong !== undefined) return over('failed', wrong);
  }
  const denied = await deniedNeed(target, action.needs);
  if (denied !== undefined) return over('failed', denied);
  const related = await relatedOf(target, action, before);
  if (!related.ok) return over('failed', `${action.reads?.kind ?? ''}: ${related.failure.message}`);
  const input = { raw: read.value.raw, related: related.value, values, at: new Date().toISOString() };
  const patch = action.change(before, input);
  if ('why' in patch) return over('failed', patch.why);
  const tried = await write(target, read.value, patch, true);
  if (!tried.ok) return over('failed', failureWords(tried.failure, target));
  const changes = fieldChanges(redactObject(tried.value.before.raw), redactObject(tried.value.after.raw));
  return { is: 'ready', prepared: { target, action, before: tried.value.before, patch, changes } };
}

/** The first 500; a Deployment keeps ten revisions by default. */
async function relatedOf(
  { transport, namespace }: Target,
  { reads }: Change,
  { spec }: LiveObject,
): Promise<Result<readonly unknown[]>> {
  if (!reads) return success([]);
  const answer = await listObjects(transport, reads, { namespace, labelSelector: selectorOf(at(spec, 'selector')) });
  return answer.ok ? success(list(answer.value, 'items')) : answer;
}

export interface CommitOptions {
  readonly onProgress: (message: string) => void;
  /** Milliseconds to wait for the outcome; one minute by default. */
  readonly patience?: number;
}

export async function commit(prepared: Prepared, options: CommitOptions): Promise<ActResult> {
  const { target, before, patch } = prepared;
  const written = await write(target, before, patch, false);
  if (!written.ok) return { outcome: 'failed', message: failureWords(written.failure, target) };
  return observed(prepared, written.value.after.live, options);
}

async function observed(
  { target, before, action: { settled, words } }: Prepared,
  written: LiveObject,
  { onProgress, patience = 60_000 }: CommitOptions,
): Promise<ActResult> {
  const until = Date.now() + patience;
  let shown = '';
  for (let now = written; ; ) {
    const step: Step = { context: target.context, before: before.live, written, now };
    const outcome: Settled | undefined = settled(step);
    if (outcome) return outcome;
    const progress = words.progress(step) ?? (shown === '' ? words.pending(step, false) : '');
    if (progress !== '' && progress !== shown) onProgress((shown = progress));
    if (Date.now() >= until || target.isClosed())
      return { outcome: 'requested', message: words.pending(step, patience > 0) };
    now = (await next(target)) ?? now;
  }
}

/** Returns the object after a pause: from its watch if there is one, else read again from the server. */
async function next(target: Target): Promise<LiveObject | undefined> {
  const watched = target.watched();
  await sleep(watched ? 100 : 1000);
  if (watched) return target.watched();
  const read = await readNow(target);
  return read.ok ? read.value.live : undefined;
}

async function readNow(target: Target): Promise<Result<Seen>> {
  const { transport, resource } = target;
  return explained(target, seen(await readObject(transport, resource, target, { serverTimeout })));
}

/**
 * Applies a merge patch to that object and no other; with `asSeen`, only to the state that was read. The result includes
 * the object that was patched, which is a newer one than `before` if its status was written in the meantime.
 */
async function write(
  target: Target,
  before: Seen,
  patch: Patch,
  dryRun: boolean,
  tries = 3,
): Promise<Result<{ readonly before: Seen; readonly after: Seen }>> {
  const { transport, resource } = target;
  const { uid, resourceVersion } = before.live;
  const identity = patch.asSeen ? { uid, resourceVersion } : { uid };
  const body = { ...patch.body, metadata: { ...(patch.body.metadata as object | undefined), ...identity } };
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
      ? write(target, now.value, patch, dryRun, tries - 1)
      : { ok: false, failure: failure ?? sent.failure };
  }
  if (!dryRun && ['timeout', 'reset'].includes(sent.failure.kind)) return outcomeOf(target, before, patch);
  return sent;
}

/** The response to a write was lost: the object itself shows whether the change was made. */
async function outcomeOf(
  target: Target,
  before: Seen,
  { body }: Patch,
): Promise<Result<{ readonly before: Seen; readonly after: Seen }>> {
  const now = await readNow(target);
  if (!now.ok)
    return failed(
      'server',
      `the server's response was lost and the object cannot be read, so it is unknown whether the change was made (${now.failure.message})`,
    );
  if (now.value.live.uid === before.live.uid && isAsPatched(now.value.raw, body))
    return success({ before, after: now.value });
  return failed('server', "the server's response was lost, and the change was not made. Try again");
}

/** What someone else changed since the object was read; undefined if its spec is unchanged. */
function conflict(before: LiveObject, now: LiveObject, failure: Failure): Failure | undefined {
  if (now.uid !== before.uid) return { ...failure, message: 'another object now has its name' };
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

function over(outcome: ActResult['outcome'], message: string): Preparing {
  return { is: 'over', result: { outcome, message } };
}

function failureWords({ kind, message }: Failure, target: Target): string {
  const what = whatOf(target);
  switch (kind) {
    case 'notFound':
      return `${what} no longer exists.`;
    case 'conflict':
      return `${what} was changed or replaced in the meantime: ${message}. Check the object, then try again.`;
    case 'timeout':
    case 'reset':
      return `${what}: ${message}. Nothing was changed.`;
    default:
      return `${what}: ${message}`;
  }
}
