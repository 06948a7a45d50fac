// What a rollout's diagnosis is made from, fetched when someone asks: a workload's ReplicaSets, Pods and events, the
// machines of a MachineDeployment or a control plane.

import type { GroupKind } from '../../kube/identity.ts';
import { type Diagnosis, diagnose, type RolloutEvent } from '../../live/diagnosis.ts';
import { familyOf, roleOf } from '../../live/family.ts';
import { at, list, number, text, texts } from '../../live/fields.ts';
import { diagnoseMachines } from '../../live/machines.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { Transport } from '../transport/transport.ts';

/** Empty for what has no rollout, and where too little may be read to prove anything. */
export async function inspect(
  transport: Transport,
  workload: LiveObject,
  signal?: AbortSignal,
): Promise<readonly Diagnosis[]> {
  if (workload.namespace === undefined) return [];
  if (workload.groupKind === machineDeployment || roleOf(workload.groupKind) === 'controlPlane')
    return diagnoseMachines(workload, await machinesOf(transport, workload, workload.namespace, signal));
  if (familyOf(workload.groupKind) !== 'workload') return [];
  const namespace = encodeURIComponent(workload.namespace);
  const selector = selectorOf(at(workload.spec, 'selector'));
  const query = selector === '' ? '' : `labelSelector=${encodeURIComponent(selector)}&`;
  const get = async (path: string): Promise<readonly unknown[]> => {
    const answer = await transport.json<unknown>({ path: `${path}limit=500`, ...(signal ? { signal } : {}) });
    if (!answer.ok) return [];
    const apiVersion = text(answer.value, 'apiVersion');
    const kind = text(answer.value, 'kind')?.replace(/List$/, '');
    return list(answer.value, 'items').map((item) => ({ apiVersion, kind, ...(item as object) }));
  };
  const deployment = workload.groupKind === 'apps/Deployment';
  const [replicaSets, pods, events] = await Promise.all([
    deployment ? get(`/apis/apps/v1/namespaces/${namespace}/replicasets?${query}`) : [],
    get(`/api/v1/namespaces/${namespace}/pods?${query}`),
    get(`/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning&`),
  ]);
  return diagnose({
    workload,
    replicaSets: replicaSets.flatMap((raw) => trim(raw) ?? []),
    pods: pods.flatMap((raw) => trim(raw) ?? []),
    events: events.map(eventOf),
  });
}

const machineDeployment: GroupKind = 'cluster.x-k8s.io/MachineDeployment';

/** By the labels that Cluster API gives to machines, whichever of its versions the server has. */
async function machinesOf(
  transport: Transport,
  { groupKind, name, uid, labels }: LiveObject,
  namespace: string,
  signal?: AbortSignal,
): Promise<readonly LiveObject[]> {
  const isDeployment = groupKind === machineDeployment;
  const cluster = labels['cluster.x-k8s.io/cluster-name'];
  if (!isDeployment && cluster === undefined) return [];
  const selector = isDeployment
    ? `cluster.x-k8s.io/deployment-name=${name}`
    : `cluster.x-k8s.io/cluster-name=${cluster},cluster.x-k8s.io/control-plane`;
  for (const version of ['v1beta2', 'v1beta1']) {
    const path = `/apis/cluster.x-k8s.io/${version}/namespaces/${encodeURIComponent(namespace)}/machines?limit=500&labelSelector=${encodeURIComponent(selector)}`;
    const answer = await transport.json<unknown>({ path, ...(signal ? { signal } : {}) });
    if (!answer.ok && answer.failure.kind === 'notFound') continue;
    if (!answer.ok) return [];
    const machines = list(answer.value, 'items').flatMap(
      (item) => trim(item, `cluster.x-k8s.io/${version}`, 'Machine') ?? [],
    );
    return isDeployment ? machines : machines.filter(({ owners }) => owners.some((owner) => owner.uid === uid));
  }
  return [];
}

function eventOf(raw: unknown): RolloutEvent {
  return {
    reason: text(raw, 'reason') ?? '',
    message: text(raw, 'message') ?? '',
    kind: text(raw, 'involvedObject', 'kind') ?? '',
    name: text(raw, 'involvedObject', 'name') ?? '',
    count: number(raw, 'count') ?? number(raw, 'series', 'count') ?? 1,
    last:
      text(raw, 'lastTimestamp') ??
      text(raw, 'series', 'lastObservedTime') ??
      text(raw, 'eventTime') ??
      text(raw, 'metadata', 'creationTimestamp') ??
      '',
  };
}

/** A LabelSelector in the form of a query. */
export function selectorOf(selector: unknown): string {
  const equal = Object.entries(texts(selector, 'matchLabels')).map(([name, value]) => `${name}=${value}`);
  const expressions = list(selector, 'matchExpressions').map((expression) => {
    const key = text(expression, 'key') ?? '';
    const values = list(expression, 'values').map(String).join(',');
    switch (text(expression, 'operator')) {
      case 'In':
        return `${key} in (${values})`;
      case 'NotIn':
        return `${key} notin (${values})`;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return key;
    }
  });
  return [...equal, ...expressions].join(',');
}
