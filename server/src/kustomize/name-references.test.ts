// References are followed alike however often the same objects are part of a build.
import { expect, test } from 'vitest';
import { parseManifest } from '../syntax/manifest.ts';
import { builtAt, locateIn } from './built.ts';
import type { NameReference } from './config/field-specs.ts';
import { followNames } from './name-references.ts';
import { readObjects } from './objects.ts';

const anyKind = { group: '', version: '', kind: '' };

test('a list that is null is an empty one each time', () => {
  const manifest = parseManifest('apiVersion: v1\nkind: Shop\nmetadata:\n  name: a\nspec:\n  parts: null\n');
  const { objects } = readObjects([{ manifest, locate: locateIn({ file: 'shop.yaml', start: 0 }) }]);
  const read = objects.map((value) => ({ value, previous: [] }));
  const references: readonly NameReference[] = [
    { gvk: { ...anyKind, kind: 'Part' }, referrers: [{ gvk: anyKind, path: 'spec/parts[]/name', create: false }] },
  ];
  const kinds = [1, 2].map(() => {
    const [followed] = followNames(
      read,
      references,
      () => true,
      () => undefined,
    );
    return builtAt(followed!.value, ['spec', 'parts'])?.kind;
  });
  expect(kinds).toEqual(['list', 'list']);
});
