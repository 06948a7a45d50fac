import { expect, test } from 'vitest';
import { parseManifest } from './manifest.ts';
import { entryOf } from './navigate.ts';
import type { MapNode } from './tree.ts';

/** How many keys are read to find every entry of a map by its name. */
function keysRead(text: string): number {
  const { root } = parseManifest(text);
  if (root?.type !== 'map') throw new Error('not a map');
  let count = 0;
  const entries = root.entries.map((entry) =>
    Object.defineProperty({ ...entry }, 'key', {
      get() {
        count += 1;
        return entry.key;
      },
    }),
  );
  const map: MapNode = { ...root, entries };
  for (const { key } of root.entries) expect(entryOf(map, key.text)?.key.text).toBe(key.text);
  return count;
}

test('finding all entries of a map grows with their number', () => {
  const read = (count: number) => keysRead(Array.from({ length: count }, (_, at) => `k${at}: v\n`).join(''));
  expect(read(4_000)).toBeLessThan(4.5 * read(1_000));
});

test('where a name is set twice, the later entry takes precedence, however long the map is', () => {
  for (const count of [2, 100]) {
    const lines = Array.from({ length: count }, (_, at) => `k${at}: v\n`).join('');
    const { root } = parseManifest(`a: first\n${lines}a: last\n`);
    const entry = root?.type === 'map' ? entryOf(root, 'a') : undefined;
    expect(entry?.value.type === 'scalar' && entry.value.text).toBe('last');
  }
});
