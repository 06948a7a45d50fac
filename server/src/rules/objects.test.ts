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

const source = (kind: string, fields: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: ${kind}
metadata: { name: a, namespace: flux-system }
spec:
  interval: 10m
${fields}`;

const url = (text: string) => source('GitRepository', `  url: ${text}\n  ref: { branch: main }\n`);
const git = (fields: string) => source('GitRepository', `  url: https://github.com/a/b\n${fields}`);

describe('sources', () => {
  test.each([
    ['ssh://git@github.com/a/b.git'],
    ['ssh://git@github.com:22/a/b.git'],
    ['http://user:word@github.com/a/b.git'],
    ['ssh://git@[::1]:22/a'],
    ['https://github.com/a:b'],
  ])('Go reads the URL %s', (text) => {
    expect(ofRule(url(text), 'flux/source-url')).toEqual([]);
  });

  test.each([['ssh://git@github.com:a/b.git'], ['ssh://github.com:b'], ['https://user:word@github.com:a/b']])(
    'what follows the colon of %s is no port',
    (text) => {
      expect(ofRule(url(text), 'flux/source-url')).toEqual(['6 error flux/source-url']);
    },
  );

  test.each([
    ['OCIRepository', 'oci://registry.example.com:5000/a/b', []],
    ['OCIRepository', 'oci://registry.example.com/a/b:1.0', ['6 error flux/source-url']],
    ['OCIRepository', 'oci://registry.example.com/a/b@sha256:00', ['6 error flux/source-url']],
    ['HelmRepository', 'https://charts.example.com', []],
    ['HelmRepository', 'https://charts.example.com\n  type: ${TYPE}', []],
    ['HelmRepository', 'oci://charts.example.com\n  type: ${TYPE}', []],
    ['HelmRepository', 'https://charts.example.com\n  type: oci', ['6 error flux/source-url']],
    ['HelmRepository', 'oci://charts.example.com\n  type: default', ['7 error flux/source-url']],
  ])('%s %s', (kind, text, expected) => {
    expect(ofRule(source(kind, `  url: ${text}\n`), 'flux/source-url')).toEqual(expected);
  });

  test.each([
    ['no ref', '', ['6 info info/default-branch']],
    ['an empty ref', '  ref: {}\n', ['6 info info/default-branch']],
    ['an unknown ref', '  ref: ${REF}\n', []],
  ])('with %s the branch is master', (_, fields, expected) => {
    expect(ofRule(git(fields), 'info/default-branch')).toEqual(expected);
  });

  test.each([
    ['{ name: refs/tags/v1 }', []],
    ['{ semver: 1.x }', []],
    ['{ semver: ${RANGE} }', []],
    ['{ tag: v1, branch: main }', []],
    ['{ tag: v1, name: refs/heads/main }', ['8 error flux/tag-verification']],
    ['{ tag: v1, commit: 0123 }', ['8 error flux/tag-verification']],
  ])('a tag is checked out by ref %s', (ref, expected) => {
    const found = git(`  ref: ${ref}\n  verify: { mode: TagAndHEAD, secretRef: { name: keys } }\n`);
    expect(ofRule(found, 'flux/tag-verification')).toEqual(expected);
  });

  const automation = (version: string, template: string) =>
    `apiVersion: image.toolkit.fluxcd.io/${version}
kind: ImageUpdateAutomation
metadata: { name: fleet, namespace: flux-system }
spec:
  interval: 30m
  sourceRef: { kind: GitRepository, name: fleet }
  git:
    commit:
      author: { email: flux@example.com }
      messageTemplate: ${JSON.stringify(template)}
`;

  test.each([
    ['v1', '{{ .AutomationObject }} {{ range .Changed.Changes }}{{ .OldValue }}{{ end }}', []],
    ['v1', '{{ range $image, $_ := .Updated.Images }}{{ $image }}{{ end }}', ['error']],
    ['v1beta2', '{{ range $.Updated.Images }}{{ . }}{{ end }}', ['warning']],
    ['v1', '{{ len .Changed.ImageResult.Files }}', ['error']],
    ['v1', '{{ .Values.Updated }} .Updated {{/* .Updated */}} {{ ".Updated" }}', []],
    ['v1', '{{ "}}" }} {{`}}`}}', []],
    ['v1', '{{ .AutomationObject', ['error']],
    ['v1', '{{ "}}', ['error']],
  ])('image.toolkit.fluxcd.io/%s: the message template %s', (version, template, severities) => {
    const found = ofRule(automation(version, template), 'flux/commit-message');
    expect(found).toEqual(severities.map((severity) => `10 ${severity} flux/commit-message`));
  });

  test.each([
    ['sources: [{ alias: a, kind: GitRepository, name: fleet }]', '@a/**', '@a', []],
    ['sources: [{ alias: a, kind: GitRepository, name: fleet }]', '@b/**', '@c', ['6', '6']],
    ['sources: [{ alias: "${A}", kind: GitRepository, name: fleet }]', '@b/**', '@c', []],
  ])('of an ArtifactGenerator with %s, %s and %s are sources', (sources, from, revision, lines) => {
    const text = `apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: fleet, namespace: flux-system }
spec:
  ${sources}
  artifacts: [{ name: a, revision: "${revision}", copy: [{ from: "${from}", to: "@artifact/" }] }]
`;
    expect(ofRule(text, 'flux/artifact-source')).toEqual(lines.map((line) => `${line} error flux/artifact-source`));
  });

  test('an SSH URL requires a Secret', () => {
    expect(ofRule(url('ssh://git@github.com/a/b'), 'flux/git-credentials')).toEqual(['6 error flux/git-credentials']);
    const named = `${url('ssh://git@github.com/a/b')}  secretRef: { name: key }\n`;
    expect(ofRule(named, 'flux/git-credentials')).toEqual([]);
  });

  test.each([
    ['>=1.0.0-0', []],
    ['*', []],
    ['>1.2.3-rc.1 <1.2.3-rc.2', []],
    ['!=1.2.3', []],
    ['>1 <2 || 3.x', []],
    ['${VERSION}', []],
    ['>2 <3', ['7 error flux/version-range']],
    ['<0.0.0', ['7 error flux/version-range']],
    ['latest', ['7 error flux/version-range']],
  ])('the range %s', (range, expected) => {
    const fields = `  url: oci://registry.example.com/a\n  ref: { semver: "${range}" }\n`;
    expect(ofRule(source('OCIRepository', fields), 'flux/version-range')).toEqual(expected);
  });
});

describe('labels and annotations', () => {
  const settings = (place: string, entry: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: a
  ${place}:
    ${entry}
`;

  test.each([
    ['annotations', 'kustomize.toolkit.fluxcd.io/prune: Disabled', []],
    ['labels', 'kustomize.toolkit.fluxcd.io/prune: disabled', []],
    ['annotations', 'kustomize.toolkit.fluxcd.io/ssa: merge', []],
    ['annotations', 'kustomize.toolkit.fluxcd.io/prune: ${PRUNE}', []],
    ['annotations', 'kustomize.toolkit.fluxcd.io/mine: a', []],
    ['annotations', 'kustomize.toolkit.fluxcd.io/substitute: Disabled', ['7 warning flux/metadata']],
    ['annotations', 'kustomize.toolkit.fluxcd.io/prunes: disabled', ['7 warning flux/metadata']],
    ['annotations', 'reconcile.fluxcd.io/watch: Enabled', ['7 warning flux/metadata']],
    ['labels', 'reconcile.fluxcd.io/watch: enabled', ['7 warning flux/metadata']],
    ['labels', 'reconcile.fluxcd.io/watch: Enabled', []],
    ['annotations', 'fluxcd.controlplane.io/reconcileEvery: 1h30m', []],
    ['annotations', 'fluxcd.controlplane.io/reconcileEvery: 1d', ['7 warning flux/metadata']],
    ['annotations', 'reconcile.fluxcd.io/forceAt: a', ['7 warning flux/metadata']],
    ['annotations', '{ reconcile.fluxcd.io/forceAt: a, reconcile.fluxcd.io/requestedAt: a }', []],
  ])('%s: %s', (place, entry, expected) => {
    expect(ofRule(settings(place, entry), 'flux/metadata')).toEqual(expected);
  });
});

describe('sources of events', () => {
  const receiver = (resource: string) => `apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: { name: a, namespace: flux-system }
spec:
  type: github
  secretRef: { name: a }
  resources:
    - ${resource}
`;

  test.each([
    ['{ kind: GitRepository, name: "*", matchLabels: { a: b } }', []],
    ['{ kind: GitRepository, name: "*" }', ['8 warning flux/wildcard']],
    ['{ kind: GitRepository, name: "shop-*" }', ['8 warning flux/wildcard']],
    ['{ kind: GitRepository, name: a, namespace: "*" }', ['8 warning flux/wildcard']],
  ])('%s', (resource, expected) => {
    expect(ofRule(receiver(resource), 'flux/wildcard')).toEqual(expected);
  });
});
