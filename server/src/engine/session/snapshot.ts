// Fetches, once and without a watch, the objects that a tree is built from: those of one Cluster API cluster, those that a
// Kustomization or HelmRelease delivers, or those that a workload owns. Uses a list if several objects of a kind are needed; of
// Secrets and ConfigMaps it reads only the metadata.
import type { GroupKind } from '../../kube/identity.ts';
import { at, fields, list, text } from '../../live/fields.ts';
import { deliveryKinds, inventoryOf } from '../../live/inventory.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey, trim } from '../../live/object.ts';
import { branchOf } from '../../live/parents.ts';
import { partsOf } from '../../live/parts.ts';
import type { Absence, Snapshot } from '../../live/source.ts';
import { clusterKind, treeBranch } from '../../live/tree.ts';
import type { Failure } from '../failure.ts';
import type { CallOptions } from '../transport/http-library.ts';
import type { Transport } from '../transport/transport.ts';
import type { Discovery, Resource } from '../watch/discovery.ts';
import { listObjects, readObject } from '../watch/objects.ts';
import { form } from '../watch/reflector.ts';
import { selectorOf } from './inspect.ts';

export interface Fetched extends Snapshot {
  /** A sentence for each kind that could not be read. */
  readonly problems: readonly string[];
}

export async function snapshotOf(
  transport: Transport,
  discovery: Discovery,
  root: LiveObject,
  signal: AbortSignal,
): Promise<Fetched> {
  const reader = new Reader(transport, discovery, signal);
  reader.objects.set(objectKey(root), root);
  if (root.groupKind === clusterKind) await readCluster(reader, root);
  else if (deliveryKinds.includes(root.groupKind)) await readDelivery(reader, root);
  else if (treeBranch(root.groupKind) === 'workload') await readWorkload(reader, root);
  return reader;
}

const clusterKinds: readonly GroupKind[] = [
  'cluster.x-k8s.io/MachineDeployment',
  'cluster.x-k8s.io/MachinePool',
  'cluster.x-k8s.io/MachineSet',
  'cluster.x-k8s.io/Machine',
  'cluster.x-k8s.io/MachineHealthCheck',
];

async function readCluster(reader: Reader, cluster: LiveObject): Promise<void> {
  const { namespace } = cluster;
  const ofCluster = `cluster.x-k8s.io/cluster-name=${cluster.name}`;
  await Promise.all(clusterKinds.map((groupKind) => reader.list(groupKind, namespace, ofCluster)));
  const named = [...reader.objects.values()].flatMap(partsOf);
  const kinds = new Map<GroupKind, ObjectKey[]>();
  for (const { groupKind, key } of named) kinds.set(groupKind, [...(kinds.get(groupKind) ?? []), key]);
  // The infrastructure of a hundred machines takes one list; that of the cluster itself is a single object.
  await Promise.all(
    [...kinds].map(([groupKind, keys]) =>
      keys.length > 2 ? reader.list(groupKind, namespace, ofCluster) : Promise.resolve(),
    ),
  );
  await reader.getMissing(named.map(({ groupKind, name }) => ({ groupKind, namespace, name })));
  // A control plane that owns no machines by label names its infrastructure itself.
  await reader.getMissing(
    [...reader.objects.values()].flatMap(partsOf).map(({ groupKind, name }) => ({ groupKind, namespace, name })),
  );
  // The lists are of different moments: an owner may have been created between that of its kind and that of what it owns.
  await reader.getMissing(
    [...reader.objects.values()].flatMap(({ owners }) =>
      owners.flatMap(({ controller, groupKind, name }) =>
        controller && branchOf(groupKind) === 'cluster-api' ? [{ groupKind, namespace, name }] : [],
      ),
    ),
  );
}

/** Level by level: a delivered object may itself deliver others. */
async function readDelivery(reader: Reader, root: LiveObject): Promise<void> {
  const seen = new Set<ObjectKey>([objectKey(root)]);
  for (let level: readonly LiveObject[] = [root]; level.length > 0; ) {
    const entries = level
      .map(inventoryOf)
      .filter(({ remote }) => !remote)
      .flatMap(({ entries }) => entries)
      .filter(({ key }) => !seen.has(key));
    for (const { key } of entries) seen.add(key);
    await reader.listMany(entries);
    await reader.getMissing(entries);
    level = entries.flatMap(({ key }) => {
      const found = reader.objects.get(key);
      return found && deliveryKinds.includes(found.groupKind) ? [found] : [];
    });
  }
}

const ownedKinds: readonly GroupKind[] = ['apps/ReplicaSet', 'batch/Job', '/Pod'];

/** All of the namespace, since Jobs of a CronJob have no label in common; then only what the workload owns is kept. */
async function readWorkload(reader: Reader, root: LiveObject): Promise<void> {
  const labelSelector = selectorOf(at(root.spec, 'selector'));
  await Promise.all(ownedKinds.map((groupKind) => reader.list(groupKind, root.namespace, labelSelector)));
}

interface Wanted {
  readonly groupKind: GroupKind;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** From this many objects of a kind and namespace on, one list costs less than a request for each. */
const minimumForList = 4;
const concurrentRequests = 8;

/** Kinds whose content is private or large, and has no state. */
const existenceOnly: ReadonlySet<GroupKind> = new Set(['/Secret', '/ConfigMap']);

class Reader implements Fetched {
  readonly objects = new Map<ObjectKey, LiveObject>();
  readonly absent = new Map<ObjectKey, Absence>();
  readonly problems: string[] = [];
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  readonly #signal: AbortSignal;

  constructor(transport: Transport, discovery: Discovery, signal: AbortSignal) {
    this.#transport = transport;
    this.#discovery = discovery;
    this.#signal = signal;
  }

  /** `wanted`: keys of the objects to keep; all by default. */
  async list(
    groupKind: GroupKind,
    namespace: string | undefined,
    labelSelector = '',
    wanted?: ReadonlySet<ObjectKey>,
  ): Promise<void> {
    const resource = this.#discovery.resources.get(groupKind);
    if (!resource) return;
    let page: string | undefined;
    do {
      const query = { namespace, labelSelector, page };
      const answer = await listObjects(this.#transport, resource, query, this.#options(groupKind, 'List'));
      if (!answer.ok) {
        if (answer.failure.kind !== 'forbidden' || !existenceOnly.has(groupKind))
          this.#report(resource, answer.failure);
        return;
      }
      for (const item of list(answer.value, 'items')) this.#keep(item, resource, wanted);
      page = text(answer.value, 'metadata', 'continue') || undefined;
    } while (page !== undefined);
  }

  async listMany(wanted: readonly Wanted[]): Promise<void> {
    const groups = new Map<string, Wanted[]>();
    for (const one of wanted) {
      const key = `${one.groupKind}|${one.namespace ?? ''}`;
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    const many = [...groups.values()].filter((group) => group.length >= minimumForList);
    await forEachConcurrently(many, (group) => {
      const [{ groupKind, namespace }] = group as [Wanted];
      return this.list(groupKind, namespace, '', new Set(group.map((one) => keyOf(groupKind, namespace, one.name))));
    });
  }

  async getMissing(wanted: readonly Wanted[]): Promise<void> {
    const open = new Map(wanted.map((one) => [keyOf(one.groupKind, one.namespace, one.name), one]));
    const missing = [...open].filter(([key]) => !this.objects.has(key) && !this.absent.has(key));
    await forEachConcurrently(missing, ([key, one]) => this.#get(key, one));
  }

  async #get(key: ObjectKey, { groupKind, namespace, name }: Wanted): Promise<void> {
    const resource = this.#discovery.resources.get(groupKind);
    if (!resource) {
      this.absent.set(key, 'not served');
      return;
    }
    const answer = await readObject(this.#transport, resource, { namespace, name }, this.#options(groupKind));
    if (answer.ok) this.#keep(answer.value, resource);
    else {
      const { kind } = answer.failure;
      // Nobody needs to read Secrets to see a delivery.
      const denied: Absence = existenceOnly.has(groupKind) ? 'not observed' : 'not allowed';
      this.absent.set(key, kind === 'notFound' ? 'not found' : kind === 'forbidden' ? denied : 'not read');
      if (kind !== 'notFound' && kind !== 'forbidden') this.#report(resource, answer.failure);
    }
  }

  #options(groupKind: GroupKind, list = ''): CallOptions {
    const accept = existenceOnly.has(groupKind) ? { accept: form(`PartialObjectMetadata${list}`) } : {};
    return { signal: this.#signal, ...accept };
  }

  #keep(raw: unknown, { group, version, kind }: Resource, wanted?: ReadonlySet<ObjectKey>): void {
    // Metadata alone has a kind of its own.
    const object = trim({ ...fields(raw), apiVersion: group === '' ? version : `${group}/${version}`, kind });
    if (!object || wanted?.has(objectKey(object)) === false) return;
    this.objects.set(objectKey(object), object);
  }

  #report({ kind }: Resource, { message }: Failure): void {
    const sentence = `${kind}: ${message}`;
    if (!this.problems.includes(sentence)) this.problems.push(sentence);
  }
}

/** Runs `work` for every item, at most `concurrentRequests` at a time. */
async function forEachConcurrently<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrentRequests, items.length) }, worker));
}
