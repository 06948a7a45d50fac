// Values of fields whose schema lists none although the values are known: the API server checks some in code; for others
// (verbs, topology keys) only a few values are common.
import type { GroupKind } from '../../kube/identity.ts';

export interface KnownValues {
  /**
   * With `of`, the field's path from the object. Otherwise the end of the path in any kind, for types that many kinds
   * share; `beside` then identifies the type.
   */
  readonly path: string;
  readonly of?: readonly GroupKind[];
  /** Other fields that the schema has beside the field (of a list: beside the list). */
  readonly beside?: readonly string[];
  /** The likeliest first. */
  readonly values: readonly string[];
}

const scaler: readonly GroupKind[] = ['autoscaling/HorizontalPodAutoscaler'];
const ingress: readonly GroupKind[] = ['networking.k8s.io/Ingress'];
const crd: readonly GroupKind[] = ['apiextensions.k8s.io/CustomResourceDefinition'];
const roles: readonly GroupKind[] = ['rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/ClusterRole'];
const bindings: readonly GroupKind[] = [
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
];
const kustomize: readonly GroupKind[] = ['kustomize.config.k8s.io/Kustomization', 'kustomize.config.k8s.io/Component'];
const conditionStatuses = ['False', 'Unknown', 'True'];
const awsVolumes = ['gp3', 'gp2', 'io2', 'io1', 'st1', 'sc1', 'standard'];
const schemaOfCrd = ['x-kubernetes-list-type', 'additionalProperties'];

export const knownValueRows: readonly KnownValues[] = [
  // Pods, in any kind with a pod or a container in it.
  {
    path: 'fieldRef.fieldPath',
    beside: ['apiVersion'],
    values: [
      'metadata.name',
      'metadata.namespace',
      'metadata.uid',
      'spec.nodeName',
      'spec.serviceAccountName',
      'status.podIP',
      'status.hostIP',
    ],
  },
  {
    path: 'resourceFieldRef.resource',
    beside: ['containerName', 'divisor'],
    values: ['limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'],
  },
  { path: 'capabilities.drop[*]', beside: ['add'], values: ['ALL', 'NET_RAW'] },
  {
    path: 'capabilities.add[*]',
    beside: ['drop'],
    values: ['NET_BIND_SERVICE', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_ADMIN'],
  },
  {
    path: 'topologyKey',
    beside: ['labelSelector'],
    values: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region'],
  },
  {
    path: 'priorityClassName',
    beside: ['tolerations'],
    values: ['system-cluster-critical', 'system-node-critical'],
  },
  ...['nodeSelectorTerms[*].matchExpressions[*]', 'preference.matchExpressions[*]'].map((at) => ({
    ...{ path: `${at}.operator`, beside: ['key', 'values'] },
    ...{ values: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] },
  })),
  {
    path: 'matchExpressions[*].operator',
    beside: ['key', 'values'],
    values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  },
  { path: 'nodeSelector.kubernetes.io/os', values: ['linux', 'windows'] },
  { path: 'nodeSelector.kubernetes.io/arch', values: ['amd64', 'arm64'] },
  { path: 'httpGet.path', beside: ['httpHeaders'], values: ['/healthz', '/readyz', '/livez', '/'] },
  ...['dataSource', 'dataSourceRef'].map((source) => ({
    ...{ path: `${source}.kind`, beside: ['apiGroup', 'name'] },
    ...{ values: ['PersistentVolumeClaim', 'VolumeSnapshot'] },
  })),
  // Kubernetes
  {
    of: ['/Secret'],
    path: 'type',
    values: [
      'Opaque',
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/tls',
      'kubernetes.io/basic-auth',
      'kubernetes.io/ssh-auth',
      'kubernetes.io/service-account-token',
    ],
  },
  { of: scaler, path: 'spec.metrics[*].type', values: ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'] },
  { of: scaler, path: 'spec.metrics[*].resource.name', values: ['cpu', 'memory'] },
  { of: scaler, path: 'spec.metrics[*].containerResource.name', values: ['cpu', 'memory'] },
  ...['resource', 'containerResource'].map((source) => ({
    ...{ of: scaler, path: `spec.metrics[*].${source}.target.type`, values: ['Utilization', 'AverageValue'] },
  })),
  { of: scaler, path: 'spec.metrics[*].pods.target.type', values: ['AverageValue'] },
  ...['object', 'external'].map((source) => ({
    ...{ of: scaler, path: `spec.metrics[*].${source}.target.type`, values: ['Value', 'AverageValue'] },
  })),
  { of: ingress, path: 'spec.rules[*].http.paths[*].path', values: ['/'] },
  {
    of: roles,
    path: 'rules[*].verbs[*]',
    values: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  },
  { of: bindings, path: 'subjects[*].kind', values: ['ServiceAccount', 'Group', 'User'] },
  { of: crd, path: 'spec.scope', values: ['Namespaced', 'Cluster'] },
  {
    of: crd,
    path: 'spec.versions[*].additionalPrinterColumns[*].type',
    values: ['string', 'integer', 'number', 'boolean', 'date'],
  },
  { path: 'x-kubernetes-list-type', beside: schemaOfCrd, values: ['map', 'set', 'atomic'] },
  { path: 'x-kubernetes-map-type', beside: schemaOfCrd, values: ['granular', 'atomic'] },
  { path: 'type', beside: schemaOfCrd, values: ['string', 'integer', 'boolean', 'object', 'array', 'number'] },
  {
    path: 'format',
    beside: schemaOfCrd,
    values: ['date-time', 'int32', 'int64', 'byte', 'duration', 'uri', 'ipv4', 'ipv6', 'cidr'],
  },
  // kustomize
  ...['configMapGenerator', 'secretGenerator'].map((list) => ({
    ...{ of: kustomize, path: `${list}[*].behavior`, values: ['create', 'merge', 'replace'] },
  })),
  { of: kustomize, path: 'sortOptions.order', values: ['fifo', 'legacy'] },
  {
    of: kustomize,
    path: 'buildMetadata[*]',
    values: ['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
  },
  {
    of: kustomize,
    path: 'secretGenerator[*].type',
    values: ['Opaque', 'kubernetes.io/tls', 'kubernetes.io/dockerconfigjson'],
  },
  // Flux
  {
    of: ['source.toolkit.fluxcd.io/OCIRepository'],
    path: 'spec.layerSelector.mediaType',
    values: ['application/vnd.cncf.helm.chart.content.v1.tar+gzip'],
  },
  ...['eventSources', 'resources'].map(
    (list): KnownValues => ({
      of: [list === 'resources' ? 'notification.toolkit.fluxcd.io/Receiver' : 'notification.toolkit.fluxcd.io/Alert'],
      path: `spec.${list}[*].name`,
      values: ['*'],
    }),
  ),
  // Cluster API and its providers
  { path: 'unhealthyNodeConditions[*].type', beside: ['status', 'timeoutSeconds'], values: ['Ready'] },
  { path: 'unhealthyNodeConditions[*].status', beside: ['timeoutSeconds'], values: conditionStatuses },
  { path: 'unhealthyConditions[*].type', beside: ['status', 'timeout'], values: ['Ready'] },
  { path: 'unhealthyConditions[*].status', beside: ['timeout'], values: conditionStatuses },
  { path: 'rootVolume.type', beside: ['encryptionKey', 'throughput'], values: awsVolumes },
  { path: 'nonRootVolumes[*].type', beside: ['encryptionKey', 'throughput'], values: awsVolumes },
  {
    path: 'managedDisk.storageAccountType',
    beside: ['diskEncryptionSet'],
    values: ['Premium_LRS', 'StandardSSD_LRS', 'Standard_LRS', 'Premium_ZRS', 'UltraSSD_LRS'],
  },
];
