// The ordered children of a tree node: clusters down to their machines, as in `clusterctl describe`, the objects that a
// Kustomization or HelmRelease applies, as in `flux tree`, and workloads by namespace. All ordering, grouping, folding and
// hiding happens here, for both the explorer and the command line.
import { apiVersionOf, type GroupKind, groupOf, parseApiVersion } from '../kube/identity.ts';
import { conditionsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import { deliveryKinds, type InventoryEntry, inventoryOf } from './inventory.ts';
import { type GroupNode, type Node, type NodeId, nodeId, type ObjectNode } from './node.ts';
import { type Keyed, type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { type Part, partsOf } from './parts.ts';
import { revisionOf } from './replica-sets.ts';
import { type Absence, absences, type ObjectSource } from './source.ts';

/** `folded`: no MachineSets, a group for ready machines and one for a cluster's workers. `all`: a node per object. */
export type Detail = 'all' | 'folded';

/** The top-level nodes of the source's branch. */
export function topNodes(source: ObjectSource): readonly Node[] {
  const nodes = source.roots().map(nodeOf);
  const count = source.counted();
  const counted: readonly Node[] =
    count === 0 ? [] : [{ is: 'group', group: 'counted', name: '', count, objects: [], members: [], quiet: false }];
  return [...(source.branch === 'workload' ? byNamespace(nodes) : nodes), ...counted];
}

export function childrenOf(node: Node, source: ObjectSource, detail: Detail = 'folded'): readonly Node[] {
  if (node.is === 'absent') return [];
  if (node.is === 'group') return node.members;
  if (node.isRepeated) return [];
  switch (source.branch) {
    case 'cluster-api':
      return clusterApiChildren(node, source, detail);
    case 'flux':
      return deliveryChildren(node, source);
    case 'workload':
      return workloadChildren(node, source);
  }
}

/** Whether `childrenOf` returns any nodes; cheaper, since it creates none. */
export function hasChildren(node: Node, source: ObjectSource): boolean {
  if (node.is === 'group') return node.members.length > 0;
  if (node.is === 'absent') return false;
  if (node.isRepeated) return false;
  const { key, object } = node;
  if (source.branch === 'workload') return source.childKeys(key).length > 0 || source.isAsked(object);
  if (source.branch === 'cluster-api')
    return partsOf(object).some((part) => isShown(object, part, source)) || source.withoutSets(key).length > 0;
  return source.childKeys(key).length > 0 || delivered(object, source).some((entry) => isShown(object, entry, source));
}

/** The node with the id; undefined if it no longer exists or its type never has children. */
export function nodeAt([is, first = '']: NodeId, source: ObjectSource): Node | undefined {
  if (is === 'namespace') return topNodes(source).find((node) => node.is === 'group' && node.name === first);
  const object = source.get(first);
  if (!object) return undefined;
  const node = objectNode(object);
  if (is === 'object') return node;
  return is === 'workers' || is === 'ready' ? groupIn(childrenOf(node, source), is) : undefined;
}

/** The ids of the nodes from the top down to the object; undefined if it has no place in the tree. */
export function pathTo(key: ObjectKey, source: ObjectSource): readonly NodeId[] | undefined {
  const among = (nodes: readonly Node[]): readonly NodeId[] | undefined => {
    for (const node of nodes) {
      if (node.is === 'object' && node.key === key && !node.isRepeated) return [nodeId(node)];
      const below = hasChildren(node, source) ? among(childrenOf(node, source)) : undefined;
      if (below) return [nodeId(node), ...below];
    }
    return undefined;
  };
  return among(topNodes(source));
}

/** The group of ready machines may be nested in the group of workers. */
function groupIn(nodes: readonly Node[], group: GroupNode['group']): GroupNode | undefined {
  for (const node of nodes) {
    if (node.is !== 'group') continue;
    const found = node.group === group ? node : groupIn(node.members, group);
    if (found) return found;
  }
  return undefined;
}

export function objectNode(object: LiveObject): ObjectNode {
  return nodeOf({ key: objectKey(object), object });
}

function nodeOf({ key, object }: Keyed): ObjectNode {
  return { is: 'object', key, object, isRepeated: false, quiet: false };
}

function byNamespace(nodes: readonly ObjectNode[]): readonly GroupNode[] {
  const namespaces = new Map<string, ObjectNode[]>();
  for (const node of nodes) {
    const name = node.object.namespace ?? '';
    const known = namespaces.get(name);
    if (known) known.push(node);
    else namespaces.set(name, [node]);
  }
  return [...namespaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => ({ ...groupNode('namespace', members, members), name }));
}

function groupNode(
  group: GroupNode['group'],
  objects: readonly ObjectNode[],
  members: readonly Node[],
  above?: LiveObject,
): GroupNode {
  const shared = { is: 'group', name: '', quiet: false } as const;
  return { ...shared, group, count: objects.length, objects, members, ...(above && { above }) };
}

// ---------------------------------------------------------------------------------------------------------------
// Clusters

const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';
const machine: GroupKind = 'cluster.x-k8s.io/Machine';
const workerKinds: ReadonlySet<GroupKind> = new Set([
  'cluster.x-k8s.io/MachineDeployment',
  'cluster.x-k8s.io/MachinePool',
  'cluster.x-k8s.io/MachineSet',
  machine,
]);

/** Parts in the order in which they are provisioned, then workers, then the rest. */
function clusterApiChildren({ key, object }: ObjectNode, source: ObjectSource, detail: Detail): readonly Node[] {
  const children = detail === 'all' ? source.children(key) : source.withoutSets(key);
  const parts = partsOf(object);
  if (parts.length === 0 && children.length === 0) return [];
  const own = new Set(parts.length === 0 ? [] : children.map((child) => child.key));
  const partNodes = parts.flatMap((part) => partNode(object, part, source, own) ?? []);
  const rest = children.filter((child) => !isOneOf(parts, child.key)).map(nodeOf);
  if (detail === 'all') return [...partNodes, ...rest];
  if (object.groupKind !== cluster) return [...partNodes, ...foldReady(object, rest, source)];
  const isWorker = (node: ObjectNode) => workerKinds.has(node.object.groupKind);
  const workers = rest.filter(isWorker);
  const folded = foldReady(object, workers, source);
  return [
    ...partNodes,
    ...(workers.length > 0 ? [groupNode('workers', workers, folded, object)] : []),
    ...rest.filter((node) => !isWorker(node)),
  ];
}

function partNode(above: LiveObject, part: Part, source: ObjectSource, own: ReadonlySet<ObjectKey>): Node | undefined {
  const { groupKind, name, key, role } = part;
  const { namespace, apiVersion } = above;
  const found = source.get(key);
  // Healthy infrastructure of a hundred machines is noise.
  const quiet = above.groupKind === machine && isQuiet(part, above, source);
  if (found) return { ...nodeOf({ key, object: found }), above, role, isRepeated: !own.has(key), quiet };
  if (!isShown(above, part, source)) return undefined;
  // References in v1beta2 have no version; that of the referring object is the best guess.
  const version = parseApiVersion(apiVersion)?.version ?? '';
  return {
    is: 'absent',
    apiVersion: apiVersionOf({ group: groupOf(groupKind), version }),
    ...{ groupKind, name, above, role, quiet, why: absenceBelow(above, part, source) },
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function isQuiet(part: Part, above: LiveObject, source: ObjectSource): boolean {
  const found = source.get(part.key);
  if (found && isAtRest(found)) return true;
  const { state } = found ? knownHealth(found) : absences[absenceBelow(above, part, source)];
  return state === 'ready' || state === 'none';
}

/** Ready, also while it is paused: that is said once, by what pauses it. */
function isAtRest(object: LiveObject): boolean {
  const { state } = knownHealth(object);
  if (state !== 'suspended') return state === 'ready';
  const conditions = conditionsOf(object.status);
  return conditions.get('Paused')?.status === 'True' && conditions.get('Ready')?.status === 'True';
}

/** Folds two or more ready machines into one group. */
function foldReady(above: LiveObject, nodes: readonly ObjectNode[], source: ObjectSource): readonly Node[] {
  const ready = new Set(nodes.filter((node) => isSettled(node, source)));
  if (ready.size < 2) return nodes;
  const members = [...ready].map((node) => ({ ...node, quiet: true }));
  return [groupNode('ready', members, members, above), ...nodes.filter((node) => !ready.has(node))];
}

/** Whether the object is a ready machine and nothing below it needs attention. */
function isSettled({ key, object }: ObjectNode, source: ObjectSource): boolean {
  if (object.groupKind !== machine || !isAtRest(object)) return false;
  const parts = partsOf(object);
  if (!parts.every((part) => isQuiet(part, object, source))) return false;
  return source.childKeys(key).every((child) => isOneOf(parts, child));
}

function isOneOf(parts: readonly Part[], key: ObjectKey): boolean {
  return parts.some((part) => part.key === key);
}

// ---------------------------------------------------------------------------------------------------------------
// Delivery

/** The inventory's entries in their order, then other objects with the labels of the applier. */
function deliveryChildren({ key, object: above }: ObjectNode, source: ObjectSource): readonly Node[] {
  const children = source.children(key);
  const own = new Set(children.map((child) => child.key));
  const listed = new Set<ObjectKey>();
  const nodes = delivered(above, source).flatMap((entry): readonly Node[] => {
    listed.add(entry.key);
    const found = isRemote(above) && !own.has(entry.key) ? undefined : source.get(entry.key);
    if (found) return [{ ...nodeOf({ key: entry.key, object: found }), above, isRepeated: !own.has(entry.key) }];
    if (!isShown(above, entry, source)) return [];
    const { groupKind, namespace, name } = entry;
    const why = absenceBelow(above, entry, source);
    const place = { above, quiet: false, ...(namespace === undefined ? {} : { namespace }) };
    return [{ is: 'absent', apiVersion: apiVersionOf(entry), groupKind, name, why, ...place }];
  });
  return [...nodes, ...children.filter((child) => !listed.has(child.key)).map(nodeOf)];
}

/** The inventory's entries except the object itself, which an inventory may include. */
function delivered(object: LiveObject, source: ObjectSource): readonly InventoryEntry[] {
  if (source.branch !== 'flux' || !deliveryKinds.includes(object.groupKind)) return [];
  const own = objectKey(object);
  return inventoryOf(object).entries.filter(({ key }) => key !== own);
}

function isRemote(object: LiveObject): boolean {
  return inventoryOf(object).remote;
}

// ---------------------------------------------------------------------------------------------------------------
// Workloads

/** ReplicaSets, the latest revision first, and Pods. Revisions without pods are kept for a rollback and quiet. */
function workloadChildren({ key, object: above }: ObjectNode, source: ObjectSource): readonly Node[] {
  const sorted = [...source.children(key)].sort((a, b) => revisionOf(b.object) - revisionOf(a.object));
  return sorted.map((child, index) => {
    const before = child.object.groupKind === 'apps/ReplicaSet' ? sorted[index + 1]?.object : undefined;
    const quiet = knownHealth(child.object).state === 'none';
    return { ...nodeOf(child), above, quiet, ...(before?.groupKind === 'apps/ReplicaSet' ? { before } : {}) };
  });
}

// ---------------------------------------------------------------------------------------------------------------
// References

/** An object that is being deleted loses its parts first, so a missing part is expected and not shown. */
function isShown(above: LiveObject, named: Part | InventoryEntry, source: ObjectSource): boolean {
  if (above.deleted === undefined || source.get(named.key)) return true;
  return absenceBelow(above, named, source) !== 'not found';
}

function absenceBelow(above: LiveObject, named: Part | InventoryEntry, source: ObjectSource): Absence {
  return !('role' in named) && isRemote(above) ? 'elsewhere' : source.absence(named);
}
