import { describe, expect, test } from 'vitest';
import { inventoryOf } from './inventory.ts';
import { keyOf, type LiveObject, objectKey, trim } from './object.ts';
import type { Absence } from './source.ts';
import { sourceOfTree, type TreeNode, treeOf } from './tree.ts';

function live(
  apiVersion: string,
  kind: string,
  name: string,
  rest: Readonly<Record<string, unknown>> = {},
): LiveObject {
  const { metadata = {}, ...others } = rest as { metadata?: object };
  return trim({ apiVersion, kind, metadata: { name, namespace: 'apps', ...metadata }, ...others })!;
}

function kustomization(name: string, ids: readonly string[], spec: object = {}): LiveObject {
  const conditions = [{ type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: '' }];
  const entries = ids.map((id) => ({ id, v: 'v1' }));
  return live('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, {
    spec,
    status: { conditions, inventory: { entries } },
  });
}

function grown(root: LiveObject, others: readonly LiveObject[], absent: ReadonlyMap<string, Absence> = new Map()) {
  const objects = new Map([root, ...others].map((object) => [objectKey(object), object]));
  return lines(treeOf(root, sourceOfTree(root, { objects, absent })!, Date.now()));
}

function lines({ kind, name, role, state, reason, children }: TreeNode, indent = ''): readonly string[] {
  const line = `${indent}${role ? `${role}: ` : ''}${kind}/${name} ${state} ${reason}`.trimEnd();
  return [line, ...children.flatMap((child) => lines(child, `${indent}  `))];
}

describe('inventory', () => {
  test('reads names with dots and colons, and entries without a namespace', () => {
    const { entries } = inventoryOf(
      kustomization('a', [
        'apps_web.v1_apps_Deployment',
        '_system__node_rbac.authorization.k8s.io_ClusterRole',
        '_crds.example.com_apiextensions.k8s.io_CustomResourceDefinition',
        'apps_settings__ConfigMap',
        'nonsense',
      ]),
    );
    expect(entries.map(({ namespace, name, groupKind }) => [namespace, name, groupKind])).toEqual([
      ['apps', 'web.v1', 'apps/Deployment'],
      [undefined, 'system:node', 'rbac.authorization.k8s.io/ClusterRole'],
      [undefined, 'crds.example.com', 'apiextensions.k8s.io/CustomResourceDefinition'],
      ['apps', 'settings', '/ConfigMap'],
    ]);
  });
});

describe('Flux', () => {
  const inner = 'apps_inner_kustomize.toolkit.fluxcd.io_Kustomization';

  test('applied objects are children, recursively', () => {
    const web = live('apps/v1', 'Deployment', 'web', {
      metadata: { generation: 1 },
      spec: { replicas: 2 },
      status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
    });
    const root = kustomization('root', ['apps_settings__ConfigMap', inner, 'apps_gone_apps_Deployment']);
    const absent = new Map<string, Absence>([[keyOf('apps/Deployment', 'apps', 'gone'), 'not found']]);
    expect(grown(root, [kustomization('inner', ['apps_web_apps_Deployment']), web], absent)).toEqual([
      'Kustomization/root ready',
      '  ConfigMap/settings none',
      '  Kustomization/inner ready',
      '    Deployment/web progressing 1/2: 1 of 2 updated replicas are available',
      '  Deployment/gone failed not found',
    ]);
  });

  test('a cycle of Kustomizations ends', () => {
    const outer = 'apps_outer_kustomize.toolkit.fluxcd.io_Kustomization';
    const root = kustomization('outer', [outer, inner]);
    expect(grown(root, [kustomization('inner', [outer])])).toEqual([
      'Kustomization/outer ready',
      '  Kustomization/inner ready',
      '    Kustomization/outer ready',
    ]);
  });

  test('entries applied to another cluster do not refer to objects of this one', () => {
    const root = kustomization('root', ['apps_web_apps_Deployment'], {
      kubeConfig: { secretRef: { name: 'edge-kubeconfig' } },
    });
    const here = live('apps/v1', 'Deployment', 'web', { spec: { replicas: 1 }, status: {} });
    const tree = treeOf(
      root,
      sourceOfTree(root, { objects: new Map([[objectKey(here), here]]), absent: new Map() })!,
      Date.now(),
    );
    expect(tree.description).toContain('applied to the cluster of kubeconfig edge-kubeconfig');
    expect(tree.children.map(({ name, state }) => [name, state])).toEqual([['web', 'none']]);
  });
});

describe('cluster', () => {
  const reference = (group: string, kind: string, name: string) => ({
    apiGroup: `${group}.cluster.x-k8s.io`,
    kind,
    name,
  });
  const conditions = (type: string, status: string) => ({
    conditions: [{ type, status, reason: 'Reason', message: '' }],
  });
  const labels = { 'cluster.x-k8s.io/cluster-name': 'demo' };
  const owned = (kind: string, name: string) => ({
    labels,
    ownerReferences: [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind, name, uid: 'u', controller: true }],
  });

  test('parts are in the order of provisioning, absent ones with the reason', () => {
    const root = live('cluster.x-k8s.io/v1beta2', 'Cluster', 'demo', {
      spec: {
        infrastructureRef: reference('infrastructure', 'AWSCluster', 'demo'),
        controlPlaneRef: reference('controlplane', 'KubeadmControlPlane', 'demo'),
      },
      status: conditions('Available', 'True'),
    });
    const machine = live('cluster.x-k8s.io/v1beta2', 'Machine', 'demo-md-1', {
      metadata: owned('MachineSet', 'demo-md'),
      spec: { infrastructureRef: reference('infrastructure', 'AWSMachine', 'demo-md-1') },
      status: conditions('Ready', 'True'),
    });
    const others = [
      machine,
      live('cluster.x-k8s.io/v1beta2', 'MachineSet', 'demo-md', {
        metadata: owned('MachineDeployment', 'demo-md'),
        spec: { replicas: 1 },
        status: { replicas: 1, readyReplicas: 1 },
      }),
      live('cluster.x-k8s.io/v1beta2', 'MachineDeployment', 'demo-md', {
        metadata: { labels },
        spec: { replicas: 1 },
        status: { ...conditions('Available', 'True'), replicas: 1, upToDateReplicas: 1, availableReplicas: 1 },
      }),
      // No owner yet: the reference determines its place.
      live('infrastructure.cluster.x-k8s.io/v1beta2', 'AWSCluster', 'demo', { status: conditions('Ready', 'True') }),
    ];
    const absent = new Map<string, Absence>([
      [keyOf('controlplane.cluster.x-k8s.io/KubeadmControlPlane', 'apps', 'demo'), 'not found'],
      [keyOf('infrastructure.cluster.x-k8s.io/AWSMachine', 'apps', 'demo-md-1'), 'not allowed'],
    ]);
    expect(grown(root, others, absent)).toEqual([
      'Cluster/demo ready',
      '  infrastructure: AWSCluster/demo ready',
      '  control plane: KubeadmControlPlane/demo failed not found',
      '  MachineDeployment/demo-md ready',
      '    MachineSet/demo-md ready',
      '      Machine/demo-md-1 ready',
      '        infrastructure: AWSMachine/demo-md-1 denied no permission to read it',
    ]);
  });

  test('a missing part of an object that is being deleted is not shown', () => {
    const root = live('cluster.x-k8s.io/v1beta2', 'Cluster', 'demo', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['cluster.cluster.x-k8s.io'] },
      spec: { infrastructureRef: reference('infrastructure', 'AWSCluster', 'demo') },
    });
    const absent = new Map<string, Absence>([
      [keyOf('infrastructure.cluster.x-k8s.io/AWSCluster', 'apps', 'demo'), 'not found'],
    ]);
    expect(grown(root, [], absent)).toEqual(['Cluster/demo deleting waiting for finalizer cluster.cluster.x-k8s.io']);
  });
});
