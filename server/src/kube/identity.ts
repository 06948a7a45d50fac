// The identity of a Kubernetes object: its group, version and kind, and the keys of definitions in files and objects in
// clusters. See "Identity" in ARCHITECTURE.md.

export interface Gvk {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `group/Kind`, or `/Kind` for the core group. It has no version because references may omit it. */
export type GroupKind = `${string}/${string}`;

/** A live object. `cluster` is the uid of the cluster's `kube-system` namespace; a recreated object keeps its ref. */
export interface LiveRef {
  readonly cluster: string;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** Parses `apps/v1` and `v1`; undefined for anything else (`a/b/c`, empty). */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2 || parts.some((part) => part === '')) return undefined;
  return parts.length === 1 ? { group: '', version: parts[0]! } : { group: parts[0]!, version: parts[1]! };
}

export function gvkOf(apiVersion: string, kind: string): Gvk | undefined {
  const parsed = parseApiVersion(apiVersion);
  return parsed && kind !== '' ? { ...parsed, kind } : undefined;
}

export function apiVersionOf(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`;
}

/** `Kind` of `group/Kind`. */
export function kindName(groupKind: GroupKind): string {
  return groupKind.slice(groupKind.indexOf('/') + 1);
}

export function groupKindOf(gk: { readonly group: string; readonly kind: string }): GroupKind {
  return `${gk.group}/${gk.kind}`;
}

/** `group` of `group/Kind`; empty for the core group. */
export function groupOf(groupKind: GroupKind): string {
  return groupKind.slice(0, groupKind.indexOf('/'));
}
