// Checks each row against the schemas: a path that no version of its kind has would silently have no effect.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCatalog } from '../schema/load.ts';
import type { Schema } from '../schema/schema.ts';
import { groupKindOf } from './identity.ts';
import { kindRows } from './kinds.ts';

const folder = new URL('../../schemas/', import.meta.url);
const { bundled } = openCatalog((key) => {
  const file = new URL(key, folder);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
});

test('each kind has one row', () => {
  const keys = kindRows.map(groupKindOf);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(kindRows.map((row) => [groupKindOf(row), row] as const))('%s: its paths exist in its schema', (_, row) => {
  const versions = bundled.versions(row.group, row.kind);
  expect(versions.length).toBeGreaterThan(0);
  const references = (row.references ?? []).map((reference) => reference.path);
  const paths = [...references, ...Object.keys(row.values ?? {}), ...(row.embeds ?? [])];
  const missing = paths.filter((path) => !versions.some(({ schema }) => schemaAt(schema, path)));
  expect(missing).toEqual([]);
});

test('every kind that a row refers to by name has a schema', () => {
  const targets = kindRows.flatMap((row) => (row.references ?? []).flatMap((reference) => reference.to));
  const unknown = targets.filter((target) => {
    const slash = target.indexOf('/');
    return bundled.versions(target.slice(0, slash), target.slice(slash + 1)).length === 0;
  });
  expect([...new Set(unknown)]).toEqual([]);
});

function schemaAt(schema: Schema, path: string): Schema | undefined {
  return path.split(/\.|(?=\[\*\])/).reduce<Schema | undefined>((found, step) => {
    if (step === '[*]') return found?.items;
    return found?.properties?.[step];
  }, schema);
}
