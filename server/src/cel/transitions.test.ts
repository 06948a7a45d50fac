// Rules about an update: which old value a rule sees, and what an object may keep (apiextensions-apiserver
// pkg/apiserver/schema/cel/validation.go, k8s.io/apiserver pkg/cel/common).
import { describe, expect, test } from 'vitest';
import type { Schema, ValidationRule } from '../schema/schema.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import { celProblems } from './validate.ts';

const text: Schema = { type: 'string' };
const fixed: readonly ValidationRule[] = [{ rule: 'self == oldSelf', message: 'fixed' }];

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties };
}

/** Where the rules of a field `of` are broken by an update. */
function broken(of: Schema, now: Value, was?: Value): readonly string[] {
  const problems = celProblems(object({ of }), { of: now }, was === undefined ? undefined : { of: was });
  return problems.map(({ path }) => path.join('.'));
}

describe('a transition rule', () => {
  const field: Schema = { ...text, 'x-kubernetes-validations': fixed };

  test('compares a field with what it was', () => {
    expect(broken(field, 'b', 'a')).toEqual(['of']);
    expect(broken(field, 'a', 'a')).toEqual([]);
  });

  test('doesn’t apply to a new object or a new field', () => {
    expect(broken(field, 'b')).toEqual([]);
    expect(celProblems(object({ of: field }), { of: 'b' }, {})).toEqual([]);
    expect(celProblems(object({ of: field }), { of: 'b' }, { of: null })).toEqual([]);
  });

  test('says nothing where either value is unknown', () => {
    expect(broken(field, 'b', unknown)).toEqual([]);
    expect(broken(field, unknown, 'a')).toEqual([]);
  });

  test('with optionalOldSelf sees an optional value, also where there was none', () => {
    const grown: Schema = {
      ...text,
      'x-kubernetes-validations': [
        { rule: "oldSelf.hasValue() ? self != oldSelf.value() : self == 'first'", optionalOldSelf: true },
      ],
    };
    expect(broken(grown, 'first')).toEqual([]);
    expect(broken(grown, 'second')).toEqual(['of']);
    expect(broken(grown, 'second', 'first')).toEqual([]);
    expect(broken(grown, 'first', 'first')).toEqual(['of']);
  });

  test('words its message with the old value too', () => {
    const said: Schema = {
      ...text,
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', messageExpression: "'was ' + oldSelf" }],
    };
    expect(celProblems(object({ of: said }), { of: 'b' }, { of: 'a' }).map(({ message }) => message)).toEqual([
      'was a',
    ]);
  });
});

describe('what belongs together', () => {
  const item: Schema = { ...object({ name: text, port: text }), 'x-kubernetes-validations': fixed };
  const list: Schema = { type: 'array', items: item };
  const byName: Schema = { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
  const one = { name: 'a', port: '1' };
  const two = { name: 'b', port: '2' };

  test('items of a list map, by their keys, wherever they stand', () => {
    expect(broken(byName, [two, one], [one, two])).toEqual([]);
    expect(broken(byName, [two, { ...one, port: '9' }], [one, two])).toEqual(['of.1']);
    expect(broken(byName, [{ name: 'c', port: '3' }], [one, two])).toEqual([]);
    expect(broken(byName, [{ ...one, port: '9' }], [{ name: unknown, port: '1' }])).toEqual([]);
  });

  test('not items of other lists', () => {
    expect(broken(list, [{ ...one, port: '9' }], [one])).toEqual([]);
    expect(broken({ ...list, 'x-kubernetes-list-type': 'atomic' }, [{ ...one, port: '9' }], [one])).toEqual([]);
    const set: Schema = {
      type: 'array',
      'x-kubernetes-list-type': 'set',
      items: { ...text, 'x-kubernetes-validations': fixed },
    };
    expect(broken(set, ['a', 'b'], ['c'])).toEqual([]);
  });

  test('entries of a map by their key, unless the map is atomic', () => {
    const map: Schema = { type: 'object', additionalProperties: { ...text, 'x-kubernetes-validations': fixed } };
    expect(broken(map, { x: '2', y: '1' }, { x: '1' })).toEqual(['of.x']);
    expect(broken({ ...map, 'x-kubernetes-map-type': 'atomic' }, { x: '2' }, { x: '1' })).toEqual([]);
  });
});

describe('a rule that came after the object', () => {
  const short: Schema = {
    ...object({ name: text, other: text }),
    'x-kubernetes-validations': [{ rule: 'self.name.size() < 3', message: 'short' }],
  };

  test('lets what it finds stay as it was', () => {
    expect(broken(short, { name: 'long' }, { name: 'long' })).toEqual([]);
  });

  test('applies once the value changes', () => {
    expect(broken(short, { name: 'long', other: 'x' }, { name: 'long' })).toEqual(['of']);
    expect(broken(short, { name: 'long' })).toEqual(['of']);
  });
});
