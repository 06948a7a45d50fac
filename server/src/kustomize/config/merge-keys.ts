// The lists that strategic merge patches merge by keys, for the kinds that kustomize knows: what the schema of Kubernetes
// 1.21.2 that it contains says of them (kyaml/openapi/kubernetesapi). Lists of later releases are replaced.
import { apiVersionOf, type Gvk } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { isKnownToKustomize } from '../scope.ts';

/**
 * The fields of a type by their names: `Type`, `[key key] Type` for a list of objects that is merged by keys, and `[]` for a
 * list of texts that is merged. Fields in which nothing is merged by keys are left out.
 */
type Fields = Readonly<Record<string, string>>;

const types: Readonly<Record<string, Fields>> = {
  ObjectMeta: { finalizers: '[]', ownerReferences: '[uid]' },
  Status: { conditions: '[type]' },
  NodeSpec: { podCIDRs: '[]' },
  NodeStatus: { addresses: '[type]', conditions: '[type]' },
  ServiceSpec: { ports: '[port protocol]' },
  CSINodeSpec: { drivers: '[name]' },
  TemplateSpec: { template: 'PodTemplate' },
  CronJobSpec: { jobTemplate: 'JobTemplate' },
  JobTemplate: { metadata: 'ObjectMeta', spec: 'TemplateSpec' },
  PodTemplate: { metadata: 'ObjectMeta', spec: 'PodSpec' },
  PodStatus: { conditions: '[type]', podIPs: '[ip]' },
  PodSpec: {
    containers: '[name] Container',
    ephemeralContainers: '[name] EphemeralContainer',
    hostAliases: '[ip]',
    imagePullSecrets: '[name]',
    initContainers: '[name] Container',
    topologySpreadConstraints: '[topologyKey whenUnsatisfiable]',
    volumes: '[name] Volume',
  },
  Container: {
    env: '[name]',
    ports: '[containerPort protocol]',
    volumeDevices: '[devicePath]',
    volumeMounts: '[mountPath]',
  },
  EphemeralContainer: { env: '[name]', volumeDevices: '[devicePath]', volumeMounts: '[mountPath]' },
  Volume: { ephemeral: 'EphemeralVolume' },
  EphemeralVolume: { volumeClaimTemplate: 'ClaimTemplate' },
  ClaimTemplate: { metadata: 'ObjectMeta' },
};

const workload: Fields = { spec: 'TemplateSpec', status: 'Status' };
const webhooks: Fields = { webhooks: '[name]' };
const status: Fields = { status: 'Status' };

/** The fields of kinds beside `metadata`; those of a kind are the same in all its versions. */
const kinds: Readonly<Record<string, Fields>> = {
  'v1 ComponentStatus': { conditions: '[type]' },
  'v1 Namespace': status,
  'v1 Node': { spec: 'NodeSpec', status: 'NodeStatus' },
  'v1 PersistentVolumeClaim': status,
  'v1 Pod': { spec: 'PodSpec', status: 'PodStatus' },
  'v1 PodTemplate': { template: 'PodTemplate' },
  'v1 ReplicationController': workload,
  'v1 Service': { spec: 'ServiceSpec', status: 'Status' },
  'v1 ServiceAccount': { secrets: '[name]' },
  'admissionregistration.k8s.io MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io ValidatingWebhookConfiguration': webhooks,
  'apiregistration.k8s.io APIService': status,
  'apps DaemonSet': workload,
  'apps Deployment': workload,
  'apps ReplicaSet': workload,
  'apps StatefulSet': workload,
  'batch CronJob': { spec: 'CronJobSpec' },
  'batch Job': workload,
  'policy PodDisruptionBudget': status,
  'storage.k8s.io CSINode': { spec: 'CSINodeSpec' },
};

const resolved = new Map<string, Schema>();

/** What of a kind's schema a merge depends on; undefined for a kind that kustomize has no schema of. */
export function mergeSchemaOf(gvk: Gvk): Schema | undefined {
  if (!isKnownToKustomize(gvk)) return undefined;
  const name = `${gvk.group === '' ? apiVersionOf(gvk) : gvk.group} ${gvk.kind}`;
  const known = resolved.get(name) ?? schemaOf({ metadata: 'ObjectMeta', ...kinds[name] });
  resolved.set(name, known);
  return known;
}

function schemaOf(fields: Fields): Schema {
  return {
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchemaOf(field)])),
  };
}

function fieldSchemaOf(field: string): Schema {
  const [, keys, type = ''] = /^(?:\[(.*)\] ?)?(.*)$/.exec(field)!;
  const inner = type === '' ? {} : schemaOf(types[type]!);
  if (keys === undefined) return inner;
  return {
    'x-kubernetes-patch-strategy': 'merge',
    items: inner,
    ...(keys !== '' && { 'x-kubernetes-list-map-keys': keys.split(' ') }),
  };
}
