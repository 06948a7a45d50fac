// Each verdict here is kustomize's own (kubectl kustomize of 1.36).
import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';

const at = (text: string) => fixture(`# file: app/kustomization.yaml\n${text}`);
const found = (text: string) => diagnose(at(text).workspace, 'app/kustomization.yaml');

function mended(source: string): string {
  const { workspace, path, text } = at(source);
  const action = codeActions(workspace, path, 0, text.length).find(({ preferred }) => preferred);
  return action ? edited(text, action.edits) : text;
}

describe('refused', () => {
  test.each([
    ['kustomize/unknown-field', 'resourcess: [a.yaml]\n', 'resources: [a.yaml]\n'],
    ['kustomize/unknown-field', 'images:\n  - name: x\n    newtags: "1"\n', 'images:\n  - name: x\n    newTag: "1"\n'],
    ['kustomize/unknown-field', 'resources: []\nspec: {}\n', 'resources: []\n'],
    ['kustomize/type', 'images:\n  - name: x\n    newTag: 1.27\n', 'images:\n  - name: x\n    newTag: "1.27"\n'],
    ['kustomize/type', 'resources: a.yaml\n', 'resources: [a.yaml]\n'],
    ['kustomize/type', 'commonAnnotations:\n  a: 1\n', 'commonAnnotations:\n  a: "1"\n'],
    ['kustomize/type', 'replicas:\n  - name: x\n    count: "3"\n', 'replicas:\n  - name: x\n    count: 3\n'],
    ['kustomize/type', 'generatorOptions: {immutable: "true"}\n', 'generatorOptions: {immutable: true}\n'],
    [
      'kustomize/kind',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomizaton\n',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    ],
    [
      'kustomize/api-version',
      'apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\n',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    ],
  ])('%s: %j', (rule, text, after) => {
    expect(found(text).map((finding) => [finding.rule, finding.severity])).toEqual([[rule, 'error']]);
    expect(mended(text)).toBe(after);
    expect(found(after)).toEqual([]);
  });
});

describe('taken', () => {
  test.each([
    'Resources: [a.yaml]\n',
    'resources:\nimages:\n',
    'patches: [a.yaml]\n',
    'openapi: {path: a.json}\nhelmCharts:\n  - name: x\n    valuesInline: {a: {b: 1}}\n',
    'namespace: ${NAMESPACE}\nimages:\n  - name: x\n    newTag: ${TAG}\n',
    'x: &l [a.yaml]\n'.replace('x', 'resources') + 'components: *l\n',
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: a.yaml}]\n',
  ])('%j', (text) => {
    expect(found(text)).toEqual([]);
  });

  test('a key twice, with a warning', () => {
    expect(found('resources: [a.yaml]\nresources: [b.yaml]\n').map(({ severity }) => severity)).toEqual(['warning']);
  });
});

test('the sentence names who refuses the file', () => {
  const [unknown] = found('resourcess: [a.yaml]\n');
  expect(unknown?.message).toBe(
    'There is no field “resourcess”; kustomize refuses the file. Did you mean “resources”?',
  );
  const [type] = found('resources: a.yaml\n');
  expect(type?.message).toBe('resources must be a list, not the string “a.yaml”; kustomize refuses the file.');
});
