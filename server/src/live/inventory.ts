// What a Kustomization or HelmRelease has applied, from its own inventory. The same controller's entries may lie on
// another cluster than the object itself: then they say nothing of objects here.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import { at, list, number, text } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

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
  readonly entries: readonly InventoryEntry[];
  /** Entries that were counted rather than kept. */
  readonly omitted: number;
  /** Applied to another cluster, through `spec.kubeConfig`. */
  readonly remote: boolean;
}

export function inventoryOf({ spec, status }: LiveObject): Inventory {
  const entries = list(status, 'inventory', 'entries').flatMap((entry) => read(entry) ?? []);
  const count = number(status, 'inventory', 'count') ?? entries.length;
  return { entries, omitted: Math.max(0, count - entries.length), remote: at(spec, 'kubeConfig') !== undefined };
}

/** `<namespace>_<name>_<group>_<kind>`; a colon of the name (RBAC has them) is written as two underscores. */
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
