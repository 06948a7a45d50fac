// Clusters of the in-memory provider, for tests with the real Cluster API.

export function clusterClass(): readonly object[] {
  const template = (group: string, kind: string, name: string, spec: object) => ({
    apiVersion: `${group}.cluster.x-k8s.io/v1beta2`,
    kind,
    metadata: { name, namespace: 'default' },
    spec: { template: { spec } },
  });
  const to = (group: string, kind: string, name: string) => ({
    templateRef: { apiVersion: `${group}.cluster.x-k8s.io/v1beta2`, kind, name },
  });
  const backend = { backend: { inMemory: {} } };
  const nodeRegistration = { criSocket: 'unix:///var/run/containerd/containerd.sock' };
  const unhealthyNodeConditions = [{ type: 'Ready', status: 'Unknown', timeoutSeconds: 300 }];
  return [
    template('infrastructure', 'DevClusterTemplate', 'cluster', backend),
    template('infrastructure', 'DevMachineTemplate', 'machine', backend),
    template('infrastructure', 'DevMachineTemplate', 'other-machine', backend),
    template('controlplane', 'KubeadmControlPlaneTemplate', 'control-plane', {
      kubeadmConfigSpec: {
        clusterConfiguration: { apiServer: { certSANs: ['localhost', '127.0.0.1'] } },
        initConfiguration: { nodeRegistration },
        joinConfiguration: { nodeRegistration },
      },
    }),
    template('bootstrap', 'KubeadmConfigTemplate', 'worker', { joinConfiguration: { nodeRegistration } }),
    {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'ClusterClass',
      metadata: { name: 'in-memory', namespace: 'default' },
      spec: {
        infrastructure: to('infrastructure', 'DevClusterTemplate', 'cluster'),
        controlPlane: {
          ...to('controlplane', 'KubeadmControlPlaneTemplate', 'control-plane'),
          machineInfrastructure: to('infrastructure', 'DevMachineTemplate', 'machine'),
        },
        workers: {
          machineDeployments: [
            {
              class: 'worker',
              bootstrap: to('bootstrap', 'KubeadmConfigTemplate', 'worker'),
              infrastructure: to('infrastructure', 'DevMachineTemplate', 'machine'),
              healthCheck: { checks: { unhealthyNodeConditions } },
            },
          ],
        },
      },
    },
  ];
}

export interface Topology {
  readonly version?: string;
  readonly controlPlane: number;
  /** Machines of each MachineDeployment. */
  readonly workers: readonly number[];
}

/** A cluster of the class. */
export function clusterOf(name: string, { version = 'v1.35.0', controlPlane, workers }: Topology): object {
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name, namespace: 'default' },
    spec: {
      clusterNetwork: { services: { cidrBlocks: ['10.128.0.0/12'] }, pods: { cidrBlocks: ['192.168.0.0/16'] } },
      topology: {
        classRef: { name: 'in-memory' },
        version,
        controlPlane: { replicas: controlPlane },
        workers: {
          machineDeployments: workers.map((replicas, index) => ({ class: 'worker', name: `md-${index}`, replicas })),
        },
      },
    },
  };
}

const reference = (group: string, kind: string, name: string) => ({
  ...{ apiGroup: `${group}.cluster.x-k8s.io`, kind, name },
});

/** A cluster without a class, with a control plane of one machine. */
export function plainCluster(name: string): readonly object[] {
  const nodeRegistration = { criSocket: 'unix:///var/run/containerd/containerd.sock' };
  const object = (group: string, kind: string, spec: object) => ({
    ...{ apiVersion: `${group}cluster.x-k8s.io/v1beta2`, kind, metadata: { name, namespace: 'default' }, spec },
  });
  return [
    object('infrastructure.', 'DevCluster', { backend: { inMemory: {} } }),
    object('controlplane.', 'KubeadmControlPlane', {
      ...{ replicas: 1, version: 'v1.35.0' },
      machineTemplate: { spec: { infrastructureRef: reference('infrastructure', 'DevMachineTemplate', 'machine') } },
      kubeadmConfigSpec: {
        clusterConfiguration: { apiServer: { certSANs: ['localhost', '127.0.0.1'] } },
        initConfiguration: { nodeRegistration },
        joinConfiguration: { nodeRegistration },
      },
    }),
    object('', 'Cluster', {
      clusterNetwork: { services: { cidrBlocks: ['10.128.0.0/12'] }, pods: { cidrBlocks: ['192.168.0.0/16'] } },
      infrastructureRef: reference('infrastructure', 'DevCluster', name),
      controlPlaneRef: reference('controlplane', 'KubeadmControlPlane', name),
    }),
  ];
}

export function machineDeployment(name: string, template: string, cluster = 'demo'): object {
  const labels = { 'cluster.x-k8s.io/cluster-name': cluster };
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'MachineDeployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      clusterName: cluster,
      replicas: 1,
      selector: { matchLabels: { pool: name } },
      template: {
        metadata: { labels: { pool: name } },
        spec: {
          clusterName: cluster,
          version: 'v1.35.0',
          bootstrap: { configRef: reference('bootstrap', 'KubeadmConfigTemplate', 'worker') },
          infrastructureRef: reference('infrastructure', 'DevMachineTemplate', template),
        },
      },
    },
  };
}

/** A template whose machines take an hour to start. */
export function slowDeployment(cluster = 'demo'): string {
  const vm = { provisioning: { startupDuration: '1h' } };
  const template = {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    kind: 'DevMachineTemplate',
    metadata: { name: 'slow', namespace: 'default' },
    spec: { template: { spec: { backend: { inMemory: { vm } } } } },
  };
  return [template, machineDeployment('slow', 'slow', cluster)].map((object) => JSON.stringify(object)).join('\n---\n');
}
