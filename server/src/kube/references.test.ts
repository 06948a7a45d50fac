import { describe, expect, test } from 'vitest';
import { liveReader } from '../live/providers.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodes } from '../syntax/reader.ts';
import { toValue } from '../syntax/value.ts';
import { groupKindOf, gvkOf } from './identity.ts';
import { kindRow } from './kinds.ts';
import { embeddedIn, referencesOf, type Use } from './references.ts';

/** The references of one object as `kinds name within`, read from YAML and from a live object, which must agree. */
function usesIn(text: string): readonly string[] {
  const { root, apiVersion, kind } = parseManifest(text);
  const row = kindRow(groupKindOf(gvkOf(apiVersion!, kind!)!))!;
  const inYaml = referencesOf(root!, row, nodes).map(shown);
  expect(referencesOf<unknown>(toValue(root!), row, liveReader).map(shown)).toEqual(inYaml);
  return inYaml;
}

function shown({ path, name, targets, within, optional, reference: { role } }: Use<unknown>): string {
  const namespace = within.is === 'written' ? within.namespace : within.is;
  return [path.join('.'), targets.join(' or '), namespace, name, role, optional ? 'optional' : '']
    .filter(Boolean)
    .join(' | ');
}

describe('a reference', () => {
  test('is a name, or a map with a name, in lists of any depth', () => {
    expect(
      usesIn(`
apiVersion: v1
kind: Pod
spec:
  serviceAccountName: runner
  volumes:
    - name: one
      configMap:
        name: settings
    - name: two
      secret:
        secretName: key
`),
    ).toEqual([
      'spec.serviceAccountName | /ServiceAccount | own | runner | optional',
      'spec.volumes.0.configMap | /ConfigMap | own | settings | optional',
      'spec.volumes.1.secret.secretName | /Secret | own | key | optional',
    ]);
  });

  test('has the kind that it sets, if its row allows it', () => {
    const binding = (roleRef: string) =>
      usesIn(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
roleRef: ${roleRef}
`);
    const group = 'rbac.authorization.k8s.io';
    expect(binding('{ kind: Role, name: a }')).toEqual([`roleRef | ${group}/Role | own | a`]);
    expect(binding('{ name: a }')).toEqual([`roleRef | ${group}/Role or ${group}/ClusterRole | own | a`]);
    expect(binding('{ kind: Group, name: a }')).toEqual([]);
    expect(binding('{ kind: Role, apiGroup: other.io, name: a }')).toEqual([]);
  });

  test('with a role may have any kind of its apiGroup or apiVersion', () => {
    const cluster = (fields: string) =>
      usesIn(`
apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
spec:
  infrastructureRef: { kind: AWSCluster, name: a${fields} }
`);
    const group = 'infrastructure.cluster.x-k8s.io';
    const found = `spec.infrastructureRef | ${group}/AWSCluster | own | a | infrastructure`;
    expect(cluster(`, apiGroup: ${group}`)).toEqual([found]);
    expect(cluster(`, apiVersion: ${group}/v1beta2`)).toEqual([found]);
    // Without a group, the kinds with the role are those of the rows.
    expect(cluster('')).toEqual([found]);
    expect(cluster(', apiGroup: example.com')).toEqual([
      'spec.infrastructureRef | example.com/AWSCluster | own | a | infrastructure',
    ]);
  });

  test('without a kind may have any kind with its role', () => {
    const [found] = usesIn(`
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
spec:
  controlPlaneRef: { name: a }
`);
    expect(found).toContain('controlplane.cluster.x-k8s.io/KubeadmControlPlane');
    expect(found).not.toContain('Template');
    expect(found).not.toContain('Config');
  });

  test('is in the namespace that it sets, in that of its object, or cluster-scoped, depending on its row', () => {
    const kustomization = (namespace: string) =>
      usesIn(`
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
spec:
  sourceRef: { kind: GitRepository, name: a${namespace} }
`).map((use) => use.split(' | ')[2]);
    expect(kustomization('')).toEqual(['own']);
    expect(kustomization(', namespace: b')).toEqual(['b']);
    expect(kustomization(', namespace: ""')).toEqual(['own']);
    expect(
      usesIn(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
roleRef: { kind: ClusterRole, name: a, namespace: b }
`),
    ).toEqual(['roleRef | rbac.authorization.k8s.io/ClusterRole | cluster | a']);
    expect(
      usesIn(`
apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
spec:
  infrastructureRef: { apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSCluster, name: a, namespace: b }
`),
    ).toEqual(['spec.infrastructureRef | infrastructure.cluster.x-k8s.io/AWSCluster | own | a | infrastructure']);
  });

  test('is optional if the row or the object defines it so', () => {
    const release = (field: string) =>
      usesIn(`
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  chartRef: { kind: HelmChart, name: a${field} }
`).map((use) => use.endsWith('optional'));
    expect(release('')).toEqual([false]);
    expect(release(', optional: true')).toEqual([true]);
    expect(release(', optional: false')).toEqual([false]);
  });

  test('without a known name is skipped', () => {
    expect(
      usesIn(`
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
spec:
  providerRef: { name: "" }
  eventSources:
    - { kind: GitRepository, name: "*" }
    - { kind: GitRepository, name: 1 }
    - { kind: GitRepository }
    - GitRepository
    - []
`),
    ).toEqual([]);
  });
});

test('a hole is neither a name nor a known namespace', () => {
  const { root } = parseManifest(`
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
spec:
  dependsOn:
    - name: \${NAME}
    - name: a
      namespace: \${NAMESPACE}
`);
  const row = kindRow('kustomize.toolkit.fluxcd.io/Kustomization')!;
  expect(referencesOf(root!, row, nodes).map(({ name, within }) => [name, within.is])).toEqual([['a', 'unknown']]);
});

test('aliases and merge keys are resolved, and the name has the range of the alias', () => {
  const text = `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &name apps
spec:
  dependsOn:
    - name: *name
    - &base
      namespace: b
      name: c
    - <<: *base
      name: d
`;
  const { root } = parseManifest(text);
  const uses = referencesOf(root!, kindRow('kustomize.toolkit.fluxcd.io/Kustomization')!, nodes);
  expect(uses.map(({ name, node }) => [name, text.slice(node.start, node.end)])).toEqual([
    ['apps', '*name'],
    ['c', 'c'],
    ['d', 'd'],
  ]);
  expect(uses.map(({ within }) => within.is)).toEqual(['own', 'written', 'written']);
});

test('embedded objects are found at the paths of the row', () => {
  const { root } = parseManifest(`
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
spec:
  resources:
    - kind: A
  steps:
    - resources: [{ kind: B }, { kind: C }]
`);
  expect(embeddedIn(root!, kindRow('fluxcd.controlplane.io/ResourceSet')!, nodes)).toEqual([
    ['spec', 'resources', 0],
    ['spec', 'steps', 0, 'resources', 0],
    ['spec', 'steps', 0, 'resources', 1],
  ]);
});
