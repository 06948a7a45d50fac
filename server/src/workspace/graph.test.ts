import { expect, test } from 'vitest';
import { fixture } from '../features/fixture.ts';
import { objectGraph } from './graph.ts';

const fleet = `# file: clusters/prod/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/fleet.git }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: fleet } }
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1m
  prune: true
  path: ./apps
  targetNamespace: shop
  sourceRef: { kind: GitRepository, name: fleet }
  dependsOn: [{ name: flux-system }]
# file: apps/web.yaml
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers: [{ name: web, image: web, envFrom: [{ configMapRef: { name: web } }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
# file: old/cluster.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: { name: old, namespace: old }
spec:
  infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSCluster, name: old }
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: AWSCluster
metadata: { name: old, namespace: old }
`;

/** `from kind to` of each edge, by the ids without the kind's group. */
function edgesOf(path: string): readonly string[] {
  const { workspace } = fixture(fleet);
  const { nodes, edges } = objectGraph(workspace, path);
  const shown = new Map(
    nodes.map(({ id, cluster, kind, namespace, name }) => [id, `${cluster ?? '-'} ${kind} ${namespace}/${name}`]),
  );
  return edges.map(({ from, to, kind }) => `${shown.get(from)} ${kind} ${shown.get(to)}`).sort();
}

test('objects are those that clusters get, with what applies them and what they name', () => {
  expect(edgesOf('apps')).toEqual([
    'prod Kustomization flux-system/apps applies prod ConfigMap shop/web',
    'prod Kustomization flux-system/apps applies prod Pod shop/web',
    'prod Pod shop/web reference prod ConfigMap shop/web',
  ]);
  expect(edgesOf('clusters/prod/apps.yaml')).toContain(
    'prod Kustomization flux-system/apps dependsOn prod Kustomization flux-system/flux-system',
  );
});

test('objects that nothing applies are as they are written', () => {
  expect(edgesOf('old')).toEqual(['- Cluster old/old owns - AWSCluster old/old']);
});

test('the root has all of them', () => {
  const { workspace } = fixture(fleet);
  const { nodes } = objectGraph(workspace, '');
  expect(nodes.map(({ file, kind }) => `${file} ${kind}`)).toEqual([
    'apps/web.yaml Pod',
    'apps/web.yaml ConfigMap',
    'clusters/prod/apps.yaml Kustomization',
    'clusters/prod/flux-system/sync.yaml GitRepository',
    'clusters/prod/flux-system/sync.yaml Kustomization',
    'old/cluster.yaml Cluster',
    'old/cluster.yaml AWSCluster',
  ]);
});
