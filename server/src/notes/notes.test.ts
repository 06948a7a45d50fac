import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { catalog } from '../features/fixture.ts';
import { groupKindOf } from '../kube/identity.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { Workspace } from '../workspace/workspace.ts';
import { kindNotes } from './kinds.ts';
import { metadataNotes } from './metadata.ts';
import { noteOf, notes } from './notes.ts';

const schemas = new Workspace(catalog).schemas.storeFor('a.yaml');

test('enough of them, and no field of a kind twice', () => {
  const texts = new Set(notes.flatMap(({ fields }) => Object.values(fields)));
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

  test('its fields are in the schema', () => {
    const answering = versions ? served.filter(({ gvk }) => versions.includes(gvk.version)) : served;
    expect(answering.length).toBeGreaterThanOrEqual(versions?.length ?? 1);
    const missing = Object.keys(fields).filter((field) => {
      const known = answering.filter((one) => fieldOf(one, field) !== undefined);
      return known.length === 0 || (versions !== undefined && known.length < answering.length);
    });
    expect(missing).toEqual([]);
  });

  test('its texts are one to three whole sentences', () => {
    const wrong = Object.entries(fields).filter(([, note]) => {
      const sentences = note.replace(/`[^`]*`/g, 'x').split(/[.:] +(?=[A-Z])/).length;
      return (
        sentences > 3 || note.length > 330 || !/^[A-Z`‘“]/.test(note) || !note.endsWith('.') || /\s{2}|\n/.test(note)
      );
    });
    expect(wrong).toEqual([]);
  });
});

test('a default that a note tells is the one in the schema', () => {
  let told = 0;
  const wrong = notes.flatMap(({ group, kind, versions, fields }) =>
    schemas
      .versions(group, kind)
      .filter(({ gvk, served }) => served && (versions?.includes(gvk.version) ?? true))
      .flatMap((schema) =>
        Object.entries(fields).filter(([field, note]) => {
          const preset = fieldOf(schema, field)?.default;
          if (preset === undefined || typeof preset === 'object' || !/by default|the default/.test(note)) return false;
          told += 1;
          return !note.includes(String(preset));
        }),
      ),
  );
  expect(wrong).toEqual([]);
  expect(told).toBeGreaterThan(40);
});

test('every kind that is noted is a kind, and every kind with noted fields says what it is for', () => {
  const known = new Set(schemas.kinds().map(({ gvk }) => groupKindOf(gvk)));
  expect([...kindNotes.keys()].filter((one) => !known.has(one))).toEqual([]);
  const silent = notes.map(groupKindOf).filter((one) => !kindNotes.has(one) && !one.endsWith('Template'));
  expect(silent).toEqual([]);
  const wrong = [...kindNotes].filter(([, about]) => !/^[A-Z].*\.$/.test(about) || about.length > 160);
  expect(wrong).toEqual([]);
});

describe('annotations and labels', () => {
  test.each(['annotation', 'label'] as const)('%ss are ones a server takes, with the values named', (as) => {
    const noted = metadataNotes.filter((one) => one.as === as || one.as === 'either');
    expect(noted.length).toBeGreaterThan(10);
    const map = as === 'label' ? 'labels' : 'annotations';
    const entries = noted.map(({ key, values }) => `    ${key}: ${JSON.stringify(values?.[0] ?? 'a')}\n`);
    const workspace = new Workspace(catalog);
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  ${map}:\n${entries.join('')}`;
    workspace.put('a.yaml', text);
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
  });

  test('are each noted once, in whole sentences', () => {
    const keys = metadataNotes.map(({ key }) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(metadataNotes.filter(({ note }) => !/^[A-Z`].*\.$/.test(note) || note.length > 250)).toEqual([]);
  });
});

test('a note for one version doesn’t answer for another', () => {
  for (const { group, kind, versions, fields } of notes) {
    for (const version of versions ?? []) {
      for (const [field, note] of Object.entries(fields)) {
        expect(noteOf({ group, version, kind }, field.split('.'))).toBe(note);
        expect(noteOf({ group, version: 'v0', kind }, field.split('.'))).not.toBe(note);
      }
    }
  }
});

function fieldOf({ schema }: KindSchema, field: string): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const step of field.split('.')) {
    while (at?.type === 'array' && at.items) at = at.items;
    at = at?.properties && Object.hasOwn(at.properties, step) ? at.properties[step] : undefined;
  }
  return at;
}
