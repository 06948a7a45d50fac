// Rules about single objects: in which form an object is checked, and what is certain of expressions and patterns.
import { describe, expect, test } from 'vitest';
import { findingsIn } from '../features/fixture.ts';
import { sync } from './rule.ts';

const kustomization = (fields: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef: { kind: GitRepository, name: flux-system }
${fields}`;

const checks = '  healthChecks: [{ apiVersion: apps/v1, kind: Deployment, name: shop, namespace: shop }]\n';

const expression = (text: string) =>
  kustomization(`  wait: true
  healthCheckExprs:
    - { apiVersion: example.com/v1, kind: Ship, current: "${text}" }
`);

const readiness = (text: string) =>
  kustomization(`  dependsOn:
    - { name: other, readyExpr: "${text}" }
`);

const ofRule = (source: string, rule: string) => findingsIn(source).filter((finding) => finding.endsWith(rule));

describe('the form that is checked', () => {
  test('is the applied one, with the patches of a kustomization', () => {
    const found = ofRule(
      `# file: clusters/prod/apps.yaml
${kustomization(checks)}# file: clusters/prod/kustomization.yaml
resources: [apps.yaml, flux-system/sync.yaml]
patches:
  - target: { kind: Kustomization, name: apps }
    patch: |-
      - { op: add, path: /spec/wait, value: true }
${sync}# file: apps/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a, namespace: shop }
`,
      'flux/ignored-health-checks',
    );
    expect(found).toEqual(['9 warning flux/ignored-health-checks']);
  });

  test('is the written one where nothing applies the file, in each document', () => {
    const source = `# file: old/apps.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
---
${kustomization(`  wait: true\n${checks}`)}${sync}`;
    expect(ofRule(source, 'flux/ignored-health-checks')).toEqual(['14 warning flux/ignored-health-checks']);
  });

  test('is none while a variable is unknown', () => {
    const alert = `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: { name: a, namespace: flux-system }
spec:
  providerRef: { name: a }
  eventSources: [{ kind: Kustomization, name: '*' }]
  exclusionList: ["(\${WORDS}"]
`;
    expect(ofRule(alert, 'flux/pattern')).toEqual([]);
  });
});

describe('health checks', () => {
  test.each([
    ['wait is false', `  wait: false\n${checks}`, []],
    ['wait is a variable', `  wait: \${WAIT}\n${checks}`, []],
    ['there are none', '  wait: true\n  healthChecks: []\n', []],
    [
      'expressions have nothing to wait for',
      '  healthCheckExprs: [{ apiVersion: a/v1, kind: A, current: status.ok }]\n',
      ['9 warning flux/ignored-health-checks'],
    ],
  ])('%s', (_, fields, expected) => {
    expect(ofRule(kustomization(fields), 'flux/ignored-health-checks')).toEqual(expected);
  });
});

describe('expressions', () => {
  test.each([
    ['status.ready'],
    ["has(status.conditions) && status.conditions.exists(e, e.type == 'Ready')"],
    ["data.key == 'a'"],
    ["metadata.name.matches('^a')"],
    ["'self' in status.names"],
    ['base64.decode(data.key) == b\\"a\\"'],
  ])('an object’s expression may be %s', (text) => {
    expect(ofRule(expression(text), 'flux/expression')).toEqual([]);
  });

  test.each([
    ['status.ready ==', 'isn’t CEL'],
    ['size(status.conditions)', 'an int'],
    ['self.status.ready', 'self'],
  ])('an object’s expression may not be %s: %s', (text) => {
    expect(ofRule(expression(text), 'flux/expression')).toEqual(['11 error flux/expression']);
  });

  test.each([['dep.status.ready'], ["other.status.ready == 'a'"], ['size(dep.spec)']])(
    'readyExpr is compiled, so it may not be %s',
    (text) => {
      expect(ofRule(readiness(text), 'flux/expression')).toEqual(['10 error flux/expression']);
    },
  );

  test('readyExpr returns a bool', () => {
    expect(ofRule(readiness("dep.metadata.labels['a'] == self.spec.path"), 'flux/expression')).toEqual([]);
  });
});
