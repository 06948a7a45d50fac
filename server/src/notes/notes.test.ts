import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { testCatalog } from '../fixture.ts';
import { groupKindOf } from '../kube/identity.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { layeredStore } from '../schema/store.ts';
import { configName } from '../workspace/config.ts';
import { Workspace } from '../workspace/workspace.ts';
import { kindNotes } from './kinds.ts';
import { metadataNotes } from './metadata.ts';
import type { FieldNotes } from './note.ts';
import { noteOf, notes } from './notes.ts';

const { schemas: all } = new Workspace(testCatalog);
const schemas = layeredStore([all.storeFor('a.yaml'), all.storeFor(configName)]);

test('there are at least 150 notes, and no field of a kind has two', () => {
  const texts = new Set(notes.flatMap(({ fields }) => Object.values(fields).map(textOf)));
  expect(texts.size).toBeGreaterThanOrEqual(150);
  const keys = notes.flatMap((kind) =>
    (kind.versions ?? ['']).flatMap((version) =>
      Object.keys(kind.fields).map((field) => `${groupKindOf(kind)} ${version} ${field}`),
    ),
  );
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

describe.each(notes.map((kind) => [`${groupKindOf(kind)} ${kind.versions ?? ''}`, kind] as const))('%s', (_, kind) => {
  const { group, versions, fields } = kind;
  const served = schemas.versions(group, kind.kind).filter((one) => one.served);

  test('every noted field is in the schema', () => {
    const answering = versions ? served.filter(({ gvk }) => versions.includes(gvk.version)) : served;
    expect(answering.length).toBeGreaterThanOrEqual(versions?.length ?? 1);
    const missing = Object.keys(fields).filter((field) => {
      const known = answering.filter((one) => fieldOf(one, field) !== undefined);
      return known.length === 0 || (versions !== undefined && known.length < answering.length);
    });
    expect(missing).toEqual([]);
  });

  test('every note is one to three complete sentences', () => {
    const wrong = Object.entries(fields).filter(([, value]) => {
      const note = textOf(value);
      const sentences = note.replace(/`[^`]*`/g, 'x').split(/[.:] +(?=[A-Z])/).length;
      return (
        sentences > 3 || note.length > 330 || !/^[A-Z`‘“]/.test(note) || !note.endsWith('.') || /\s{2}|\n/.test(note)
      );
    });
    expect(wrong).toEqual([]);
  });
});

test('a default in a note is the default in the schema', () => {
  let checked = 0;
  const wrong = notes.flatMap(({ group, kind, versions, fields }) =>
    schemas
      .versions(group, kind)
      .filter(({ gvk, served }) => served && (versions?.includes(gvk.version) ?? true))
      .flatMap((schema) =>
        Object.entries(fields).filter(([field, value]) => {
          const note = textOf(value);
          const preset = fieldOf(schema, field)?.default;
          if (preset === undefined || typeof preset === 'object' || !/by default|the default|default is/.test(note))
            return false;
          checked += 1;
          return !note.includes(String(preset));
        }),
      ),
  );
  expect(wrong).toEqual([]);
  expect(checked).toBeGreaterThan(40);
});

test('every kind with a note exists, and every kind with noted fields has a note', () => {
  const known = new Set(schemas.kinds().map(({ gvk }) => groupKindOf(gvk)));
  expect([...kindNotes.keys()].filter((one) => !known.has(one))).toEqual([]);
  const silent = notes.map(groupKindOf).filter((one) => !kindNotes.has(one) && !one.endsWith('Template'));
  expect(silent).toEqual([]);
  const wrong = [...kindNotes].filter(([, about]) => !/^[A-Z].*\.$/.test(about) || about.length > 160);
  expect(wrong).toEqual([]);
});

describe('annotations and labels', () => {
  test.each(['annotation', 'label'] as const)('every noted %s is valid, with its listed values', (as) => {
    const noted = metadataNotes.filter((one) => one.as === as || one.as === 'either');
    expect(noted.length).toBeGreaterThan(10);
    const map = as === 'label' ? 'labels' : 'annotations';
    const entries = noted.map(({ key, values }) => `    ${key}: ${JSON.stringify(values?.[0] ?? 'a')}`);
    const workspace = new Workspace(testCatalog);
    workspace.put(
      'a.yaml',
      `\
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  ${map}:
${entries.join('\n')}
`,
    );
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
  });

  test('each has one note, in complete sentences', () => {
    const keys = metadataNotes.map(({ key }) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(metadataNotes.filter(({ note }) => !/^[A-Z`].*\.$/.test(note) || note.length > 250)).toEqual([]);
  });
});

test('a note for one version is not returned for another', () => {
  for (const { group, kind, versions, fields } of notes) {
    for (const version of versions ?? []) {
      for (const [field, note] of Object.entries(fields)) {
        expect(noteOf({ group, version, kind }, field.split('.'))?.text).toBe(textOf(note));
        expect(noteOf({ group, version: 'v0', kind }, field.split('.'))?.text).not.toBe(textOf(note));
      }
    }
  }
});

test('a note that starts by advising against its field is marked deprecated, and no other', () => {
  const all = notes.flatMap(({ fields }) => Object.values(fields));
  const marked = all.filter((note) => typeof note !== 'string' && note.deprecated).map(textOf);
  expect(marked).toEqual(all.map(textOf).filter((text) => /^(?:Deprecated:|Ignored:|Has no effect)/.test(text)));
  expect(marked.length).toBeGreaterThan(15);
});

function textOf(note: FieldNotes[string]): string {
  return typeof note === 'string' ? note : note.text;
}

function fieldOf({ schema }: KindSchema, field: string): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const step of field.split('.')) {
    while (at?.type === 'array' && at.items) at = at.items;
    const map: Schema['additionalProperties'] = at?.additionalProperties;
    if (step === '*') at = typeof map === 'object' ? map : undefined;
    else at = at?.properties && Object.hasOwn(at.properties, step) ? at.properties[step] : undefined;
  }
  return at;
}
