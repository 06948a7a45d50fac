// What is wrong in the cluster of the pictures: a Deployment whose image can't be pulled, a Git repository that refuses
// Flux's credentials with the Kustomizations that wait for it, and a tenant cluster with machines. The controllers of
// workloads are real; the statuses of pods and of Flux's and Cluster API's objects are written as their controllers do.
import type { ControlPlane } from '../testbed/controlplane.ts';
import { podsOf, ready, setStatus, waiting } from '../testbed/kubelet.ts';

export interface Stage {
  stop(): Promise<void>;
}

export async function stageIncidents(controlPlane: ControlPlane): Promise<Stage> {
  for (const name of ['fleet', 'tenants'])
    await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const { object, status } of staged(new Date())) {
    await controlPlane.apply(object);
    const { apiVersion, kind, metadata } = object;
    const { code, stderr } = await controlPlane.kubectl([
      ...['patch', `${kind}.${apiVersion.split('/')[1]}.${apiVersion.split('/')[0]}`, metadata.name],
      ...['-n', metadata.namespace, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })],
    ]);
    if (code !== 0) throw new Error(`the status of ${kind} ${metadata.name} was not written: ${stderr}`);
  }
  return playIncident(controlPlane);
}

/** Pods of payments can't be pulled; those of other workloads run. */
function playIncident(controlPlane: ControlPlane): Stage {
  let over = false;
  const set = new Set<string>();
  const loop = (async () => {
    while (!over) {
      for (const pod of await podsOf(controlPlane, 'apps')) {
        const { name, labels } = pod.metadata;
        if (set.has(name)) continue;
        set.add(name);
        const refused = `Back-off pulling image "${pod.spec.containers[0]!.image}": not found`;
        const isRefused = labels?.app === 'payments';
        await setStatus(controlPlane, pod, isRefused ? waiting(pod, 'ImagePullBackOff', refused) : ready(pod));
      }
      await new Promise((done) => setTimeout(done, 200));
    }
  })();
  loop.catch(() => undefined);
  return {
    async stop() {
      over = true;
      await loop;
    },
  };
}

interface Staged {
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: object;
  };
  readonly status: object;
}

function staged(now: Date): readonly Staged[] {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const condition = (type: string, status: string, reason: string, message: string, minutes = 12) => ({
    ...{ type, status, reason, message, lastTransitionTime: ago(minutes), observedGeneration: 1 },
  });
  const refused = "failed to checkout and determine revision: authentication required for 'https://git.example/fleet'";
  const source = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'fleet', namespace: 'fleet' },
    spec: { interval: '1h', url: 'https://git.example/fleet', secretRef: { name: 'fleet-auth' } },
  };
  const kustomization = (name: string): Staged => ({
    object: {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name, namespace: 'fleet' },
      spec: { interval: '1h', path: `./${name}`, prune: true, sourceRef: { kind: 'GitRepository', name: 'fleet' } },
    },
    status: {
      observedGeneration: 1,
      conditions: [condition('Ready', 'False', 'ArtifactFailed', 'Source artifact not found, retrying in 30s')],
    },
  });
  const cluster = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'shop-prod', namespace: 'tenants' },
    spec: { topology: { classRef: { name: 'aws-ha' }, version: 'v1.36.3' } },
  };
  const pool = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'MachineDeployment',
    metadata: {
      ...{ name: 'shop-prod-md-0', namespace: 'tenants' },
      labels: { 'cluster.x-k8s.io/cluster-name': 'shop-prod' },
    },
    spec: {
      clusterName: 'shop-prod',
      replicas: 3,
      selector: { matchLabels: { pool: 'md-0' } },
      template: {
        metadata: { labels: { pool: 'md-0' } },
        spec: {
          ...{ clusterName: 'shop-prod', version: 'v1.36.3', bootstrap: { dataSecretName: 'shop-prod-md-0' } },
          infrastructureRef: {
            ...{ apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'AWSMachineTemplate', name: 'shop-prod-md-0' },
          },
        },
      },
    },
  };
  return [
    {
      object: source,
      status: {
        observedGeneration: 1,
        conditions: [
          condition('Ready', 'False', 'AuthenticationFailed', refused),
          condition('FetchFailed', 'True', 'AuthenticationFailed', refused),
        ],
      },
    },
    ...['clusters', 'services', 'tenants'].map(kustomization),
    {
      object: cluster,
      status: {
        ...{ phase: 'Provisioned', observedGeneration: 1 },
        initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
        conditions: [condition('Available', 'True', 'Available', '', 90)],
      },
    },
    {
      object: pool,
      status: {
        ...{ observedGeneration: 1, replicas: 4, upToDateReplicas: 1, readyReplicas: 3, availableReplicas: 3 },
        conditions: [
          condition('Available', 'True', 'Available', '', 90),
          condition('RollingOut', 'True', 'RollingOut', 'Rolling out 3 not up-to-date replicas', 4),
        ],
      },
    },
  ];
}
