// Simulates the scheduler and kubelet on a control plane without them: a test sets the status of each pod, and the workload
// controllers react to it as in production.
import type { ControlPlane } from './controlplane.ts';

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export async function podsOf(
  controlPlane: ControlPlane,
  namespace: string,
  labelSelector = '',
): Promise<readonly Pod[]> {
  const query = labelSelector === '' ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
  const { status, body } = await controlPlane.request('GET', `/api/v1/namespaces/${namespace}/pods${query}`);
  if (status !== 200) throw new Error(`pods of ${namespace}: ${status}`);
  return (body as { readonly items: readonly Pod[] }).items;
}

export async function setStatus(controlPlane: ControlPlane, pod: Pod, status: object): Promise<void> {
  const { name, namespace } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
  const answer = await controlPlane.request('PATCH', path, { status }, 'application/strategic-merge-patch+json');
  // The pod no longer exists: its controller replaced it.
  if (answer.status !== 200 && answer.status !== 404)
    throw new Error(`status of pod ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

export function ready({ spec }: Pod): object {
  const since = new Date().toISOString();
  const condition = (type: string) => ({ type, status: 'True', lastTransitionTime: since });
  return {
    phase: 'Running',
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
    containerStatuses: spec.containers.map(({ name, image }) => ({
      ...{ name, image, imageID: image, ready: true, started: true, restartCount: 0 },
      state: { running: { startedAt: since } },
    })),
  };
}

/** The status of a pod whose containers are waiting, for example with ImagePullBackOff. */
export function waiting({ spec }: Pod, reason: string, message: string): object {
  return {
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
    ],
    containerStatuses: spec.containers.map(({ name, image }) => ({
      ...{ name, image, imageID: '', ready: false, started: false, restartCount: 0 },
      state: { waiting: { reason, message } },
    })),
  };
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Makes every existing and new pod of the namespace ready, until it is stopped. */
export function playKubelet(controlPlane: ControlPlane, namespace: string): { stop(): Promise<void> } {
  let over = false;
  const loop = (async () => {
    while (!over) {
      for (const pod of await podsOf(controlPlane, namespace))
        if (!isReady(pod) && pod.metadata.deletionTimestamp === undefined)
          await setStatus(controlPlane, pod, ready(pod));
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  // stop() reports errors; a test that failed earlier has its own error.
  loop.catch(() => undefined);
  return {
    async stop() {
      over = true;
      await loop;
    },
  };
}
