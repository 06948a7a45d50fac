// `npm run verdict` also sends the fixtures beside this file to a real API server.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotated, stripped, testCatalog, yaml } from '../fixture.ts';
import { layeredStore } from '../schema/store.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { validateDocument } from './validate.ts';

const store = layeredStore([testCatalog.bundled]);

/** The findings of all documents of a file; offsets are those of the file. */
function findingsOf(text: string): readonly Finding[] {
  return splitDocuments(text).flatMap((segment) => {
    const manifest = parseManifest(segment.text);
    return [...manifest.findings, ...validateDocument(manifest, store)].map((finding) => ({
      ...finding,
      start: finding.start + segment.start,
      end: finding.end + segment.start,
    }));
  });
}

const folder = join(import.meta.dirname, 'fixtures');

describe('fixtures', () => {
  test.each(readdirSync(folder))('%s', (name) => {
    const source = readFileSync(join(folder, name), 'utf8');
    const text = stripped(source);
    const now = annotated(text, findingsOf(text));
    if (process.env.UPDATE) writeFileSync(join(folder, name), now);
    else expect(now).toBe(source);
  });

  test.each(readdirSync(folder))('every fix of %s removes its finding and leaves valid YAML', (name) => {
    for (const segment of splitDocuments(stripped(readFileSync(join(folder, name), 'utf8')))) {
      for (const finding of findingsOf(segment.text)) {
        for (const fix of finding.fixes ?? []) {
          const fixed = fix.edits
            .toSorted((a, b) => b.start - a.start)
            .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), segment.text);
          const left = findingsOf(fixed);
          expect({
            fix: fix.title,
            left: left.filter(({ rule, path }) => rule === finding.rule && path === finding.path),
          }).toEqual({ fix: fix.title, left: [] });
          expect({ fix: fix.title, broken: left.filter(({ rule }) => rule.startsWith('syntax/')) }).toEqual({
            fix: fix.title,
            broken: [],
          });
        }
      }
    }
  });
});

describe('arbitrary edits', () => {
  const documents = readdirSync(folder).flatMap((name) => splitDocuments(readFileSync(join(folder, name), 'utf8')));

  test('never throw, and findings stay within the text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...' :-{}[],"\'|>&*!%@`#\n\t'.split(''), '${A}', '<<: *a', '---\n'),
    );
    const edit = fc.record({ of: fc.nat(), at: fc.nat(), cut: fc.nat({ max: 30 }), put: piece });
    fc.assert(
      fc.property(edit, ({ of, at, cut, put }) => {
        const { text } = documents[of % documents.length]!;
        const offset = at % (text.length + 1);
        const changed = text.slice(0, offset) + put + text.slice(offset + cut);
        for (const { start, end, fixes } of findingsOf(changed)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(changed.length);
          for (const { edits } of fixes ?? [])
            for (const one of edits) expect(one.end).toBeLessThanOrEqual(changed.length);
        }
      }),
      { numRuns: 600 },
    );
  });

  test('a property of Object.prototype is not a known field', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const text = yaml`
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: Bucket
        metadata:
          name: a
        spec:
          interval: 1m
          bucketName: a
          endpoint: a
          ${key}: 1
      `;
      expect(findingsOf(text).map(({ rule, path }) => `${rule} ${path}`)).toEqual([`schema/unknown-field spec.${key}`]);
    }
  });
});

test('the items of a List are validated as separate objects', () => {
  const text = yaml`
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: a}
      dat: {}
  `;
  expect(findingsOf(text).map(({ rule, start }) => [rule, text.slice(start, start + 3)])).toEqual([
    ['schema/unknown-field', 'dat'],
  ]);
});
