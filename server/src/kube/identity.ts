// What names a Kubernetes object: its group, version and kind, and the keys under which definitions in files and
// objects in clusters are found. See "Identity" in ARCHITECTURE.md.

export interface Gvk {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `group/Kind`; the core group gives `/Kind`. The version is left out on purpose: references may omit it. */
export type GroupKind = `${string}/${string}`;

/** A live object. `cluster` is the uid of the cluster's `kube-system` namespace; a recreated object keeps its ref. */
export interface LiveRef {
  readonly cluster: string;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** Reads `apps/v1` and `v1` alike; anything else (`a/b/c`, empty) is undefined. */
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

export function groupKindOf(gk: { readonly group: string; readonly kind: string }): GroupKind {
  return `${gk.group}/${gk.kind}`;
}
