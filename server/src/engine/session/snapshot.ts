// Fetches, once and without a watch, what a tree is made of: the objects of one Cluster API cluster, or what a
// Kustomization or HelmRelease delivers. Lists where several objects of a kind are wanted; Secrets are never read.
import type { GroupKind } from '../../kube/identity.ts';
import { list, text } from '../../live/fields.ts';
import { deliveryKinds, inventoryOf } from '../../live/inventory.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey, trim } from '../../live/object.ts';
import { branchOf } from '../../live/parents.ts';
import { partsOf } from '../../live/parts.ts';
import type { Absence, Snapshot } from '../../live/source.ts';
import { clusterKind } from '../../live/tree.ts';
import type { Failure } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import type { Discovery, Resource } from '../watch/discovery.ts';
import { listObjects, readObject } from '../watch/objects.ts';

export interface Fetched extends Snapshot {
  /** Kinds that could not be listed, a sentence each. */
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
  // A hundred machines' infrastructure is one list; a cluster's own one object.
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
}

/** Level by level: what is delivered may deliver in turn. */
async function readDelivery(reader: Reader, root: LiveObject): Promise<void> {
  const seen = new Set<ObjectKey>([objectKey(root)]);
  for (let level: readonly LiveObject[] = [root]; level.length > 0; ) {
    const entries = level
      .map(inventoryOf)
      .filter(({ remote }) => !remote)
      .flatMap(({ entries }) => entries)
      .filter(({ groupKind, key }) => branchOf(groupKind) !== undefined && !seen.has(key));
    for (const { key } of entries) seen.add(key);
    await reader.listMany(entries);
    await reader.getMissing(entries);
    level = entries.flatMap(({ key }) => {
      const found = reader.objects.get(key);
      return found && deliveryKinds.includes(found.groupKind) ? [found] : [];
    });
  }
}

interface Wanted {
  readonly groupKind: GroupKind;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Beyond this many of a kind and namespace, a list costs less than asking for each. */
const worthAList = 4;
const atOnce = 8;

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

  /** `wanted`: keys that are kept; all of them by default. */
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
      const answer = await listObjects(this.#transport, resource, query, { signal: this.#signal });
      if (!answer.ok) {
        this.#tell(resource, answer.failure);
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
    const many = [...groups.values()].filter((group) => group.length >= worthAList);
    await inTurns(many, (group) => {
      const [{ groupKind, namespace }] = group as [Wanted];
      return this.list(groupKind, namespace, '', new Set(group.map((one) => keyOf(groupKind, namespace, one.name))));
    });
  }

  async getMissing(wanted: readonly Wanted[]): Promise<void> {
    const open = new Map(wanted.map((one) => [keyOf(one.groupKind, one.namespace, one.name), one]));
    const missing = [...open].filter(([key]) => !this.objects.has(key) && !this.absent.has(key));
    await inTurns(missing, ([key, one]) => this.#get(key, one));
  }

  async #get(key: ObjectKey, { groupKind, namespace, name }: Wanted): Promise<void> {
    const resource = this.#discovery.resources.get(groupKind);
    if (!resource) {
      this.absent.set(key, 'not served');
      return;
    }
    const answer = await readObject(this.#transport, resource, { namespace, name }, { signal: this.#signal });
    if (answer.ok) this.#keep(answer.value, resource);
    else {
      const { kind } = answer.failure;
      this.absent.set(key, kind === 'notFound' ? 'not found' : kind === 'forbidden' ? 'not allowed' : 'not read');
      if (kind !== 'notFound' && kind !== 'forbidden') this.#tell(resource, answer.failure);
    }
  }

  #keep(raw: unknown, { group, version, kind }: Resource, wanted?: ReadonlySet<ObjectKey>): void {
    const object = trim(raw, group === '' ? version : `${group}/${version}`, kind);
    if (!object || wanted?.has(objectKey(object)) === false) return;
    this.objects.set(objectKey(object), object);
  }

  #tell({ kind }: Resource, { message }: Failure): void {
    const sentence = `${kind}: ${message}`;
    if (!this.problems.includes(sentence)) this.problems.push(sentence);
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
