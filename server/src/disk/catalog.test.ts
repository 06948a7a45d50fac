import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gvkOf } from '../kube/identity.ts';
import { importedFolder, indexKey } from '../schema/stored.ts';
import { catalogOnDisk } from './catalog.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['thing', true],
  ['../../out', false],
])('an imported index is read below its folder only: %s', (name, isRead) => {
  const env = { XDG_CACHE_HOME: join(folder, 'a/b/c') };
  const own = importedFolder(env)!;
  const write = (path: string, value: object) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value));
  };
  const kinds = { Thing: { plural: 'things', scope: 'Namespaced', versions: { v1: { storage: true } } } };
  const release = { name, version: '1.0.0', sources: [], digest: '', groups: { 'example.com': kinds } };
  write(join(own, indexKey), { releases: [release] });
  write(join(own, `${name}@1.0.0/example.com/v1/Thing.json`), {
    schema: { type: 'object', properties: { spec: { type: 'string' } } },
  });
  const store = catalogOnDisk(env).pin([`${name}@1.0.0`]).store;
  const found = store.lookup(gvkOf('example.com/v1', 'Thing')!);
  expect(JSON.stringify(found?.schema ?? {}).includes('string')).toBe(isRead);
});
