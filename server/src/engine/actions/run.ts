// Carries out an action: it is looked at and tried on the server (dry run), then made, of that very object and no other
// (by uid), and reported as handled only once its outcome was observed.
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
import { type LiveObject, trim } from '../../live/object.ts';
import type { ActResult } from '../../protocol.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { printable, redactObject } from '../redact.ts';
import { patchObject, type RawObject, readObject } from '../watch/objects.ts';
import { deniedNeed } from './permission.ts';
import { type Target, whatOf } from './target.ts';

export const fieldManager = 'capstan';

/** The server gives up and says why, rather than leaving the connection to do so. */
const serverTimeout = 20;

export interface Prepared {
  readonly target: Target;
  readonly action: Change;
  /** As it was looked at. */
  readonly before: Seen;
  readonly patch: Patch;
  /** What the server makes of it, secrets hidden. */
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

/** Everything short of the write: what is offered and permitted, the values, and a dry run. */
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
    return over('failed', `${nameOf(before)} was replaced by a new object of the name. Refresh the row and try again.`);
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
  const patch = action.change(before, { values, at: new Date().toISOString() });
  const tried = await write(target, read.value, patch, true);
  if (!tried.ok) return over('failed', failureWords(tried.failure, target));
  const changes = fieldChanges(redactObject(tried.value.before.raw), redactObject(tried.value.after.raw));
  return { is: 'ready', prepared: { target, action, before: tried.value.before, patch, changes } };
}

export interface CommitOptions {
  readonly onProgress: (message: string) => void;
  /** Milliseconds the outcome is waited for; a minute unless given. */
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

/** Changes come by watch where there is one, and this only looks at what has come; else the object is read again. */
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
 * A merge patch of that very object and no other; `asSeen`: of no later state of it either. The answer has the object it
 * was made of, which somebody else's write may have replaced meanwhile.
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
    // Its controller wrote the status meanwhile: what a person looked at is as it was.
    return failure === undefined && tries > 1
      ? write(target, now.value, patch, dryRun, tries - 1)
      : { ok: false, failure: failure ?? sent.failure };
  }
  if (!dryRun && ['timeout', 'reset'].includes(sent.failure.kind)) return outcomeOf(target, before, patch);
  return sent;
}

/** The answer to a write did not come: the object itself shows whether it was made. */
async function outcomeOf(
  target: Target,
  before: Seen,
  { body }: Patch,
): Promise<Result<{ readonly before: Seen; readonly after: Seen }>> {
  const now = await readNow(target);
  if (!now.ok)
    return failed(
      'server',
      `the answer did not come and the object cannot be read, so it is not known whether the change was made (${now.failure.message})`,
    );
  if (now.value.live.uid === before.live.uid && isAsPatched(now.value.raw, body))
    return success({ before, after: now.value });
  return failed('server', 'the answer did not come, and the change was not made. Try again');
}

/** What somebody else changed since the object was looked at; undefined where that is nothing of its spec. */
function conflict(before: LiveObject, now: LiveObject, failure: Failure): Failure | undefined {
  if (now.uid !== before.uid) return { ...failure, message: 'another object has its name now' };
  const changes = fieldChanges(before.spec, now.spec, 'spec');
  if (changes.length === 0) return before.generation === now.generation ? undefined : failure;
  return { ...failure, message: changes.map(changeWords).join(', ') };
}

/** `spec.suspend from none to true`. */
export function changeWords({ path, from, to }: FieldChange): string {
  return `${path} from ${valueWords(from)} to ${valueWords(to)}`;
}

function valueWords(value: unknown): string {
  return printable(value === undefined ? 'none' : JSON.stringify(value), 80);
}

/** A server that fails on a request is asked how it is: that says more than a time-out. */
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
    : failed('server', 'the API server answers with something that is no object');
}

function over(outcome: ActResult['outcome'], message: string): Preparing {
  return { is: 'over', result: { outcome, message } };
}

function failureWords({ kind, message }: Failure, target: Target): string {
  const what = whatOf(target);
  switch (kind) {
    case 'notFound':
      return `${what} is no longer there.`;
    case 'conflict':
      return `${what} was changed or replaced meanwhile: ${message}. Look at it again, then retry.`;
    case 'timeout':
    case 'reset':
      return `${what}: ${message}. Nothing was changed.`;
    default:
      return `${what}: ${message}`;
  }
}
