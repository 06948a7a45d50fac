// A live object as the store keeps it: its identity and only the fields that health, rollout, trees and actions read.
// Values that may be secret (Helm values, substitutions, annotations with copies of the object) are dropped here.
import { type GroupKind, groupKindOf, parseApiVersion } from '../kube/identity.ts';
import { familyOf, isFlux } from './family.ts';
import { at, type Fields, fields, list, number, text, texts } from './fields.ts';
import { Remembering } from './remembering.ts';

export interface LiveObject {
  readonly apiVersion: string;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** 0 if the kind has none. */
  readonly generation: number;
  /** RFC 3339. */
  readonly created?: string;
  readonly deleted?: string;
  /** Set only while the object is being deleted. */
  readonly finalizers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly Owner[];
  readonly spec: Fields;
  readonly status: Fields;
  /** The last writer of each of these fields, from managedFields. */
  readonly writers: Readonly<Partial<Record<WrittenField, Writer>>>;
}

export interface Owner {
  readonly groupKind: GroupKind;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

export type WrittenField = 'suspend' | 'paused' | 'replicas';

export interface Writer {
  readonly manager: string;
  readonly time?: string;
}

/** Unique within a cluster; a recreated object has the same key. */
export type ObjectKey = string;

export function keyOf(groupKind: GroupKind, namespace: string | undefined, name: string): ObjectKey {
  return `${groupKind}|${namespace ?? ''}|${name}`;
}

export function objectKey({
  groupKind,
  namespace,
  name,
}: Pick<LiveObject, 'groupKind' | 'namespace' | 'name'>): ObjectKey {
  return keyOf(groupKind, namespace, name);
}

/** An object with its key, which is expensive to compute again for each of ten thousand objects. */
export interface Keyed {
  readonly key: ObjectKey;
  readonly object: LiveObject;
}

/** Undefined if `raw` is not an object (no name, no kind). `apiVersion` and `kind` are for the items of a typed list. */
export function trim(raw: unknown, apiVersion?: string, kind?: string): LiveObject | undefined {
  const version = text(raw, 'apiVersion') ?? apiVersion;
  const ofKind = text(raw, 'kind') ?? kind;
  const name = text(raw, 'metadata', 'name');
  const parsed = version === undefined ? undefined : parseApiVersion(version);
  if (!version || !parsed || !ofKind || !name) return undefined;
  const groupKind = groupKindOf({ group: parsed.group, kind: ofKind });
  const namespace = text(raw, 'metadata', 'namespace');
  const created = text(raw, 'metadata', 'creationTimestamp');
  const deleted = text(raw, 'metadata', 'deletionTimestamp');
  return Object.assign(new Remembering(), {
    apiVersion: version,
    groupKind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid: text(raw, 'metadata', 'uid') ?? '',
    resourceVersion: text(raw, 'metadata', 'resourceVersion') ?? '',
    generation: number(raw, 'metadata', 'generation') ?? 0,
    ...(created === undefined ? {} : { created }),
    ...(deleted === undefined ? {} : { deleted }),
    finalizers: deleted === undefined ? [] : list(raw, 'metadata', 'finalizers').map(String),
    labels: texts(raw, 'metadata', 'labels'),
    annotations: kept(texts(raw, 'metadata', 'annotations')),
    owners: list(raw, 'metadata', 'ownerReferences').flatMap(ownerOf),
    spec: specOf(groupKind, fields(raw, 'spec')),
    status: statusOf(fields(raw, 'status')),
    writers: writersOf(list(raw, 'metadata', 'managedFields')),
  });
}

/** The identity only, for objects that are counted but not kept. */
export function outline(raw: unknown): LiveObject | undefined {
  const { name, namespace, uid, resourceVersion } = fields(raw, 'metadata');
  const identity = { name, namespace, uid, resourceVersion };
  return trim({ apiVersion: at(raw, 'apiVersion'), kind: at(raw, 'kind'), metadata: identity });
}

function ownerOf(reference: unknown): readonly Owner[] {
  const parsed = parseApiVersion(text(reference, 'apiVersion') ?? '');
  const kind = text(reference, 'kind');
  const name = text(reference, 'name');
  if (!parsed || !kind || !name) return [];
  return [
    {
      groupKind: groupKindOf({ group: parsed.group, kind }),
      name,
      uid: text(reference, 'uid') ?? '',
      controller: at(reference, 'controller') === true,
    },
  ];
}

/** The annotation in which Capstan keeps why an object is suspended. */
export const suspendReason = 'capstan/suspend-reason';

/** Annotations that Capstan reads; the others are large, private or both. */
const annotationsKept =
  /^(capstan\/suspend-reason$|reconcile\.fluxcd\.io\/|[a-z.]*fluxcd\.(controlplane\.)?io\/reconcile$|kustomize\.toolkit\.fluxcd\.io\/(reconcile|prune)|cluster\.x-k8s\.io\/|topology\.cluster\.x-k8s\.io\/|controlplane\.cluster\.x-k8s\.io\/remediation|deployment\.kubernetes\.io\/revision$|machinedeployment\.clusters\.x-k8s\.io\/)/;

function kept(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([name, value]) => annotationsKept.test(name) && value.length <= 500),
  );
}

const workloadSpec = [
  'replicas',
  'paused',
  'strategy',
  'updateStrategy',
  'selector',
  'minReadySeconds',
  'progressDeadlineSeconds',
  'podManagementPolicy',
];
/** Fields of built-in kinds that a tree or a diagnosis reads. */
const builtInSpec: Readonly<Record<GroupKind, readonly string[]>> = {
  '/Pod': ['nodeName', 'schedulingGates', 'restartPolicy', 'priorityClassName', 'runtimeClassName'],
  '/Node': ['unschedulable', 'taints', 'providerID'],
  '/Service': ['type'],
  '/PersistentVolumeClaim': ['storageClassName', 'volumeName', 'accessModes'],
  '/PersistentVolume': ['storageClassName', 'claimRef'],
  'batch/Job': ['suspend', 'completions', 'parallelism', 'backoffLimit', 'activeDeadlineSeconds'],
  'batch/CronJob': ['suspend', 'schedule', 'timeZone', 'concurrencyPolicy'],
  'autoscaling/HorizontalPodAutoscaler': ['minReplicas', 'maxReplicas', 'scaleTargetRef'],
  'policy/PodDisruptionBudget': ['minAvailable', 'maxUnavailable', 'selector'],
};
const fluxSpec = [
  ...[
    'suspend',
    'interval',
    'timeout',
    'retryInterval',
    'sourceRef',
    'chartRef',
    'path',
    'prune',
    'wait',
    'dependsOn',
    'ref',
    'type',
  ],
  ...[
    'targetNamespace',
    'storageNamespace',
    'releaseName',
    'url',
    'version',
    'install',
    'upgrade',
    'kubeConfig',
    'bucketName',
    // What a FluxReport says of the controllers.
    'distribution',
    'components',
  ],
];
/** Fields of Cluster API's core kinds, and those that the contract defines for the kinds of providers. */
const clusterApiSpec = [
  ...[
    'paused',
    'replicas',
    'version',
    'clusterName',
    'controlPlaneRef',
    'infrastructureRef',
    'bootstrap',
    'topology',
    'providerID',
  ],
  ...[
    'controlPlaneEndpoint',
    'selector',
    'strategy',
    'rollout',
    'template',
    'machineTemplate',
    'failureDomain',
    'remediation',
    'identityRef',
  ],
];

function specOf(groupKind: GroupKind, spec: Fields): Fields {
  const builtIn = builtInSpec[groupKind];
  if (builtIn !== undefined) return picked(spec, builtIn);
  if (familyOf(groupKind) === 'workload' || groupKind === 'apps/ReplicaSet') {
    const containers = list(spec, 'template', 'spec', 'containers').map((container) => ({
      name: text(container, 'name') ?? '',
      image: text(container, 'image') ?? '',
    }));
    return { ...picked(spec, workloadSpec), containers };
  }
  if (isFlux(groupKind)) {
    const chart = fields(spec, 'chart', 'spec');
    const chartSpec =
      at(spec, 'chart', 'spec') === undefined ? at(spec, 'chart') : picked(chart, ['chart', 'version', 'sourceRef']);
    const shown = picked(spec, fluxSpec);
    const url = text(shown, 'url');
    return {
      ...shown,
      ...(url === undefined ? {} : { url: url.replace(/\/\/[^/@]*@/, '//') }),
      ...(chartSpec === undefined ? {} : { chart: chartSpec }),
    };
  }
  const clusterApi = picked(spec, clusterApiSpec);
  const { topology, template, machineTemplate } = clusterApi as Readonly<Record<string, unknown>>;
  return {
    ...clusterApi,
    ...(topology === undefined
      ? {}
      : { topology: { ...picked(fields(topology), ['class', 'classRef', 'version', 'controlPlane']) } }),
    ...(template === undefined
      ? {}
      : {
          template: {
            spec: picked(fields(template, 'spec'), ['version', 'clusterName', 'bootstrap', 'infrastructureRef']),
          },
        }),
    ...(machineTemplate === undefined
      ? {}
      : {
          machineTemplate: {
            infrastructureRef: at(machineTemplate, 'infrastructureRef'),
            spec: picked(fields(machineTemplate, 'spec'), ['infrastructureRef']),
          },
        }),
  };
}

/** Inventory entries beyond this limit are counted, not kept. */
export const inventoryLimit = 2000;

function statusOf(status: Fields): Fields {
  const { inventory, history, conditions, ...rest } = status;
  const entries = list(inventory, 'entries');
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => isSmall(value))),
    ...(conditions === undefined ? {} : { conditions: list(conditions).slice(0, 200) }),
    ...(inventory === undefined
      ? {}
      : { inventory: { entries: entries.slice(0, inventoryLimit), count: entries.length } }),
    ...(history === undefined ? {} : { history: list(history).slice(0, 1) }),
  };
}

/** Long strings in status are never shown in a row. */
function isSmall(value: unknown): boolean {
  return typeof value !== 'string' || value.length <= 20_000;
}

function picked(from: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
}

function writersOf(managed: readonly unknown[]): LiveObject['writers'] {
  const writers: Partial<Record<WrittenField, Writer>> = {};
  for (const entry of managed) {
    const spec = fields(entry, 'fieldsV1', 'f:spec');
    for (const field of ['suspend', 'paused', 'replicas'] as const) {
      if (spec[`f:${field}`] === undefined) continue;
      const time = text(entry, 'time');
      const known = writers[field]?.time;
      // Several managers may own a field; the latest one wrote it.
      if (known !== undefined && (time === undefined || time < known)) continue;
      writers[field] = { manager: text(entry, 'manager') ?? 'unknown', ...(time === undefined ? {} : { time }) };
    }
  }
  return writers;
}
