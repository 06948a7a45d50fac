import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageInColumns, aligned, cellsOf, columnsOf, valuesAt } from './columns.ts';
import { controllerOf, definitionOf } from './definitions.ts';
import { desiredOf, managerOf, managersOf } from './managed.ts';
import { trim } from './object.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

const version = {
  name: 'v1',
  served: true,
  storage: true,
  additionalPrinterColumns: [
    { name: 'Engine', type: 'string', jsonPath: '.spec.engine' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
    { name: 'Owner', type: 'string', jsonPath: ".metadata.labels['example.com/owner']" },
    { name: 'Zone', type: 'string', jsonPath: '.metadata.labels.topology\\.kubernetes\\.io/zone', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
};

const database = {
  apiVersion: 'example.com/v1',
  kind: 'SampleDB',
  metadata: {
    ...{ name: 'main', namespace: 'apps', generation: 3, creationTimestamp: '2026-03-01T11:54:30Z' },
    labels: { 'example.com/owner': 'payments', 'topology.kubernetes.io/zone': 'b' },
    managedFields: [
      {
        manager: 'kubectl',
        operation: 'Update',
        time: '2026-03-01T11:55:00Z',
        fieldsV1: { 'f:spec': { 'f:suspend': {}, 'f:engine': {} } },
      },
      {
        ...{ manager: 'sampledb-controller', operation: 'Update', subresource: 'status', time: '2026-03-01T11:56:00Z' },
        fieldsV1: { 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:status': {} } } } },
      },
    ],
  },
  spec: { engine: 'postgres', replicas: 3, suspend: true },
  status: {
    observedGeneration: 2,
    conditions: [
      { type: 'Synced', status: 'False' },
      { type: 'Ready', status: 'True' },
    ],
  },
};

test('columns of a definition, as kubectl get prints them', () => {
  const columns = columnsOf(version);
  expect(cellsOf(columns, database, now)).toEqual(['postgres', 'True', '3', 'payments', 'b', '5m30s']);
  expect(cellsOf(columns, {}, now)).toEqual(['', '', '', '', '', '']);
  expect(columnsOf({ name: 'v1' }).map(({ name }) => name)).toEqual(['Age']);
  expect(
    aligned([
      ['NAME', 'AGE'],
      ['a-long-name', '5m'],
    ]),
  ).toEqual(['NAME          AGE', 'a-long-name   5m']);
});

test.each([
  ['.a.b', [1]],
  ['{.a.b}', [1]],
  ['.list[0].n', ['x']],
  ['.list[-1].n', ['y']],
  ['.list[*].n', ['x', 'y']],
  ['.list[?(@.n!="x")].n', ['y']],
  ['.a["b"]', [1]],
  ['.nothing.at.all', []],
  ['a..b[', []],
])('JSONPath %s', (path, expected) => {
  expect(valuesAt({ a: { b: 1 }, list: [{ n: 'x' }, { n: 'y' }] }, path)).toEqual(expected);
});

test.each([
  ['2026-03-01T11:58:30Z', '90s'],
  ['2026-03-01T11:57:00Z', '3m'],
  ['2026-03-01T11:00:00Z', '60m'],
  ['2026-03-01T08:30:00Z', '3h30m'],
  ['2026-02-27T12:00:00Z', '2d'],
  ['2026-02-25T09:00:00Z', '4d3h'],
  ['2025-12-01T12:00:00Z', '90d'],
  ['2023-02-28T12:00:00Z', '3y2d'],
  ['2026-03-01T12:00:05Z', '<invalid>'],
  ['yesterday', '<invalid>'],
])('age of %s', (from, expected) => expect(ageInColumns(from, now)).toBe(expected));

test('who manages a field since when, and by whom an object is suspended', () => {
  expect(managersOf(database).map(({ manager, fields }) => [manager, fields])).toEqual([
    ['sampledb-controller', ['status.conditions[type=Ready].status']],
    ['kubectl', ['spec.suspend', 'spec.engine']],
  ]);
  expect(managerOf(database, 'status.conditions')?.subresource).toBe('status');
  expect(desiredOf(database)).toEqual({
    ...{ generation: 3, observed: 2, isObserved: false },
    held: { is: 'suspended', path: 'spec.suspend', by: 'kubectl', since: '2026-03-01T11:55:00Z' },
  });
  expect(desiredOf({ metadata: { generation: 1 } })).toEqual({ generation: 1, isObserved: 'unknown' });
  const paused = { metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } } };
  expect(desiredOf(paused).held).toEqual({ is: 'paused', path: 'metadata.annotations.cluster.x-k8s.io/paused' });
});

const definition = (labels: object = {}) => ({
  metadata: { name: 'sampledbs.example.com', labels },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'SampleDB', plural: 'sampledbs' },
    versions: [version, { name: 'v1beta1', served: true, deprecated: true }],
  },
});

const deployment = (name: string, labels: object = {}) =>
  trim({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'system', labels } },
    spec: {
      template: {
        spec: { containers: [{ name: 'manager', image: `registry.example:5000/${name}:v1.4.2@sha256:abc` }] },
      },
    },
  })!;

test('versions of a definition and the controller behind it', () => {
  expect(definitionOf(definition())).toMatchObject({
    ...{ groupKind: 'example.com/SampleDB', plural: 'sampledbs', namespaced: true },
    versions: [
      { name: 'v1', served: true, storage: true, deprecated: false },
      { name: 'v1beta1', served: true, storage: false, deprecated: true },
    ],
  });
  const named = controllerOf(definition(), [database], [deployment('other'), deployment('sampledb-controller')]);
  expect([named?.deployment.name, named?.proof, named?.version]).toEqual([
    'sampledb-controller',
    'field manager',
    'v1.4.2',
  ]);
  const provider = { 'cluster.x-k8s.io/provider': 'infrastructure-sample' };
  expect(controllerOf(definition(provider), [], [deployment('a', provider), deployment('b')])).toMatchObject({
    proof: 'provider',
  });
  const applied = { 'kustomize.toolkit.fluxcd.io/name': 'db', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  expect(controllerOf(definition(applied), [], [deployment('a', applied)])).toMatchObject({
    proof: 'applied together',
  });
  // Two that fit prove nothing.
  expect(controllerOf(definition(applied), [], [deployment('a', applied), deployment('b', applied)])).toBeUndefined();
});

test('nothing throws, whatever the server sends', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (raw, path) => {
      expect(valuesAt(raw, path)).toEqual(expect.any(Array));
      expect(managersOf({ metadata: { managedFields: [raw, { manager: 'a', fieldsV1: raw }] } })).toEqual(
        expect.any(Array),
      );
      expect(columnsOf({ additionalPrinterColumns: [raw] }).length).toBeGreaterThan(0);
      definitionOf({ spec: raw });
      expect(typeof desiredOf(raw).generation).toBe('number');
    }),
    { numRuns: 500 },
  );
});
