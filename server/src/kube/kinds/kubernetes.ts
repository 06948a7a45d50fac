// Built-in kinds whose objects reference others by name (https://kubernetes.io/docs/reference/kubernetes-api/).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference, ValueFormat } from '../kind.ts';
import { anywhere, clusterWide, maybe, open, same } from './references.ts';

const secret: GroupKind = '/Secret';
const configMap: GroupKind = '/ConfigMap';
const claim: GroupKind = '/PersistentVolumeClaim';
const service: GroupKind = '/Service';

/** To a cluster-scoped object that an installation, a chart or a cloud often brings. */
const weakly = (path: string, ...to: readonly GroupKind[]): Reference => ({
  ...clusterWide(path, ...to),
  optional: true,
});

/** The service that the API server calls. */
const called = (path: string): Reference => ({ ...anywhere(path, service), optional: true });

/** Storage drivers that log in with a Secret of the namespace of a pod, or of their own for a PersistentVolume. */
const drivers = ['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'].map(
  (one) => `${one}.secretRef`,
);

const storage = 'storage.k8s.io';

const claimSpec = (at: string): readonly Reference[] => [
  weakly(`${at}.storageClassName`, `${storage}/StorageClass`),
  weakly(`${at}.volumeName`, '/PersistentVolume'),
  weakly(`${at}.volumeAttributesClassName`, `${storage}/VolumeAttributesClass`),
  open(`${at}.dataSourceRef`),
];

const deviceRequests = (at: string): readonly Reference[] =>
  ['exactly', 'firstAvailable[*]'].map((one) =>
    weakly(`${at}.devices.requests[*].${one}.deviceClassName`, 'resource.k8s.io/DeviceClass'),
  );

/** The objects in its namespace that a pod uses. */
const podSpec = (at: string): readonly Reference[] => [
  maybe(`${at}.serviceAccountName`, '/ServiceAccount'),
  maybe(`${at}.imagePullSecrets[*]`, secret),
  maybe(`${at}.volumes[*].configMap`, configMap),
  maybe(`${at}.volumes[*].secret.secretName`, secret),
  maybe(`${at}.volumes[*].persistentVolumeClaim.claimName`, claim),
  maybe(`${at}.volumes[*].projected.sources[*].configMap`, configMap),
  maybe(`${at}.volumes[*].projected.sources[*].secret`, secret),
  ...['azureFile.secretName', ...drivers, 'csi.nodePublishSecretRef'].map((one) =>
    maybe(`${at}.volumes[*].${one}`, secret),
  ),
  ...claimSpec(`${at}.volumes[*].ephemeral.volumeClaimTemplate.spec`),
  maybe(`${at}.resourceClaims[*].resourceClaimName`, 'resource.k8s.io/ResourceClaim'),
  maybe(`${at}.resourceClaims[*].resourceClaimTemplateName`, 'resource.k8s.io/ResourceClaimTemplate'),
  weakly(`${at}.priorityClassName`, 'scheduling.k8s.io/PriorityClass'),
  weakly(`${at}.runtimeClassName`, 'node.k8s.io/RuntimeClass'),
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => [
    maybe(`${at}.${list}[*].env[*].valueFrom.configMapKeyRef`, configMap),
    maybe(`${at}.${list}[*].env[*].valueFrom.secretKeyRef`, secret),
    maybe(`${at}.${list}[*].envFrom[*].configMapRef`, configMap),
    maybe(`${at}.${list}[*].envFrom[*].secretRef`, secret),
  ]),
];

const templated = podSpec('spec.template.spec');
const rbac = 'rbac.authorization.k8s.io';

const admission = 'admissionregistration.k8s.io';

/** The expressions of an admission policy of either kind. */
const policy: Readonly<Record<string, ValueFormat>> = {
  'spec.matchConditions[*].expression': 'cel',
  'spec.variables[*].expression': 'cel',
};

export const kubernetes: readonly Kind[] = [
  { group: 'apps', kind: 'Deployment', family: 'workload', references: templated },
  {
    group: 'apps',
    kind: 'StatefulSet',
    family: 'workload',
    references: [...templated, maybe('spec.serviceName', service), ...claimSpec('spec.volumeClaimTemplates[*].spec')],
  },
  { group: 'apps', kind: 'DaemonSet', family: 'workload', references: templated },
  { group: 'apps', kind: 'ReplicaSet', references: templated },
  { group: '', kind: 'ReplicationController', references: templated },
  { group: '', kind: 'PodTemplate', references: podSpec('template.spec') },
  { group: 'resource.k8s.io', kind: 'ResourceClaim', references: deviceRequests('spec') },
  { group: 'resource.k8s.io', kind: 'ResourceClaimTemplate', references: deviceRequests('spec.spec') },
  { group: 'batch', kind: 'Job', references: templated },
  {
    group: 'batch',
    kind: 'CronJob',
    references: podSpec('spec.jobTemplate.spec.template.spec'),
    values: { 'spec.schedule': 'cron' },
  },
  { group: '', kind: 'Pod', references: podSpec('spec') },
  { group: '', kind: 'Secret', madeInCluster: true },
  { group: '', kind: 'ConfigMap', madeInCluster: true },
  {
    group: '',
    kind: 'ServiceAccount',
    madeInCluster: true,
    references: [maybe('imagePullSecrets[*]', secret), maybe('secrets[*]', secret)],
  },
  {
    group: '',
    kind: 'PersistentVolume',
    references: [
      weakly('spec.storageClassName', `${storage}/StorageClass`),
      { ...anywhere('spec.claimRef', claim), optional: true },
      weakly('spec.volumeAttributesClassName', `${storage}/VolumeAttributesClass`),
      ...[
        ...['controllerExpand', 'controllerPublish', 'nodeExpand', 'nodePublish', 'nodeStage'].map(
          (one) => `csi.${one}SecretRef`,
        ),
        ...drivers,
      ].map((one): Reference => ({ ...anywhere(`spec.${one}`, secret), optional: true })),
    ],
  },
  { group: 'apiregistration.k8s.io', kind: 'APIService', references: [called('spec.service')] },
  {
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    references: [called('spec.conversion.webhook.clientConfig.service')],
  },
  {
    group: 'networking.k8s.io',
    kind: 'Ingress',
    references: [
      maybe('spec.defaultBackend.service', service),
      maybe('spec.rules[*].http.paths[*].backend.service', service),
      maybe('spec.tls[*].secretName', secret),
      weakly('spec.ingressClassName', 'networking.k8s.io/IngressClass'),
    ],
  },
  {
    group: rbac,
    kind: 'RoleBinding',
    references: [
      { ...same('roleRef', `${rbac}/Role`, `${rbac}/ClusterRole`), written: ['apiGroup'] },
      { ...anywhere('subjects[*]', '/ServiceAccount'), optional: true },
    ],
  },
  {
    group: rbac,
    kind: 'ClusterRoleBinding',
    references: [
      { ...clusterWide('roleRef', `${rbac}/ClusterRole`), written: ['apiGroup'] },
      { ...anywhere('subjects[*]', '/ServiceAccount'), optional: true },
    ],
  },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    references: [{ ...maybe('spec.scaleTargetRef', 'apps/Deployment', 'apps/StatefulSet'), written: ['apiVersion'] }],
  },
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    references: claimSpec('spec'),
  },
  ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) => ({
    ...{ group: admission, kind, references: [called('webhooks[*].clientConfig.service')] },
    values: { 'webhooks[*].matchConditions[*].expression': 'cel' as const },
  })),
  {
    group: admission,
    kind: 'ValidatingAdmissionPolicy',
    values: {
      ...policy,
      'spec.validations[*].expression': 'cel',
      'spec.validations[*].messageExpression': 'cel',
      'spec.auditAnnotations[*].valueExpression': 'cel',
    },
  },
  {
    group: admission,
    kind: 'MutatingAdmissionPolicy',
    values: {
      ...policy,
      'spec.mutations[*].applyConfiguration.expression': 'cel',
      'spec.mutations[*].jsonPatch.expression': 'cel',
    },
  },
];
