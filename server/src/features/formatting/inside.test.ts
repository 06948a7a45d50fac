import { expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { edited } from '../fixture.ts';
import { format } from './formatting.ts';

function formatted(text: string, path = 'kustomization.yaml', step = 2): string {
  const workspace = new Workspace(testCatalog);
  workspace.put(path, text);
  return edited(text, format(workspace, path, { step }));
}

const before = `resources: [a.yaml]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add   # why
      path: /spec
      value:
          a: [ 1,2 ]
          b:
              c: "x  y"
- patch: |
      kind: Service
      metadata:
           name: a


- path: b.yaml
`;

const after = `resources: [a.yaml]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add   # why
      path: /spec
      value:
        a: [1, 2]
        b:
          c: "x  y"
- patch: |
    kind: Service
    metadata:
      name: a


- path: b.yaml
`;

test('patches of a kustomization are formatted inside their block, and stay so', () => {
  expect(formatted(before)).toBe(after);
  expect(formatted(after)).toBe(after);
});

test('with line breaks of Windows, and an indentation that moves the block', () => {
  expect(formatted(before.replaceAll('\n', '\r\n'))).toBe(after.replaceAll('\n', '\r\n'));
  const four = formatted(before, 'kustomization.yaml', 4);
  expect(formatted(four, 'kustomization.yaml', 4)).toBe(four);
});

test('the text of an object of the cluster, and one that is no YAML, stay as they are', () => {
  const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: a
spec:
  patches:
    - patch: |
        a:
            b:   c
`;
  expect(formatted(flux, 'a.yaml')).toBe(flux);
  const broken = 'patches:\n  - patch: |\n      a:  b\n       c: d\n';
  expect(formatted(broken)).toBe(broken);
});
