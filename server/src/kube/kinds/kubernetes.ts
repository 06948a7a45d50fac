// Built-in kinds whose objects reference others by name (https://kubernetes.io/docs/reference/kubernetes-api/).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference, ValueFormat } from '../kind.ts';
import { clusterWide, maybe, same } from './references.ts';

const secret: GroupKind = '/Secret';
const configMap: GroupKind = '/ConfigMap';
const claim: GroupKind = '/PersistentVolumeClaim';

/** The objects in its namespace that a pod uses. */
const podSpec = (at: string): readonly Reference[] => [
  maybe(`${at}.serviceAccountName`, '/ServiceAccount'),
  maybe(`${at}.imagePullSecrets[*]`, secret),
  maybe(`${at}.volumes[*].configMap`, configMap),
  maybe(`${at}.volumes[*].secret.secretName`, secret),
  maybe(`${at}.volumes[*].persistentVolumeClaim.claimName`, claim),
  ...['containers', 'initContainers'].flatMap((list) => [
    maybe(`${at}.${list}[*].env[*].valueFrom.configMapKeyRef`, configMap),
    maybe(`${at}.${list}[*].env[*].valueFrom.secretKeyRef`, secret),
    maybe(`${at}.${list}[*].envFrom[*].configMapRef`, configMap),
    maybe(`${at}.${list}[*].envFrom[*].secretRef`, secret),
  ]),
];

const templated = podSpec('spec.template.spec');
const rbac = 'rbac.authorization.k8s.io';
const service: GroupKind = '/Service';

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
    references: [...templated, maybe('spec.serviceName', service)],
  },
  { group: 'apps', kind: 'DaemonSet', family: 'workload', references: templated },
  { group: 'apps', kind: 'ReplicaSet', references: templated },
  { group: 'batch', kind: 'Job', references: templated },
  {
    group: 'batch',
    kind: 'CronJob',
    references: podSpec('spec.jobTemplate.spec.template.spec'),
    values: { 'spec.schedule': 'cron' },
  },
  { group: '', kind: 'Pod', references: podSpec('spec') },
  { group: '', kind: 'ServiceAccount', references: [maybe('imagePullSecrets[*]', secret)] },
  {
    group: 'networking.k8s.io',
    kind: 'Ingress',
    references: [
      maybe('spec.defaultBackend.service', service),
      maybe('spec.rules[*].http.paths[*].backend.service', service),
      maybe('spec.tls[*].secretName', secret),
      { path: 'spec.ingressClassName', to: ['networking.k8s.io/IngressClass'], namespace: 'none', optional: true },
    ],
  },
  {
    group: rbac,
    kind: 'RoleBinding',
    references: [{ ...same('roleRef', `${rbac}/Role`, `${rbac}/ClusterRole`), written: ['apiGroup'] }],
  },
  {
    group: rbac,
    kind: 'ClusterRoleBinding',
    references: [{ ...clusterWide('roleRef', `${rbac}/ClusterRole`), written: ['apiGroup'] }],
  },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    references: [{ ...maybe('spec.scaleTargetRef', 'apps/Deployment', 'apps/StatefulSet'), written: ['apiVersion'] }],
  },
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    references: [
      { path: 'spec.storageClassName', to: ['storage.k8s.io/StorageClass'], namespace: 'none', optional: true },
    ],
  },
  ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) => ({
    ...{ group: admission, kind, values: { 'webhooks[*].matchConditions[*].expression': 'cel' as const } },
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
