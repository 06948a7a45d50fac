import { describe, expect, test } from 'vitest';
import { liveReader } from '../live/providers.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodes } from '../syntax/reader.ts';
import { toValue } from '../syntax/value.ts';
import { groupKindOf, gvkOf } from './identity.ts';
import { kindRow } from './kinds.ts';
import { embeddedIn, referencesOf, type Use } from './references.ts';

/** The uses of one object, `kinds name within` each; read as YAML and as a live object, which must agree. */
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
  test('is a name, or a map with one, in whatever list', () => {
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

  test('means the kind it writes, of those its row allows', () => {
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

  test('with a role means any kind, as its apiGroup or apiVersion has it', () => {
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
    // While the group isn't written yet, the rows know who plays the role.
    expect(cluster('')).toEqual([found]);
    expect(cluster(', apiGroup: example.com')).toEqual([
      'spec.infrastructureRef | example.com/AWSCluster | own | a | infrastructure',
    ]);
  });

  test('without its kind means those that play its role there', () => {
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

  test('is in the namespace it writes, in its own, or in none, as its row says', () => {
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

  test('may be left without target where the row or the object says so', () => {
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

  test('without a readable name is none', () => {
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

test('holes have neither a name nor a known namespace', () => {
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

test('aliases and merge keys are followed, and the name stands where the alias does', () => {
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

test('embedded objects are found where the row has them', () => {
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
