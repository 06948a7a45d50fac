import { expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { type BuiltMap, builtFrom, locateIn } from '../kustomize/built.ts';
import type { Schema } from '../schema/schema.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { fieldChanges } from './fields.ts';

function built(text: string): BuiltMap {
  const { root } = parseManifest(text);
  return builtFrom(root!, locateIn({ file: 'a.yaml', start: 0 }), 'object', text) as BuiltMap;
}

const schema: Schema = {
  properties: {
    ports: {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: { properties: { env: { items: {}, 'x-kubernetes-patch-merge-key': 'name' } } },
    },
  },
};

function changes(was: string, now: string): readonly string[] {
  return fieldChanges(built(was), built(now), schema).map(
    ({ field, was: before, now: after, isReordered }) =>
      `${isReordered ? '~' : before && after ? '' : after ? '+' : '-'}${field}`,
  );
}

test('items are matched by the keys of the schema', () => {
  const was = yaml`
    ports:
      - { port: 80, protocol: TCP, name: a }
      - { port: 80, protocol: UDP, name: b }
  `;
  const now = yaml`
    ports:
      - { port: 81, protocol: TCP, name: new }
      - { port: 80, protocol: UDP, name: c }
  `;
  expect(changes(was, now)).toEqual([
    '+ports[port=81,protocol=TCP]',
    'ports[port=80,protocol=UDP].name',
    '-ports[port=80,protocol=TCP]',
  ]);
});

test('items in another order are one change', () => {
  expect(changes('ports: [{ port: 1 }, { port: 2 }]', 'ports: [{ port: 2 }, { port: 1 }]')).toEqual(['~ports']);
});

test('where keys are repeated, items are matched by what stays', () => {
  expect(changes('ports: [{ port: 1 }, { port: 1 }]', 'ports: [{ port: 1 }, { port: 2 }, { port: 1 }]')).toEqual([
    '+ports[1]',
  ]);
});

test('an item that is inserted into another list is one change', () => {
  expect(changes('args: [a, b, c]', 'args: [a, x, b, c]')).toEqual(['+args[1]']);
  expect(changes('args: [a, b, c]', 'args: [a, c]')).toEqual(['-args[1]']);
  expect(changes('args: [a, b, c]', 'args: [a, x, c]')).toEqual(['args[1]']);
});

test('the order of keys and the way numbers are written make no difference', () => {
  expect(changes('a: 1\nb: { c: 2, d: 3 }', 'b: { d: 3, c: 2.0 }\na: 0x1')).toEqual([]);
});

test('a key that is none of a plain name is in brackets', () => {
  expect(changes('a: {}', 'a: { example.org/x: y }')).toEqual(['+a[example.org/x]']);
});

test('what aliases repeat without end is compared all the same', () => {
  const bomb = (end: string) =>
    `a0: &a0 [${end}]\n${Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n')}\n`;
  expect(changes(bomb('1'), bomb('2')).length).toBeLessThanOrEqual(10_000);
});
