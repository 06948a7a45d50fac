// The fields that kustomize changes without any configuration (api/internal/konfig/builtinpluginconsts).
import type { Gvk } from '../../kube/identity.ts';
import {
  configOf,
  emptyConfig,
  type FieldSpec,
  mergeConfigs,
  type NameReference,
  type TransformerConfig,
} from './field-specs.ts';

/** `group/version/Kind` with empty parts, or a kind alone; an empty text matches any. */
function gvkOf(text: string): Gvk {
  const [group = '', version = '', kind = ''] = text.includes('/') ? text.split('/') : ['', '', text];
  return { group, version, kind };
}

function fields(paths: string, kinds: string, create = false): readonly FieldSpec[] {
  const gvks = kinds === '' ? [gvkOf('')] : kinds.split(' ').map(gvkOf);
  return gvks.flatMap((gvk) => paths.split(' ').map((path) => ({ gvk, path, create })));
}

const created = (paths: string, kinds: string) => fields(paths, kinds, true);

/** Where each kind has its pod spec. */
const podSpecs: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template/spec',
  Deployment: 'spec/template/spec',
  ReplicaSet: 'spec/template/spec',
  ReplicationController: 'spec/template/spec',
  DaemonSet: 'spec/template/spec',
  StatefulSet: 'spec/template/spec',
  Job: 'spec/template/spec',
  CronJob: 'spec/jobTemplate/spec/template/spec',
};

/** Fields of a pod spec in several kinds. */
function inPods(kinds: string, paths: string): readonly FieldSpec[] {
  return kinds.split(' ').flatMap((kind) =>
    paths.split(' ').map((path) => {
      const [, , name = kind] = kind.split('/');
      return { gvk: gvkOf(kind), path: `${podSpecs[name]}/${path}`, create: false };
    }),
  );
}

const envOf = (kind: string) =>
  ['containers', 'initContainers']
    .flatMap((list) => [`${list}/env/valueFrom/${kind}KeyRef/name`, `${list}/envFrom/${kind}Ref/name`])
    .join(' ');

const configured = '/v1/Pod PodTemplate Deployment ReplicaSet DaemonSet StatefulSet Job CronJob';
const ruled = 'Pod StatefulSet Deployment ReplicationController CronJob Job DaemonSet';

function reference(kind: string, ...referrers: readonly (readonly FieldSpec[])[]): NameReference {
  return { gvk: gvkOf(kind), referrers: referrers.flat() };
}

const annotation = (name: string) => `metadata/annotations/${name.replace('/', '\\/')}`;

const nameReference: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) =>
    reference(kind, fields('spec/scaleTargetRef/name', 'HorizontalPodAutoscaler')),
  ),
  reference(
    '/v1/ConfigMap',
    inPods(configured, `volumes/configMap/name ${envOf('configMap')} volumes/projected/sources/configMap/name`),
    fields('spec/configSource/configMap', 'Node'),
    fields('rules/resourceNames', 'Role ClusterRole'),
    fields(annotation('nginx.ingress.kubernetes.io/fastcgi-params-configmap'), 'Ingress'),
  ),
  reference(
    '/v1/Secret',
    inPods(
      configured,
      `volumes/secret/secretName ${envOf('secret')} imagePullSecrets/name volumes/projected/sources/secret/name`,
    ),
    fields('spec/tls/secretName', 'Ingress'),
    fields(annotation('ingress.kubernetes.io/auth-secret'), 'Ingress'),
    fields(annotation('nginx.ingress.kubernetes.io/auth-secret'), 'Ingress'),
    fields(annotation('nginx.ingress.kubernetes.io/auth-tls-secret'), 'Ingress'),
    fields('imagePullSecrets/name', 'ServiceAccount'),
    fields(
      'parameters/secretName parameters/adminSecretName parameters/userSecretName parameters/secretRef',
      'StorageClass',
    ),
    fields('rules/resourceNames', 'Role ClusterRole'),
    fields('spec/template/spec/containers/env/valueFrom/secretKeyRef/name', 'serving.knative.dev/v1/Service'),
    fields('spec/azureFile/secretName', 'PersistentVolume'),
  ),
  reference(
    '/v1/Service',
    fields('spec/serviceName', 'apps//StatefulSet'),
    fields('spec/rules/http/paths/backend/serviceName spec/backend/serviceName', 'Ingress'),
    fields('spec/rules/http/paths/backend/service/name spec/defaultBackend/service/name', 'Ingress'),
    fields('spec/service/name', 'apiregistration.k8s.io//APIService'),
    fields('webhooks/clientConfig/service', 'admissionregistration.k8s.io//ValidatingWebhookConfiguration'),
    fields('webhooks/clientConfig/service', 'admissionregistration.k8s.io//MutatingWebhookConfiguration'),
  ),
  reference('rbac.authorization.k8s.io//Role', fields('roleRef/name', 'rbac.authorization.k8s.io//RoleBinding')),
  reference(
    'rbac.authorization.k8s.io//ClusterRole',
    fields('roleRef/name', 'rbac.authorization.k8s.io//RoleBinding rbac.authorization.k8s.io//ClusterRoleBinding'),
  ),
  reference(
    '/v1/ServiceAccount',
    fields('subjects', 'rbac.authorization.k8s.io//RoleBinding rbac.authorization.k8s.io//ClusterRoleBinding'),
    inPods(ruled, 'serviceAccountName'),
  ),
  reference('/v1/PersistentVolumeClaim', inPods(ruled, 'volumes/persistentVolumeClaim/claimName')),
  reference(
    '/v1/PersistentVolume',
    fields('spec/volumeName', 'PersistentVolumeClaim'),
    fields('rules/resourceNames', 'ClusterRole'),
  ),
  reference(
    'storage.k8s.io/v1/StorageClass',
    fields('spec/storageClassName', 'PersistentVolume PersistentVolumeClaim'),
    fields('spec/volumeClaimTemplates/spec/storageClassName', 'StatefulSet'),
  ),
  reference('scheduling.k8s.io/v1/PriorityClass', inPods(ruled, 'priorityClassName')),
  // The group has a version in it, so no IngressClass has this kind.
  {
    gvk: { group: 'networking.k8s.io/v1', version: 'v1', kind: 'IngressClass' },
    referrers: fields('spec/ingressClassName', 'Ingress'),
  },
  reference(
    'admissionregistration.k8s.io//ValidatingAdmissionPolicy',
    fields('spec/policyName', 'admissionregistration.k8s.io//ValidatingAdmissionPolicyBinding'),
  ),
];

const templateLabels = [
  ...created('metadata/labels', ''),
  ...created('spec/template/metadata/labels', '/v1/ReplicationController'),
  ...created('spec/template/metadata/labels', 'Deployment ReplicaSet DaemonSet apps//StatefulSet batch//Job'),
  ...created('spec/jobTemplate/metadata/labels spec/jobTemplate/spec/template/metadata/labels', 'batch//CronJob'),
];

const volumeClaimTemplateLabels = created('spec/volumeClaimTemplates[]/metadata/labels', 'apps//StatefulSet');

const affinities = ['podAffinity', 'podAntiAffinity']
  .flatMap((name) => [
    `affinity/${name}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
    `affinity/${name}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
  ])
  .join(' ');

const commonLabels = [
  ...created('spec/selector', '/v1/Service /v1/ReplicationController'),
  ...created('spec/selector/matchLabels', 'Deployment ReplicaSet DaemonSet apps//StatefulSet'),
  ...inPods('apps//Deployment apps//StatefulSet', `${affinities} topologySpreadConstraints/labelSelector/matchLabels`),
  ...fields('spec/selector/matchLabels', 'batch//Job policy//PodDisruptionBudget'),
  ...fields('spec/jobTemplate/spec/selector/matchLabels', 'batch//CronJob'),
  ...fields(
    'spec/podSelector/matchLabels spec/ingress/from/podSelector/matchLabels spec/egress/to/podSelector/matchLabels',
    'networking.k8s.io//NetworkPolicy',
  ),
  ...templateLabels,
  ...volumeClaimTemplateLabels,
];

const commonAnnotations = [
  ...created('metadata/annotations', ''),
  ...created('spec/template/metadata/annotations', '/v1/ReplicationController'),
  ...created('spec/template/metadata/annotations', 'Deployment ReplicaSet DaemonSet StatefulSet batch//Job'),
  ...created(
    'spec/jobTemplate/metadata/annotations spec/jobTemplate/spec/template/metadata/annotations',
    'batch//CronJob',
  ),
];

const expanded = ['containers', 'initContainers']
  .flatMap((list) => ['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((field) => `${list}/${field}`))
  .join(' ');

const varReference = [
  ...inPods('CronJob DaemonSet Deployment Job Pod ReplicaSet StatefulSet', expanded),
  ...inPods('DaemonSet Deployment Job Pod ReplicaSet', 'volumes/nfs/server'),
  ...fields('spec/jobTemplate/spec/template/volumes/nfs/server', 'CronJob'),
  ...fields('spec/template/metadata/annotations', 'Deployment'),
  ...fields('spec/rules/host spec/tls/hosts spec/tls/secretName', 'Ingress'),
  ...fields('spec/ports/port spec/ports/targetPort', 'Service'),
  ...fields('spec/volumeClaimTemplates/spec/nfs/server', 'StatefulSet'),
  ...fields('spec/nfs/server', 'PersistentVolume'),
  ...fields('metadata/labels metadata/annotations', ''),
];

const written = configOf({
  namePrefix: fields('metadata/name', ''),
  nameSuffix: fields('metadata/name', ''),
  namespace: [
    ...created('metadata/name', 'Namespace'),
    ...created('spec/service/namespace', 'apiregistration.k8s.io//APIService'),
    ...fields(
      'spec/conversion/webhook/clientConfig/service/namespace',
      'apiextensions.k8s.io//CustomResourceDefinition',
    ),
  ],
  commonLabels,
  templateLabels,
  volumeClaimTemplateLabels,
  commonAnnotations,
  nameReference,
  varReference,
  images: created(
    'spec/containers[]/image spec/initContainers[]/image spec/volumes[]/image/reference ' +
      'spec/template/spec/containers[]/image spec/template/spec/initContainers[]/image ' +
      'spec/template/spec/volumes[]/image/reference spec/jobTemplate/spec/template/spec/volumes[]/image/reference',
    '',
  ),
  replicas: created('spec/replicas', 'Deployment ReplicationController ReplicaSet StatefulSet'),
});

const merged = mergeConfigs(emptyConfig, written);

/** As kustomize merges it into an empty configuration. */
export const defaultConfig: TransformerConfig = 'conflict' in merged ? written : merged;
