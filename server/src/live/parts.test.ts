import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { trim } from './object.ts';
import { partsOf } from './parts.ts';

function parts(yaml: string): readonly string[] {
  const { metadata, ...rest } = parse(yaml) as { readonly metadata?: object };
  const object = trim({ apiVersion: 'cluster.x-k8s.io/v1beta2', ...rest, metadata: { name: 'a', ...metadata } })!;
  return partsOf(object).map(({ role, key, namespace }) => `${role} ${key} ${namespace}`);
}

test('a Cluster has its infrastructure before its control plane', () => {
  expect(
    parts(`
      kind: Cluster
      metadata: { namespace: apps }
      spec:
        controlPlaneRef: { apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: plane }
        infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSCluster, name: net }
    `),
  ).toEqual([
    'infrastructure infrastructure.cluster.x-k8s.io/AWSCluster|apps|net apps',
    'controlPlane controlplane.cluster.x-k8s.io/KubeadmControlPlane|apps|plane apps',
  ]);
});

test('a managed control plane that is also the infrastructure is one part', () => {
  expect(
    parts(`
      kind: Cluster
      metadata: { namespace: apps }
      spec:
        infrastructureRef: { apiGroup: controlplane.cluster.x-k8s.io, kind: AWSManagedControlPlane, name: eks }
        controlPlaneRef: { apiGroup: controlplane.cluster.x-k8s.io, kind: AWSManagedControlPlane, name: eks }
    `),
  ).toEqual(['controlPlane controlplane.cluster.x-k8s.io/AWSManagedControlPlane|apps|eks apps']);
});

test('a Machine has its infrastructure before its bootstrap configuration', () => {
  expect(
    parts(`
      kind: Machine
      metadata: { namespace: apps }
      spec:
        bootstrap:
          configRef: { apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfig, name: boot }
        infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachine, name: box }
    `),
  ).toEqual([
    'infrastructure infrastructure.cluster.x-k8s.io/AWSMachine|apps|box apps',
    'bootstrap bootstrap.cluster.x-k8s.io/KubeadmConfig|apps|boot apps',
  ]);
});

test('the parts of a MachinePool are in its template', () => {
  expect(
    parts(`
      kind: MachinePool
      metadata: { namespace: apps }
      spec:
        template:
          spec:
            bootstrap:
              configRef: { apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfig, name: boot }
            infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachinePool, name: pool }
    `),
  ).toEqual([
    'infrastructure infrastructure.cluster.x-k8s.io/AWSMachinePool|apps|pool apps',
    'bootstrap bootstrap.cluster.x-k8s.io/KubeadmConfig|apps|boot apps',
  ]);
});

test('templates are not parts', () => {
  expect(
    parts(`
      kind: MachineDeployment
      spec:
        template:
          spec:
            bootstrap:
              configRef: { apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfigTemplate, name: boot }
            infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachineTemplate, name: box }
    `),
  ).toEqual([]);
});
