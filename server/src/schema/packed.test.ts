// A release that is stored as the differences from another one has the same schemas as a whole one, and a damaged index or
// folder never makes the program fail.
import { expect, test } from 'vitest';
import { openCatalog } from './load.ts';
import { packed, patched } from './packed.ts';
import { indexJson, indexKey, type ReleaseFiles, storeFiles } from './stored.ts';

const sum = (text: string) => String(text.length);

function release(version: string, schemas: Readonly<Record<string, object>>): ReleaseFiles {
  const id = `x@${version}`;
  const files = Object.entries(schemas).map(([kind, schema]) => {
    return [`${id}/x.example/v1/${kind}.json`, JSON.stringify({ schema })] as const;
  });
  const kinds = Object.keys(schemas).map((kind) => {
    return [kind, { plural: kind.toLowerCase(), scope: 'Namespaced', versions: { v1: { storage: true } } }] as const;
  });
  const groups = { 'x.example': Object.fromEntries(kinds) } as ReleaseFiles['release']['groups'];
  return storeFiles({ name: 'x', version, sources: [] }, groups, new Map(files), sum);
}

const long = { type: 'string', pattern: 'a'.repeat(200) } as const;
const main = release('2', {
  Same: { properties: { a: long } },
  Changed: { properties: { a: long, old: long } },
  Gone: {},
});
const older = release('1', {
  Same: { properties: { a: long } },
  Changed: { properties: { a: { ...long, default: 'x' } } },
  Only: { properties: { b: long } },
});
const stored = packed(older, main);

function catalog(releases: readonly ReleaseFiles[]) {
  const index = indexJson(releases.map(({ release }) => release));
  const files = new Map([[indexKey, index], ...releases.flatMap(({ files }) => [...files])]);
  return openCatalog((key) => files.get(key));
}

test('equal files are not stored, and nearly equal ones as a patch', () => {
  expect([...stored.files.keys()]).toEqual(['x@1/x.example/v1/Changed.json', 'x@1/x.example/v1/Only.json']);
  expect(stored.files.get('x@1/x.example/v1/Changed.json')).toBe(
    '{"changes":{"schema":{"properties":{"a":{"default":"x"},"old":null}}}}',
  );
  expect(stored.release.groups).toEqual({ 'x.example': { Gone: null, Only: expect.anything() } });
});

test('a pin has the schemas and kinds of the release itself', () => {
  const { store, missing } = catalog([main, stored]).pin(['x@1']);
  expect(missing).toEqual([]);
  const schema = (kind: string) => store.lookup({ group: 'x.example', version: 'v1', kind })?.schema;
  expect(schema('Same')).toEqual({ properties: { a: long } });
  expect(schema('Changed')).toEqual({ properties: { a: { ...long, default: 'x' } } });
  expect(schema('Only')).toEqual({ properties: { b: long } });
  expect(schema('Gone')).toBeUndefined();
});

test('a value that contains null is stored whole', () => {
  const withNull = release('1', { Same: { properties: { a: { ...long, default: null } } } });
  const { files } = packed(withNull, main);
  expect([...files.values()]).toEqual([...withNull.files.values()]);
});

test('a release whose base is missing, broken or itself is left out', () => {
  for (const base of ['x@3', 'x@1', 'constructor']) {
    const { releases, problems } = catalog([main, { ...stored, release: { ...stored.release, base } }]);
    expect(releases.map(({ id }) => id)).toEqual(['x@2']);
    expect(problems).toHaveLength(1);
  }
});

test('a patch of what is no map replaces it', () => {
  expect(patched('a', { b: { c: 1, d: null } })).toEqual({ b: { c: 1 } });
  expect(patched({ a: 1 }, 'b')).toBe('b');
});
