// The bundled schemas match the generator's output: the digests of the tree are always checked, the sources themselves if
// Go can fetch them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../server/src/releases/crds.ts';
import { digestInput, indexJson, releaseId, type SchemaIndex } from '../server/src/schema/stored.ts';
import { folderFiles, fromModules, keptBeside, readReleases } from './schemas/generate.ts';
import { noticeText } from './schemas/notice.ts';
import { releases as listed } from './schemas/sources.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'server/schemas');
const present = readReleases(folder);
const required = (process.env.CAPSTAN_REQUIRE ?? '').split(',').includes('live');

test('each release has the files of its digest', () => {
  expect(present.length).toBeGreaterThan(listed.length);
  const wrong = present.filter(({ release, files }) => release.digest !== sha256(digestInput(files, sha256)));
  expect(wrong.map(({ release }) => releaseId(release))).toEqual([]);
});

test('the index lists every file of a kind and nothing else', () => {
  const named = present.flatMap(({ release }) =>
    Object.entries(release.groups).flatMap(([group, kinds]) =>
      Object.entries(kinds).flatMap(([kind, { versions }]) =>
        Object.keys(versions).map((version) => `${releaseId(release)}/${group || 'core'}/${version}/${kind}.json`),
      ),
    ),
  );
  const files = present.flatMap(({ files }) => [...files.keys()]);
  expect(files.filter((key) => !key.endsWith('/definitions.json')).sort()).toEqual(named.sort());
});

test('the index has canonical formatting', () => {
  const text = readFileSync(join(folder, 'index.json'), 'utf8');
  expect(indexJson((JSON.parse(text) as SchemaIndex).releases)).toBe(text);
});

test('the schemas contain no prose', () => {
  const prose = /"(?:description|title|example|externalDocs)":"/;
  const wrong = present.flatMap(({ files }) => [...files].filter(([, text]) => prose.test(text)).map(([key]) => key));
  expect(wrong).toEqual([]);
});

test('NOTICE lists every release', () => {
  const text = readFileSync(join(root, 'NOTICE'), 'utf8');
  expect(text).toBe(noticeText(present.map(({ release }) => release)));
});

test('regenerating from the Go modules changes nothing', { timeout: 900_000 }, async ({ skip, annotate }) => {
  const made = await fromModules();
  const missing = [...made.unobtainable].map(([release, why]) => `${release}: ${why}`);
  if (missing.length > 0) {
    if (required) expect(missing).toEqual([]);
    console.warn(`not regenerated, because Go cannot fetch their modules:\n  ${missing.join('\n  ')}`);
    await annotate(missing.join('\n'));
  }
  if (made.releases.length === 0) skip('no Go module is available; install Go 1.24 or newer');
  const again = folderFiles([...made.releases, ...keptBeside(made.releases, present)]);
  const before = folderFiles(present);
  expect([...again.keys()].filter((key) => !before.has(key))).toEqual([]);
  expect([...before.keys()].filter((key) => before.get(key) !== again.get(key))).toEqual([]);
});
