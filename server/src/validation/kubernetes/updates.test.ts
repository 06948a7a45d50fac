// Checks the verdict on updates against the cases that the live tier sends to a real server.
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { layeredStore } from '../../schema/store.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { printPath } from '../../syntax/navigate.ts';
import type { Value } from '../../syntax/tree.ts';
import { toValue } from '../../syntax/value.ts';
import { judge } from '../judge.ts';
import { changed, type Json } from './cases/case.ts';
import { updates } from './cases/updates.ts';

const store = layeredStore([testCatalog.bundled]);

/** JSON is YAML. */
const lift = (object: Json): Value => toValue(parseManifest(JSON.stringify(object)).root!);

function blamed(now: Json, was: Json): readonly string[] {
  return judge(lift(now), store, lift(was)).map(({ field, path }) => field ?? printPath(path));
}

describe.each(updates.map((cases) => [(cases.was as { metadata: { name: string } }).metadata.name, cases] as const))(
  '%s',
  (_name, { was, refused, accepted }) => {
    test('an unchanged object is accepted', () => {
      expect(judge(lift(was), store)).toEqual([]);
      expect(blamed(was, was)).toEqual([]);
    });

    test.each(refused.map((one) => [`${one[0]}: ${JSON.stringify(one[1])}`, one] as const))(
      'refused: %s',
      (_change, [path, value, field = path]) => {
        expect(blamed(changed(was, path, value), was)).toContain(field);
      },
    );

    test.each(accepted.map((one) => [`${one[0]}: ${JSON.stringify(one[1])}`, one] as const))(
      'accepted: %s',
      (_change, [path, value]) => {
        expect(blamed(changed(was, path, value), was)).toEqual([]);
      },
    );

    test.each(refused.map(([path]) => [path] as const))('a hole at %s has no problem', (path) => {
      expect(blamed(changed(was, path, '${HOLE}'), was)).toEqual([]);
    });
  },
);
