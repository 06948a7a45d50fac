// Writes what somebody changed in the document of an object, and nothing else: the differences between the text that was opened
// and the one that was saved, merged into what the object is now. A field that somebody else changed too is a conflict.
import { at, type Fields, isFields } from '../fields.ts';
import type { LiveObject } from '../object.ts';
import { applierOf, type Change, type Input, nameOf, offered, type Patch, type Refused, refused } from './action.ts';
import { isAsPatched } from './field-changes.ts';
import { mergePatch } from './merge-patch.ts';

/** Values of the change, in JSON: what was opened, what was saved; and the uid of the object that was opened. */
const parameters = ['base', 'text', 'uid'] as const;

export const edit: Change<'edit'> = {
  is: 'change',
  verb: 'edit',
  title: 'Apply',
  icon: 'edit',
  menu: { group: '2_act@8' },
  summary: 'change the fields of an object',
  parameters: parameters.map((name) => ({ name, title: name, initial: () => '', problem: () => undefined })),
  needs: [{ verb: 'patch' }],
  offeredFor: () => offered,
  change: (object, input) => patchOf(object, input),
  preview(object) {
    const applier = applierOf(object);
    const kept = 'Writes the fields that you changed and no others.';
    return applier === undefined
      ? kept
      : `${kept} ${applier} applies the object and reverts what Git sets; to keep a change, make it in Git.`;
  },
  settled: ({ before, written, context }) =>
    written.uid === before.uid
      ? { outcome: 'handled', message: `${nameOf(written)} is changed on ${context}.` }
      : { outcome: 'failed', message: `${nameOf(before)} was replaced by another object.` },
  words: { doing: 'Changing', progress: () => undefined, pending: ({ now }) => `${nameOf(now)} is being changed.` },
};

/** The part of an object that a person edits: without what the server and controllers write. */
export function editable(shown: unknown): Fields {
  if (!isFields(shown)) return {};
  const { status: _, metadata, ...rest } = shown;
  const kept = ['name', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences'];
  const own = kept.flatMap((name) => {
    const value = at(metadata, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const { apiVersion, kind, ...fields } = rest;
  return { apiVersion, kind, metadata: Object.fromEntries(own), ...fields };
}

function patchOf(object: LiveObject, { raw, shown, values }: Input): Patch | Refused {
  const [base, wanted] = [parsed(values.base), parsed(values.text)];
  if (!isFields(base) || !isFields(wanted)) return refused('The text is not an object.');
  if (values.uid !== object.uid)
    return refused(`${nameOf(object)} was replaced by another object since it was opened. Open it again.`);
  const moved = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'].find((path) => {
    const steps = path.split('.');
    return JSON.stringify(at(base, ...steps)) !== JSON.stringify(at(wanted, ...steps));
  });
  if (moved !== undefined) return refused(`${moved} of an object cannot be changed: it would be another object.`);
  if (wanted.status !== undefined) return refused('status is written by controllers and cannot be edited here.');
  const changes = mergePatch(base, wanted) as Fields;
  if (Object.keys(changes).length === 0) return refused('No field was changed.');
  const others = conflictsIn(changes, base, editable(shown), '');
  if (others.length > 0)
    return { ...refused(`${nameOf(object)} was changed in the meantime: ${others.join(', ')}.`), isConflict: true };
  const hidden: string[] = [];
  const body = revealed(changes, shown, raw, '', hidden) as Fields;
  if (hidden.length > 0)
    return refused(
      `${hidden[0]} has a value that is hidden here; a change beside it in the same list would overwrite it.`,
    );
  return { body, asSeen: true };
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}

/** The fields of the patch that are no longer as they were opened, nor as they are wanted. */
function conflictsIn(changes: Fields, base: unknown, now: unknown, path: string): readonly string[] {
  return Object.entries(changes).flatMap(([name, wanted]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const [before, current] = [at(base, name), at(now, name)];
    if (isFields(wanted) && isFields(before) && isFields(current)) return conflictsIn(wanted, before, current, own);
    if (JSON.stringify(before) === JSON.stringify(current) || isAsPatched(now, { [name]: wanted })) return [];
    return [`${own} is ${wordsOf(current)} now, not ${wordsOf(before)}`];
  });
}

function wordsOf(value: unknown): string {
  const json = value === undefined ? 'none' : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

/** What replaces a secret in a text that is shown (engine/redact.ts). */
const placeholder = /^\*{3}$|\[(redacted|token|access key|private key)\]/;

/** The value with what is hidden in it as it is in the object; the paths of what can't be known are added to `hidden`. */
function revealed(value: unknown, shown: unknown, raw: unknown, path: string, hidden: string[]): unknown {
  if (JSON.stringify(value) === JSON.stringify(shown)) return raw;
  if (typeof value === 'string' && placeholder.test(value)) hidden.push(path);
  if (isFields(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, own]) => {
        const below = path === '' ? name : `${path}.${name}`;
        return [name, revealed(own, at(shown, name), at(raw, name), below, hidden)];
      }),
    );
  if (!Array.isArray(value)) return value;
  const [before, real] = [Array.isArray(shown) ? shown : [], Array.isArray(raw) ? raw : []];
  return value.map((item, index) => {
    const same = before.findIndex((one) => JSON.stringify(one) === JSON.stringify(item));
    const named = before.findIndex((one) => at(one, 'name') !== undefined && at(one, 'name') === at(item, 'name'));
    const place = same !== -1 ? same : named !== -1 ? named : index;
    return revealed(item, before[place], real[place], `${path}[${index}]`, hidden);
  });
}
