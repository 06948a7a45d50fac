// Completion at every key of real manifests, in every half-typed state: the original key must be suggested, and accepting
// it must restore the manifest. The manifests are those of examples/fleet, one of each kind.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { groupKindOf } from '../../kube/identity.ts';
import { compose } from '../../syntax/compose.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { applied, labelsAt } from '../fixture.ts';
import { fieldAt } from '../place.ts';

const folder = join(import.meta.dirname, '../../../../examples/fleet');
const schemas = new Workspace(testCatalog).schemas.storeFor('a.yaml');

interface Key {
  readonly name: string;
  /** Offsets of the key and of its value. */
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly path: Path;
}

interface Subject {
  readonly text: string;
  readonly keys: readonly Key[];
}

const subjects = [...manifests()];
const keys = subjects.flatMap(({ text, keys }) => keys.map((key) => ({ text, key })));

/** A third of the keys, another third for each call, so that the states together cover every key. */
let turn = 0;
const someKeys = () => {
  turn += 1;
  return keys.filter((_, index) => (index + turn) % 3 === 0);
};

test('the examples have enough keys', () => {
  expect(subjects.length).toBeGreaterThan(25);
  expect(keys.length).toBeGreaterThan(500);
});

/** The text for a key in this state, with the cursor in it; undefined if the state is impossible for the key. */
const states: readonly (readonly [string, (text: string, key: Key) => string | undefined])[] = [
  ['half a key, without its value', (text, key) => cut(text, key, `${half(key)}$0`)],
  ['half a key, with nothing after it', (text, key) => `${text.slice(0, key.start)}${half(key)}$0`],
  [
    'half a key, its value still below',
    (text, key) => {
      const below = text.slice(key.end).match(/^:[ \t]*\n/);
      return below ? `${text.slice(0, key.start)}${half(key)}$0\n${text.slice(key.end + below[0].length)}` : undefined;
    },
  ],
  ['nothing typed yet', (text, key) => (isFirstOfItem(text, key) ? undefined : cut(text, key, '$0'))],
  [
    'nothing typed yet, with blank lines after it',
    (text, key) => (isFirstOfItem(text, key) ? undefined : cut(text, key, `$0\n\n`)),
  ],
];

describe.each(states)('%s', (_, state) => {
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('%s', (_, eol) => {
    const missed = someKeys().flatMap(({ text, key }) => {
      const typed = state(text, key)?.replaceAll('\n', eol);
      return typed === undefined || labelsAt(typed).includes(key.name) ? [] : [typed];
    });
    expect(missed.slice(0, 3)).toEqual([]);
  });
});

test('with the cursor inside a key, accepting the same key changes nothing', () => {
  const changed = someKeys().filter(({ text, key }) => {
    const middle = key.start + Math.ceil(key.name.length / 2);
    return applied(`${text.slice(0, middle)}$0${text.slice(middle)}`, key.name) !== text;
  });
  expect(changed.map(({ key }) => key.path.join('.'))).toEqual([]);
});

test('accepting a key keeps the text well-formed', () => {
  const broken = someKeys().flatMap(({ text, key }) => {
    // Cutting an anchor makes its aliases errors, whatever key is accepted.
    if (/&\w/.test(text.slice(key.valueStart, key.valueEnd))) return [];
    const result = applied(cut(text, key, `${half(key)}$0`), key.name);
    return compose(result).findings.some(({ severity }) => severity === 'error') ? [result] : [];
  });
  expect(broken.slice(0, 2)).toEqual([]);
});

test('the values that the schema lists are suggested where the value was removed', () => {
  let asked = 0;
  const missed = keys.flatMap(({ text, key }) => {
    const field = fieldAt(parseManifest(text).root, key.path, schemas);
    const value = text.slice(key.valueStart, key.valueEnd).replace(/^["']|["']$/g, '');
    if (!field?.schema.enum?.includes(value) && !(field?.schema.type === 'boolean' && /^(?:true|false)$/.test(value))) {
      return [];
    }
    asked += 1;
    const typed = `${text.slice(0, key.valueStart)}$0${text.slice(key.valueEnd)}`;
    return labelsAt(typed).includes(value) ? [] : [typed];
  });
  expect(asked).toBeGreaterThan(50);
  expect(missed.slice(0, 3)).toEqual([]);
});

test('nothing is suggested in a comment above a key', () => {
  const found = someKeys().flatMap(({ text, key }) => {
    const lineStart = text.lastIndexOf('\n', key.start) + 1;
    const above = `${text.slice(0, lineStart)}${' '.repeat(key.start - lineStart)}# ${half(key)}$0\n${text.slice(lineStart)}`;
    return labelsAt(above).length === 0 ? [] : [above];
  });
  expect(found.slice(0, 3)).toEqual([]);
});

function half({ name }: Key): string {
  return name.slice(0, Math.ceil(name.length / 2));
}

/** Replaces the key and its value. */
function cut(text: string, { start, valueEnd }: Key, by: string): string {
  return text.slice(0, start) + by + text.slice(valueEnd);
}

function isFirstOfItem(text: string, { start }: Key): boolean {
  return text.slice(text.lastIndexOf('\n', start) + 1, start).includes('-');
}

function* manifests(): Iterable<Subject> {
  const seen = new Set<string>();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  for (const name of names.sort()) {
    for (const text of readFileSync(join(folder, name), 'utf8').split(/^---\n/m)) {
      const { root, findings } = parseManifest(text);
      const kind = fieldAt(root, [], schemas)?.kind;
      if (!root || !kind || findings.length > 0 || seen.has(groupKindOf(kind.gvk))) continue;
      seen.add(groupKindOf(kind.gvk));
      yield { text, keys: [...keysOf(root, root, [])] };
    }
  }
}

/** Block-style keys that the schema defines. */
function* keysOf(root: Node, node: Node, path: Path): Iterable<Key> {
  if (node.type === 'seq' && !node.flow) {
    for (const [index, item] of node.items.entries()) yield* keysOf(root, item, [...path, index]);
  }
  if (node.type !== 'map' || node.flow) return;
  const parent = fieldAt(root, path, schemas);
  if (!parent) return;
  for (const { key, value } of node.entries) {
    const name = keyName(key) ?? '';
    const known = parent.schema.properties && Object.hasOwn(parent.schema.properties, name);
    if (known && key.type === 'scalar' && key.style === 'plain') {
      const place = { valueStart: value.start, valueEnd: value.end, path: [...path, name] };
      yield { name, start: key.start, end: key.end, ...place };
    }
    yield* keysOf(root, value, [...path, name]);
  }
}
