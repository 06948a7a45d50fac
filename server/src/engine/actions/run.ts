// Runs an action: checks the object and makes a dry run on the server, then applies the change to that object and no other
// (by uid), and reports it as handled only once its outcome is observed.
import { setTimeout as sleep } from 'node:timers/promises';
import { kindName } from '../../kube/identity.ts';
import {
  applierOf,
  type Change,
  commandName,
  type Input,
  nameOf,
  offerOf,
  type Patch,
  type Removal,
  readOnlyWords,
  type Step,
  type Through,
} from '../../live/actions/action.ts';
import { type FieldChange, fieldChanges } from '../../live/actions/field-changes.ts';
import { list } from '../../live/fields.ts';
import type { LiveObject } from '../../live/object.ts';
import type { ActResult, AskedValue } from '../../protocol.ts';
import { type Failure, type Result, success } from '../failure.ts';
import { redactObject } from '../redact.ts';
import { selectorOf } from '../session/inspect.ts';
import { definitions } from '../watch/discovery.ts';
import { listObjects, readObject } from '../watch/objects.ts';
import { type Audit, type AuditEntry, recorded } from './audit.ts';
import { deniedNeed } from './permission.ts';
import { type Target, whatOf } from './target.ts';
import { readNow, type Seen, write } from './write.ts';

export interface Prepared {
  readonly target: Target;
  readonly action: Change;
  /** The object as it was read for the preview. */
  readonly before: Seen;
  readonly patch: Patch | Removal;
  readonly values: Readonly<Record<string, string>>;
  /** The object that is written to, if it is another one. */
  readonly through?: { readonly target: Target; readonly before: Seen };
  /** The changes of the server's dry run, with secrets hidden. */
  readonly changes: readonly FieldChange[];
  /** What is done before, and awaited. */
  readonly first?: Prepared;
}

export type Preparing =
  | { readonly is: 'asks'; readonly parameters: readonly AskedValue[] }
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
  if (offer.is === 'refused')
    return {
      is: 'over',
      result: { outcome: 'failed', message: offer.why, ...(offer.inGit ? { inGit: true } : {}) },
    };
  if (offer.is === 'done') return over('handled', offer.message);
  for (const { name, problem } of action.parameters) {
    const wrong = values[name] === undefined ? undefined : problem(values[name]);
    if (wrong !== undefined) return over('failed', wrong);
  }
  const missing = action.parameters.filter(({ name }) => values[name] === undefined);
  const isChosen = missing.some(({ choices }) => choices !== undefined);
  if (missing.length > 0 && !isChosen) return asks(missing, before, []);
  const through = action.through?.(before);
  const other = through && target.other(through.named);
  if (other && !other.ok) return over('failed', other.failure.message);
  const denied = await deniedNeed(other?.value ?? target, action.needs);
  if (denied !== undefined) return over('failed', denied);
  const related = await relatedOf(target, action, before);
  if (!related.ok) return over('failed', `${action.reads?.(before)?.kind ?? ''}: ${related.failure.message}`);
  if (missing.length > 0) return asks(missing, before, related.value);
  const definition = action.readsDefinition?.(before) ? await definitionOf(target) : undefined;
  const input: Input = {
    ...(definition === undefined ? {} : { definition }),
    ...{ raw: read.value.raw, shown: redactObject(read.value.raw), related: related.value, values },
    at: new Date().toISOString(),
  };
  if (through && other) return triedThrough(target, action, read.value, input, through, other.value);
  return tried(target, action, read.value, input);
}

async function triedThrough(
  target: Target,
  action: Change,
  before: Seen,
  input: Input,
  through: Through,
  other: Target,
): Promise<Preparing> {
  const own = action.change(before.live, input);
  if ('why' in own) return over('failed', own.why, own.isConflict);
  const read = await readNow(other);
  if (!read.ok) return over('failed', failureWords(read.failure, other));
  if (read.value.live.deleted !== undefined) return over('failed', `${nameOf(read.value.live)} is being deleted.`);
  const patch = through.change(read.value.raw, input);
  if ('why' in patch) return over('failed', patch.why, patch.isConflict);
  const answer = await write(other, read.value, patch, true);
  if (!answer.ok) return { is: 'over', result: failedResult(answer.failure, other) };
  const changes = fieldChanges(redactObject(answer.value.before.raw), redactObject(answer.value.after.raw));
  const written = { target: other, before: answer.value.before };
  const prepared = { target, action, before, patch, values: input.values, through: written };
  return { is: 'ready', prepared: { ...prepared, changes: ofOther(changes, other) } };
}

function ofOther(changes: readonly FieldChange[], other: Target): readonly FieldChange[] {
  return changes.map((change) => ({ ...change, path: `${whatOf(other)}: ${change.path}` }));
}

function asks(missing: Change['parameters'], before: LiveObject, related: readonly unknown[]): Preparing {
  const parameters = missing.map(({ name, title, initial, optional = false, choices }): AskedValue => {
    const offered = choices?.(before, related) ?? [];
    return { name, title, initial: initial(before), optional, ...(offered.length > 0 ? { choices: offered } : {}) };
  });
  return { is: 'asks', parameters };
}

async function tried(target: Target, action: Change, before: Seen, input: Input): Promise<Preparing> {
  const patch = action.change(before.live, input);
  if ('why' in patch) return over('failed', patch.why, patch.isConflict);
  const first = action.first && (await preparedFirst(target, action.first, before.live));
  if (first && first.is !== 'ready') return first;
  const answer = await write(target, before, patch, true);
  if (!answer.ok) return { is: 'over', result: failedResult(answer.failure, target) };
  const own = fieldChanges(redactObject(answer.value.before.raw), redactObject(answer.value.after.raw));
  const changes = [
    ...(first ? ofOther(first.prepared.changes, first.prepared.target) : []),
    ...('is' in patch ? [] : own),
  ];
  const prepared = { target, action, before: answer.value.before, patch, values: input.values, changes };
  return { is: 'ready', prepared: first ? { ...prepared, first: first.prepared } : prepared };
}

/** Of the first of the objects that offers the change; else why the last one doesn't. */
async function preparedFirst(
  target: Target,
  { change, of }: NonNullable<Change['first']>,
  object: LiveObject,
): Promise<Extract<Preparing, { is: 'ready' | 'over' }>> {
  let why = over('failed', `${nameOf(object)} has no source.`);
  for (const named of of(object)) {
    const other = target.other(named);
    const preparing = other.ok ? await prepare(other.value, change) : over('failed', other.failure.message);
    if (preparing.is === 'ready') return preparing;
    if (preparing.is === 'over') why = preparing;
  }
  return why;
}

/** Undefined if it may not be read. */
async function definitionOf({ transport, resource: { plural, group } }: Target): Promise<unknown> {
  const read = await readObject(transport, definitions, { name: `${plural}.${group}` });
  return read.ok ? read.value : undefined;
}

/** The first 500; a Deployment keeps ten revisions by default. */
async function relatedOf(
  { transport, namespace }: Target,
  { reads }: Change,
  object: LiveObject,
): Promise<Result<readonly unknown[]>> {
  const related = reads?.(object);
  if (!related) return success([]);
  const answer = await listObjects(transport, related, { namespace, labelSelector: selectorOf(related.selector) });
  return answer.ok ? success(list(answer.value, 'items')) : answer;
}

/** The effect, for the confirmation. What applies the object that is written to may revert the change. */
export function previewOf({ action, before, through }: Prepared): string {
  const written = through?.before.live;
  const applier = written && applierOf(written);
  const words = action.preview(before.live);
  return applier === undefined
    ? words
    : `${words} ${applier} applies ${nameOf(written!)} and reverts this if Git sets it.`;
}

export interface CommitOptions {
  readonly onProgress: (message: string) => void;
  /** Milliseconds to wait for the outcome; one minute by default. */
  readonly patience?: number;
  /** Told of the change when it is sent and when its outcome is known. */
  readonly audit?: Audit | undefined;
}

export async function commit(prepared: Prepared, options: CommitOptions): Promise<ActResult> {
  const { before, patch, first, through } = prepared;
  if (first) {
    const outcome = await commit(first, { ...options, patience: Math.max(options.patience ?? 0, firstPatience) });
    if (outcome.outcome !== 'handled')
      return { ...outcome, message: `${outcome.message} ${nameOf(before.live)} was not changed.` };
  }
  const at = through ?? prepared;
  const entry = entryOf(prepared, new Date().toISOString());
  // Nobody who is on call is held up by a disk that is full; the result says it.
  const problem = recorded(options.audit, { ...entry, outcome: 'sent', message: '' });
  const written = await write(at.target, at.before, patch, false);
  const result = written.ok
    ? await observed(prepared, through ? before.live : written.value.after.live, options)
    : failedResult(written.failure, at.target);
  const { outcome, message } = result;
  const lost = recorded(options.audit, { ...entry, outcome, message }) ?? problem;
  return lost === undefined ? result : { ...result, message: `${message} ${lost}` };
}

function entryOf({ target, action, before, changes }: Prepared, time: string): Omit<AuditEntry, 'outcome' | 'message'> {
  const { apiVersion, groupKind, namespace, name, uid } = before.live;
  return {
    ...{ time, context: target.context, verb: commandName(action.verb), apiVersion, kind: kindName(groupKind) },
    ...(namespace === undefined ? {} : { namespace }),
    ...{ name, uid, changes },
  };
}

/** Milliseconds: what follows makes no sense before, even where nobody waits for the outcome of the whole. */
const firstPatience = 60_000;

async function observed(
  { target, before, patch, values, action: { settled, words } }: Prepared,
  written: LiveObject,
  { onProgress, patience = 60_000 }: CommitOptions,
): Promise<ActResult> {
  const until = Date.now() + patience;
  let shown = '';
  let isGone = false;
  for (let now = written; ; ) {
    const step: Step = { context: target.context, before: before.live, written, now, values, isGone };
    if (isGone && !('is' in patch))
      return { outcome: 'failed', message: `${nameOf(now)} was deleted after it was changed.` };
    const outcome = settled(step);
    if (outcome) return outcome;
    const progress = words.progress(step) ?? (shown === '' ? words.pending(step, false) : '');
    if (progress !== '' && progress !== shown) onProgress((shown = progress));
    if (Date.now() >= until || target.isClosed())
      return { outcome: 'requested', message: words.pending(step, patience > 0) };
    const next = await nextOf(target);
    if (next === 'gone') isGone = true;
    else now = next ?? now;
  }
}

/** The object after a pause: from its watch if it is watched, else read again; undefined if it can't be read now. */
async function nextOf(target: Target): Promise<LiveObject | 'gone' | undefined> {
  await sleep(target.watched() ? 100 : 1000);
  const watched = target.watched();
  if (watched) return watched;
  const read = await readNow(target);
  if (read.ok) return read.value.live;
  return read.failure.kind === 'notFound' ? 'gone' : undefined;
}

function over(outcome: ActResult['outcome'], message: string, isConflict?: true): Extract<Preparing, { is: 'over' }> {
  return { is: 'over', result: { outcome, message, ...(isConflict ? { isConflict } : {}) } };
}

function failedResult(failure: Failure, target: Target): ActResult {
  const isConflict = failure.kind === 'conflict' ? ({ isConflict: true } as const) : {};
  return { outcome: 'failed', message: failureWords(failure, target), ...isConflict };
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
