import { describe, expect, test } from 'vitest';
import { configMap, fixture, podUsing } from './fixture.ts';
import { semanticTokens } from './semantic-tokens.ts';

/** `text type modifier` of each token. */
function shown(source: string, range?: { readonly start: number; readonly end: number }): readonly string[] {
  const { workspace, path, text } = fixture(source);
  return semanticTokens(workspace, path, range).map(({ start, end, type, modifier }) =>
    [text.slice(start, end), type, ...(modifier ? [modifier] : [])].join(' '),
  );
}

test('names of other objects tell whether they resolve', () => {
  expect(shown(`${configMap('a')}---\n${podUsing('a')}---\n${podUsing('b')}`)).toEqual([
    'a class resolved',
    'b class unresolved',
  ]);
});

test('variables are marked in plain and block text, but not in comments', () => {
  expect(shown('# ${A}\na: x-${B}-${C:=d}\nb: |\n  e ${F}\n  $${G}\nc: "${H}" # i\n')).toEqual([
    'B variable',
    'C variable',
    'F variable',
    'H variable',
  ]);
});

test('anchors and aliases are labels', () => {
  expect(shown('a: &b c\nd: *b\n')).toEqual(['&b label declaration', '*b label']);
});

describe('CEL', () => {
  const release = (expression: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: a}
spec:
  dependsOn:
    - name: b
      readyExpr: ${expression}
`;
  const tokens = (expression: string) => shown(release(expression)).filter((token) => !token.startsWith('b class'));

  test('is split into names, functions, literals and operators', () => {
    expect(tokens(`dep.status.size() > 1 && has(self.x) in ["y", true]`)).toEqual([
      'dep variable',
      'status property',
      'size function',
      '> operator',
      '1 number',
      '&& operator',
      'has function',
      'self variable',
      'x property',
      'in keyword',
      '"y" string',
      'true keyword',
    ]);
  });

  test.each([
    ['in block text', '|-\n        a ==\n        1'],
    ['folded', '>-\n        a\n        == 1'],
    ['in single quotes', "'a == 1'"],
    ['in double quotes', '"a == 1"'],
    ['on several lines', 'a\n        == 1'],
  ])('%s is at its place in the text', (_, expression) => {
    expect(tokens(expression)).toEqual(['a variable', '== operator', '1 number']);
  });

  test('that is half typed, escaped or text elsewhere is left to the grammar', () => {
    expect(tokens('a == "')).toEqual([]);
    expect(tokens("'a == ''b'''")).toEqual([]);
    expect(shown(`${configMap('a')}data: {readyExpr: a == 1}\n`)).toEqual([]);
  });

  test('is found in the schemas of CustomResourceDefinitions', () => {
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: a}
spec:
  versions:
    - schema: {openAPIV3Schema: {properties: {spec: {x-kubernetes-validations: [{rule: self.a}]}}}}
`;
    expect(shown(crd)).toEqual(['self variable', 'a property']);
  });
});

test('keys of deprecated fields are marked', () => {
  const cluster = `apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
metadata: {name: a}
spec: {topology: {class: b, version: v1.34.0, rolloutAfter: "2030-01-01T00:00:00Z"}}
`;
  expect(shown(cluster)).toContain('rolloutAfter property deprecated');
});

test('a range has the tokens in it, and templates and ignored files have none', () => {
  const text = 'a: ${B}\n---\nc: ${D}\ne: ${F}\n';
  expect(shown(text, { start: text.indexOf('e:'), end: text.length })).toEqual(['F variable']);
  expect(shown('a: {{ .x }}\nb: ${C}\n')).toEqual([]);
  expect(shown('# file: .capstan.yaml\nignores: [x/]\n# file: x/a.yaml\n$0a: ${B}\n')).toEqual([]);
});

test('patches in a kustomization have tokens of their own', () => {
  const patch = `patches:
  - target: { kind: Deployment }
    patch: |-
      - op: add
        path: /spec/replicas
        value: 3
      - op: add
        path: /spec/paused
        value: \${PAUSED}
  - path: a.yaml
patchesStrategicMerge:
  - b.yaml
`;
  expect(shown(`# file: kustomization.yaml\n${patch}`)).toEqual([
    ...['op property', 'path property', 'value property', '3 number'],
    ...['op property', 'path property', 'value property', 'PAUSED variable'],
  ]);
});
