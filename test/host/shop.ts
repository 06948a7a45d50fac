// The cluster of the path of a person on call: workloads whose pods run or crash by their image, a pool of machines, and a
// database as a custom resource. The API server and the controllers of workloads are real; the kubelet is not.
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Pod, podsOf, ready, setStatus } from '../testbed/kubelet.ts';
import { startLogNode } from '../testbed/log-node.ts';

export interface Shop {
  readonly controlPlane: ControlPlane;
  stop(): Promise<void>;
}

const node = 'node-1';

/** `definitions` are the CRDs of Cluster API, among others. */
export async function startShop(definitions: string): Promise<Shop> {
  // The heartbeats of the node are missing: its pods stay.
  const controlPlane = await startControlPlane({
    controllerManager: true,
    controllerManagerFlags: ['--node-monitor-grace-period=24h'],
  });
  const ends: (() => Promise<void>)[] = [() => controlPlane.stop()];
  const stop = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const logs = await startLogNode(controlPlane, node, (pod) =>
      pod.startsWith('checkout-') ? 'reading /etc/checkout/config.yaml\nFATAL: key databaseUrl is missing\n' : 'ok\n',
    );
    ends.push(() => logs.stop());
    await controlPlane.apply([definitions, JSON.stringify(sampleDb)].join('\n---\n'));
    const established = ['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all'];
    const { code, stderr } = await controlPlane.kubectl(established);
    if (code !== 0) throw new Error(`the definitions were not established: ${stderr}`);
    await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const account = '/api/v1/namespaces/shop/serviceaccounts/default';
    await until(
      'its service account',
      undefined,
      async () => (await controlPlane.request('GET', account)).status === 200,
    );
    await controlPlane.apply([database, pool].map((one) => JSON.stringify(one)).join('\n---\n'));
    const player = play(controlPlane);
    ends.push(() => player.stop());
    return { controlPlane, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Pods of an image with the tag `bad` crash, others run; machines are there at once. */
function play(controlPlane: ControlPlane): { stop(): Promise<void> } {
  let over = false;
  const set = new Set<string>();
  const loop = (async () => {
    while (!over) {
      for (const pod of await podsOf(controlPlane, 'shop')) {
        const { name } = pod.metadata;
        if (set.has(name)) continue;
        set.add(name);
        const isBad = pod.spec.containers.some(({ image }) => image.endsWith(':bad'));
        await setStatus(controlPlane, pod, isBad ? crashing(pod) : ready(pod));
      }
      await settlePool(controlPlane);
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

async function settlePool(controlPlane: ControlPlane): Promise<void> {
  const path = '/apis/cluster.x-k8s.io/v1beta2/namespaces/shop/machinedeployments/workers';
  const { body } = await controlPlane.request('GET', path);
  const { metadata, spec, status } = body as {
    readonly metadata: { readonly generation: number };
    readonly spec: { readonly replicas: number };
    readonly status?: { readonly observedGeneration?: number };
  };
  if (status?.observedGeneration === metadata.generation) return;
  const { replicas } = spec;
  const counts = { replicas, upToDateReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
  const settled = { status: { ...counts, observedGeneration: metadata.generation } };
  await controlPlane.request('PATCH', `${path}/status`, settled, 'application/merge-patch+json');
}

function crashing({ spec }: Pod): object {
  const finishedAt = new Date().toISOString();
  return {
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
    ],
    containerStatuses: spec.containers.map(({ name, image }) => ({
      ...{ name, image, imageID: image, ready: false, started: false, restartCount: 5 },
      state: { waiting: { reason: 'CrashLoopBackOff', message: `back-off 2m40s restarting failed container=${name}` } },
      lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt, startedAt: finishedAt } },
    })),
  };
}

const sampleDb = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'sampledbs.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'SampleDB', plural: 'sampledbs', singular: 'sampledb' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer', minimum: 1 }, tier: { type: 'string' } } },
            },
          },
        },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
      },
    ],
  },
};

const database = {
  apiVersion: 'example.com/v1',
  kind: 'SampleDB',
  metadata: { name: 'example-database', namespace: 'shop' },
  spec: { size: 1, tier: 'small' },
};

const pool = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'MachineDeployment',
  metadata: { name: 'workers', namespace: 'shop', labels: { 'cluster.x-k8s.io/cluster-name': 'shop' } },
  spec: {
    clusterName: 'shop',
    replicas: 2,
    selector: { matchLabels: { pool: 'workers' } },
    template: {
      metadata: { labels: { pool: 'workers' } },
      spec: {
        ...{ clusterName: 'shop', version: 'v1.36.3', bootstrap: { dataSecretName: 'workers' } },
        infrastructureRef: {
          ...{ apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'AWSMachineTemplate', name: 'workers' },
        },
      },
    },
  },
};
