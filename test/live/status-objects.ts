// The objects of the status tests: objects of every family in many states, each with its expected row, and permissions of
// restricted users.

export interface Live {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

export function live(apiVersion: string, kind: string, name: string, rest: object = {}, namespace = 'fleet'): Live {
  const { metadata = {}, ...others } = rest as { metadata?: object };
  return { apiVersion, kind, metadata: { name, namespace, ...metadata }, ...others };
}

function condition(type: string, status: string, reason: string, message = ''): object {
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString(), observedGeneration: 1 };
}

export function workload(name: string, replicas?: number): object {
  const labels = { app: name };
  const containers = [{ name: 'web', image: 'registry.example/web:1' }];
  const template = { metadata: { labels }, spec: { containers } };
  return { spec: { ...(replicas !== undefined && { replicas }), selector: { matchLabels: labels }, template } };
}

const core = 'cluster.x-k8s.io/v1beta2';
const sources = 'source.toolkit.fluxcd.io/v1';
const delivery = 'kustomize.toolkit.fluxcd.io/v1';
const topology = { spec: { topology: { classRef: { name: 'any' }, version: 'v1.35.0' } } };
const git = { spec: { interval: '1h', url: 'https://git.example/fleet' } };
const path = { spec: { interval: '1h', path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'fleet' } } };
const machines = (name: string, replicas: number) => ({
  spec: {
    clusterName: 'up',
    replicas,
    selector: { matchLabels: { pool: name } },
    template: {
      metadata: { labels: { pool: name } },
      spec: {
        clusterName: 'up',
        bootstrap: { dataSecretName: 'data' },
        infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachineTemplate', name: 'any' },
      },
    },
  },
});

export interface Case {
  readonly object: Live;
  readonly status?: object;
  readonly state: string;
  readonly reason: string | RegExp;
}

export const fleetObjects: readonly Case[] = [
  {
    object: live(core, 'Cluster', 'up', topology),
    status: { phase: 'Provisioned', observedGeneration: 1, conditions: [condition('Available', 'True', 'Available')] },
    ...{ state: 'ready', reason: '' },
  },
  {
    object: live(core, 'Cluster', 'making', topology),
    status: {
      phase: 'Provisioning',
      conditions: [condition('Available', 'False', 'NotAvailable', '* InfrastructureReady: waiting for the network')],
    },
    ...{ state: 'progressing', reason: 'InfrastructureReady: waiting for the network' },
  },
  {
    object: live(core, 'Cluster', 'down', topology),
    status: {
      phase: 'Provisioned',
      initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
      conditions: [
        condition('Available', 'False', 'NotAvailable', '* ControlPlaneAvailable: etcd member a has failed'),
      ],
    },
    ...{ state: 'failed', reason: 'ControlPlaneAvailable: etcd member a has failed' },
  },
  {
    object: live(core, 'Cluster', 'paused', { spec: { ...topology.spec, paused: true } }),
    state: 'suspended',
    reason: 'paused',
  },
  { object: live(core, 'Cluster', 'new', topology), state: 'unknown', reason: 'no status yet' },
  {
    object: live(core, 'Cluster', 'leaving', { ...topology, metadata: { finalizers: ['example.com/held'] } }),
    ...{ state: 'deleting', reason: 'waiting for finalizer example.com/held' },
  },
  {
    object: live(core, 'MachineDeployment', 'rolling', machines('rolling', 3)),
    status: {
      ...{ observedGeneration: 1, replicas: 4, upToDateReplicas: 1, readyReplicas: 3, availableReplicas: 3 },
      conditions: [condition('Available', 'True', 'Available'), condition('RollingOut', 'True', 'RollingOut')],
    },
    ...{ state: 'progressing', reason: '1/3: 1 out of 3 new replicas have been updated' },
  },
  {
    object: live(core, 'MachineDeployment', 'done', machines('done', 2)),
    status: {
      ...{ observedGeneration: 1, replicas: 2, upToDateReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
      conditions: [condition('Available', 'True', 'Available')],
    },
    ...{ state: 'ready', reason: '' },
  },
  {
    object: live(sources, 'GitRepository', 'fetched', git),
    status: {
      observedGeneration: 1,
      artifact: {
        ...{ path: 'a', url: 'http://127.0.0.1/a', revision: 'main@sha1:9c1f2ab000000000000000000000000000000000' },
        ...{ digest: `sha256:${'0'.repeat(64)}`, lastUpdateTime: new Date().toISOString() },
      },
      conditions: [condition('Ready', 'True', 'Succeeded', 'stored artifact')],
    },
    ...{ state: 'ready', reason: 'main@9c1f2ab' },
  },
  {
    object: live(sources, 'GitRepository', 'stalled', git),
    status: {
      observedGeneration: 1,
      conditions: [
        condition('Stalled', 'True', 'URLInvalid', 'the URL is invalid'),
        condition('Ready', 'False', 'URLInvalid', 'the URL is invalid'),
      ],
    },
    ...{ state: 'failed', reason: 'the URL is invalid' },
  },
  { object: live(sources, 'GitRepository', 'unseen', git), state: 'unknown', reason: /not reconciled yet/ },
  {
    object: live(delivery, 'Kustomization', 'held', { spec: { ...path.spec, suspend: true } }),
    state: 'suspended',
    reason: 'suspended',
  },
  {
    object: live(delivery, 'Kustomization', 'waits', path),
    status: {
      observedGeneration: 1,
      conditions: [condition('Ready', 'False', 'DependencyNotReady', "dependency 'fleet/crds' is not ready")],
    },
    ...{ state: 'progressing', reason: "dependency 'fleet/crds' is not ready" },
  },
  {
    object: live(delivery, 'Kustomization', 'wrong', path),
    status: {
      observedGeneration: 1,
      conditions: [condition('Ready', 'False', 'BuildFailed', 'kustomize build failed:\nno such file')],
    },
    ...{ state: 'failed', reason: 'kustomize build failed: no such file' },
  },
  {
    object: live('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'retrying', {
      spec: { interval: '1h', chartRef: { kind: 'OCIRepository', name: 'any' } },
    }),
    status: {
      observedGeneration: 1,
      conditions: [
        condition('Reconciling', 'True', 'ProgressingWithRetry', 'upgrade failed: timed out'),
        condition('Ready', 'Unknown', 'Progressing', 'retrying'),
      ],
    },
    ...{ state: 'failed', reason: 'upgrade failed: timed out' },
  },
  {
    object: live('notification.toolkit.fluxcd.io/v1beta3', 'Provider', 'chat', {
      spec: { type: 'generic', address: 'https://chat.example' },
    }),
    ...{ state: 'none', reason: '' },
  },
  {
    object: live('apps/v1', 'Deployment', 'shop', workload('shop', 2), 'apps'),
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
    ...{ state: 'ready', reason: '2/2' },
  },
  {
    object: live('apps/v1', 'Deployment', 'full', workload('full', 2)),
    status: {
      observedGeneration: 1,
      conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota: compute')].map(
        withoutGeneration,
      ),
    },
    ...{ state: 'failed', reason: 'exceeded quota: compute' },
  },
  {
    object: live('apps/v1', 'StatefulSet', 'data', {
      spec: { ...(workload('data', 3) as { spec: object }).spec, serviceName: 'data' },
    }),
    status: {
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 1,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 1,
    },
    // Its pods are created one after the other is ready: those that exist and aren't were.
    ...{ state: 'failed', reason: '1/3 available' },
  },
  {
    object: live('apps/v1', 'DaemonSet', 'agent', workload('agent')),
    status: {
      ...{
        observedGeneration: 1,
        currentNumberScheduled: 4,
        numberMisscheduled: 0,
        desiredNumberScheduled: 4,
        numberReady: 4,
      },
      ...{ updatedNumberScheduled: 4, numberAvailable: 4 },
    },
    ...{ state: 'ready', reason: '4/4' },
  },
];

/** Conditions of workloads don't have one. */
function withoutGeneration({
  observedGeneration: _none,
  ...rest
}: object & { readonly observedGeneration?: number }): object {
  return rest;
}

export function rights(): readonly object[] {
  const api = 'rbac.authorization.k8s.io/v1';
  return [
    ...['fleet', 'apps'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    {
      apiVersion: api,
      kind: 'Role',
      metadata: { name: 'view', namespace: 'apps' },
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: api,
      kind: 'RoleBinding',
      metadata: { name: 'view', namespace: 'apps' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'view' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'viewers' }],
    },
  ];
}
