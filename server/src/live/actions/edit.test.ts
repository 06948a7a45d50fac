import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactObject } from '../../engine/redact.ts';
import { type Fields, isFields } from '../fields.ts';
import { trim } from '../object.ts';
import { edit, editable } from './edit.ts';
import { mergePatch } from './merge-patch.ts';

const raw = {
  apiVersion: 'example.com/v1',
  kind: 'SampleDB',
  metadata: { name: 'db', namespace: 'n', uid: 'u', resourceVersion: '5', labels: { a: 'b' } },
  spec: {
    size: '10Gi',
    replicas: 3,
    env: [
      { name: 'PASSWORD', value: 'hunter2' },
      { name: 'MODE', value: 'fast' },
    ],
    password: 'hunter2',
  },
  status: { ready: true },
};
type Raw = typeof raw;
const shownOf = (object: object) => editable(redactObject(object as Fields)) as unknown as Raw;

/** What is written if the text that was opened is changed so, and the object meanwhile. */
function change(person: (text: Raw) => unknown, other: (object: Raw) => void = () => undefined, uid = 'u') {
  const base = shownOf(raw);
  const text = structuredClone(base);
  const wanted = person(text) ?? text;
  const now = structuredClone(raw);
  other(now);
  const values = { base: JSON.stringify(base), text: JSON.stringify(wanted), uid };
  const input = { raw: now, shown: redactObject(now), related: [], values, at: '' };
  return edit.change(trim(now)!, input);
}

test('what is edited has neither the status nor what the server writes', () => {
  expect(editable(raw)).toEqual({
    apiVersion: 'example.com/v1',
    kind: 'SampleDB',
    metadata: { name: 'db', namespace: 'n', labels: { a: 'b' } },
    spec: raw.spec,
  });
});

test('only what was changed is written', () => {
  const size = change((text) => void (text.spec.size = '20Gi'));
  expect(size).toEqual({ body: { spec: { size: '20Gi' } }, asSeen: true });
  const gone = change((text) => {
    const { size: _, ...rest } = text.spec;
    return { ...text, spec: rest };
  });
  expect(gone).toMatchObject({ body: { spec: { size: null } } });
});

test('what somebody else changed in the meantime stays, unless both changed it', () => {
  const beside = change(
    (text) => void (text.spec.size = '20Gi'),
    (object) => void (object.spec.replicas = 5),
  );
  expect(beside).toMatchObject({ body: { spec: { size: '20Gi' } } });
  const both = change(
    (text) => void (text.spec.replicas = 4),
    (object) => void (object.spec.replicas = 5),
  );
  expect(both).toEqual({
    is: 'refused',
    isConflict: true,
    why: 'SampleDB n/db was changed in the meantime: spec.replicas is 5 now, not 3.',
  });
  const same = change(
    (text) => void (text.spec.replicas = 5),
    (object) => void (object.spec.replicas = 5),
  );
  expect(same).toMatchObject({ body: { spec: { replicas: 5 } } });
});

test('hidden values are written as they are, never as they are shown', () => {
  const mode = change((text) => void (text.spec.env[1]!.value = 'slow'));
  expect(mode).toMatchObject({ body: { spec: { env: [raw.spec.env[0], { name: 'MODE', value: 'slow' }] } } });
  const moved = change((text) => void text.spec.env.reverse());
  expect(moved).toMatchObject({ body: { spec: { env: [...raw.spec.env].reverse() } } });
  const set = change((text) => void (text.spec.password = 'better'));
  expect(set).toMatchObject({ body: { spec: { password: 'better' } } });
  const copied = change((text) => void text.spec.env.push({ name: 'OTHER', value: '***' }));
  expect(copied).toMatchObject({ why: expect.stringContaining('hidden') });
});

test('an edit that makes another object of it is refused', () => {
  expect(change((text) => void (text.metadata.name = 'other'))).toMatchObject({
    why: expect.stringContaining('metadata.name'),
  });
  expect(change((text) => ({ ...text, status: {} }))).toMatchObject({ why: expect.stringContaining('status') });
  expect(change(() => undefined)).toMatchObject({ why: 'No field was changed.' });
  expect(
    change(
      (text) => void (text.spec.size = '1Gi'),
      () => undefined,
      'another',
    ),
  ).toMatchObject({
    why: expect.stringContaining('replaced'),
  });
  expect(change(() => 'text')).toMatchObject({ why: 'The text is not an object.' });
});

/** RFC 7396, without nulls in what is patched. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

test('the patch of any edit turns the object into the text, if nobody else changed it', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>('a', 'b', 1, true, ''),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'name'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const spec = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 });
  fc.assert(
    fc.property(spec, spec, (before, after) => {
      const object = (own: object) => ({ ...raw, spec: own, status: undefined });
      const [base, text] = [object(before), object(after)];
      const values = { base: JSON.stringify(editable(base)), text: JSON.stringify(editable(text)), uid: 'u' };
      const change = edit.change(trim(base)!, { raw: base, shown: base, related: [], values, at: '' });
      const patch = 'body' in change ? change.body : {};
      expect(merged(editable(base), patch)).toEqual(merged(editable(base), mergePatch(editable(base), editable(text))));
      expect(merged(editable(base), patch)).toEqual(editable(text));
    }),
    { numRuns: 300 },
  );
});
