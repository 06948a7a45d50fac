import { describe, expect, test } from 'vitest';
import { definition, references, type Site } from './definition.ts';
import { cursorOf, type Fixture, fixture } from './fixture.ts';

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

/** The cursor behind the one place the text stands at. */
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

  test('a folder that nothing builds is its files', () => {
    const flux = fixture((kustomization + files).replace('path: ./app', 'path: ./plain/$0'));
    expect(definition(cursorOf(flux)).map(({ path }) => path)).toEqual(['plain/a.yaml']);
  });

  test('no other word is a path', () => {
    expect(definition(cursorOf(at('- name: settings')))).toEqual([]);
  });
});

test('a generated map is found by its generator, and what uses it from there', () => {
  const used = at('            name: settings');
  expect(shown(used, definition(cursorOf(used)))).toEqual(['app/kustomization.yaml: settings']);
  const made = at('- name: settings');
  expect(shown(made, references(cursorOf(made), true))).toEqual([
    'app/kustomization.yaml: settings',
    'app/web.yaml: settings',
  ]);
});

test('what v1beta1 of Cluster API names, at its own places', () => {
  const object = (group: string, kind: string, name: string) =>
    `apiVersion: ${group}/v1beta1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
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
    const found = fixture(`${targets}# file: a.yaml\n${text}`);
    expect(shown(found, definition(cursorOf(found)))).toEqual([`t.yaml: ${name}`]);
  }
});
