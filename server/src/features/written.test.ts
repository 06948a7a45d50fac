import { describe, expect, test } from 'vitest';
import type { GroupKind } from '../kube/identity.ts';
import type { FluxApplier, Origin } from '../live/origin.ts';
import { atOnce } from '../syntax/steps.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { fixture } from './fixture.ts';
import { preparing } from './latest-findings.ts';
import { identitiesIn, writtenAt } from './written.ts';

const cluster = (name: string) => `# file: clusters/${name}/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: https://git.example/fleet }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: fleet } }
# file: clusters/${name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./apps/${name}, sourceRef: { kind: GitRepository, name: fleet } }
# file: apps/${name}/kustomization.yaml
namespace: shop
resources: [../base, own.yaml]
# file: apps/${name}/own.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: own }
`;

const files = `${cluster('blue')}${cluster('red')}# file: apps/base/kustomization.yaml
namePrefix: web-
resources: [both.yaml]
# file: apps/base/both.yaml
# A comment.
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: c
spec:
  topology:
    classRef: { name: k }
    version: v1.36.0
    workers:
      machineDeployments:
        - name: a
          class: a
        - name: b
          class: b
# file: loose/map.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: loose, namespace: there }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: anywhere }
---
apiVersion: v1
kind: Namespace
metadata: { name: there, namespace: ignored }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web-settings, namespace: shop }
# file: loose/kustomization.yaml
patches: [{ path: patch.yaml }]
# file: loose/patch.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: loose, namespace: there }
data: { a: b }
`;

function prepared(source: string): Workspace {
  const { workspace } = fixture(source);
  atOnce(preparing(workspace));
  return workspace;
}

const by = (name: string): readonly FluxApplier[] => [
  { namespace: 'flux-system', name: 'apps', path: `apps/${name}` },
  { namespace: 'flux-system', name: 'flux-system', path: `clusters/${name}` },
];

const map = (name: string, namespace: string, appliers: readonly FluxApplier[]): Origin => ({
  ...{ groupKind: '/ConfigMap' as GroupKind, namespace, name, appliers },
});

describe('where live objects are written', () => {
  const workspace = prepared(files);
  const places = (...origins: readonly Origin[]) =>
    writtenAt(workspace, origins).map(({ file, offset, clusters, index }) => {
      const line = workspace.file(file)!.text.slice(0, offset).split('\n').length;
      return `${file}:${line} ${clusters.join()} ${index}`;
    });

  test('follows prefixes, namespaces and overlays', () => {
    expect(places(map('web-settings', 'shop', by('red')))).toEqual(['apps/base/both.yaml:2 red 0']);
    expect(places(map('own', 'shop', by('red')))).toEqual(['apps/red/own.yaml:1 red 0']);
  });

  test('has all places where it is unknown which of them is meant', () => {
    expect(places(map('own', 'shop', []))).toEqual(['apps/blue/own.yaml:1 blue 0', 'apps/red/own.yaml:1 red 0']);
    expect(places(map('web-settings', 'shop', []))).toEqual(['apps/base/both.yaml:2 blue,red 0']);
  });

  test('is nothing of what another Kustomization applies', () => {
    expect(places(map('own', 'shop', [{ namespace: 'flux-system', name: 'other', path: 'apps/red' }]))).toEqual([]);
  });

  test('is that of what made the object', () => {
    const pod: Origin = { groupKind: '/Pod', namespace: 'shop', name: 'x', appliers: by('red') };
    expect(places(pod, map('own', 'shop', by('red')))).toEqual(['apps/red/own.yaml:1 red 1']);
  });

  test('is the item of a topology', () => {
    const origin: Origin = {
      groupKind: 'cluster.x-k8s.io/Cluster',
      namespace: 'shop',
      name: 'web-c',
      appliers: by('blue'),
    };
    const part = { path: ['spec', 'topology', 'workers', 'machineDeployments'], name: 'b' };
    expect(places({ ...origin, part })).toEqual(['apps/base/both.yaml:19 blue 0']);
    expect(places(origin)).toEqual(['apps/base/both.yaml:7 blue 0']);
  });

  test('is a file that nothing known applies', () => {
    expect(places(map('loose', 'there', []))).toEqual(['loose/map.yaml:1  0']);
    expect(places(map('loose', 'elsewhere', []))).toEqual([]);
  });
});

test('the objects of a file are those that clusters get', () => {
  const workspace = prepared(files);
  const words = (path: string) =>
    identitiesIn(workspace, path).map(({ groupKind, namespace, name, appliers }) => {
      return `${groupKind} ${namespace}/${name} ${appliers.map(({ path: of }) => of).join()}`;
    });
  expect(words('apps/base/both.yaml')).toEqual([
    '/ConfigMap shop/web-settings apps/blue,clusters/blue',
    '/ConfigMap shop/web-settings apps/red,clusters/red',
    'cluster.x-k8s.io/Cluster shop/web-c apps/blue,clusters/blue',
    'cluster.x-k8s.io/Cluster shop/web-c apps/red,clusters/red',
  ]);
  // Neither what is applied from another file, nor what has no namespace.
  expect(words('loose/map.yaml')).toEqual(['/ConfigMap there/loose ', '/Namespace undefined/there ']);
  expect(words('loose/patch.yaml')).toEqual([]);
  expect(words('apps/base/kustomization.yaml')).toEqual([]);
});
