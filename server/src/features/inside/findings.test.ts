import { describe, expect, test } from 'vitest';
import { diagnose } from '../diagnostics.ts';
import { codeActions } from '../fixes/code-action.ts';
import { edited, findingsIn, fixture } from '../fixture.ts';

const base = `
# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1
`;

/** kustomize reads no patch without them. */
const head = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';

const helm = (patch: string, target = 'kind: Deployment') => `
# file: a.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
  postRenderers:
    - kustomize:
        patches:
          - target: { ${target} }
            patch: |
${patch.replace(/^/gm, '              ')}
# file: source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  url: oci://example.com/web
`;

const kustomization = (patch: string, target = 'kind: Deployment') => `
# file: kustomization.yaml
resources:
  - web.yaml
patches:
  - target: { ${target} }
    patch: |
${patch.replace(/^/gm, '      ')}
${base}`;

describe('a strategic merge patch of what a chart makes', () => {
  test('nothing is missing in it', () => {
    expect(
      findingsIn(
        helm(head + 'spec:\n  template:\n    spec:\n      containers:\n        - name: web\n          $patch: delete'),
      ),
    ).toEqual([]);
  });

  test('unknown fields and wrong types, at their lines', () => {
    expect(findingsIn(helm(head + 'spec:\n  replica: 2\n  paused: 3'))).toEqual([
      '21 error schema/unknown-field',
      '22 error schema/type',
    ]);
  });

  test('a null deletes, and variables are holes', () => {
    expect(findingsIn(helm(head + `spec:\n  replicas: null\n  paused: \${PAUSED}`))).toEqual([]);
  });

  test('what is around a variable is judged', () => {
    expect(findingsIn(helm(`${head}spec:\n  replicas: \${REPLICAS}\n  replica: 2`))).toEqual([
      '22 error schema/unknown-field',
    ]);
  });

  test('what depends on the kind is said only if the kind is certain', () => {
    expect(findingsIn(helm(head + 'spec:\n  replica: 2', 'kind: Deployment|StatefulSet'))).toEqual([]);
    expect(findingsIn(helm(head + 'spec:\n  replica: 2', 'name: web'))).toEqual([]);
  });

  test('text that is no YAML', () => {
    expect(findingsIn(helm(head + 'spec:\n  replicas: 2\n paused: 3'))).toEqual(['22 error syntax/indentation']);
  });
});

test('a patch without the identity that kustomize reads it by is refused', () => {
  expect(findingsIn(helm('spec:\n  replicas: 2'))).toEqual(['16 error kustomize/build']);
  expect(findingsIn(helm('kind: Deployment\nspec:\n  replicas: 2'))).toEqual(['16 error kustomize/build']);
});

describe('a JSON patch of what a chart makes', () => {
  test('values and pointers that lead to unknown fields, at their lines', () => {
    const patch = `- op: replace
  path: /spec/replicas
  value: two
- op: add
  path: /spec/template/spec/containers/0/imagePullPolice
  value: Always
- op: add
  path: /spec/template/spec/containers/0/resources
  value:
    limit: {}
- op: remove
  path: /spec/nothing
- op: add
  path: /metadata/annotations/example.com~1a
  value: b`;
    expect(findingsIn(helm(patch))).toEqual([
      '18 error schema/type',
      '20 error schema/unknown-field',
      '25 error schema/unknown-field',
    ]);
  });

  test('operations that are none', () => {
    expect(findingsIn(helm('- op: set\n  path: /spec/replicas\n  value: 2'))).toEqual(['16 error kustomize/build']);
  });
});

describe('a patch that a kustomization applies', () => {
  test.each([
    ['an unknown field', head + 'spec:\n  replica: 2', ['11 error schema/unknown-field']],
    ['an operation on a path that isn’t there', '- op: remove\n  path: /spec/replicas', ['7 error kustomize/build']],
    ['an unknown operation', '- op: set\n  path: /spec/replicas\n  value: 2', ['6 error kustomize/build']],
    ['text that is no YAML', head + 'spec:\n  replicas: 2\n paused: 3', ['12 error kustomize/build']],
    ['a value of a wrong type', '- op: add\n  path: /spec/replicas\n  value: two', ['8 error schema/type']],
  ])('%s is one finding', (_, patch, found) => {
    expect(findingsIn(kustomization(patch))).toEqual(found);
  });

  test('nothing is refused where it is for nothing', () => {
    const operation = '- op: set\n  path: /spec/replicas\n  value: 2';
    expect(findingsIn(kustomization(operation, 'kind: StatefulSet'))).toEqual([]);
  });
});

describe('a patch file', () => {
  const files = (patch: string, entry = '{ path: patch.yaml, target: { kind: Deployment } }', others = base) => `
# file: patch.yaml
${patch}$0
# file: kustomization.yaml
resources:
  - web.yaml
patches:
  - ${entry}
${others}`;

  test.each([
    [
      'a path that isn’t there',
      '- op: add\n  path: /spec/paused\n  value: true\n- op: remove\n  path: /spec/replicas',
      5,
    ],
    ['a test that fails', '- op: test\n  path: /metadata/name\n  value: other', 2],
    ['an unknown operation', '- op: ad\n  path: /spec/replicas\n  value: 2', 1],
  ])('what kustomize refuses stands at its line: %s', (_, patch, line) => {
    expect(findingsIn(files(patch))).toEqual([`${line} error kustomize/build`]);
  });

  test('a patch for an object that isn’t there', () => {
    const named = (name: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 2`;
    expect(findingsIn(files(named('other'), 'path: patch.yaml'))).toEqual(['4 error kustomize/build']);
    expect(findingsIn(files(named('web'), 'path: patch.yaml'))).toEqual([]);
  });

  test('an object may be in a file that is too large to read', () => {
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2';
    const large = `# file: web.yaml\n${'#\n'.repeat(50_001)}${base.replace(/^\n# file: web.yaml\n/, '')}`;
    expect(findingsIn(files(patch, 'path: patch.yaml', large))).toEqual([]);
  });

  test('syntax that is reported once', () => {
    expect(findingsIn(files('- op: add\n path: /spec'))).toEqual(['2 error syntax/missing-dash']);
  });

  test('unknown fields and wrong types, once, also if nothing can be built', () => {
    const patch = `${head}spec:\n  replica: 2\n`;
    expect(findingsIn(files(patch))).toEqual(['6 error schema/unknown-field']);
    expect(findingsIn(files(patch, undefined, ''))).toEqual(['6 error schema/unknown-field']);
  });

  test('what it would bring is no error where it is for nothing', () => {
    const entry = '{ path: patch.yaml, target: { kind: StatefulSet } }';
    expect(findingsIn(files('- op: add\n  path: /spec/replica\n  value: 1', entry))).toEqual([]);
  });

  test('a null of an unknown field deletes nothing', () => {
    expect(findingsIn(files(`${head}specs: null\n`))).toEqual([]);
  });

  test('of several targets, what all refuse', () => {
    const two = (kind: string) =>
      files(
        `${head}spec:\n  replica: 2\n`,
        `{ path: patch.yaml, target: { kind: Deployment } }\n  - { path: patch.yaml, target: { kind: ${kind} } }`,
        '',
      );
    expect(findingsIn(two('StatefulSet'))).toEqual(['6 error schema/unknown-field']);
    expect(findingsIn(two('.*Set'))).toEqual([]);
  });
});

describe('texts of a ConfigMap', () => {
  const map = (user: string, text: string) => `
# file: a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: data
  namespace: web
data:
  values.yaml: |
    ${text}
  other: |
    a: [
$0
# file: b.yaml
${user}`;
  const set = (namespace: string) => `apiVersion: addons.cluster.x-k8s.io/v1beta2
kind: ClusterResourceSet
metadata:
  name: a
  namespace: ${namespace}
spec:
  clusterSelector: { matchLabels: { a: b } }
  resources:
    - kind: ConfigMap
      name: data
`;
  const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef: { kind: OCIRepository, name: web }
  valuesFrom:
    - kind: ConfigMap
      name: data
`;

  test('values of a HelmRelease are YAML', () => {
    expect(findingsIn(map(release, 'a: [b'))).toEqual(['8 error syntax/unclosed']);
    expect(findingsIn(map(release, 'a: [b]'))).toEqual([]);
    expect(findingsIn(map(release, 'a: { b: ${CC} }'))).toEqual([]);
    expect(findingsIn(map(release.replace('name: data', 'name: data\n      valuesKey: other'), 'a: [b]'))).toEqual([
      '10 error syntax/unclosed',
    ]);
  });

  test('objects of a ClusterResourceSet are YAML', () => {
    expect(findingsIn(map(set('web'), 'a: [b]'))).toEqual(['10 error syntax/unclosed']);
    const two = `${set('web')}---\n${set('web').replace('name: a\n', 'name: b\n')}`;
    expect(findingsIn(map(two, 'a: [b]'))).toEqual(['10 error syntax/unclosed']);
    expect(findingsIn(map(set('other'), 'a: [b'))).toEqual([]);
  });

  test('a key that is set twice is accepted', () => {
    expect(findingsIn(map(release, 'a: b\n    a: c'))).toEqual([]);
  });

  test('other texts may be anything', () => {
    expect(findingsIn(map('a: b\n', 'a: [b'))).toEqual([]);
  });
});

test('a fix is made inside the text', () => {
  const { workspace, path, text } = fixture(helm(`${head}spec:\n  replicass: 2`));
  const [finding] = diagnose(workspace, path);
  const [action] = codeActions(workspace, path, finding!.start, finding!.end);
  expect(edited(text, action!.edits)).toBe(text.replace('replicass', 'replicas'));
});
