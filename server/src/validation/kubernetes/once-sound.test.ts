// Parts of a CRD's schema that were found to be sound aren't checked again, unless they are in another place.
import { expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import type { Value } from '../../syntax/tree.ts';
import { judge } from '../judge.ts';

const crd = (schema: Value): Value => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
});
const refusals = (schema: Value) =>
  judge(crd(schema), testCatalog.at({}))
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, path }) => `${rule} ${path.slice(6).join('.')}`);

test('the same property is sound in one place and refused in another', () => {
  const name = { type: 'string', default: 'a' };
  const inner = { type: 'object', properties: { name } };
  expect(refusals({ type: 'object', properties: { spec: inner } })).toEqual([]);
  expect(refusals({ type: 'object', properties: { metadata: inner } })).not.toEqual([]);
  expect(refusals({ type: 'object', properties: { spec: inner } })).toEqual([]);
});

test('what is refused is refused each time, also beside parts that are sound', () => {
  const sound = { type: 'object', properties: { a: { type: 'string' } } };
  const wrong = { type: 'array' };
  const schema = { type: 'object', properties: { sound, wrong } };
  const first = refusals(schema);
  expect(first).not.toEqual([]);
  expect(refusals(schema)).toEqual(first);
  expect(refusals({ ...schema, properties: { ...schema.properties, more: sound } })).toEqual(first);
});

test('a schema that is sound at its root is refused where status is a subresource', () => {
  const schema = { type: 'object', properties: {}, nullable: false, not: { required: ['a'] } };
  const before = refusals(schema);
  const [version] = (crd(schema) as { spec: { versions: Value[] } }).spec.versions as [Record<string, Value>];
  const whole = crd(schema) as { spec: Record<string, Value> };
  const withStatus = { ...whole, spec: { ...whole.spec, versions: [{ ...version, subresources: { status: {} } }] } };
  const after = judge(withStatus, testCatalog.at({})).filter(({ severity }) => severity === 'error');
  expect(after.length).toBeGreaterThan(before.length);
});
