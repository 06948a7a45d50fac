import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Reason } from './build-problem.ts';
import { wordsOf } from './build-words.ts';

test('every reason has a sentence of its own', () => {
  const source = readFileSync(join(import.meta.dirname, 'build-problem.ts'), 'utf8');
  const kinds = [...source.matchAll(/readonly kind: '([a-z-]+)'/g)].map(([, kind]) => kind!);
  expect(kinds.length).toBeGreaterThan(80);
  const facts = { files: [], path: 'a', expected: 'list', lacks: 'key', needs: 'name' };
  const sentences = kinds.map((kind) => wordsOf({ reason: { ...facts, kind } as unknown as Reason }));
  const shared = kinds.filter((_kind, index) => sentences.indexOf(sentences[index]!) !== index);
  expect(shared).toEqual([]);
  for (const sentence of sentences) expect(sentence).toMatch(/^[“$\p{L}].*\.$/u);
});
