// One object and everything below it as plain data, the output of `capstan tree --format json`.
import type { GroupKind } from '../kube/identity.ts';
import { oneLine } from '../syntax/shown.ts';
import { childrenOf, objectNode } from './children.ts';
import { conditionsOf } from './conditions.ts';
import { familyOf } from './family.ts';
import type { HealthState } from './health-state.ts';
import { deliveryKinds } from './inventory.ts';
import { identityOf, type Node, nodeWords } from './node.ts';
import type { LiveObject } from './object.ts';
import type { Branch } from './parents.ts';
import type { PartRole } from './parts.ts';
import { type ObjectSource, type Snapshot, sourceOfSnapshot } from './source.ts';

/** An object with its children. Every object has its own node; nothing is grouped. */
export interface TreeNode {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Its role for the parent, if the parent's spec refers to it. */
  readonly role?: 'infrastructure' | 'control plane' | 'bootstrap';
  /** `none`: the object is known only from an inventory, or its kind has no health. */
  readonly state: HealthState;
  readonly reason: string;
  /** The description of the explorer's row. */
  readonly description: string;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: 'True' | 'False' | 'Unknown';
    readonly reason: string;
    readonly message: string;
  }[];
  readonly children: readonly TreeNode[];
}

/** Display names of roles. */
export const roleNames: Readonly<Record<PartRole, NonNullable<TreeNode['role']>>> = {
  infrastructure: 'infrastructure',
  controlPlane: 'control plane',
  bootstrap: 'bootstrap',
};

export const clusterKind: GroupKind = 'cluster.x-k8s.io/Cluster';

/** The branch in which objects of the kind are the root of a tree. */
export function treeBranch(groupKind: GroupKind): Branch | undefined {
  if (groupKind === clusterKind) return 'cluster-api';
  if (deliveryKinds.includes(groupKind)) return 'flux';
  return familyOf(groupKind) === 'workload' || ownerKinds.has(groupKind) ? 'workload' : undefined;
}

/** Kinds beside the workloads that own pods. */
const ownerKinds: ReadonlySet<GroupKind> = new Set(['apps/ReplicaSet', 'batch/Job', 'batch/CronJob']);

/** The objects of the root's tree; undefined for kinds that have no children. */
export function sourceOfTree(root: LiveObject, snapshot: Snapshot): ObjectSource | undefined {
  const branch = treeBranch(root.groupKind);
  return branch && sourceOfSnapshot(branch, snapshot, root);
}

export function treeOf(root: LiveObject, source: ObjectSource, now: number): TreeNode {
  return treeNodes(objectNode(root), source, now)[0]!;
}

/** Groups are for display only, so their members replace them. */
function treeNodes(node: Node, source: ObjectSource, now: number): readonly TreeNode[] {
  const children: TreeNode[] = [];
  for (const child of childrenOf(node, source, 'all')) children.push(...treeNodes(child, source, now));
  if (node.is === 'group') return children;
  const { state, reason, description } = nodeWords(node, now);
  return [
    {
      ...identityOf(node),
      ...(node.role === undefined ? undefined : { role: roleNames[node.role] }),
      state,
      reason: oneLine(reason, 1000),
      description,
      conditions: node.is === 'absent' ? [] : conditionsIn(node.object),
      children,
    },
  ];
}

function conditionsIn({ status: of }: LiveObject): TreeNode['conditions'] {
  const shown: TreeNode['conditions'][number][] = [];
  for (const { type, status, reason, message } of conditionsOf(of).values())
    shown.push({ type, status, reason, message: oneLine(message, 1000) });
  return shown;
}
