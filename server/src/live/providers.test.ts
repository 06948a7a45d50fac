import { describe, expect, test } from 'vitest';
import { type LiveObject, trim } from './object.ts';
import { namedBy, providerKinds } from './providers.ts';

const infrastructure = 'infrastructure.cluster.x-k8s.io';

function live(apiVersion: string, kind: string, spec: unknown): LiveObject {
  return trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'own' }, spec })!;
}

describe('provider kinds', () => {
  test.each([
    ['v1beta2', { apiGroup: infrastructure }],
    ['v1beta1', { apiVersion: `${infrastructure}/v1beta2` }],
  ])('of a Cluster of %s', (version, group) => {
    const cluster = live(`cluster.x-k8s.io/${version}`, 'Cluster', {
      infrastructureRef: { ...group, kind: 'AWSCluster', name: 'net' },
      controlPlaneRef: { apiGroup: 'controlplane.cluster.x-k8s.io', kind: 'KubeadmControlPlane', name: 'plane' },
    });
    expect(providerKinds(cluster)).toEqual([
      `${infrastructure}/AWSCluster`,
      'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
    ]);
    expect(namedBy(cluster)[0]).toMatchObject({
      path: 'spec.infrastructureRef',
      name: 'net',
      groupKind: `${infrastructure}/AWSCluster`,
      key: `${infrastructure}/AWSCluster|own|net`,
    });
  });

  test('of a MachinePool, which references infrastructure where a MachineDeployment references a template', () => {
    const template = (kind: string) => ({
      template: { spec: { infrastructureRef: { apiGroup: infrastructure, kind, name: 'a' } } },
    });
    const of = (kind: string, target: string) =>
      providerKinds(live('cluster.x-k8s.io/v1beta2', kind, template(target)));
    expect(of('MachinePool', 'AWSMachinePool')).toEqual([`${infrastructure}/AWSMachinePool`]);
    expect(of('MachineDeployment', 'AWSMachineTemplate')).toEqual([]);
  });
});

test('references are read at the paths of the rows, with their target namespace', () => {
  const kustomization = live('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {
    sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' },
    dependsOn: [{ name: 'infra' }],
  });
  expect(namedBy(kustomization).map(({ path, key }) => [path, key])).toEqual([
    ['spec.sourceRef', 'source.toolkit.fluxcd.io/GitRepository|flux-system|fleet'],
    ['spec.dependsOn.0', 'kustomize.toolkit.fluxcd.io/Kustomization|own|infra'],
  ]);
  const aws = live(`${infrastructure}/v1beta2`, 'AWSCluster', {
    identityRef: { kind: 'AWSClusterRoleIdentity', name: 'prod' },
  });
  expect(namedBy(aws).map(({ key }) => key)).toEqual([`${infrastructure}/AWSClusterRoleIdentity||prod`]);
});

test('invalid references and kinds without a row yield none', () => {
  const cluster = live('cluster.x-k8s.io/v1beta2', 'Cluster', {
    infrastructureRef: { kind: 'AWSCluster' },
    controlPlaneRef: 'plane',
  });
  expect(namedBy(cluster)).toEqual([]);
  expect(namedBy(live('example.com/v1', 'Ship', { infrastructureRef: { name: 'a' } }))).toEqual([]);
});
