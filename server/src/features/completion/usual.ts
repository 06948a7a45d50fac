// Usual kinds, keys and values, which come first if neither the schema nor the workspace defines an order, and the usual
// keys of free-form maps.
import type { GroupKind } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { childSchema, type Field, rowPath } from '../place.ts';

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '));
const order = <T extends string>(list: readonly T[]): ReadonlyMap<string, number> =>
  new Map([...new Set(list)].map((one, index) => [one, index]));

/** Keys in their usual order, for any kind; a key that isn't listed comes after those that are. */
const keyOrder = order(
  words(
    // Flux
    'interval url ref chart chartRef sourceRef path prune classRef version replicas targetNamespace releaseName install upgrade values',
    'valuesFrom dependsOn wait timeout retryInterval retries kubeConfig healthChecks postBuild decryption patches branch',
    'tag semver layerSelector verify providerRef eventSeverity eventSources channel address image imageRepositoryRef policy',
    'refreshInterval secretStoreRef target secretKey remoteRef',
    'newTag newName digest literals files envs secretRef driftDetection mode crds createNamespace remediation cleanupOnFail substitute substituteFrom inputs',
    // Cluster API
    'clusterName topology controlPlane workers machineDeployments class variables clusterNetwork controlPlaneRef',
    'infrastructureRef machineTemplate kubeadmConfigSpec bootstrap clusterConfiguration initConfiguration',
    'joinConfiguration nodeRegistration kubeletExtraArgs apiServer controllerManager scheduler etcd extraArgs',
    'extraVolumes certSANs files content contentFrom owner permissions preKubeadmCommands postKubeadmCommands users',
    'sshAuthorizedKeys sudo groups shell ntp checks rollout',
    // Infrastructure
    'instanceType region location vmSize ami iamInstanceProfile sshKeyName sshPublicKey rootVolume osDisk dataDisks subnet',
    'additionalSecurityGroups instanceMetadataOptions httpTokens httpPutResponseHopLimit identity userAssignedIdentities',
    'server datacenter datastore folder resourcePool cloneMode numCPUs memoryMiB diskGiB network devices networkName dhcp4',
    'ipAddrs gateway4 nameservers mtu storagePolicyName thumbprint powerOffMode failureDomain',
    // Kubernetes
    'selector template serviceName schedule jobTemplate containers initContainers command args type',
    'ports port targetPort containerPort env value valueFrom envFrom configMapRef secretKeyRef configMapKeyRef fieldRef',
    'volumes configMap secret emptyDir persistentVolumeClaim projected hostPath csi volumeMounts mountPath subPath readOnly',
    'apiGroups resources verbs requests limits cpu memory readinessProbe livenessProbe startupProbe httpGet initialDelaySeconds',
    'periodSeconds timeoutSeconds failureThreshold serviceAccountName imagePullSecrets securityContext runAsNonRoot',
    'runAsUser runAsGroup fsGroup seccompProfile allowPrivilegeEscalation readOnlyRootFilesystem capabilities drop',
    'imagePullPolicy nodeSelector tolerations key operator effect affinity podAntiAffinity topologySpreadConstraints',
    'priorityClassName terminationGracePeriodSeconds restartPolicy data stringData rules matchLabels',
    'labels annotations revisionHistoryLimit',
    'ingressClassName host http tls paths pathType backend service number strategy rollingUpdate podSelector namespaceSelector policyTypes ingress egress from to',
    'minReplicas maxReplicas scaleTargetRef metrics behavior resource averageUtilization property',
    // Schemas of CRDs
    'group scope names plural singular shortNames versions served storage schema properties required items enum default',
    'pattern minimum maximum minLength maxLength minItems maxItems description format additionalProperties',
    'x-kubernetes-validations x-kubernetes-list-type x-kubernetes-list-map-keys additionalPrinterColumns subresources',
  ),
);

/** Lower comes first. */
export function usualRank(key: string): number {
  return keyOrder.get(key) ?? keyOrder.size;
}

export function isUsual(key: string): boolean {
  return keyOrder.has(key);
}

/** The keys that objects of many kinds set, in their usual order. */
export function usualKeys({ properties = {} }: Schema): readonly string[] {
  return Object.keys(properties)
    .filter((name) => keyOrder.has(name))
    .toSorted((a, b) => usualRank(a) - usualRank(b))
    .slice(0, 3);
}

const kinds = (group: string, names: string): readonly GroupKind[] =>
  names.split(' ').map((name): GroupKind => `${group}/${name}`);
const kindOrder = order([
  ...kinds('kustomize.toolkit.fluxcd.io', 'Kustomization'),
  ...kinds('helm.toolkit.fluxcd.io', 'HelmRelease'),
  ...kinds('source.toolkit.fluxcd.io', 'GitRepository OCIRepository HelmRepository Bucket'),
  ...kinds('cluster.x-k8s.io', 'Cluster MachineDeployment MachineHealthCheck MachinePool ClusterClass'),
  ...kinds('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane'),
  ...kinds('bootstrap.cluster.x-k8s.io', 'KubeadmConfigTemplate KubeadmConfig'),
  ...kinds('infrastructure.cluster.x-k8s.io', 'AWSMachineTemplate AWSCluster AWSManagedMachinePool AWSManagedCluster'),
  ...kinds(
    'infrastructure.cluster.x-k8s.io',
    'AzureMachineTemplate AzureCluster VSphereMachineTemplate VSphereCluster',
  ),
  ...kinds('controlplane.cluster.x-k8s.io', 'KubeadmControlPlaneTemplate AWSManagedControlPlane'),
  ...kinds('', 'Namespace ConfigMap Secret Service ServiceAccount'),
  ...kinds('apps', 'Deployment StatefulSet DaemonSet'),
  ...kinds('networking.k8s.io', 'Ingress NetworkPolicy'),
  ...kinds('batch', 'CronJob Job'),
  ...kinds('rbac.authorization.k8s.io', 'Role RoleBinding ClusterRole ClusterRoleBinding'),
  ...kinds('', 'PersistentVolumeClaim Pod'),
  ...kinds('autoscaling', 'HorizontalPodAutoscaler'),
  ...kinds('policy', 'PodDisruptionBudget'),
  ...kinds('notification.toolkit.fluxcd.io', 'Alert Provider Receiver'),
  ...kinds('image.toolkit.fluxcd.io', 'ImageRepository ImagePolicy ImageUpdateAutomation'),
  ...kinds('fluxcd.controlplane.io', 'ResourceSet FluxInstance ResourceSetInputProvider'),
  ...kinds('external-secrets.io', 'ExternalSecret ClusterSecretStore SecretStore'),
  ...kinds('cert-manager.io', 'Certificate ClusterIssuer Issuer'),
  ...kinds('monitoring.coreos.com', 'ServiceMonitor PrometheusRule PodMonitor'),
  ...kinds('gateway.networking.k8s.io', 'HTTPRoute Gateway'),
  ...kinds('storage.k8s.io', 'StorageClass'),
  ...kinds('apiextensions.k8s.io', 'CustomResourceDefinition'),
  ...kinds('kustomize.config.k8s.io', 'Kustomization Component'),
]);

/** Lower comes first; below `unusual` for the kinds listed above. */
export function usualKindRank(groupKind: GroupKind): number {
  return kindOrder.get(groupKind) ?? unusual;
}

export const unusual = kindOrder.size;

/** The kinds that health checks wait for and that patches change: what runs comes first. */
const targetOrder = order([
  ...kinds('apps', 'Deployment'),
  ...kinds('helm.toolkit.fluxcd.io', 'HelmRelease'),
  ...kinds('apps', 'StatefulSet DaemonSet'),
  ...kinds('kustomize.toolkit.fluxcd.io', 'Kustomization'),
  ...kinds('batch', 'Job CronJob'),
  ...kinds('', 'Service ConfigMap Namespace ServiceAccount'),
  ...kinds('networking.k8s.io', 'Ingress'),
  ...kinds('cluster.x-k8s.io', 'Cluster'),
  ...kinds('apiextensions.k8s.io', 'CustomResourceDefinition'),
]);

/** Like `usualKindRank`, for the targets of health checks and patches. */
export function usualTargetRank(groupKind: GroupKind): number {
  return targetOrder.get(groupKind) ?? targetOrder.size + usualKindRank(groupKind);
}

/** The most common values of enums; schemas list them alphabetically. */
const valueOrder = order(
  words(
    'TCP RollingUpdate NoSchedule ClusterIP Prefix RuntimeDefault IfNotPresent ReadWriteOnce Ingress ScheduleAnyway',
    'CreateReplace required Delete WaitForFirstConsumer Namespaced Always Equal Ignore',
  ),
);

/** Lower comes first. */
export function usualValueRank(value: unknown): number {
  return valueOrder.get(String(value)) ?? valueOrder.size;
}

/** The names of fields that hold maps of labels; the last two are kustomize's. */
const labelMaps: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'selector', 'pairs', 'commonLabels']);

/**
 * Whether a map of strings holds labels of objects. Other things have labels too, such as the alerts of a PrometheusRule:
 * those of objects are in metadata.
 */
export function isLabelMap({ kind, path, schema }: Field): boolean {
  const name = String(path.at(-1));
  if (!labelMaps.has(name) || typeof schema.additionalProperties !== 'object') return false;
  if (schema.additionalProperties.type !== 'string') return false;
  return name !== 'labels' || isMetadata(path.at(-2)) || kind.gvk.group === 'kustomize.config.k8s.io';
}

/** `metadata`, `podMetadata`, `commonMetadata`. */
export function isMetadata(name: string | number | undefined): boolean {
  return typeof name === 'string' && /(?:^m|M)etadata$/.test(name);
}

/** Whether the map is one of quantities, such as the requests of a container. */
function isResources({ path, schema }: Field): boolean {
  const name = path.at(-1);
  const values = schema.additionalProperties;
  if ((name !== 'requests' && name !== 'limits') || typeof values !== 'object') return false;
  return values['x-kubernetes-int-or-string'] === true || values.format === 'quantity';
}

/** Usual keys of a map that accepts any key. */
export function knownKeys(field: Field): readonly string[] {
  const { kind, path } = field;
  const [parent, name] = [path.at(-2), path.at(-1)];
  const { group } = kind.gvk;
  if (isResources(field)) return isOfVolume(field) ? ['storage'] : ['cpu', 'memory', 'ephemeral-storage'];
  if (group === '' && kind.gvk.kind === 'ResourceQuota' && rowPath(path) === 'spec.hard') {
    return ['pods', 'requests.cpu', 'requests.memory', 'limits.memory', 'persistentvolumeclaims'];
  }
  if (name === 'nodeSelector') return ['kubernetes.io/os', 'kubernetes.io/arch', 'topology.kubernetes.io/zone'];
  if (name === 'matchLabels' && parent === 'namespaceSelector') return ['kubernetes.io/metadata.name'];
  if (isLabelMap(field)) return usualLabels;
  if (group === 'operator.cluster.x-k8s.io' && name === 'featureGates' && parent === 'manager') {
    return ['ClusterTopology', 'MachinePool', 'RuntimeSDK'];
  }
  return [];
}

/** The resources of a volume are those of a claim: beside them are its access modes. */
function isOfVolume({ kind, path }: Field): boolean {
  const claim = path.slice(0, -2).reduce<Schema | undefined>((at, step) => at && childSchema(at, step), kind.schema);
  return claim?.properties !== undefined && Object.hasOwn(claim.properties, 'accessModes');
}

const usualLabels = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
];
