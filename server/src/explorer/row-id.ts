// Row ids: encoded segments, the first of which is the type of the row. Ids with the type `context` identify a place in a
// cluster, whose children are the same in every view. A view may define other types of rows.

import type { GroupKind } from '../kube/identity.ts';
import type { NodeId } from '../live/node.ts';
import type { ObjectKey } from '../live/object.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import type { RowId } from '../protocol.ts';

/** A context, a branch of its objects, or a node of that branch. */
export interface Place {
  readonly context: string;
  readonly branch?: Branch;
  readonly node?: NodeId;
}

export function idOf({ context, branch, node = [] }: Place): RowId {
  return encoded(['context', context, ...(branch === undefined ? [] : [branch, ...node])]);
}

const branches: ReadonlySet<string> = new Set<Branch>(['cluster-api', 'flux', 'workload']);

/** Undefined for an id that doesn't identify a place in a cluster. */
export function placeOf(id: RowId): Place | undefined {
  const [is, context, branch, ...node] = id.split('/').map(decoded);
  if (is !== 'context' || context === undefined) return undefined;
  if (branch === undefined) return { context };
  if (!branches.has(branch)) return undefined;
  return { context, branch: branch as Branch, ...(node.length === 0 ? {} : { node }) };
}

/** A cause of trouble in a context's cluster, or an object that isn't well because of it. */
export interface ProblemPlace {
  readonly context: string;
  readonly cause: ObjectKey;
  readonly follower?: ObjectKey;
}

export function problemIdOf({ context, cause, follower }: ProblemPlace): RowId {
  return encoded(['problem', context, cause, ...(follower === undefined ? [] : [follower])]);
}

/** Undefined for an id that doesn't identify a problem. */
export function problemAt(id: RowId): ProblemPlace | undefined {
  const [is, context, cause, follower] = id.split('/').map(decoded);
  if (is !== 'problem' || context === undefined || cause === undefined) return undefined;
  return { context, cause, ...(follower === undefined ? {} : { follower }) };
}

/** In the view of operators: a context, a controller or the kinds without one, a kind, an instance of it. */
export interface OperatorPlace {
  readonly context: string;
  /** Empty for the kinds without a known one. */
  readonly controller?: ObjectKey;
  readonly kind?: GroupKind;
  /** Namespace and name. */
  readonly instance?: readonly [string, string];
}

export function operatorIdOf({ context, controller, kind, instance }: OperatorPlace): RowId {
  if (kind !== undefined) return encoded(['operators', context, 'kind', kind, ...(instance ?? [])]);
  return encoded(['operators', context, ...(controller === undefined ? [] : ['controller', controller])]);
}

/** Undefined for an id that isn't of the view of operators. */
export function operatorAt(id: RowId): OperatorPlace | undefined {
  const [is, context, part, name = '', namespace, instance] = id.split('/').map(decoded);
  if (is !== 'operators' || context === undefined) return undefined;
  if (part === 'controller') return { context, controller: name };
  if (part !== 'kind') return { context };
  const own = namespace === undefined || instance === undefined ? {} : { instance: [namespace, instance] as const };
  return { context, kind: name as GroupKind, ...own };
}

/** A group of the rows of a view. */
export interface GroupPlace {
  readonly view: string;
  readonly by: string;
  readonly value: string;
}

export function groupIdOf({ view, by, value }: GroupPlace): RowId {
  return encoded(['group', view, by, value]);
}

/** Undefined for an id that doesn't identify a group. */
export function groupAt(id: RowId): GroupPlace | undefined {
  const [is, view, by, value] = id.split('/').map(decoded);
  return is === 'group' && view !== undefined && by !== undefined && value !== undefined
    ? { view, by, value }
    : undefined;
}

/** A pinned object, which has another row where it belongs. */
export function pinIdOf({ context, key }: { readonly context: string; readonly key: ObjectKey }): RowId {
  return encoded(['pin', context, key]);
}

/**
 * A row below one that isn't in its place in the tree, such as a pinned one: `root` is that row, `of` the row in the tree that is
 * shown there. A view has each id once, and the row in the tree has one already.
 */
export function belowIdOf(root: RowId, of: RowId): RowId {
  return encoded(['below', root, of]);
}

export interface Shown {
  /** The row in the tree, whose children are shown. */
  readonly of: RowId;
  /** Absent if the row is in its place. */
  readonly root?: RowId;
}

export function shownAt(id: RowId): Shown {
  const [is, first, second] = id.split('/').map(decoded);
  if (is === 'below' && first !== undefined && second !== undefined) return { root: first, of: second };
  if (is !== 'pin' || first === undefined || second === undefined) return { of: id };
  const groupKind = second.slice(0, second.indexOf('|')) as GroupKind;
  // What no branch has is followed below workloads, or has nothing below it.
  const branch = branchOf(groupKind) ?? 'workload';
  return { root: id, of: idOf({ context: first, branch, node: ['object', second] }) };
}

/** The context that the row is of; undefined for a group, which may have rows of any. */
export function contextIn(id: RowId): string | undefined {
  const { of } = shownAt(id);
  return (problemAt(of) ?? operatorAt(of) ?? placeOf(of))?.context;
}

function encoded(parts: readonly string[]): RowId {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
