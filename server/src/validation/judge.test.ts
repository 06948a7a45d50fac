// The verdict as data: immutable fields, ratcheting of updates, and consequences of a misplaced field.

import { describe, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { kindSchemas, readCrd } from '../schema/crd.ts';
import { layeredStore, storeOf } from '../schema/store.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Value } from '../syntax/tree.ts';
import { toValue } from '../syntax/value.ts';
import { judge } from './judge.ts';
import { sentenceOf } from './words.ts';

const { bundled } = testCatalog;
const store = layeredStore([bundled]);

function valueOfText(text: string): Value {
  return toValue(parseManifest(text).root!);
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
`;

describe('an update', () => {
  const now = valueOfText(deployment.replaceAll('app: web', 'app: other'));

  test('has problems that the new object alone does not have', () => {
    expect(judge(now, store)).toEqual([]);
    expect(judge(now, store, valueOfText(deployment)).map(sentenceOf)).toEqual([
      'spec.selector can’t be changed once the object exists: delete and recreate the workload to select other pods.',
    ]);
  });

  test('applies no update rules to an object of another kind', () => {
    expect(judge(now, store, valueOfText(deployment.replace('Deployment', 'DaemonSet')))).toEqual([]);
  });
});

/** `spec`: lines of the schema of the field. */
const shipDefinition = (spec: string) =>
  valueOfText(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ships.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: ships, singular: ship, kind: Ship, listKind: ShipList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
${spec}`);

describe('an update of a custom resource', () => {
  const crd = readCrd(
    shipDefinition(`              required: [port]
              properties:
                port: { type: string }
                flag:
                  type: string
                  enum: [de, at]
                name:
                  type: string
                  x-kubernetes-validations:
                    - { rule: self == oldSelf, message: is fixed }
`),
    'drop',
  )!;
  const ships = layeredStore([storeOf(kindSchemas(crd, 'ships.yaml', 'workspace')), bundled]);
  const ship = (spec: string) =>
    valueOfText(yaml`
      apiVersion: example.com/v1
      kind: Ship
      metadata:
        name: a
      spec: ${spec}
    `);
  const found = (now: string, was?: string) =>
    judge(ship(now), ships, was === undefined ? undefined : ship(was)).map(sentenceOf);

  test('runs transition rules', () => {
    expect(found('{ port: x, name: b }', '{ port: x, name: a }')).toEqual(['is fixed']);
    expect(found('{ port: x, name: b }', '{ port: x }')).toEqual([]);
    expect(found('{ port: x, name: b }')).toEqual([]);
  });

  test('may keep an unchanged value that the schema refuses, but not add one', () => {
    expect(found('{ port: z, flag: uk }', '{ port: x, flag: uk }')).toEqual([]);
    expect(found('{ flag: uk }', '{ flag: uk }')).toEqual([]);
    expect(found('{ port: x, flag: uk }', '{ port: x }')).toHaveLength(1);
    expect(found('{ flag: de }', '{ flag: at }')).toEqual(['spec.port is required.']);
  });
});

test('the rules of a definition are compiled as far as its schema is known', () => {
  const crd = (inner: string, other: string) =>
    shipDefinition(`              properties:
                inner: ${inner}
                other: ${other}
              x-kubernetes-validations:
                - { rule: self.inner.port > 0 || has(self.other.port), message: needs a port }
`);
  const found = (inner: string, other: string) => judge(crd(inner, other), bundled).map(sentenceOf);
  const port = '{ type: object, properties: { port: { type: integer } } }';
  expect(found(port, port)).toEqual([]);
  expect(found(port, '${OTHER}')).toEqual([]);
  expect(found('{ type: integer }', '${OTHER}')).toEqual([expect.stringContaining('reads the field port of an int')]);
});

describe('a misplaced field', () => {
  const deployment = valueOfText(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    containers:
      - name: web
        image: registry.example.com/web:1
`);

  test('has the map it belongs in among its facts, and is not also reported as missing there', () => {
    expect(judge(deployment, store)).toMatchObject([
      {
        rule: 'schema/unknown-field',
        path: ['spec', 'template', 'containers'],
        facts: { is: 'unknown-field', home: ['spec', 'template', 'spec'] },
        remedies: [{ kind: 'move', into: ['spec', 'template', 'spec'] }, { kind: 'remove' }],
      },
    ]);
  });
});
