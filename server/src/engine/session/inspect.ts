// Fetches on demand what a rollout's diagnosis is built from: a workload's ReplicaSets, Pods and events, or the machines of
// a MachineDeployment or a control plane.
import { type GroupKind, kindName } from '../../kube/identity.ts';
import { roleOf } from '../../kube/roles.ts';
import { knownHealth } from '../../live/describe.ts';
import { type Diagnosis, diagnose, podsByRevision } from '../../live/diagnosis.ts';
import { familyOf } from '../../live/family.ts';
import { at, list, number, text, texts } from '../../live/fields.ts';
import { diagnoseMachines, machinesByRevision } from '../../live/machines.ts';
import { type Members, noMembers } from '../../live/members.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { RolloutEvent } from '../../live/pod-causes.ts';
import type { Transport } from '../transport/transport.ts';
import type { Collection } from '../watch/discovery.ts';
import { type ListQuery, listObjects } from '../watch/objects.ts';

/** What an object is rolled out to. */
export interface Inspection {
  /** Empty if nothing is wrong, or if too little can be read to prove anything. */
  readonly diagnoses: readonly Diagnosis[];
  /** The pods or machines of the revision that is wanted, and those of others. */
  readonly members: Members;
}

export async function inspect(
  transport: Transport,
  workload: LiveObject,
  signal?: AbortSignal,
): Promise<readonly Diagnosis[]> {
  return (await inspectWhole(transport, workload, signal)).diagnoses;
}

/** Nothing for an object without a rollout. */
export async function inspectWhole(
  transport: Transport,
  workload: LiveObject,
  signal?: AbortSignal,
): Promise<Inspection> {
  if (workload.namespace === undefined) return { diagnoses: [], members: noMembers };
  if (hasMachines(workload.groupKind)) {
    const machines = await machinesOf(transport, workload, workload.namespace, signal);
    return { diagnoses: diagnoseMachines(workload, machines), members: machinesByRevision(workload, machines) };
  }
  const { namespace, groupKind } = workload;
  const isPod = groupKind === '/Pod';
  if (familyOf(groupKind) !== 'workload' && groupKind !== 'batch/Job' && !isPod)
    return { diagnoses: [], members: noMembers };
  const labelSelector = podSelectorOf(workload);
  const get = async (kinds: Collection, query: ListQuery): Promise<readonly unknown[]> => {
    const answer = await listObjects(transport, kinds, { namespace, ...query }, signal ? { signal } : {});
    if (!answer.ok) return [];
    const apiVersion = text(answer.value, 'apiVersion');
    const kind = text(answer.value, 'kind')?.replace(/List$/, '');
    return list(answer.value, 'items').map((item) => ({ apiVersion, kind, ...(item as object) }));
  };
  const objects = (raw: readonly unknown[]) => raw.flatMap((item) => trim(item) ?? []);
  // Asked for by object: a list of a namespace's events ends before those of a busy day.
  const eventsAbout = (one: LiveObject) => get(eventCollection, { fieldSelector: aboutSelector(one) });
  const [rawSets, rawPods] = await Promise.all([
    groupKind === 'apps/Deployment' ? get(replicaSetCollection, { labelSelector }) : [],
    isPod ? [] : get(podCollection, { labelSelector }),
  ]);
  const [replicaSets, pods] = [objects(rawSets), isPod ? [workload] : objects(rawPods)];
  const unready = pods.filter((pod) => knownHealth(pod).state !== 'ready').slice(0, podsWithEvents);
  const events = await Promise.all([workload, ...unready].map(eventsAbout));
  const snapshot = { workload, replicaSets, pods, events: events.flat().map(eventOf) };
  return { diagnoses: diagnose(snapshot), members: podsByRevision(snapshot) };
}

/** Pods of a workload whose events are asked for; further ones have the same trouble. */
const podsWithEvents = 6;

/** The field selector of events about an object. */
export function aboutSelector({ uid, name, groupKind }: LiveObject): string {
  const named = `involvedObject.name=${name},involvedObject.kind=${kindName(groupKind)}`;
  return uid === '' ? named : `${named},involvedObject.uid=${uid}`;
}

const replicaSetCollection = collection('apps', 'v1', 'ReplicaSet', 'replicasets');
export const podCollection = collection('', 'v1', 'Pod', 'pods');
export const eventCollection = collection('', 'v1', 'Event', 'events');

function collection(group: string, version: string, kind: string, plural: string): Collection {
  return { group, version, kind, plural, namespaced: true };
}

const machineDeployment: GroupKind = 'cluster.x-k8s.io/MachineDeployment';
const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';

function hasMachines(groupKind: GroupKind): boolean {
  return groupKind === machineDeployment || groupKind === cluster || roleOf(groupKind) === 'controlPlane';
}

/** Finds machines by the labels that Cluster API sets on them, in whichever of its versions the server serves. */
async function machinesOf(
  transport: Transport,
  { groupKind, name, uid, labels }: LiveObject,
  namespace: string,
  signal?: AbortSignal,
): Promise<readonly LiveObject[]> {
  const isDeployment = groupKind === machineDeployment;
  const isCluster = groupKind === cluster;
  const clusterName = isCluster ? name : labels['cluster.x-k8s.io/cluster-name'];
  if (!isDeployment && clusterName === undefined) return [];
  const labelSelector = isDeployment
    ? `cluster.x-k8s.io/deployment-name=${name}`
    : `cluster.x-k8s.io/cluster-name=${clusterName}${isCluster ? '' : ',cluster.x-k8s.io/control-plane'}`;
  for (const version of ['v1beta2', 'v1beta1']) {
    const machines = collection('cluster.x-k8s.io', version, 'Machine', 'machines');
    const answer = await listObjects(transport, machines, { namespace, labelSelector }, signal ? { signal } : {});
    if (!answer.ok && answer.failure.kind === 'notFound') continue;
    if (!answer.ok) return [];
    const found = list(answer.value, 'items').flatMap(
      (item) => trim(item, `cluster.x-k8s.io/${version}`, 'Machine') ?? [],
    );
    return isDeployment || isCluster ? found : found.filter(({ owners }) => owners.some((owner) => owner.uid === uid));
  }
  return [];
}

function eventOf(raw: unknown): RolloutEvent {
  return {
    reason: text(raw, 'reason') ?? '',
    message: text(raw, 'message') ?? '',
    kind: text(raw, 'involvedObject', 'kind') ?? '',
    name: text(raw, 'involvedObject', 'name') ?? '',
    uid: text(raw, 'involvedObject', 'uid') ?? '',
    count: number(raw, 'count') ?? number(raw, 'series', 'count') ?? 1,
    last: timeOf(raw),
  };
}

/** When an event happened last, RFC 3339; empty if it has no time. */
export function timeOf(event: unknown): string {
  return (
    text(event, 'lastTimestamp') ??
    text(event, 'series', 'lastObservedTime') ??
    text(event, 'eventTime') ??
    text(event, 'metadata', 'creationTimestamp') ??
    ''
  );
}

/** Selects the pods of a workload; empty if it has no selector. */
export function podSelectorOf({ groupKind, uid, spec }: LiveObject): string {
  // A Job's selector is dropped from the store; the controller labels its pods with its uid.
  return groupKind === 'batch/Job' ? `batch.kubernetes.io/controller-uid=${uid}` : selectorOf(at(spec, 'selector'));
}

/** A LabelSelector in the syntax of the `labelSelector` query parameter. */
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
