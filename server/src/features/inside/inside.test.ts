import { describe, expect, test } from 'vitest';
import { complete } from '../completion/completion.ts';
import { applied, cursorOf, fixture, labelsAt } from '../fixture.ts';
import { hover } from '../hover.ts';

const kustomization = (patch: string, target = 'kind: Deployment') => `
# file: kustomization.yaml
resources:
  - web.yaml
patches:
  - target:
      ${target}
    patch: ${patch}
# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`;

describe('completion in an inline patch', () => {
  test('keys of the target’s kind, of which nothing is required', () => {
    const labels = labelsAt(kustomization('|\n      spec:\n        $0'));
    expect(labels).toContain('replicas');
    expect(labels).toContain('template');
    expect(labels).not.toContain('patches');
    expect(applied(kustomization('|\n      spec:\n        $0'), 'template')).toContain(
      '    patch: |\n      spec:\n        template:\n          \n',
    );
  });

  test('an item of a list that is merged begins with its key', () => {
    const source = kustomization(
      '|-\n      spec:\n        template:\n          spec:\n            containers:\n              $0',
    );
    expect(applied(source, '- ')).toContain('            containers:\n              - name: \n');
  });

  test('values', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        strategy:\n          type: $0'))).toEqual([
      'RollingUpdate',
      'Recreate',
    ]);
  });

  test('in the middle of a text, and of a kind that the patch names itself', () => {
    const text = (cursor: string) => `
# file: kustomization.yaml
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        ${cursor}
        ports: []
`;
    expect(labelsAt(text('ty$0'))).toContain('type');
    expect(labelsAt(text('type: $0'))).toContain('LoadBalancer');
  });

  test('in an empty text', () => {
    expect(labelsAt(kustomization('|\n      $0'))).toContain('spec');
  });

  test('directives come last', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        $0')).at(-1)).toBe('$patch');
  });

  test('Flux Kustomizations and HelmReleases', () => {
    const text = (fields: string) => `
apiVersion: ${fields}
          kind: Deployment
        patch: |
          spec:
            re$0
`;
    const flux = text(
      'kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\nspec:\n  patches:\n      - target:',
    );
    expect(labelsAt(flux)).toContain('replicas');
    const helm = text(
      'helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: apps\nspec:\n  postRenderers:\n  - kustomize:\n      patches:\n      - target:',
    );
    expect(labelsAt(helm)).toContain('replicas');
  });

  test('nothing is offered in a text of any language, or for a target of unknown kind', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        $0', 'kind: Deployment|StatefulSet'))).toEqual([]);
  });
});

test('hover in an inline patch describes the target’s field', () => {
  const at = fixture(kustomization('|\n      spec:\n        repl$0icas: 2\n'));
  const found = hover(cursorOf(at));
  expect(found?.text).toContain('replicas');
  expect(at.text.slice(found?.start, found?.end)).toBe('replicas');
});

test('hover on a JSON pointer describes the field that it leads to', () => {
  const at = fixture(
    kustomization(
      '|\n      - op: replace\n        path: /spec/template/spec/containers/0/im$0age\n        value: a:2\n',
    ),
  );
  const found = hover(cursorOf(at));
  expect(found?.text).toContain('image');
  expect(found?.text).toContain('string');
  expect(at.text.slice(found?.start, found?.end)).toBe('/spec/template/spec/containers/0/image');
});

describe('completion of JSON pointers', () => {
  const pod = `
spec:
  template:
    metadata:
      annotations:
        example.com/a: b
    spec:
      containers:
        - name: web
          image: nginx:1
        - name: proxy
          image: proxy:1
          args: [--all]
`;
  const at = (operation: string) => labelsAt(`${kustomization(`|\n      - ${operation}`)}${pod.slice(1)}`);

  test('operations and their fields', () => {
    expect(at('$0')).toEqual(['op', 'path', 'value', 'from']);
    expect(at('op: $0')).toEqual(['add', 'replace', 'remove', 'test', 'copy', 'move']);
  });

  test('fields of the target, one step at a time', () => {
    expect(at('op: add\n        path: /$0')).toEqual(['/metadata', '/spec']);
    expect(at('op: add\n        path: /spec/$0')).toContain('/spec/replicas');
    expect(at('op: add\n        path: /spec/$0')).not.toContain('/spec/template/spec');
  });

  test('a step that is whole leads on', () => {
    expect(at('op: add\n        path: /spec/strategy$0')).toContain('/spec/strategy/type');
  });

  test('indexes that the objects have, and the end of a list only where something is added', () => {
    const path = 'path: /spec/template/spec/containers/$0';
    const items = ['0', '1'].map((index) => `/spec/template/spec/containers/${index}`);
    expect(at(`op: remove\n        ${path}`)).toEqual(items);
    expect(at(`op: add\n        ${path}`)).toEqual([...items, '/spec/template/spec/containers/-']);
  });

  test('keys that the objects have, with their slashes escaped', () => {
    const path = 'path: /spec/template/metadata/annotations/$0';
    expect(at(`op: remove\n        ${path}`)).toEqual(['/spec/template/metadata/annotations/example.com~1a']);
  });

  test('what is removed or tested exists', () => {
    expect(at('op: remove\n        path: /spec/template/spec/containers/1/$0')).toEqual([
      '/spec/template/spec/containers/1/image',
      '/spec/template/spec/containers/1/args',
      '/spec/template/spec/containers/1/name',
    ]);
  });

  test('values by the field at the path', () => {
    expect(at('op: add\n        path: /spec/paused\n        value: $0')).toEqual(['true', 'false']);
    expect(at('op: add\n        path: /spec/strategy\n        value:\n          $0')).toContain('rollingUpdate');
    expect(at('op: add\n        path: /spec/template/spec/containers/-\n        value:\n          ima$0')).toContain(
      'image',
    );
  });

  test('names of the items that a strategic merge may change', () => {
    const patch =
      '|\n      spec:\n        template:\n          spec:\n            containers:\n              - name: $0';
    expect(labelsAt(`${kustomization(patch)}${pod.slice(1)}`).slice(0, 2)).toEqual(['web', 'proxy']);
  });

  test('fields of a template in a ClusterClass', () => {
    const labels = labelsAt(`
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: a
spec:
  patches:
    - name: a
      definitions:
        - selector:
            apiVersion: controlplane.cluster.x-k8s.io/v1beta2
            kind: KubeadmControlPlaneTemplate
            matchResources:
              controlPlane: true
          jsonPatches:
            - op: add
              path: /spec/template/spec/kubeadmConfigSpec/$0
`);
    expect(labels).toContain('/spec/template/spec/kubeadmConfigSpec/clusterConfiguration');
  });
});

describe('completion in a patch file', () => {
  const files = (patch: string, entry = 'path: patch.yaml\n    target:\n      kind: Deployment') => `
# file: kustomization.yaml
resources:
  - web.yaml
patches:
  - ${entry}
# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
# file: patch.yaml
${patch}`;

  test('of operations', () => {
    expect(labelsAt(files('- op: add\n  path: /spec/$0'))).toContain('/spec/replicas');
    expect(labelsAt(files('- op: remove\n  path: /spec/template/spec/containers/$0'))).toEqual([
      '/spec/template/spec/containers/0',
    ]);
  });

  test('of a strategic merge, whose kind the target or the patch itself names', () => {
    expect(labelsAt(files('spec:\n  $0'))).toContain('replicas');
    const own = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  $0';
    expect(labelsAt(files(own, 'path: patch.yaml'))).toContain('replicas');
    expect(applied(files(own, 'path: patch.yaml'), 'selector')).toMatch(/ {2}selector:\n {4}$/);
  });
});

describe('completion in the template of a ResourceSet', () => {
  const set = (template: string) => `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata:
  name: tenants
  namespace: apps
spec:
  inputs:
    - tenant: blue
      region: eu
    - tenant: green
  resourcesTemplate: |
${template.replace(/^(?=.)/gm, '    ')}
`;
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: << inputs.tenant >>\nspec:\n  ';

  test('keys and values of each object', () => {
    expect(labelsAt(set(`${service}$0`))).toContain('clusterIP');
    const two = set(`---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n---\n${service}type: $0`);
    expect(labelsAt(two)).toEqual(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  });

  test('whole objects, and what they require', () => {
    expect(labelsAt(set('$0'))).toContain('HelmRelease');
    const text = applied(set('apiVersion: v1\nkind: ConfigMap\n$0'), 'metadata');
    expect(text).toContain('    metadata:\n      name: \n      namespace: \n');
  });

  test('beside lines of the template’s language', () => {
    expect(labelsAt(set(`<<- range $name, $all := inputs.all >>\n---\n${service}$0\n<<- end >>`))).toContain(
      'clusterIP',
    );
  });

  test('the inputs, with their values', () => {
    const at = cursorOf(fixture(set('apiVersion: v1\nkind: Service\nmetadata:\n  name: << inputs.$0 >>')));
    expect(complete(at).map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      'tenant: blue, green',
      'region: eu',
    ]);
  });
});

test('objects in a ConfigMap of a ClusterResourceSet are completed', () => {
  const labels = labelsAt(`# file: a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cni
data:
  cni.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    spec:
      $0
# file: b.yaml
apiVersion: addons.cluster.x-k8s.io/v1beta2
kind: ClusterResourceSet
metadata:
  name: a
spec:
  resources:
    - kind: ConfigMap
      name: cni
`);
  expect(labels).toContain('updateStrategy');
});
