// Each expected verdict is that of kustomize (kubectl kustomize 1.36).

import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';
import { yaml } from '../fixture.ts';

const at = (text: string) =>
  fixture(yaml`
    # file: app/kustomization.yaml
    ${text}`);
/** Without what the build refuses: the files that these kustomizations name don't exist. */
const found = (text: string) =>
  diagnose(at(text).workspace, 'app/kustomization.yaml').filter(({ rule }) => rule !== 'kustomize/build');

function fixed(source: string): string {
  const { workspace, path, text } = at(source);
  const action = codeActions(workspace, path, 0, text.length).find(({ preferred }) => preferred);
  return action ? edited(text, action.edits) : text;
}

describe('refused', () => {
  test.each([
    ['kustomize/unknown-field', 'resourcess: [a.yaml]\n', 'resources: [a.yaml]\n'],
    [
      'kustomize/unknown-field',
      yaml`
        images:
          - name: x
            newtags: "1"
      `,
      yaml`
        images:
          - name: x
            newTag: "1"
      `,
    ],
    [
      'kustomize/unknown-field',
      yaml`
        resources: []
        spec: {}
      `,
      'resources: []\n',
    ],
    [
      'kustomize/type',
      yaml`
        images:
          - name: x
            newTag: 1.27
      `,
      yaml`
        images:
          - name: x
            newTag: "1.27"
      `,
    ],
    ['kustomize/type', 'resources: a.yaml\n', 'resources: [a.yaml]\n'],
    [
      'kustomize/type',
      yaml`
        commonAnnotations:
          a: 1
      `,
      yaml`
        commonAnnotations:
          a: "1"
      `,
    ],
    [
      'kustomize/type',
      yaml`
        replicas:
          - name: x
            count: "3"
      `,
      yaml`
        replicas:
          - name: x
            count: 3
      `,
    ],
    ['kustomize/type', 'generatorOptions: {immutable: "true"}\n', 'generatorOptions: {immutable: true}\n'],
    [
      'kustomize/kind',
      yaml`
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomizaton
      `,
      yaml`
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
      `,
    ],
    [
      'kustomize/api-version',
      yaml`
        apiVersion: kustomize.config.k8s.io/v1
        kind: Kustomization
      `,
      yaml`
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
      `,
    ],
  ])('%s: %j', (rule, text, after) => {
    expect(found(text).map((finding) => [finding.rule, finding.severity])).toEqual([[rule, 'error']]);
    expect(fixed(text)).toBe(after);
    expect(found(after)).toEqual([]);
  });
});

describe('accepted', () => {
  test.each([
    'Resources: [a.yaml]\n',
    yaml`
      resources:
      images:
    `,
    'patches: [a.yaml]\n',
    yaml`
      openapi: {path: a.json}
      helmCharts:
        - name: x
          valuesInline: {a: {b: 1}}
    `,
    yaml`
      namespace: \${NAMESPACE}
      images:
        - name: x
          newTag: \${TAG}
    `,
    'x: &l [a.yaml]\n'.replace('x', 'resources') + 'components: *l\n',
    yaml`
      apiVersion: kustomize.config.k8s.io/v1alpha1
      kind: Component
      patches: [{path: a.yaml}]
    `,
  ])('%j', (text) => {
    expect(found(text)).toEqual([]);
  });

  test('a key that is set twice, with a warning', () => {
    expect(
      found(yaml`
        resources: [a.yaml]
        resources: [b.yaml]
      `).map(({ severity }) => severity),
    ).toEqual(['warning']);
  });
});

test('the message states that kustomize refuses the file', () => {
  const [unknown] = found('resourcess: [a.yaml]\n');
  expect(unknown?.message).toBe('The field resourcess is unknown; kustomize refuses the file. Did you mean resources?');
  const [type] = found('resources: a.yaml\n');
  expect(type?.message).toBe('resources must be a list, not the string “a.yaml”; kustomize refuses the file.');
});
