import { describe, expect, test, vi } from 'vitest';
import { yaml } from '../fixture.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { cursorAt } from './cursor.ts';
import { definition, references, type Site } from './definition.ts';
import {
  configMap,
  cursorOf,
  type Fixture,
  fixture,
  kustomization as kustomizationOf,
  places,
  podUsing,
} from './fixture.ts';

vi.mock(import('../syntax/manifest.ts'), { spy: true });

const kustomization = `# file: app/kustomization.yaml
resources:
  - web.yaml
  - ../base
patches:
  - path: patches/web.yaml
configMapGenerator:
  - name: settings
    files:
      - values.yaml=helm.yaml
`;
const files = `# file: app/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web
      envFrom:
        - configMapRef:
            name: settings
# file: app/helm.yaml
a: 1
# file: app/patches/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
# file: base/kustomization.yaml
resources: []
# file: plain/a.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
# file: flux.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app
spec:
  path: ./app
`;

/** The cursor after the only occurrence of the text. */
function at(text: string): Fixture {
  const all = kustomization + files;
  expect(all.split(text)).toHaveLength(2);
  return fixture(all.replace(text, `${text}$0`));
}

function shown({ workspace }: Fixture, sites: readonly Site[]): readonly string[] {
  return sites.map(({ path, start, end }) => `${path}: ${workspace.file(path)!.text.slice(start, end)}`);
}

describe('definition', () => {
  test.each([
    ['- web.yaml', 'app/web.yaml'],
    ['- ../base', 'base/kustomization.yaml'],
    ['path: patches/web.yaml', 'app/patches/web.yaml'],
    ['values.yaml=helm.yaml', 'app/helm.yaml'],
    ['path: ./app', 'app/kustomization.yaml'],
  ])('%s is %s', (text, path) => {
    expect(definition(cursorOf(at(text)))).toEqual([{ path, start: 0, end: 0 }]);
  });

  test('a folder without a kustomization resolves to its files', () => {
    const flux = fixture((kustomization + files).replace('path: ./app', 'path: ./plain/$0'));
    expect(definition(cursorOf(flux)).map(({ path }) => path)).toEqual(['plain/a.yaml']);
  });

  test('other text is not a path', () => {
    expect(definition(cursorOf(at('- name: settings')))).toEqual([]);
  });
});

test('a generated ConfigMap is defined by its generator, which lists its uses', () => {
  const used = at('            name: settings');
  expect(shown(used, definition(cursorOf(used)))).toEqual(['app/kustomization.yaml: settings']);
  const made = at('- name: settings');
  expect(shown(made, references(cursorOf(made), true))).toEqual([
    'app/kustomization.yaml: settings',
    'app/web.yaml: settings',
  ]);
});

test('references in v1beta1 of Cluster API, whose paths differ', () => {
  const object = (group: string, kind: string, name: string) =>
    yaml`
      apiVersion: ${group}/v1beta1
      kind: ${kind}
      metadata:
        name: ${name}
    `;
  const infrastructure = 'infrastructure.cluster.x-k8s.io';
  const targets = `# file: t.yaml\n${[
    object('cluster.x-k8s.io', 'ClusterClass', 'class'),
    object(infrastructure, 'AWSMachineTemplate', 'machines'),
    object(infrastructure, 'AWSClusterTemplate', 'clusters'),
    object('bootstrap.cluster.x-k8s.io', 'KubeadmConfigTemplate', 'joins'),
  ].join('---\n')}`;
  const ref = (kind: string, name: string, group = infrastructure) =>
    `{apiVersion: ${group}/v1beta1, kind: ${kind}, name: ${name}$0}`;
  const cases = [
    ['class', `${object('cluster.x-k8s.io', 'Cluster', 'a')}spec: {topology: {class: class$0}}\n`],
    [
      'machines',
      `${object('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane', 'a')}spec: {machineTemplate: {infrastructureRef: ${ref('AWSMachineTemplate', 'machines')}}}\n`,
    ],
    [
      'clusters',
      `${object('cluster.x-k8s.io', 'ClusterClass', 'a')}spec: {infrastructure: {ref: ${ref('AWSClusterTemplate', 'clusters')}}}\n`,
    ],
    [
      'joins',
      `${object('cluster.x-k8s.io', 'ClusterClass', 'a')}spec: {workers: {machineDeployments: [{template: {bootstrap: {ref: ${ref('KubeadmConfigTemplate', 'joins', 'bootstrap.cluster.x-k8s.io')}}}}]}}\n`,
    ],
  ] as const;
  for (const [name, text] of cases) {
    const found = fixture(yaml`
      ${targets}# file: a.yaml
      ${text}`);
    expect(shown(found, definition(cursorOf(found)))).toEqual([`t.yaml: ${name}`]);
  }
});

describe('an embedded object', () => {
  const list = `# file: list.yaml
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
  - apiVersion: v1
    kind: Pod
    metadata:
      name: one
    spec:
      volumes:
        - name: a
          configMap:
            name: settings
`;

  test('in a List defines and uses names', () => {
    const use = fixture(list.replace('            name: settings', '            name: settings$0'));
    expect(places(use, definition(cursorOf(use)))).toEqual(['list.yaml:7']);
    const own = fixture(list.replace('      name: settings', '      name: $0settings'));
    expect(places(own, references(cursorOf(own), true))).toEqual(['list.yaml:7', 'list.yaml:16']);
  });

  test('in a ResourceSet defines and uses names', () => {
    const set = `# file: set.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata:
  name: apps
  namespace: flux-system
spec:
  resources:
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: HelmRepository
      metadata:
        name: charts
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata:
        name: << inputs.name >>
      spec:
        chart:
          spec:
            chart: app
            sourceRef:
              kind: HelmRepository
              name: charts$0
`;
    const use = fixture(set);
    expect(places(use, definition(cursorOf(use)))).toEqual(['set.yaml:11']);
    const own = fixture(set.replace('$0', '').replace('name: charts', 'name: $0charts'));
    expect(places(own, references(cursorOf(own), true))).toEqual(['set.yaml:11', 'set.yaml:22']);
  });
});

test('a reference to any kind resolves to the kind it names', () => {
  const found = fixture(`# file: aws.yaml
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: AWSCluster
metadata:
  name: prod
# file: azure.yaml
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureCluster
metadata:
  name: prod
# file: cluster.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: prod
spec:
  infrastructureRef:
    apiGroup: infrastructure.cluster.x-k8s.io
    kind: AWSCluster$0
    name: prod
`);
  expect(places(found, definition(cursorOf(found)))).toEqual(['aws.yaml:4']);
  expect(places(found, references(cursorOf(found), false))).toEqual(['cluster.yaml:9']);
});

test('a reference is to what its own cluster gets, in a folder whose path has a variable', () => {
  const stage = (name: string) => yaml`
    # file: clusters/${name}/sync.yaml
    ${kustomizationOf('flux-system', `./clusters/${name}`, `  postBuild: { substitute: { STAGE: ${name} } }`)}
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: { name: flux-system, namespace: flux-system }
    spec: { interval: 1h, url: "ssh://git@example.com/fleet.git" }
    # file: clusters/${name}/kustomization.yaml
    resources: [sync.yaml, ../../shared]
    # file: apps/${name}/map.yaml
    ${configMap('settings', 'a')}
    # file: apps/${name}/pod.yaml
    ${podUsing('settings', 'a').replace('name: settings', name === 'prod' ? 'name: settings$0' : 'name: settings')}`;
  const found = fixture(yaml`
    ${stage('prod')}
    ${stage('test')}
    # file: shared/kustomization.yaml
    resources: [apps.yaml]
    # file: shared/apps.yaml
    ${kustomizationOf('apps', './apps/${STAGE}')}`);
  fleetOf(found.workspace).clusters();
  expect(definition(cursorOf(found)).map(({ path }) => path)).toEqual(['apps/prod/map.yaml']);
  expect(references(cursorOf(found), true).map(({ path }) => path)).toEqual([
    'apps/prod/map.yaml',
    'apps/prod/pod.yaml',
  ]);
  const { text } = found.workspace.file('shared/apps.yaml')!;
  const folders = definition(cursorAt(found.workspace, 'shared/apps.yaml', text.indexOf('apps/$'))!);
  expect(folders.map(({ path }) => path)).toEqual([
    'apps/prod/map.yaml',
    'apps/prod/pod.yaml',
    'apps/test/map.yaml',
    'apps/test/pod.yaml',
  ]);
});

test('no other document is parsed', () => {
  const files = Array.from(
    { length: 30 },
    (_, index) => yaml`
      # file: ${index}.yaml
      ${podUsing('settings', 'a')}`,
  );
  const found = fixture(yaml`
    # file: map.yaml
    ${configMap('settings$0', 'a')}${files.join('')}`);
  const cursor = cursorOf(found);
  vi.mocked(parseManifest).mockClear();
  expect(references(cursor, true)).toHaveLength(31);
  const used = cursorAt(found.workspace, '3.yaml', podUsing('settings', 'a').lastIndexOf('settings'))!;
  vi.mocked(parseManifest).mockClear();
  expect(definition(used)).toHaveLength(1);
  expect(references(used, true)).toHaveLength(31);
  expect(parseManifest).not.toHaveBeenCalled();
});
