// Aliases: the anchors suggested after `*`.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a
`;

describe('after *', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    metadata:
      name: &name web
    spec: &spec
      containers:
  `;
  const first = yaml`
    ${pod}
        - &first
          name: *name
          resources: &small {limits: {cpu: 1}}
        -\x20`;

  test('the anchors above that don’t contain the cursor, nearest first', () => {
    expect(labelsAt(`${first}name: *$0\n`)).toEqual(['*small', '*first', '*name']);
    expect(
      labelsAt(yaml`
        ${first}name: b
              resources: *s$0
              image: c
      `),
    ).toContain('*small');
    expect(applied(`${first}{name: *na$0}\n`, '*name')).toBe(`${first}{name: *name}\n`);
    expect(labelsAt(`${first}*$0\n`)).toContain('*first');
    expect(labelsAt(`${pod}    - name: *$0\n`)).toEqual(['*name']);
  });

  test('only maps for a merge key', () => {
    expect(labelsAt(`${first}<<: *$0\n`)).toEqual(['*small', '*first']);
  });

  test('`*` itself where it is a value', () => {
    const role = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      rules:
        - verbs:
            - *$0
    `;
    expect(labelsAt(role)).toEqual(['*']);
    expect(
      labelsAt(yaml`
        ${deployment}
        spec:
          replicas: *$0
      `),
    ).toEqual([]);
  });
});
