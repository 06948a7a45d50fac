import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknown } from '../syntax/tree.ts';
import { schemaOf } from './facts.ts';
import type { Schema } from './schema.ts';

describe('a schema is read', () => {
  test('with every structural keyword, bounds given as bigint too', () => {
    const full: Schema = {
      type: 'object',
      required: ['a'],
      minProperties: 1,
      maxProperties: 9,
      'x-kubernetes-map-type': 'atomic',
      'x-kubernetes-validations': [
        { rule: 'self.a > 0', message: 'a', reason: 'FieldValueInvalid', fieldPath: '.a', optionalOldSelf: true },
      ],
      properties: {
        a: { type: 'integer', format: 'int32', minimum: 1, maximum: 5, exclusiveMaximum: true, multipleOf: 2 },
        b: { type: 'string', minLength: 1, maxLength: 3, pattern: '^x', enum: ['x', ''], default: 'x', nullable: true },
        c: {
          type: 'array',
          minItems: 1,
          maxItems: 2,
          items: { type: 'object', properties: { name: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
        d: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        e: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-embedded-resource': true },
        f: {
          type: 'object',
          additionalProperties: { type: 'number' },
          not: { required: ['z'] },
          oneOf: [{}],
          allOf: [],
        },
        g: { type: 'object', additionalProperties: false },
      },
    };
    expect(schemaOf(full, 'drop')).toEqual(full);
    expect(schemaOf({ type: 'integer', minimum: 3n, default: 4n, enum: [4n] }, 'drop')).toEqual({
      type: 'integer',
      minimum: 3,
      default: 4,
      enum: [4],
    });
  });

  test('without prose, unless prose is kept', () => {
    const described = { type: 'string', title: 't', description: 'd', example: 'x', externalDocs: { url: 'u' } };
    expect(schemaOf(described, 'drop')).toEqual({ type: 'string' });
    expect(schemaOf(described, 'keep')).toEqual({ type: 'string', title: 't', description: 'd' });
  });

  test('with properties that have the name of a keyword', () => {
    const schema = { properties: { description: { type: 'string' }, $ref: { type: 'string' }, __proto__x: {} } };
    expect(Object.keys(schemaOf(schema, 'drop').properties ?? {})).toEqual(['description', '$ref', '__proto__x']);
    const named = schemaOf({ properties: JSON.parse('{"__proto__":{"type":"string"},"constructor":{}}') }, 'drop');
    expect(Object.keys(named.properties ?? {})).toEqual(['__proto__', 'constructor']);
  });

  test('without keywords of the wrong type', () => {
    const wrong = {
      type: ['string'],
      properties: 5,
      items: 'x',
      required: 'a',
      enum: {},
      minimum: '1',
      maximum: Number.NaN,
      pattern: 1,
      additionalProperties: 'no',
      allOf: {},
      'x-kubernetes-list-type': 'bag',
      'x-kubernetes-validations': [{ message: 'no rule' }, 7],
    };
    expect(schemaOf(wrong, 'drop')).toEqual({ 'x-kubernetes-validations': [] });
  });

  test('with any field where it is unknown which there are', () => {
    const anything = { 'x-kubernetes-preserve-unknown-fields': true };
    expect(schemaOf({ type: 'object', properties: unknown }, 'drop')).toEqual({ type: 'object', ...anything });
    expect(schemaOf(unknown, 'drop')).toEqual(anything);
  });

  test('with cycles preserved and excessive depth made free-form', () => {
    const knot: { properties: Record<string, unknown> } = { properties: {} };
    knot.properties.self = knot;
    const read = schemaOf(knot, 'drop');
    expect(read.properties?.self).toBe(read);
    let deep: unknown = { type: 'string' };
    for (let depth = 0; depth < 50_000; depth++) deep = { items: deep };
    let level: Schema | undefined = schemaOf(deep, 'drop');
    let levels = 0;
    while (level?.items) [level, levels] = [level.items, levels + 1];
    expect(level).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
    expect(levels).toBeLessThan(200);
  });

  test('in linear time where values are shared exponentially often', () => {
    let bomb: unknown = { type: 'string' };
    for (let level = 0; level < 40; level++) bomb = { properties: { a: bomb, b: bomb } };
    expect(schemaOf(bomb, 'drop').properties?.a).toBeDefined();
  });

  test('from any value without throwing, and reading the result again changes nothing', () => {
    const keyword = fc.constantFrom('type', 'properties', 'items', 'enum', 'allOf', 'default', 'required', 'pattern');
    const odd = fc.letrec((tie) => ({
      schema: fc.oneof({ maxDepth: 4 }, fc.anything({ withBigInt: true }), fc.dictionary(keyword, tie('schema'))),
    })).schema;
    fc.assert(
      fc.property(odd, (value) => {
        const once = schemaOf(value, 'keep');
        expect(schemaOf(once, 'keep')).toEqual(once);
      }),
    );
  });
});
