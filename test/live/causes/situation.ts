// A situation of a workload on a real API server, controller manager and scheduler, and what to build one from. What a kubelet
// reports is written as that of Kubernetes words it (pkg/kubelet of kubernetes/kubernetes).
import type { Cause } from '../../../server/src/live/causes.ts';
import { type Pod, ready } from '../../testbed/kubelet.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An event of a pod. */
export interface Told {
  readonly reason: string;
  readonly message: string;
  /** How many seconds ago; 5 by default. */
  readonly ago?: number;
}

export interface Reported {
  readonly status: object;
  readonly events?: readonly Told[];
}

/** What is reported about a pod; undefined if nothing is. Pods come in the order of their names. */
export type Report = (pod: Pod, index: number) => Reported | undefined;

export interface Situation {
  /** Also that of its namespace and of its workload. */
  readonly name: string;
  readonly workload: object;
  /** Applied before the workload. */
  readonly around?: readonly object[];
  /** Of the namespace. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly report?: Report;
  /** Applied once what is reported about the pods has arrived. */
  readonly afterwards?: object;
  /** What the status of the workload is in the end. */
  readonly until: (status: Fields) => boolean;
}

/** Something is wrong. */
export interface Broken extends Situation {
  readonly cause: Cause;
  /** What the sentence says. */
  readonly says: RegExp;
  /** What merely waits isn't failed. */
  readonly state?: 'progressing';
}

/** Nothing is wrong, or it takes time. */
export interface Sound extends Situation {
  readonly state: 'ready' | 'progressing' | 'suspended' | 'none';
}

const labels = { app: 'web' };

/** A template with one container; `fields` are those of the container. */
export function podOf(spec: Fields = {}, fields: Fields = {}): object {
  const container = { name: 'web', image: 'registry.example/web:1', ...fields };
  return { metadata: { labels }, spec: { containers: [container], ...spec } };
}

export function deployment(name: string, template = podOf(), spec: Fields = {}): object {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: name } },
    spec: { replicas: 1, selector: { matchLabels: labels }, template, ...spec },
  };
}

export function statefulSet(name: string, template = podOf(), spec: Fields = {}): object {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: name } },
    spec: { replicas: 1, serviceName: 'web', selector: { matchLabels: labels }, template, ...spec },
  };
}

export function daemonSet(name: string, template = podOf()): object {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: name } },
    spec: { selector: { matchLabels: labels }, template },
  };
}

export function job(name: string, spec: Fields = {}): object {
  return {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: name } },
    spec: { backoffLimit: 0, template: podOf({ restartPolicy: 'Never' }), ...spec },
  };
}

/** An object of the namespace that limits what is in it. */
export function limit(namespace: string, kind: string, spec: Fields): object {
  return { apiVersion: 'v1', kind, metadata: { name: 'limits', namespace }, spec };
}

export const isUnavailable = ({ unavailableReplicas }: Fields) => Number(unavailableReplicas) > 0;

export const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds).toISOString();

export interface ContainerState {
  readonly state: object;
  readonly lastState?: object;
  readonly restartCount?: number;
  readonly started?: boolean;
  readonly ready?: boolean;
}

export const running = (fields: Partial<ContainerState> = {}): ContainerState => ({
  ...{ state: { running: { startedAt: ago(60) } }, started: true, ...fields },
});

export const waitingFor = (reason: string, message = ''): ContainerState => ({
  state: { waiting: { reason, message } },
});

export const ended = (exitCode: number, reason = 'Error', fields: Fields = {}) => ({
  ...{ exitCode, reason, startedAt: ago(90), finishedAt: ago(30), ...fields },
});

export const unready = [
  { type: 'PodScheduled', status: 'True' },
  { type: 'Initialized', status: 'True' },
  { type: 'ContainersReady', status: 'False', reason: 'ContainersNotReady' },
  { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
];

/** The statuses of the containers of a pod, all of which are in a state. */
export function containersIn(of: ContainerState, containers: Pod['spec']['containers']): readonly object[] {
  return containers.map(({ name, image }) => ({
    ...{ name, image, imageID: '', ready: false, started: false, restartCount: 0, ...of },
  }));
}

/** A pod that isn't ready because of its containers. */
export function inState(of: ContainerState, events: readonly Told[] = [], phase = 'Running'): Report {
  return ({ spec }) => ({
    status: { phase, conditions: unready, containerStatuses: containersIn(of, spec.containers) },
    events,
  });
}

export const becomesReady: Report = (pod) => ({ status: ready(pod) });

/** A pod that has ended. */
export const over =
  (phase: 'Failed' | 'Succeeded', fields: Fields): Report =>
  () => ({ status: { phase, ...fields } });

/** The first pod has one report, the others another. */
export const firstThen =
  (first: Report, others: Report): Report =>
  (pod, index) =>
    (index === 0 ? first : others)(pod, index);

export const nothing: Report = () => undefined;
