// Notes on annotations and labels that Cluster API, Flux and related projects read. No schema describes them, since the
// maps in metadata accept any key. Sources: https://cluster-api.sigs.k8s.io/reference/api/labels-and-annotations, the
// documentation of Flux's controllers and of Kubernetes.
import type { Gvk } from '../kube/identity.ts';

export interface MetadataNote {
  readonly key: string;
  /** `either`: a label or an annotation. */
  readonly as: 'annotation' | 'label' | 'either';
  /** Where it is usually set: kinds or API groups (`.x` for all groups below); absent: any object. */
  readonly on?: readonly string[];
  /** The allowed values; absent: any string. */
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
    note: 'Pauses all controllers for this object, whatever the value, even `"false"`. `spec.paused` of the Cluster pauses all objects that belong to it.',
  },
  {
    key: 'cluster.x-k8s.io/managed-by',
    as: 'annotation',
    on: ['infrastructure.cluster.x-k8s.io'],
    note: 'The infrastructure is managed externally: the provider doesn’t change it, and waits until its status is ready.',
  },
  {
    key: 'cluster.x-k8s.io/replicas-managed-by',
    as: 'annotation',
    on: ['MachinePool'],
    note: 'The number of instances is set externally, for instance by the cloud’s autoscaler; Cluster API then follows it.',
  },
  {
    key: 'cluster.x-k8s.io/delete-machine',
    as: 'annotation',
    on: ['Machine'],
    note: 'The machine is deleted first when its set is scaled down, whatever the value.',
  },
  {
    key: 'cluster.x-k8s.io/remediate-machine',
    as: 'annotation',
    on: ['Machine'],
    note: 'Marks the machine as unhealthy, so that it is replaced; requires a MachineHealthCheck that selects it.',
  },
  {
    key: 'cluster.x-k8s.io/skip-remediation',
    as: 'annotation',
    on: ['Machine'],
    note: 'The machine is never remediated, for instance while a problem is being debugged.',
  },
  {
    key: 'machine.cluster.x-k8s.io/exclude-node-draining',
    as: 'annotation',
    on: ['Machine', ...workers],
    note: 'The machine is deleted without draining its node: pods are terminated abruptly.',
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
    note: 'Preflight checks to skip before machines are created, comma-separated. Workers can then become newer than their control plane.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size',
    as: 'annotation',
    on: workers,
    note: 'Minimum number of machines for the cluster autoscaler, as a string. Requires the maximum; `replicas` must then be omitted in a topology.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size',
    as: 'annotation',
    on: workers,
    note: 'Maximum number of machines for the cluster autoscaler, as a string. Requires the minimum; `replicas` must then be omitted in a topology.',
  },
  {
    key: 'topology.cluster.x-k8s.io/defer-upgrade',
    as: 'annotation',
    on: ['Cluster'],
    note: 'On a topology’s set of workers: it keeps its version while others are upgraded, until the annotation is removed.',
  },
  {
    key: 'topology.cluster.x-k8s.io/hold-upgrade-sequence',
    as: 'annotation',
    on: ['Cluster'],
    note: 'On a topology’s set of workers: this set and all later ones keep their version until the annotation is removed.',
  },
  {
    key: 'topology.cluster.x-k8s.io/upgrade-concurrency',
    as: 'annotation',
    on: ['Cluster'],
    note: 'Number of worker sets that are upgraded concurrently, as a string; 1 by default.',
  },
  {
    key: 'controlplane.cluster.x-k8s.io/skip-coredns',
    as: 'annotation',
    on: ['KubeadmControlPlane', 'KubeadmControlPlaneTemplate', 'Cluster', 'ClusterClass'],
    note: 'The control plane doesn’t upgrade CoreDNS, for instance because it is managed separately.',
  },
  {
    key: 'controlplane.cluster.x-k8s.io/skip-kube-proxy',
    as: 'annotation',
    on: ['KubeadmControlPlane', 'KubeadmControlPlaneTemplate', 'Cluster', 'ClusterClass'],
    note: 'The control plane doesn’t upgrade kube-proxy, for clusters without it.',
  },
  {
    key: 'unsafe.topology.cluster.x-k8s.io/disable-update-version-check',
    as: 'annotation',
    on: ['Cluster'],
    note: 'Disables validation of changes to a topology’s version. Intended for repairs; it can break a cluster.',
  },
  {
    key: 'unsafe.topology.cluster.x-k8s.io/disable-update-class-name-check',
    as: 'annotation',
    on: ['Cluster'],
    note: 'Allows adding a class to a cluster that has none, to adopt it into a topology.',
  },
  {
    key: 'clusterctl.cluster.x-k8s.io/block-move',
    as: 'annotation',
    on: capi,
    note: '`clusterctl move` doesn’t start while any object has this annotation.',
  },
  {
    key: 'cluster.x-k8s.io/cluster-name',
    as: 'label',
    on: capi,
    note: 'The Cluster to which an object belongs; used to find all objects of a cluster.',
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
    note: 'Set on machines of a MachineDeployment. Selector and template must match.',
  },
  {
    key: 'cluster.x-k8s.io/watch-filter',
    as: 'label',
    on: capi,
    note: 'Only controllers started with this value reconcile the object, for instance if two releases run in parallel.',
  },
  {
    key: 'clusterctl.cluster.x-k8s.io/move',
    as: 'label',
    note: '`clusterctl move` includes the object, even if it belongs to no Cluster.',
  },
  {
    key: 'cluster.x-k8s.io/drain',
    as: 'label',
    on: ['Pod', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'],
    values: ['skip'],
    note: 'With `skip`, the pod is ignored when its node is drained.',
  },
];

const fluxAppliers: readonly MetadataNote[] = [
  {
    key: 'kustomize.toolkit.fluxcd.io/prune',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` keeps the object if it is removed from the build or its Kustomization is deleted.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/force',
    as: 'either',
    values: ['enabled'],
    note: '`enabled` recreates the object if an immutable field changes.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/ssa',
    as: 'either',
    values: ['Merge', 'IfNotPresent', 'Ignore', 'Override'],
    note: 'How the object is applied: `Override`, the default, takes fields back from other managers; `Merge` keeps fields that others set; `IfNotPresent` only creates; `Ignore` does nothing.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/reconcile',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` neither applies nor prunes the object. It must be set on the object in the cluster, not in Git.',
  },
  {
    key: 'kustomize.toolkit.fluxcd.io/substitute',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` keeps `${...}` in the object, for scripts and dashboards. The value must be exactly `disabled`, in lowercase.',
  },
  {
    key: 'helm.toolkit.fluxcd.io/driftDetection',
    as: 'either',
    values: ['disabled'],
    note: '`disabled` excludes the object from drift detection of its release.',
  },
  {
    key: 'reconcile.fluxcd.io/requestedAt',
    as: 'annotation',
    on: fluxObjects,
    note: 'Any new value triggers a reconciliation. Not for use in Git: `flux reconcile` sets it.',
  },
  {
    key: 'reconcile.fluxcd.io/forceAt',
    as: 'annotation',
    on: ['HelmRelease'],
    note: 'The same value as `requestedAt` upgrades the release even if nothing changed.',
  },
  {
    key: 'reconcile.fluxcd.io/resetAt',
    as: 'annotation',
    on: ['HelmRelease'],
    note: 'The same value as `requestedAt` resets the failure count, so that a stalled release is retried.',
  },
  {
    key: 'reconcile.fluxcd.io/watch',
    as: 'label',
    on: ['ConfigMap', 'Secret'],
    values: ['Enabled'],
    note: 'With `Enabled`, Flux reacts to changes of this ConfigMap or Secret immediately, not at the next interval.',
  },
  {
    key: 'sharding.fluxcd.io/key',
    as: 'label',
    on: fluxObjects,
    note: 'Only controllers started for this shard reconcile the object; without such a controller it is never reconciled.',
  },
  {
    key: 'toolkit.fluxcd.io/tenant',
    as: 'label',
    on: ['Namespace', 'ServiceAccount', 'RoleBinding'],
    note: 'Name of the tenant to which an object belongs; a convention that no controller reads.',
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
    note: 'How often to reconcile; 60m by default, 10m for a ResourceSetInputProvider. An invalid duration is silently ignored.',
  },
  {
    key: 'fluxcd.controlplane.io/reconcileTimeout',
    as: 'annotation',
    on: ['fluxcd.controlplane.io'],
    values: ['5m', '2m', '10m'],
    note: 'Timeout for one reconciliation; 5m by default, 2m for a ResourceSetInputProvider.',
  },
  {
    key: 'fluxcd.controlplane.io/prune',
    as: 'annotation',
    on: ['fluxcd.controlplane.io', 'ResourceSet'],
    values: ['disabled'],
    note: '`disabled` keeps a generated object that is no longer part of the set.',
  },
  {
    key: 'fluxcd.controlplane.io/copyFrom',
    as: 'annotation',
    on: ['ConfigMap', 'Secret'],
    note: 'In a ResourceSet: copies the data of a ConfigMap or Secret from another, as `namespace/name`.',
  },
];

const kubernetes: readonly MetadataNote[] = [
  {
    key: 'prometheus.io/scrape',
    as: 'annotation',
    on: ['Service', 'Pod'],
    values: ['true', 'false'],
    note: 'Read by the usual scrape configurations of Prometheus, not by its operator: `"true"` has the endpoints scraped.',
  },
  {
    key: 'prometheus.io/port',
    as: 'annotation',
    on: ['Service', 'Pod'],
    note: 'The port that Prometheus scrapes, if it is not the declared one; a string.',
  },
  {
    key: 'prometheus.io/path',
    as: 'annotation',
    on: ['Service', 'Pod'],
    note: 'The path that Prometheus scrapes; `/metrics` if absent.',
  },
  {
    key: 'pod-security.kubernetes.io/enforce',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that violate this Pod Security level are rejected in the namespace.',
  },
  {
    key: 'pod-security.kubernetes.io/warn',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that violate this Pod Security level are admitted with a warning to the client.',
  },
  {
    key: 'pod-security.kubernetes.io/audit',
    as: 'label',
    on: ['Namespace'],
    values: ['restricted', 'baseline', 'privileged'],
    note: 'Pods that violate this Pod Security level are recorded in the audit log.',
  },
  {
    key: 'cluster-autoscaler.kubernetes.io/safe-to-evict',
    as: 'annotation',
    on: ['Pod', 'Deployment', 'StatefulSet', 'Job', 'CronJob'],
    values: ['false', 'true'],
    note: '`"false"` prevents the autoscaler from removing the node while this pod runs on it.',
  },
  {
    key: 'storageclass.kubernetes.io/is-default-class',
    as: 'annotation',
    on: ['StorageClass'],
    values: ['true', 'false'],
    note: 'With `"true"`, claims without a class use this one.',
  },
  {
    key: 'cert-manager.io/cluster-issuer',
    as: 'annotation',
    on: ['Ingress', 'Gateway'],
    note: 'ClusterIssuer from which cert-manager obtains the certificate for the TLS Secret.',
  },
];

export const metadataNotes: readonly MetadataNote[] = [clusterApi, fluxAppliers, fluxOperator, kubernetes].flat();

const byKey = new Map(metadataNotes.map((one) => [one.key, one]));

/** The note on a key in a map of labels or annotations. */
export function metadataNoteOf(path: readonly (string | number)[]): MetadataNote | undefined {
  const [map, key] = path.slice(-2);
  const as = asOf(map);
  const found = typeof key === 'string' ? byKey.get(key) : undefined;
  return found && as && (found.as === 'either' || found.as === as) ? found : undefined;
}

/** Keys to suggest in an object's map of labels or annotations; keys for its kind come first. */
export function metadataKeysFor({ group, kind }: Gvk, map: string | number | undefined): readonly string[] {
  const as = asOf(map);
  // A selector matches labels of other objects, not labels that configure controllers.
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
