// The objects that a Kustomization or HelmRelease has applied, from its status inventory. They may be in another cluster
// than the Kustomization or HelmRelease itself; such entries don't refer to objects of this cluster.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import { at, list, number, text } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';
import { oncePerObject } from './remembered.ts';

export interface InventoryEntry {
  readonly groupKind: GroupKind;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly key: ObjectKey;
}

export interface Inventory {
  /** Each object once. */
  readonly entries: readonly InventoryEntry[];
  /** Number of entries that were counted but not kept. */
  readonly omitted: number;
  /** Applied to another cluster, through `spec.kubeConfig`. */
  readonly remote: boolean;
}

/** The kinds whose inventory is a tree, as `flux tree` has it. */
export const deliveryKinds: readonly GroupKind[] = [
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
];

export const inventoryOf: (object: LiveObject) => Inventory = oncePerObject(inventoryIn);

function inventoryIn({ spec, status }: LiveObject): Inventory {
  const listed = list(status, 'inventory', 'entries').flatMap((entry) => read(entry) ?? []);
  const count = number(status, 'inventory', 'count') ?? listed.length;
  return {
    entries: [...new Map(listed.map((entry) => [entry.key, entry])).values()],
    omitted: Math.max(0, count - listed.length),
    remote: at(spec, 'kubeConfig') !== undefined,
  };
}

/** `<namespace>_<name>_<group>_<kind>`; a colon in the name, as in RBAC, is encoded as two underscores. */
function read(entry: unknown): InventoryEntry | undefined {
  const parts = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(text(entry, 'id') ?? '');
  if (!parts) return undefined;
  const [, namespace = '', written = '', group = '', kind = ''] = parts;
  const name = written.replaceAll('__', ':');
  const groupKind = groupKindOf({ group, kind });
  return {
    groupKind,
    group,
    version: text(entry, 'v') ?? '',
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
    key: keyOf(groupKind, namespace === '' ? undefined : namespace, name),
  };
}
