// Constructors for the common forms of references, so that a row defines each in one line.
import type { GroupKind } from '../identity.ts';
import type { Reference, Role } from '../kind.ts';

/** A name, or a map with `name`, in the namespace of the referring object. */
export function same(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'same' };
}

/** Like `same`, but the target may be missing: it is optional, or created at run time. */
export function maybe(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'same', optional: true };
}

/** A map with a `namespace`, by default that of the referring object. */
export function anywhere(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'field' };
}

/** Like `anywhere`, but a controller of Flux refuses targets in other namespaces if it is told to. */
export function guarded(guard: string, path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'field', guard };
}

/** To a cluster-scoped object. */
export function clusterWide(path: string, ...to: readonly GroupKind[]): Reference {
  return { path, to, namespace: 'none' };
}

/** To an object of any kind, which may be missing in the files: it is in the cluster or created by others. */
export function open(path: string): Reference {
  return { path, to: [], namespace: 'field', optional: true };
}

/** To any kind with the role in Cluster API's contract, set by `kind` and `apiGroup` (or `apiVersion`). */
export function contract(path: string, role: Role): Reference {
  return { path, to: [], namespace: 'same', role };
}
