// The shapes references come in, so that a row says where and to what in one line.
import type { GroupKind } from '../identity.ts';
import type { Reference, Role } from '../kind.ts';

/** A name, or an object with `name`, in the namespace of the object that refers. */
export function same(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'same' };
}

/** As `same`, but missing targets are no fault: `optional: true`, or made at run time. */
export function maybe(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'same', optional: true };
}

/** An object with its own `namespace`; without it, the referring object's. */
export function anywhere(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'field' };
}

/** To a cluster-scoped object. */
export function clusterWide(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'none' };
}

/** To an object of any kind, in the cluster or made by others: that none is in the files is no fault. */
export function open(path: string): Reference {
  return { path, to: [], namespace: 'field', optional: true };
}

/** To whatever kind plays a role in Cluster API's contract, named by `kind` and `apiGroup` (or `apiVersion`). */
export function contract(path: string, role: Role): Reference {
  return { path, to: [], namespace: 'same', role };
}
