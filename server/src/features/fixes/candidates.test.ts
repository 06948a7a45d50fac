import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { fixture } from '../fixture.ts';
import { codeActions, fixesFor } from './code-action.ts';
import { applied } from './subject.ts';

/** The titles of the fixes of the first finding, an error before an info, and the changed line of each: of a snippet, as it is written. */
function offered(source: string): readonly (readonly [string, string])[] {
  const { workspace, path, text } = fixture(source);
  const findings = diagnose(workspace, path);
  const finding = findings.find(({ severity }) => severity === 'error' || severity === 'warning') ?? findings[0];
  return fixesFor(workspace, workspace.file(path)!, finding!, { snippets: true }).map(({ title, edits }) => {
    const [edit] = edits;
    const after = applied(text, edits).split('\n');
    const changed = after.find((line, index) => line !== text.split('\n')[index]) ?? '';
    return [title, edit!.snippet ? edit!.text.trim() : changed.trim()];
  });
}

const source = yaml`
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: GitRepository
  metadata:
    name: a
  spec:
    url: https://a
`;

describe('a required field is added with the values that completion offers', () => {
  test('usual values', () => {
    expect(offered(source)).toEqual([['Add interval', 'interval: ${1|30s,1m,5m,10m,30m,1h,24h|}']]);
  });

  test('no value is known', () => {
    const templates = offered(yaml`
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
      kind: AWSMachineTemplate
      metadata:
        name: a
      spec:
        template:
          spec:
            sshKeyName: a
    `);
    expect(templates.map(([title]) => title)).toEqual(['Add instanceType']);
    expect(templates[0]![1]).toMatch(/^instanceType: \$(?:1|\{1\|)/);
  });

  test('the objects that a reference can name', () => {
    const [added] = offered(yaml`
      # file: a.yaml
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      metadata:
        name: a
      spec:
        topology:
          version: v1.34.0
      # file: class.yaml
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: ClusterClass
      metadata:
        name: std
    `);
    expect(added).toEqual(['Add classRef', 'classRef:\n      name: ${1:std}']);
  });

  test('an editor without snippets gets only what is complete', () => {
    const { workspace, text } = fixture(source);
    const [action] = codeActions(workspace, 'a.yaml', 0, text.length);
    expect(action?.edits.map((edit) => [edit.text, edit.snippet])).toEqual([['  interval: 30s\n', undefined]]);
    const nameless = fixture('apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\nspec:\n  containers: [{name: a}]\n');
    const actions = codeActions(nameless.workspace, 'a.yaml', 0, nameless.text.length);
    expect(actions.filter(({ title }) => title.startsWith('Add'))).toEqual([]);
  });
});

test('a field that is misspelled is meant, so that it isn’t removed', () => {
  const timeout = `${source}  interval: 1m\n  timeot: 90s\n`;
  expect(offered(timeout)).toEqual([['Rename to timeout', 'timeout: 90s']]);
});

test('a field that is misspelled is meant there, not in the free map above it', () => {
  const labelled = yaml`
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: { name: a }
    spec:
      interval: 1m
      prune: true
      sourceRef: { kind: GitRepository, name: a }
      commonMetadata:
        labels:
          app: a
      pth: ./a
  `;
  const titles = offered(labelled).map(([title]) => title);
  expect(titles).toContain('Rename to path');
  expect(titles.filter((title) => /Align/.test(title))).toEqual([]);
});

test('labels in the wrong place aren’t removed: patches choose objects by them', () => {
  const misplaced = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nlabels:\n  app: a\n';
  const titles = offered(misplaced).map(([title]) => title);
  expect(titles).toContain('Move into metadata');
  expect(titles).not.toContain('Remove labels');
});

describe('a value is written as it was meant', () => {
  test.each([
    ['timeout: 90', 'timeout: 90s'],
    ['timeout: "90"', 'timeout: 90s'],
    ['timeout: 1 minute', 'timeout: 1m'],
    ['suspend: "true"', 'suspend: true'],
    ['secretRef: git', 'secretRef:'],
    ['provider: GITHUB', 'provider: github'],
    ['ref: {tag: 1}', 'ref: {tag: "1"}'],
  ])('%s', (written, meant) => {
    const [first] = offered(`${source}  interval: 1m\n  ${written}\n`);
    expect(first?.[1]).toBe(meant);
  });

  test('plain text in a Secret', () => {
    const fixes = offered('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  user: admin!\n');
    expect(fixes.map(([, line]) => line)).toContain('user: YWRtaW4h');
  });

  test('a label that is too long', () => {
    const [first] = offered(
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    a: ${'x'.repeat(70)}\n`,
    );
    expect(first).toEqual([`Change to ${'x'.repeat(63)}`, `a: ${'x'.repeat(63)}`]);
  });

  test('a port by name', () => {
    const [first] = offered(yaml`
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: a
      spec:
        defaultBackend:
          service:
            name: a
            port: http
    `);
    expect(first?.[0]).toBe('Move the value to name');
  });
});

describe('the identity of an object', () => {
  test.each([
    [
      'apiVersion: helm.toolkit.fluxcd.io/v2',
      'apiVersion: helm.toolkit.fluxcd.io/v2bta1',
      'Change to helm.toolkit.fluxcd.io/v2',
    ],
    ['kind: GitRepository', 'kind: GitRepositry', 'Change to GitRepository'],
    ['source.toolkit.fluxcd.io/v1', 'source.toolkit.fluxcd.oi/v1', 'Change to source.toolkit.fluxcd.io/v1'],
    ['source.toolkit.fluxcd.io/v1', 'helm.toolkit.fluxcd.io/v2', 'Change to source.toolkit.fluxcd.io/v1'],
  ])('%s', (right, wrong, title) => {
    const text = right.includes('helm')
      ? `${wrong}\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  interval: 1m\n  chartRef: {kind: OCIRepository, name: a}\n`
      : `${source}  interval: 1m\n`.replace(right, wrong);
    expect(offered(text)[0]?.[0]).toBe(title);
  });
});

test.each([
  ['images: {name: a, newTag: 1.2.3}', 'images: [{name: a, newTag: 1.2.3}]'],
  ['resources: a.yaml', 'resources: [a.yaml]'],
  ['namePrefix: 1', 'namePrefix: "1"'],
  ['resource: [a.yaml]', 'resources: [a.yaml]'],
  ['configMapGenerator: [{name: a, literals: A=b}]', 'configMapGenerator: [{name: a, literals: [A=b]}]'],
])('in a kustomization: %s', (written, meant) => {
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
  const [first] = offered(`# file: kustomization.yaml\n${head}${written}\n`);
  expect(first?.[1]).toBe(meant);
});

test('findings at one place of one rule are suppressed by one action', () => {
  const { workspace, text } = fixture(
    yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec: {}
    `,
  );
  const ignoring = codeActions(workspace, 'a.yaml', 0, text.length).filter(({ title }) => title.startsWith('Ignore'));
  expect(diagnose(workspace, 'a.yaml').length).toBeGreaterThan(1);
  expect(ignoring.map(({ title }) => title)).toEqual(['Ignore schema/required here']);
});

test('no value that a rule about the object reports', () => {
  const labelled = (key: string) => yaml`
    apiVersion: v1
    kind: Namespace
    metadata:
      name: a
      labels:
        ${key}: disabled disabled
  `;
  const titles = (key: string) => offered(labelled(key)).map(([title]) => title);
  expect(titles('example.com/prune')).toContain('Change to disabled-disabled');
  expect(titles('kustomize.toolkit.fluxcd.io/prune')).not.toContain('Change to disabled-disabled');
});
