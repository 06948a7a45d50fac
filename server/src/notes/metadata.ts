// Notes on annotations and labels that Cluster API, Flux and their neighbours look at: metadata's maps take any key, so no
// schema tells of them. From https://cluster-api.sigs.k8s.io/reference/api/labels-and-annotations, the documentation of
// Flux's controllers and of Kubernetes.
import type { Gvk } from '../kube/identity.ts';

export interface MetadataNote {
  readonly key: string;
  /** `either`: label or annotation alike. */
  readonly as: 'annotation' | 'label' | 'either';
  /** Where it is mostly written: kinds or API groups (`.x` for all below); absent: any object. */
  readonly on?: readonly string[];
  /** Values it takes; absent: any text. */
  readonly values?: readonly string[];
  readonly note: string;
}

const capi = ['.cluster.x-k8s.io'];
const fluxObjects = ['.fluxcd.io', 'fluxcd.controlplane.io'];
const workers = ['MachineDeployment', 'MachineSet', 'MachinePool', 'Cluster', 'ClusterClass'];

const clusterApi: readonly MetadataNote[] = [
  {
    key: 'cluster.x-k8s.io/paused',
    as: 'annotation',
    on: capi,
    note: 'Stops every controller’s work on this object, whatever the value, even `"false"`. `spec.paused` of the Cluster does it for all that belongs to it.',
  },
  {
    key: 'cluster.x-k8s.io/managed-by',
    as: 'annotation',
    on: ['infrastructure.cluster.x-k8s.io'],
    note: 'Something else keeps this infrastructure: the provider leaves it alone and waits until its status says ready.',
  },
  {
    key: 'cluster.x-k8s.io/replicas-managed-by',
    as: 'annotation',
    on: ['MachinePool'],
    note: 'Something else, such as the cloud’s autoscaler, sets the number of instances; Cluster API then follows it.',
  },
  {
    key: 'cluster.x-k8s.io/delete-machine',
    as: 'annotation',
    on: ['Machine'],
    note: 'This machine goes first when its set is scaled down, whatever the value.',
  },
  {
    key: 'cluster.x-k8s.io/remediate-machine',
    as: 'annotation',
    on: ['Machine'],
    note: 'Marks the machine as unhealthy, so that it is replaced; it needs a MachineHealthCheck that selects it.',
  },
  {
    key: 'cluster.x-k8s.io/skip-remediation',
    as: 'annotation',
    on: ['Machine'],
    note: 'The machine isn’t replaced however unhealthy it is, as for looking into a fault.',
  },
  {
    key: 'machine.cluster.x-k8s.io/exclude-node-draining',
    as: 'annotation',
    on: ['Machine', ...workers],
    note: 'The machine is deleted without draining its node: pods are cut off.',
  },
  {
    key: 'machine.cluster.x-k8s.io/exclude-wait-for-node-volume-detach',
    as: 'annotation',
    on: ['Machine', ...workers],
    note: 'The machine is deleted without waiting for its volumes to be detached.',
  },
  {
    key: 'machineset.cluster.x-k8s.io/skip-preflight-checks',
    as: 'annotation',
    on: ['MachineDeployment', 'MachineSet', 'Cluster', 'ClusterClass'],
    values: ['All', 'KubeadmVersionSkew', 'KubernetesVersionSkew', 'ControlPlaneIsStable', 'ControlPlaneVersionSkew'],
    note: 'Checks to leave out before machines are made, several with commas between. Without them workers may be newer than their control plane.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size',
    as: 'annotation',
    on: workers,
    note: 'Fewest machines for the cluster autoscaler, as text. Given with the maximum; `replicas` must then be left out of a topology.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size',
    as: 'annotation',
    on: workers,
    note: 'Most machines for the cluster autoscaler, as text. Given with the minimum; `replicas` must then be left out of a topology.',
  },
  {
    key: 'topology.cluster.x-k8s.io/defer-upgrade',
    as: 'annotation',
    on: ['Cluster'],
    note: 'On a topology’s set of workers: it keeps its version while others are upgraded, until this is taken off.',
  },
  {
    key: 'topology.cluster.x-k8s.io/hold-upgrade-sequence',
    as: 'annotation',
    on: ['Cluster'],
    note: 'On a topology’s set of workers: this set and all behind it keep their version until it is taken off.',
  },
  {
    key: 'topology.cluster.x-k8s.io/upgrade-concurrency',
    as: 'annotation',
    on: ['Cluster'],
    note: 'How many sets of workers are upgraded at once, as text; 1 by default.',
  },
  {
    key: 'controlplane.cluster.x-k8s.io/skip-coredns',
    as: 'annotation',
    on: ['KubeadmControlPlane', 'KubeadmControlPlaneTemplate', 'Cluster', 'ClusterClass'],
    note: 'The control plane leaves CoreDNS as it is on upgrades, for one that is kept otherwise.',
  },
  {
    key: 'controlplane.cluster.x-k8s.io/skip-kube-proxy',
    as: 'annotation',
    on: ['KubeadmControlPlane', 'KubeadmControlPlaneTemplate', 'Cluster', 'ClusterClass'],
    note: 'The control plane leaves kube-proxy as it is on upgrades, for clusters without it.',
  },
  {
    key: 'unsafe.topology.cluster.x-k8s.io/disable-update-version-check',
    as: 'annotation',
    on: ['Cluster'],
    note: 'Lifts the limits on changes of a topology’s version. Meant for repairs; it lets a cluster be broken.',
  },
  {
    key: 'unsafe.topology.cluster.x-k8s.io/disable-update-class-name-check',
    as: 'annotation',
    on: ['Cluster'],
    note: 'Lets a cluster that has none be given a class, for adopting it into a topology.',
  },
  {
    key: 'clusterctl.cluster.x-k8s.io/block-move',
    as: 'annotation',
    on: capi,
    note: 'While any object has it, `clusterctl move` doesn’t start.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-name',
    as: 'label',
    on: capi,
    note: 'The Cluster an object belongs to; it is how everything of a cluster is found.',
  },
  {
    key: 'cluster.x-k8s.io/control-plane',
    as: 'label',
    on: ['MachineHealthCheck', 'Machine'],
    note: 'Set on machines of a control plane, with an empty value.',
  },
  {
    key: 'cluster.x-k8s.io/deployment-name',
    as: 'label',
    on: ['MachineDeployment', 'MachineHealthCheck', 'Machine'],
    note: 'Set on machines of a MachineDeployment. Selector and template must agree on it.',
  },
  {
    key: 'cluster.x-k8s.io/watch-filter',
    as: 'label',
    on: capi,
    note: 'Only controllers started with this value work on the object, as when two releases run side by side.',
  },
  {
    key: 'clusterctl.cluster.x-k8s.io/move',
    as: 'label',
    note: 'Has `clusterctl move` take the object along, though it belongs to no Cluster.',
  },
  {
    key: 'cluster.x-k8s.io/drain',
    as: 'label',
    on: ['Pod', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'],
    values: ['skip'],
    note: 'With `skip` the pod is left alone when its node is drained.',
  },
];

const fluxAppliers: readonly MetadataNote[] = [
  {
    key: 'kustomize.toolkit.fluxcd.io/prune',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` keeps the object when it leaves the build or its Kustomization is deleted.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/force',
    as: 'either',
    values: ['enabled'],
    note: '`enabled` deletes and creates the object again where an immutable field changed.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/ssa',
    as: 'either',
    values: ['Merge', 'IfNotPresent', 'Ignore', 'Override'],
    note: 'How to apply: `Override`, the default, takes fields back from others; `Merge` keeps those others set, `IfNotPresent` only creates, `Ignore` does nothing.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/reconcile',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` neither applies nor prunes the object. It counts on the object in the cluster, not in Git.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/substitute',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` leaves `${...}` in the object as it is, for scripts and dashboards. Exactly this word, in small letters.',
  },
  {
    key: 'helm.toolkit.fluxcd.io/driftDetection',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` leaves the object out of a release’s drift detection.',
  },
  {
    key: 'reconcile.fluxcd.io/requestedAt',
    as: 'annotation',
    on: fluxObjects,
    note: 'Any new value has the object reconciled now. Not for Git: `flux reconcile` sets it.',
  },
  {
    key: 'reconcile.fluxcd.io/forceAt',
    as: 'annotation',
    on: ['HelmRelease'],
    note: 'The same value as `requestedAt` has the release upgraded although nothing changed.',
  },
  {
    key: 'reconcile.fluxcd.io/resetAt',
    as: 'annotation',
    on: ['HelmRelease'],
    note: 'The same value as `requestedAt` forgets failures, so that a stalled release tries again.',
  },
  {
    key: 'reconcile.fluxcd.io/watch',
    as: 'label',
    on: ['ConfigMap', 'Secret'],
    values: ['Enabled'],
    note: '`Enabled` has Flux notice changes of this ConfigMap or Secret at once, not at the next interval.',
  },
  {
    key: 'sharding.fluxcd.io/key',
    as: 'label',
    on: fluxObjects,
    note: 'Only controllers started for this shard work on the object; without one of that name nobody does.',
  },
  {
    key: 'toolkit.fluxcd.io/tenant',
    as: 'label',
    on: ['Namespace', 'ServiceAccount', 'RoleBinding'],
    note: 'Names the tenant an object belongs to; a convention that no controller reads.',
  },
];

const fluxOperator: readonly MetadataNote[] = [
  {
    key: 'fluxcd.controlplane.io/reconcile',
    as: 'annotation',
    on: ['fluxcd.controlplane.io'],
    values: ['disabled', 'enabled'],
    note: '`disabled` suspends the object.',
  },
  {
    key: 'fluxcd.controlplane.io/reconcileEvery',
    as: 'annotation',
    on: ['fluxcd.controlplane.io'],
    values: ['1h', '30m', '10m', '5m'],
    note: 'How often to reconcile; 60m by default, 10m for a ResourceSetInputProvider. What isn’t a duration is passed over in silence.',
  },
  {
    key: 'fluxcd.controlplane.io/reconcileTimeout',
    as: 'annotation',
    on: ['fluxcd.controlplane.io'],
    values: ['5m', '2m', '10m'],
    note: 'Limit for one reconciliation; 5m by default, 2m for a ResourceSetInputProvider.',
  },
  {
    key: 'fluxcd.controlplane.io/prune',
    as: 'annotation',
    on: ['fluxcd.controlplane.io', 'ResourceSet'],
    values: ['disabled'],
    note: '`disabled` keeps what was made when it is no longer part of the set.',
  },
  {
    key: 'fluxcd.controlplane.io/copyFrom',
    as: 'annotation',
    on: ['ConfigMap', 'Secret'],
    note: 'In a ResourceSet: fills a ConfigMap or Secret from another, as `namespace/name`.',
  },
];

const kubernetes: readonly MetadataNote[] = [
  {
    key: 'pod-security.kubernetes.io/enforce',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that don’t meet this level of Pod Security are refused in the namespace.',
  },
  {
    key: 'pod-security.kubernetes.io/warn',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that don’t meet this level are let in with a warning to who applies them.',
  },
  {
    key: 'pod-security.kubernetes.io/audit',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that don’t meet this level are noted in the audit log.',
  },
  {
    key: 'cluster-autoscaler.kubernetes.io/safe-to-evict',
    as: 'annotation',
    on: ['Pod', 'Deployment', 'StatefulSet', 'Job', 'CronJob'],
    values: ['false', 'true'],
    note: '`"false"` keeps the autoscaler from taking the node away while this pod is on it.',
  },
  {
    key: 'storageclass.kubernetes.io/is-default-class',
    as: 'annotation',
    on: ['StorageClass'],
    values: ['true', 'false'],
    note: '`"true"` makes claims that name no class use this one.',
  },
  {
    key: 'cert-manager.io/cluster-issuer',
    as: 'annotation',
    on: ['Ingress', 'Gateway'],
    note: 'Has cert-manager get the certificate for the TLS Secret from this ClusterIssuer.',
  },
];

export const metadataNotes: readonly MetadataNote[] = [clusterApi, fluxAppliers, fluxOperator, kubernetes].flat();

const byKey = new Map(metadataNotes.map((one) => [one.key, one]));

/** Of a key in a map of labels or annotations. */
export function metadataNoteOf(path: readonly (string | number)[]): MetadataNote | undefined {
  const [map, key] = path.slice(-2);
  const as = asOf(map);
  const found = typeof key === 'string' ? byKey.get(key) : undefined;
  return found && as && (found.as === 'either' || found.as === as) ? found : undefined;
}

/** Those to offer in an object's map of labels or annotations; those meant for its kind first. */
export function metadataKeysFor({ group, kind }: Gvk, map: string | number | undefined): readonly string[] {
  const as = asOf(map);
  // A selector names labels that others carry, not those that tell controllers something.
  if (!as || map === 'matchLabels') return [];
  const meant = (on: readonly string[] | undefined) =>
    on === undefined ||
    on.some((one) => (one.startsWith('.') ? `.${group}`.endsWith(one) : one === kind || one === group));
  const fitting = metadataNotes.filter((one) => (one.as === 'either' || one.as === as) && meant(one.on));
  return fitting.toSorted((a, b) => Number(!a.on) - Number(!b.on)).map(({ key }) => key);
}

function asOf(map: string | number | undefined): 'annotation' | 'label' | undefined {
  if (map === 'annotations') return 'annotation';
  return map === 'labels' || map === 'matchLabels' ? 'label' : undefined;
}
