// One object with everything below it: a cluster down to its machines, as `clusterctl describe` has it, or what a
// Kustomization or HelmRelease delivers, as `flux tree` has it. Built from a snapshot; what is referred to and isn't
// there stands in it as well.
import { apiVersionOf, type GroupKind, parseApiVersion } from '../kube/identity.ts';
import type { RowState, TreeNode } from '../protocol.ts';
import { conditionsOf } from './conditions.ts';
import { descriptionOf, knownHealth, oneLine } from './describe.ts';
import { kindOf, roleOf } from './family.ts';
import { text } from './fields.ts';
import { byName, type Forest, forestOf } from './forest.ts';
import { type InventoryEntry, inventoryOf } from './inventory.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { type Named, referenceAt } from './providers.ts';

/** Why an object that is referred to isn't in the snapshot. */
export type Absence = 'missing' | 'denied' | 'unread';

export interface Snapshot {
  readonly objects: ReadonlyMap<ObjectKey, LiveObject>;
  readonly absent: ReadonlyMap<ObjectKey, Absence>;
}

export const clusterKind: GroupKind = 'cluster.x-k8s.io/Cluster';
export const deliveryKinds: readonly GroupKind[] = [
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
];

/** Undefined for kinds nothing hangs below. */
export function treeOf(root: LiveObject, snapshot: Snapshot, now: number): TreeNode | undefined {
  if (root.groupKind === clusterKind) return clusterTree(root, snapshot, now);
  return deliveryKinds.includes(root.groupKind) ? deliveryTree(root, snapshot, now, new Set()) : undefined;
}

function nodeOf(object: LiveObject, now: number, children: readonly TreeNode[], role?: TreeNode['role']): TreeNode {
  const { state, reason } = knownHealth(object);
  const conditions = [...conditionsOf(object.status).values()].map(({ type, status, reason, message }) => ({
    type,
    status,
    reason,
    message: oneLine(message, 1000),
  }));
  return {
    ...identity(object.apiVersion, object),
    ...(role === undefined ? {} : { role }),
    state,
    reason: oneLine(reason, 1000),
    description: descriptionOf(object, now),
    conditions,
    children,
  };
}

function identity(apiVersion: string, { groupKind, namespace, name }: LiveObject | InventoryEntry) {
  return { apiVersion, kind: kindOf(groupKind), ...(namespace === undefined ? {} : { namespace }), name };
}

// ---------------------------------------------------------------------------------------------------------------
// Clusters

/** Fields of spec that name an object which is there rather than a template. */
const references: Readonly<Record<string, { readonly path: readonly string[]; readonly role: TreeNode['role'] }>> = {
  infrastructure: { path: ['infrastructureRef'], role: 'infrastructure' },
  controlPlane: { path: ['controlPlaneRef'], role: 'control plane' },
  bootstrap: { path: ['bootstrap', 'configRef'], role: 'bootstrap' },
  poolInfrastructure: { path: ['template', 'spec', 'infrastructureRef'], role: 'infrastructure' },
  poolBootstrap: { path: ['template', 'spec', 'bootstrap', 'configRef'], role: 'bootstrap' },
};

/** What an object of a cluster refers to, templates left out. */
export function partsOf(object: LiveObject): readonly (Named & { readonly role: TreeNode['role'] })[] {
  return Object.values(references).flatMap(({ path, role }) => {
    const named = referenceAt(object, ...path);
    return named === undefined || named.groupKind.endsWith('Template') ? [] : [{ ...named, role }];
  });
}

/** Order below a cluster; what refers to an object decides before its kind does. */
const kindOrder: readonly string[] = [
  'MachineDeployment',
  'MachinePool',
  'MachineSet',
  'Machine',
  'MachineHealthCheck',
];
const roleOrder: readonly TreeNode['role'][] = ['infrastructure', 'control plane', 'bootstrap'];

function clusterTree(root: LiveObject, { objects, absent }: Snapshot, now: number): TreeNode {
  const forest: Forest = forestOf('cluster-api', objects.values(), (key) => objects.get(key));
  const build = (object: LiveObject, role: TreeNode['role'], above: ReadonlySet<ObjectKey>): TreeNode => {
    const key = objectKey(object);
    const within = new Set(above).add(key);
    const named = partsOf(object);
    const roles = new Map(named.map((part) => [part.key, part.role]));
    const below = new Map(forest.children(key).map((child) => [objectKey(child), child]));
    // What is referred to stands here, also while no owner says so yet.
    for (const part of named) {
      const found = objects.get(part.key);
      if (found) below.set(part.key, found);
    }
    const there = [...below]
      .filter(([child]) => !within.has(child))
      .sort(([a, left], [b, right]) => rank(roles.get(a), left) - rank(roles.get(b), right) || byName(left, right))
      .map(([child, found]) => build(found, roles.get(child), within));
    const gone = named.flatMap((part) => {
      const why = absent.get(part.key);
      // What is being deleted loses its parts first.
      const expected = object.deleted !== undefined && why === 'missing';
      return why === undefined || expected || objects.has(part.key) ? [] : [absentPart(object, part, why)];
    });
    return nodeOf(object, now, [...gone, ...there], role);
  };
  return build(root, undefined, new Set());
}

function rank(role: TreeNode['role'], { groupKind }: LiveObject): number {
  if (role !== undefined) return roleOrder.indexOf(role);
  const known = kindOrder.indexOf(kindOf(groupKind));
  return roleOrder.length + (known === -1 ? kindOrder.length : known) + (roleOf(groupKind) === undefined ? 0 : 1);
}

const absences: Readonly<Record<Absence, { readonly state: RowState; readonly reason: string }>> = {
  missing: { state: 'failed', reason: 'not there' },
  denied: { state: 'denied', reason: 'you may not read it' },
  unread: { state: 'unknown', reason: 'could not be read' },
};

function absentPart(
  { namespace, apiVersion }: LiveObject,
  { groupKind, name, role }: ReturnType<typeof partsOf>[number],
  why: Absence,
): TreeNode {
  const { state, reason } = absences[why];
  const group = groupKind.slice(0, groupKind.indexOf('/'));
  // References of v1beta2 carry no version; that of the object which refers is the likeliest.
  const version = parseApiVersion(apiVersion)?.version ?? '';
  return {
    apiVersion: apiVersionOf({ group, version }),
    kind: kindOf(groupKind),
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(role === undefined ? {} : { role }),
    ...{ state, reason, description: reason, conditions: [], children: [] },
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Delivery

function deliveryTree(root: LiveObject, snapshot: Snapshot, now: number, above: ReadonlySet<ObjectKey>): TreeNode {
  const { entries, omitted, remote } = inventoryOf(root);
  const own = objectKey(root);
  const within = new Set(above).add(own);
  const children = entries
    .filter(({ key }) => key !== own)
    .map((entry): TreeNode => {
      const apiVersion = apiVersionOf(entry);
      const found = remote ? undefined : snapshot.objects.get(entry.key);
      if (found)
        return deliveryKinds.includes(found.groupKind) && !within.has(entry.key)
          ? deliveryTree(found, snapshot, now, within)
          : nodeOf(found, now, []);
      const why = remote ? undefined : snapshot.absent.get(entry.key);
      const { state, reason } = why === undefined ? { state: 'none' as const, reason: '' } : absences[why];
      return { ...identity(apiVersion, entry), state, reason, description: reason, conditions: [], children: [] };
    });
  const node = nodeOf(root, now, children);
  const notes = [
    ...(remote ? [`applied to the cluster of ${remoteOf(root)}`] : []),
    ...(omitted > 0 ? [`${omitted} more objects`] : []),
  ];
  return notes.length === 0 ? node : { ...node, description: [node.description, ...notes].filter(Boolean).join(', ') };
}

function remoteOf({ spec }: LiveObject): string {
  const secret = text(spec, 'kubeConfig', 'secretRef', 'name') ?? text(spec, 'kubeConfig', 'configMapRef', 'name');
  return secret === undefined ? 'its kubeconfig' : `kubeconfig ${secret}`;
}
