// One object with everything below it as plain data, for machines to read: `capstan tree --format json`.
import type { GroupKind } from '../kube/identity.ts';
import { childrenOf, objectNode } from './children.ts';
import { conditionsOf } from './conditions.ts';
import { oneLine } from './describe.ts';
import type { HealthState } from './health.ts';
import { deliveryKinds } from './inventory.ts';
import { identityOf, type Node, nodeWords } from './node.ts';
import type { LiveObject } from './object.ts';
import type { Branch } from './parents.ts';
import type { PartRole } from './parts.ts';
import { type ObjectSource, type Snapshot, sourceOfSnapshot } from './source.ts';

/** An object with what is below it, each object by itself. */
export interface TreeNode {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** What it is to the object above, where that one refers to it. */
  readonly role?: 'infrastructure' | 'control plane' | 'bootstrap';
  /** `none`: known by an inventory only, and of a kind without health. */
  readonly state: HealthState;
  readonly reason: string;
  /** What a row of the explorer says beside the name. */
  readonly description: string;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: 'True' | 'False' | 'Unknown';
    readonly reason: string;
    readonly message: string;
  }[];
  readonly children: readonly TreeNode[];
}

/** Roles in the words of the tree. */
export const roleNames: Readonly<Record<PartRole, NonNullable<TreeNode['role']>>> = {
  infrastructure: 'infrastructure',
  controlPlane: 'control plane',
  bootstrap: 'bootstrap',
};

export const clusterKind: GroupKind = 'cluster.x-k8s.io/Cluster';

/** The branch in which the kind has a tree of its own. */
function treeBranch(groupKind: GroupKind): Branch | undefined {
  if (groupKind === clusterKind) return 'cluster-api';
  return deliveryKinds.includes(groupKind) ? 'flux' : undefined;
}

/** The objects of the root's tree; undefined for kinds nothing is below. */
export function sourceOfTree(root: LiveObject, snapshot: Snapshot): ObjectSource | undefined {
  const branch = treeBranch(root.groupKind);
  return branch && sourceOfSnapshot(branch, snapshot, root);
}

export function treeOf(root: LiveObject, source: ObjectSource, now: number): TreeNode {
  return treeNodes(objectNode(root), source, now)[0]!;
}

/** Groups are for people: their members stand in their place. */
function treeNodes(node: Node, source: ObjectSource, now: number): readonly TreeNode[] {
  const children = childrenOf(node, source, 'all').flatMap((child) => treeNodes(child, source, now));
  if (node.is === 'group') return children;
  const { state, reason, description } = nodeWords(node, now);
  const conditions = node.is === 'absent' ? [] : [...conditionsOf(node.object.status).values()];
  return [
    {
      ...identityOf(node),
      ...(node.role === undefined ? {} : { role: roleNames[node.role] }),
      state,
      reason: oneLine(reason, 1000),
      description,
      conditions: conditions.map(({ type, status, reason, message }) => ({
        type,
        status,
        reason,
        message: oneLine(message, 1000),
      })),
      children,
    },
  ];
}
