import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packFile, packOf, packReader } from './schema-pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each text is read back, and nothing else', () => {
  const texts = new Map([
    ['index.json', '{"a":1}\n'],
    ['b/ü.json', 'grüße €\n'],
    ['empty', ''],
  ]);
  writeFileSync(join(folder, packFile), packOf(texts));
  const read = packReader(folder)!;
  for (const [key, text] of texts) expect(read(key)).toBe(text);
  expect(read('c')).toBeUndefined();
  expect(read('constructor')).toBeUndefined();
  expect(packOf(new Map([...texts].reverse()))).toEqual(packOf(texts));
});

test.each(['', '000000000010\n', 'not a pack at all', '999999999999\n{}'])('a broken pack %j has no texts', (text) => {
  writeFileSync(join(folder, packFile), text);
  expect(packReader(folder)?.('index.json')).toBeUndefined();
});

test('a folder without a pack has none', () => {
  expect(packReader(join(folder, 'none'))).toBeUndefined();
});
