// Rules have the same results as in Kubernetes 1.36.3 (k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel, run on
// this object), and unknown values never cause a report.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../schema/schema.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import { errs, fails, holds } from './cases.ts';
import { compileCel } from './compile.ts';
import { celProblems } from './validate.ts';

/** JSON with the types of a parsed manifest: integers are `bigint`. */
function lift(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(lift);
  if (typeof value !== 'object' || value === null) return value as Value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lift(inner)]));
}

const schema: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        s: { type: 'string' },
        t: { type: 'string', nullable: true },
        i: { type: 'integer' },
        j: { type: 'integer' },
        n: { type: 'number' },
        b: { type: 'boolean' },
        ios: { 'x-kubernetes-int-or-string': true },
        ios2: { 'x-kubernetes-int-or-string': true },
        list: { type: 'array', items: { type: 'string' } },
        ints: { type: 'array', items: { type: 'integer' } },
        dbl: { type: 'array', items: { type: 'number' } },
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        set2: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ml: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'integer' } }, required: ['k'] },
        },
        ml2: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'integer' } }, required: ['k'] },
        },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        imap: { type: 'object', additionalProperties: { type: 'integer' } },
        obj: {
          type: 'object',
          properties: {
            a: { type: 'string' },
            'b-c': { type: 'integer' },
            namespace: { type: 'string' },
            'd.e/f': { type: 'boolean' },
            x__y: { type: 'string' },
            o2: { type: 'object', properties: { z: { type: 'string' } } },
          },
        },
        ts: { type: 'string', format: 'date-time' },
        d: { type: 'string', format: 'date' },
        dur: { type: 'string', format: 'duration' },
        by: { type: 'string', format: 'byte' },
        ll: { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
        objs: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' }, p: { type: 'integer' } } },
        },
        pu: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        emb: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
};
const object: Value = lift({
  apiVersion: 'x/v1',
  kind: 'K',
  metadata: { name: 'nm', namespace: 'ns' },
  spec: {
    s: 'Hello, wörld 😀',
    t: null,
    i: 42,
    j: -7,
    n: 1.5,
    b: true,
    ios: '50%',
    ios2: 8080,
    list: ['b', 'a', 'c', 'a'],
    ints: [3, 1, 2],
    dbl: [1.5, 2],
    set: ['x', 'y'],
    set2: ['y', 'x'],
    ml: [
      { k: 'a', v: 1 },
      { k: 'b', v: 2 },
    ],
    ml2: [
      { k: 'b', v: 2 },
      { k: 'a', v: 1 },
    ],
    map: { one: '1', 'a.b/c': '2' },
    imap: { x: 1, y: 2 },
    obj: { a: 'A', 'b-c': 5, namespace: 'n', 'd.e/f': true, x__y: 'u' },
    ts: '2026-01-31T12:30:45.123Z',
    d: '2026-02-03',
    dur: '1h30m',
    by: 'aGVsbG8=',
    ll: [[1, 2], [3]],
    objs: [{ name: 'q', p: 2 }, { name: 'r', p: 1 }, { name: 's' }],
    pu: { a: 1 },
    emb: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'e' } },
  },
});

function judge(rule: string, value: Value = object): 'holds' | 'fails' | 'errs' {
  const problems = celProblems({ ...schema, 'x-kubernetes-validations': [{ rule, message: 'no' }] }, value);
  return problems.length === 0 ? 'holds' : problems[0]!.message === 'no' ? 'fails' : 'errs';
}

describe('the rules of Kubernetes 1.36.3', () => {
  test.each(holds)('%s is true', (rule) => {
    expect(compileCel(rule)).toBeDefined();
    expect(judge(rule)).toBe('holds');
    expect(judge(`!(${rule})`)).toBe('fails');
  });
  test.each(fails)('%s is false', (rule) => expect(judge(rule)).toBe('fails'));
  test.each(errs)('%s can’t be evaluated', (rule) => expect(judge(rule)).toBe('errs'));
});

describe('unknown values', () => {
  const holes: Value = { spec: { s: unknown, i: 1n, list: ['a', unknown], obj: { a: unknown } } };
  test.each([
    "self.spec.s == 'a'",
    "self.spec.s != 'a'",
    "self.spec.s.matches('^x')",
    "'b' in self.spec.list",
    "self.spec.list.all(x, x == 'a')",
    'self.spec.s.size() > 3 && self.spec.i == 1',
    "has(self.spec.s) ? self.spec.s == 'a' : false",
    "'b' in self.spec.list",
    "self.spec.list == ['a', 'b']",
    "self.spec.list.join(',') == 'x'",
    "self.spec.list.exists_one(x, x == 'a')",
    "sets.contains(self.spec.list, ['z'])",
    "[self.spec.s] == ['b']",
    "{'k': self.spec.s} == {'k': 'b'}",
    "self.spec.obj == self.spec.obj && self.spec.obj.a == 'z'",
    "'%s'.format([self.spec.s]) == 'x'",
    'notInThisLibrary(self.spec.i)',
    'self.spec.i ==',
  ])('%s reports nothing', (rule) => {
    expect(judge(rule, holes)).toBe('holds');
    expect(judge(`!(${rule})`, holes)).toBe('holds');
  });
  test.each([
    "self.spec.s == 'a' && self.spec.i == 2",
    "self.spec.list.all(x, x == 'b')",
    '!(has(self.spec.s) || self.spec.i == 2)',
    "self.spec.list == ['b', 'c']",
    'self.spec.list.size() == 3',
  ])('%s is false whatever the values are', (rule) => expect(judge(rule, holes)).toBe('fails'));
});

test('a broken rule has a path, a message and a reason', () => {
  const rules: Schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        nullable: true,
        properties: {
          min: { type: 'integer' },
          max: { type: 'integer' },
          names: { type: 'array', items: { type: 'string', 'x-kubernetes-validations': [{ rule: "self != 'x'" }] } },
        },
        'x-kubernetes-validations': [
          {
            rule: 'self.min <= self.max',
            messageExpression: "'min ' + string(self.min) + ' is above max'",
            reason: 'FieldValueForbidden',
            fieldPath: '.min',
          },
          { rule: 'self.max == oldSelf.max', message: 'immutable' },
          { rule: 'oldSelf.hasValue() || self.max < 5', optionalOldSelf: true, message: 'starts small' },
        ],
      },
    },
    allOf: [{ properties: { spec: { 'x-kubernetes-validations': [{ rule: 'self.max > 100', message: 'more' }] } } }],
  };
  expect(celProblems(rules, { spec: { min: 9n, max: 8n, names: ['a', 'x'] } })).toEqual([
    { path: ['spec'], message: 'more', reason: 'FieldValueInvalid' },
    { path: ['spec', 'min'], message: 'min 9 is above max', reason: 'FieldValueForbidden' },
    { path: ['spec'], message: 'starts small', reason: 'FieldValueInvalid' },
    { path: ['spec', 'names', 1], message: "breaks the rule “self != 'x'”", reason: 'FieldValueInvalid' },
  ]);
  expect(celProblems(rules, { spec: null })).toEqual([]);
});

describe('a chain', () => {
  const chains = ['.a', '.f()', '[0]', '[?0]', ' + 1', ' - 1', ' && true', ' || true', ' == 1', ' * 2'];
  test.each(chains)('of %j is compiled as long as rules have them, and no longer than the stack allows', (step) => {
    const chain = (count: number) => () => compileCel(`self${step.replace('f()', "join(',')").repeat(count)}`);
    expect(chain(300)()).toBeDefined();
    for (const count of [1000, 2000, 10_000]) expect(chain(count)).not.toThrow();
    const budget = { work: 1e6, rounds: 1e4 };
    expect(() => chain(490)()?.evaluate(null, null, budget)).not.toThrow();
  });

  test('in brackets in brackets isn’t either', () => {
    const nested = Array.from({ length: 150 }).reduce<string>((inner) => `(${inner}${'.a'.repeat(60)})`, 'self');
    expect(() => compileCel(nested)).not.toThrow();
  });
});

test('three nested loops terminate', () => {
  const many: Value = { spec: { ints: Array.from({ length: 500 }, (_, index) => BigInt(index)) } };
  const rule = 'self.spec.ints.all(a, self.spec.ints.all(b, self.spec.ints.all(c, a + b + c >= 0)))';
  expect(judge(rule, many)).toBe('holds');
});

test('no text throws', () => {
  const piece = fc.constantFrom(
    'self',
    '.',
    'spec',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '?',
    ':',
    "'a'",
    '1',
    'u',
    '-',
    '!',
    '&&',
    '||',
    'has(',
    '.all(x,',
    ',',
    'x',
    '==',
    ' in ',
    '"""',
    "r'\\",
    '.?',
    'b"',
    '1e',
    '0x',
    '//',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => void judge(pieces.join(''))),
    { numRuns: 2000 },
  );
  expect(compileCel('('.repeat(5000))).toBeUndefined();
  expect(compileCel('!'.repeat(5000) + 'true')).toBeUndefined();
});

describe('a rule that makes or reads too much is unknown, and reports nothing', () => {
  const text = 'x'.repeat(20_000);
  const long = 'a'.repeat(1_000_000);
  test.each([
    ["self.replace('', self) != ''", text],
    ["self.replace('', self).replace('', self) != ''", text],
    ["self.replace('x', self) != ''", text],
    [`'y'${`.replace('', '${'y'.repeat(100)}')`.repeat(6)} != ''`, text],
    ["self.split('').join(self) != ''", text],
    ["(self + 'b').contains(self.substring(1) + 'c')", long],
    ["self.indexOf('b' + self.substring(2)) == -1", long],
    [`${"self.split('').all(c, self.contains(c)) && ".repeat(20)}true`, long],
  ])('%.60s', (rule, value) => {
    const one: Schema = {
      type: 'string',
      'x-kubernetes-validations': [{ rule: `!(${rule})` }, { rule: 'self == self' }],
    };
    expect(celProblems(one, value)).toEqual([]);
  });

  test('the budget is for all values of the object together', () => {
    const loop = 'self.split("").all(c, self.contains(c))';
    const item: Schema = { type: 'string', 'x-kubernetes-validations': [{ rule: `!(${loop})` }] };
    const found = celProblems(
      { type: 'array', items: item },
      Array.from({ length: 2_000 }, () => 'x'.repeat(500)),
    );
    // The first ones are evaluated; the budget then ends.
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThan(2_000);
  });
});
