// What formatting never does, on generated YAML and on every fixture of the project: change a value, an anchor or a comment,
// change anything when run again, or touch lines outside of a selection. The oracle for values is the `yaml` package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { layoutOf } from '../../syntax/layout.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { readFile } from '../../workspace/document.ts';
import { edited } from '../fixture.ts';
import { generatedYaml } from './fixture.ts';
import { type FormatOptions, formatFile } from './formatting.ts';

const root = join(import.meta.dirname, '../../../..');

const fixtures: readonly string[] = ['examples/fleet', 'server/src/validation/fixtures', 'snippets'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

function formatted(text: string, options: FormatOptions): string {
  return edited(text, formatFile(readFile('a.yaml', text, undefined), options));
}

const isValid = (text: string) =>
  readFile('a.yaml', text, undefined).documents.every(
    ({ document }) => parseManifest(document.text).findings.length === 0,
  );

/** Comments, anchors, tags and aliases in their order. */
function marksOf(text: string): readonly string[] {
  return readFile('a.yaml', text, undefined).documents.flatMap(({ document }) =>
    (layoutOf(document.text, parseManifest(document.text).root) ?? []).flatMap(({ type, start, end }) =>
      type === 'leaf' ? [] : [document.text.slice(start, end).trimEnd()],
    ),
  );
}

const valuesOf = (text: string): unknown =>
  parseAllDocuments(text, { logLevel: 'silent' }).map((document) =>
    document.errors.length > 0 ? document.errors[0]!.code : withPatchesRead(document.toJS({ maxAliasCount: -1 })),
  );

/** kustomize reads the patches of a kustomization, so that the white space in them means nothing. */
function withPatchesRead(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'spec' in value) return value;
  const read: Record<string, unknown> = { ...value };
  for (const name of ['patches', 'patchesJson6902', 'patchesStrategicMerge'])
    if (name in read) read[name] = patchesRead(read[name]);
  return read;
}

function patchesRead(patches: unknown): unknown {
  const read = (text: unknown) => (typeof text === 'string' && text.includes('\n') ? valuesOf(text) : text);
  if (!Array.isArray(patches)) return patches;
  return patches.map((entry) =>
    typeof entry === 'object' && entry !== null ? { ...entry, patch: read(entry.patch) } : read(entry),
  );
}

function holds(text: string, step: number): void {
  // Without the comparison that keeps a document as it is, so that a mistake shows.
  const after = formatted(text, { step, unverified: true });
  expect({ text, values: valuesOf(after) }).toEqual({ text, values: valuesOf(text) });
  expect({ text, marks: marksOf(after) }).toEqual({ text, marks: marksOf(text) });
  expect({ text, again: formatFile(readFile('a.yaml', after, undefined), { step }) }).toEqual({ text, again: [] });
  expect(after).not.toMatch(/^ *\t/m);
}

const steps = fc.constantFrom(2, 4, 3);

test('a generated text keeps its values, anchors and comments, and formatting it again changes nothing', {
  timeout: 120_000,
}, () => {
  let valid = 0;
  let changed = 0;
  fc.assert(
    fc.property(generatedYaml, steps, (text, step) => {
      if (!isValid(text)) return;
      valid += 1;
      if (formatted(text, { step }) !== text) changed += 1;
      holds(text, step);
    }),
    { numRuns: 300 },
  );
  expect(valid).toBeGreaterThan(200);
  expect(changed).toBeGreaterThan(valid / 2);
});

test.each<[string, string, number]>([
  ['values in one column of two maps, of which one moves', '- bb:\n    bb:    a\n-   key-4: c\n    a: b\n', 2],
  ['a comment below a list in the column of its key', 'a:\n- b\n  #- c\nd:\n  - e\nf:\n   - g\n', 4],
])('so does %s', (_, text, step) => holds(text, step));

test('so does every fixture, whatever the step', { timeout: 120_000 }, () => {
  expect(fixtures.length).toBeGreaterThan(80);
  for (const text of fixtures) for (const step of [2, 4]) if (isValid(text)) holds(text, step);
});

test('formatting lines leaves all others as they are, and the document the same', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(generatedYaml, steps, fc.nat(30), fc.nat(10), (text, step, first, count) => {
      if (!isValid(text)) return;
      const last = first + count;
      const edits = formatFile(readFile('a.yaml', text, undefined), { step, span: { first, last }, unverified: true });
      const after = edited(text, edits);
      expect({ text, values: valuesOf(after) }).toEqual({ text, values: valuesOf(text) });
      expect({ text, marks: marksOf(after) }).toEqual({ text, marks: marksOf(text) });
      // Scalars and braces that are partly in the lines are entirely formatted; those of the generator have few lines.
      const before = text.split('\n');
      const far = (line: number) => line < first - 12 || line > last + 12;
      const touched = edits.map(({ start }) => text.slice(0, start).split('\n').length - 1);
      expect({ text, touched: touched.filter(far) }).toEqual({ text, touched: [] });
      expect(before.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('an edit changes what it replaces, and edits neither overlap nor cross lines', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(generatedYaml, steps, (text, step) => {
      const edits = formatFile(readFile('a.yaml', text, undefined), { step });
      edits.forEach(({ start, end, text: put }, index) => {
        expect(text.slice(start, end)).not.toBe(put);
        expect(start).toBeGreaterThanOrEqual(edits[index - 1]?.end ?? 0);
        expect(text.slice(start, end).trim()).toMatch(/^[1-9]?$/);
      });
    }),
    { numRuns: 100 },
  );
});
