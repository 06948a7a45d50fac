// A head is what the facts say, wherever there is one.
import { expect, test } from 'vitest';
import { generatedFleet, twentyOverlays } from '../../../test/bench/fleets.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { factsOf } from './facts.ts';
import { headOf } from './head.ts';

const plain = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec: {}\n';

test.each([
  [plain],
  [`---\n# a comment\n${plain}`],
  [plain.replaceAll('\n', '\r\n')],
  [plain.replace('Deployment', 'Deployment # of a')],
  [plain.replace('  name: a', '\n  # of a\n  labels:\n    name: b\n  name: a # b')],
  [plain.replace('  name: a', '    name: a\n    namespace: b')],
  [`spec:\n  kind: B\n  metadata:\n    name: b\n${plain.replace('spec: {}\n', '')}`],
])('the object of a plain text has a head: %j', (text) => {
  const { groupKind, gvk, name } = factsOf(text).objects[0]!;
  expect(headOf(text)).toEqual({ groupKind, gvk, name });
});

test.each([
  ['another kind', plain.replace('kind: Deployment', 'kind: Deployment\n  Set')],
  ['another kind below an empty line', plain.replace('kind: Deployment', 'kind: Deployment\n\n  Set')],
  ['another name', plain.replace('name: a', 'name: a\n    b')],
  ['no name that is a text', plain.replace('name: a', 'name: true')],
  ['a name in quotes', plain.replace('name: a', 'name: "a"')],
  ['two names', plain.replace('name: a', 'name: a\n  name: b')],
  ['a name in braces', plain.replace('\n  name: a', ' {name: a}')],
  ['two kinds', `${plain}kind: Secret\n`],
  ['a kind in a quoted text', `${plain}x: "\nkind: Secret\n"\n`],
  ['a quoted key', `${plain}"kind": Secret\n`],
  ['a name of another map', plain.replace('  name: a', '  labels:\n    name: b')],
  ['an escaped kind', plain.replace('Deployment', '"De\\x70loyment"')],
  ['a merged map', plain.replace('  name: a', '  <<: *a')],
  ['a list', 'apiVersion: v1\nkind: List\nmetadata:\n  name: a\nitems: []\n'],
  ['a template', `{{ if a }}\n${plain}{{ end }}\n`],
  ['a map in braces', `{\n${plain}}\n`],
  ['nothing', ''],
])('a text has no head if only its tree tells: %s', (_what, text) => {
  expect(headOf(text)).toBeUndefined();
});

test('heads of lines in any order are what the facts say', () => {
  const lines = [
    ...[
      'apiVersion: v1',
      'apiVersion: apps/v1',
      'kind: Secret',
      'kind: Pod',
      '  kind: A',
      'metadata:',
      'metadata: # a',
    ],
    ...[
      '  name: a',
      '  name: b',
      '    name: c',
      ' name: d',
      '  namespace: e',
      '  labels:',
      '# name: f',
      '',
      '  ',
      'spec:',
    ],
    ...[
      '  text: |',
      '    kind: G',
      '  list:',
      '  - name: h',
      '- kind: I',
      "x: 'i",
      "i'",
      '---',
      '  name : j',
      'kind : K',
    ],
  ];
  let seed = 3;
  const random = (below: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % below;
  };
  let found = 0;
  for (let round = 0; round < 6_000; round += 1) {
    const first = random(3) === 0 ? [] : ['apiVersion: v1', 'kind: Pod', 'metadata:'];
    const text = [...first, ...Array.from({ length: random(8) }, () => lines[random(lines.length)]!)].join('\n');
    const head = headOf(text);
    const [object] = factsOf(text).objects;
    if (!head || !object || parseManifest(text).findings.length > 0) continue;
    found += 1;
    const { groupKind, gvk, name } = object;
    expect(head, text).toEqual({ groupKind, gvk, name });
  }
  expect(found).toBeGreaterThan(80);
});

test('of a generated fleet, nearly all objects have heads', () => {
  const texts = [...generatedFleet(twentyOverlays).files.values()].flatMap((text) => text.split('\n---\n'));
  const objects = texts.filter((text) => factsOf(text).objects.some(({ name }) => name !== undefined));
  expect(objects.filter((text) => headOf(text)).length / objects.length).toBeGreaterThan(0.95);
});
