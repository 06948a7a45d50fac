// Row ids: encoded segments, the first of which is the type of the row. Ids with the type `context` identify a place in a
// cluster, whose children are the same in every view. A view may define other types of rows.
import type { NodeId } from '../live/node.ts';
import type { Branch } from '../live/parents.ts';
import type { RowId } from '../protocol.ts';

/** A context, a branch of its objects, or a node of that branch. */
export interface Place {
  readonly context: string;
  readonly branch?: Branch;
  readonly node?: NodeId;
}

export function idOf({ context, branch, node = [] }: Place): RowId {
  const parts = ['context', context, ...(branch === undefined ? [] : [branch, ...node])];
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
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

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
