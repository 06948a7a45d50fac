import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { childrenOf, hasChildren, nodeAt, objectNode, topNodes } from './children.ts';
import { groupName, identityOf, type Node, nodeId, nodeWords } from './node.ts';
import { type LiveObject, objectKey, trim } from './object.ts';
import type { Branch } from './parents.ts';
import { type Absence, type ObjectSource, sourceOfSnapshot } from './source.ts';

function live(yaml: string): LiveObject {
  const raw = parse(yaml) as { readonly metadata: object };
  return trim({ ...raw, metadata: { namespace: 'apps', generation: 1, ...raw.metadata } })!;
}

function sourceOf(branch: Branch, objects: readonly LiveObject[], absent: Readonly<Record<string, Absence>> = {}) {
  const snapshot = {
    objects: new Map(objects.map((object) => [objectKey(object), object])),
    absent: new Map(Object.entries(absent)),
  };
  return sourceOfSnapshot(branch, snapshot);
}

function linesBelow(nodes: readonly Node[], source: ObjectSource, indent = ''): readonly string[] {
  return nodes.flatMap((node) => {
    const { state, description } = nodeWords(node, 0);
    const { kind, name } = node.is === 'group' ? { kind: 'group', name: groupName(node) } : identityOf(node);
    const marks = [node.quiet ? 'quiet' : '', node.is === 'object' && node.isRepeated ? 'repeated' : ''];
    const line = [`${indent}${kind}/${name}`, state, description, ...marks].filter(Boolean).join(' ');
    return [line, ...linesBelow(childrenOf(node, source), source, `${indent}  `)];
  });
}

const cluster = live(`
  apiVersion: cluster.x-k8s.io/v1beta2
  kind: Cluster
  metadata: { name: demo }
  spec:
    infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSCluster, name: demo }
    controlPlaneRef: { apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: demo }
  status:
    conditions: [{ type: Available, status: "True" }]
`);
const infrastructure = live(`
  apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
  kind: AWSCluster
  metadata: { name: demo }
  status:
    conditions: [{ type: Ready, status: "True" }]
`);
const deployment = live(`
  apiVersion: cluster.x-k8s.io/v1beta2
  kind: MachineDeployment
  metadata: { name: md, labels: { cluster.x-k8s.io/cluster-name: demo } }
`);
const set = (name: string) =>
  live(`
  apiVersion: cluster.x-k8s.io/v1beta2
  kind: MachineSet
  metadata:
    name: ${name}
    ownerReferences:
      - { apiVersion: cluster.x-k8s.io/v1beta2, kind: MachineDeployment, name: md, uid: u, controller: true }
`);
const machine = (name: string, owner: string, ready = 'True') =>
  live(`
  apiVersion: cluster.x-k8s.io/v1beta2
  kind: Machine
  metadata:
    name: ${name}
    ownerReferences:
      - { apiVersion: cluster.x-k8s.io/v1beta2, kind: MachineSet, name: ${owner}, uid: u, controller: true }
  spec:
    version: v1.36.0
    infrastructureRef: { apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachine, name: ${name} }
  status:
    conditions: [{ type: Ready, status: "${ready}", reason: Waiting }]
`);
const machineInfrastructure = (name: string, ready = 'True') =>
  live(`
  apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
  kind: AWSMachine
  metadata: { name: ${name} }
  status:
    conditions: [{ type: Ready, status: "${ready}", reason: Broken }]
`);

describe('a cluster', () => {
  test('has parts in the order of provisioning, including absent ones, and one group of workers', () => {
    const source = sourceOf('cluster-api', [deployment, infrastructure, cluster], {
      'controlplane.cluster.x-k8s.io/KubeadmControlPlane|apps|demo': 'not served',
    });
    expect(linesBelow(topNodes(source), source)).toEqual([
      'Cluster/demo ready',
      '  AWSCluster/demo ready',
      '  KubeadmControlPlane/demo failed kind not served by this cluster',
      '  group/Workers none 1, 1 progressing',
      '    MachineDeployment/md progressing 0 out of 1 new replicas have been updated',
    ]);
  });

  test('groups ready machines of all MachineSets, except those with unhealthy children', () => {
    const source = sourceOf('cluster-api', [
      ...[deployment, set('b'), set('a')],
      ...[machine('m-10', 'a'), machineInfrastructure('m-10')],
      ...[machine('m-2', 'b'), machineInfrastructure('m-2')],
      ...[machine('m-3', 'a'), machineInfrastructure('m-3', 'False')],
      ...[machine('m-1', 'b', 'False'), machineInfrastructure('m-1')],
    ]);
    expect(linesBelow(childrenOf(objectNode(deployment), source), source)).toEqual([
      'group/2 machines ready ready v1.36.0',
      '  Machine/m-2 ready v1.36.0 quiet',
      '    AWSMachine/m-2 ready quiet',
      '  Machine/m-10 ready v1.36.0 quiet',
      '    AWSMachine/m-10 ready quiet',
      'Machine/m-1 progressing Waiting, v1.36.0',
      '  AWSMachine/m-1 ready quiet',
      'Machine/m-3 ready v1.36.0',
      '  AWSMachine/m-3 progressing Broken',
    ]);
  });

  test('has a node for each object in full detail', () => {
    const source = sourceOf('cluster-api', [cluster, deployment, set('a'), machine('m-1', 'a'), machine('m-2', 'a')]);
    const names = (node: Node): readonly string[] =>
      childrenOf(node, source, 'all').flatMap((child) => [nodeId(child).at(-1)!.replace(/^.*\//, ''), ...names(child)]);
    expect(names(objectNode(deployment))).toEqual([
      ...['MachineSet|apps|a', 'Machine|apps|m-1', 'AWSMachine|apps|m-1', 'Machine|apps|m-2', 'AWSMachine|apps|m-2'],
    ]);
  });
});

describe('a Flux applier', () => {
  const kustomization = (name: string, spec: string, ...ids: readonly string[]) =>
    live(`
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata: { name: ${name} }
  spec: ${spec}
  status:
    conditions: [{ type: Ready, status: "True" }]
    inventory:
      entries:
${ids.map((id) => `        - { id: ${id}, v: v1 }`).join('\n')}
`);
  const web = live(`
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: web }
  spec: { replicas: 0 }
  status: { observedGeneration: 1 }
`);
  const labelled = live(`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: api
    labels: { kustomize.toolkit.fluxcd.io/name: one, kustomize.toolkit.fluxcd.io/namespace: apps }
  spec: { replicas: 0 }
  status: { observedGeneration: 1 }
`);
  const ids = ['apps_web_apps_Deployment', 'apps_settings__ConfigMap', 'apps_gone_apps_Deployment'];

  test('has the inventory’s entries in order, then other objects with its labels', () => {
    const source = sourceOf('flux', [labelled, web, kustomization('one', '{}', ...ids)], {
      'apps/Deployment|apps|gone': 'not found',
    });
    expect(linesBelow(topNodes(source), source)).toEqual([
      'Kustomization/one ready',
      '  Deployment/web ready 0/0',
      '  ConfigMap/settings none',
      '  Deployment/gone failed not found',
      '  Deployment/api ready 0/0',
    ]);
  });

  test('shows an object of two inventories in full once and as a repetition in the other', () => {
    const source = sourceOf('flux', [
      kustomization('two', '{}', 'apps_api_apps_Deployment'),
      kustomization('one', '{}'),
      labelled,
    ]);
    expect(linesBelow(topNodes(source), source)).toEqual([
      'Kustomization/one ready',
      '  Deployment/api ready 0/0',
      'Kustomization/two ready',
      '  Deployment/api ready 0/0 repeated',
    ]);
  });

  test('that applies to another cluster has no objects of this one', () => {
    const remote = kustomization('one', '{ kubeConfig: { secretRef: { name: edge } } }', ...ids);
    const source = sourceOf('flux', [web, remote]);
    expect(linesBelow(topNodes(source), source)).toEqual([
      'Kustomization/one ready applied to the cluster of kubeconfig edge',
      '  Deployment/web none',
      '  ConfigMap/settings none',
      '  Deployment/gone none',
    ]);
  });

  test('in a cycle is a root, with the other as a repetition', () => {
    const one = kustomization('one', '{}', 'apps_two_kustomize.toolkit.fluxcd.io_Kustomization');
    const two = kustomization('two', '{}', 'apps_one_kustomize.toolkit.fluxcd.io_Kustomization');
    const source = sourceOf('flux', [one, two]);
    expect(linesBelow(topNodes(source), source)).toEqual([
      'Kustomization/one ready',
      '  Kustomization/two ready repeated',
      'Kustomization/two ready',
      '  Kustomization/one ready repeated',
    ]);
  });
});

describe('workloads', () => {
  const workload = (namespace: string, name: string) =>
    live(`
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: ${name}, namespace: ${namespace} }
  spec: { replicas: 1 }
  status: { observedGeneration: 1 }
`);

  test('are grouped by namespace; objects over the limit come last', () => {
    const source: ObjectSource = {
      ...sourceOf('workload', [workload('b', 'w-10'), workload('b', 'w-9'), workload('a', 'x')]),
      counted: () => 7,
    };
    expect(linesBelow(topNodes(source), source)).toEqual([
      'group/a none 1, 1 progressing',
      '  Deployment/x progressing 0/1: 0 out of 1 new replicas have been updated',
      'group/b none 2, 2 progressing',
      '  Deployment/w-9 progressing 0/1: 0 out of 1 new replicas have been updated',
      '  Deployment/w-10 progressing 0/1: 0 out of 1 new replicas have been updated',
      'group/7 more unknown over the object limit',
    ]);
    const found = topNodes(source).map((node) => nodeAt(nodeId(node), source));
    expect(found.map((node) => node && hasChildren(node, source))).toEqual([true, true, undefined]);
  });
});

test('a pod that ended is history while its controller is well', () => {
  const job = (status: string) =>
    live(`
  apiVersion: batch/v1
  kind: Job
  metadata: { name: migrate, uid: job }
  status: ${status}`);
  const pod = live(`
  apiVersion: v1
  kind: Pod
  metadata:
    name: migrate-1
    ownerReferences: [{ apiVersion: batch/v1, kind: Job, name: migrate, uid: job, controller: true }]
  status: { phase: Failed, reason: Evicted }`);
  const stateOf = (owner: LiveObject) => {
    const [child] = childrenOf(objectNode(owner), sourceOf('workload', [owner, pod]));
    return nodeWords(child!, 0).state;
  };
  const ended = (type: string) => `{ conditions: [{ type: ${type}, status: "True" }] }`;
  expect(stateOf(job(ended('Complete')))).toBe('none');
  expect(stateOf(job(ended('Failed')))).toBe('failed');
});
