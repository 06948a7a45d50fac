// The kinds of the objects that a patch is for: those that its target selects or, without one, the kind that it names itself.
import { type Gvk, groupKindOf, gvkOf } from '../../kube/identity.ts';
import type { KindSchema, KindSummary, SchemaStore } from '../../schema/schema.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import { usualKindRank } from '../completion/usual.ts';

/** Texts of a selector; a missing one selects everything. */
interface Selector {
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly kind: string | undefined;
}

/** The likeliest first; empty if the kind isn't written as a plain name, or no schema of such a kind is known. */
export function targetKinds(
  target: Node | undefined,
  patch: Node | undefined,
  schemas: SchemaStore,
  isInUse: (kind: Gvk) => boolean,
): readonly Gvk[] {
  const [apiVersion, ownKind] = ['apiVersion', 'kind'].map((name) => stringAt(patch, [name]));
  const own = gvkOf(apiVersion ?? '', ownKind ?? '');
  if (!target) return own ? [own] : [];
  // That of a ClusterClass is exact.
  const exact = gvkOf(stringAt(target, ['apiVersion']) ?? '', stringAt(target, ['kind']) ?? '');
  if (exact) return [exact];
  const [group, version, kind] = ['group', 'version', 'kind'].map((name) => stringAt(target, [name]));
  const found = selected({ group, version, kind }, schemas);
  if (found.length < 2) return found;
  const rank = (gvk: Gvk) => (own && same(own, gvk) ? 0 : isInUse(gvk) ? 1 : 2);
  return found.toSorted((a, b) => rank(a) - rank(b) || usualKindRank(groupKindOf(a)) - usualKindRank(groupKindOf(b)));
}

/**
 * The same if it is certain that no others are meant. A target without a group selects kinds of that name in any group, also in
 * one that no schema is known of; only names of Kubernetes and Flux are hardly used by others.
 */
export function certainKinds(target: Node | undefined, kinds: readonly KindSchema[]): readonly KindSchema[] {
  const isExact = !target || ['group', 'apiVersion'].some((name) => (stringAt(target, [name]) ?? '') !== '');
  const isUsual = ({ builtin, gvk: { group } }: KindSchema) => builtin || group.endsWith('.toolkit.fluxcd.io');
  return isExact || kinds.every(isUsual) ? kinds : [];
}

function same(a: Gvk, b: Gvk): boolean {
  return a.kind === b.kind && a.group === b.group && a.version === b.version;
}

/** The kinds of a plain name; empty for a pattern. */
export function selected({ group, version, kind }: Selector, schemas: SchemaStore): readonly Gvk[] {
  if (!isPlain(kind) || (group && !isPlain(group)) || (version && !isPlain(version))) return [];
  const named = byName(schemas).get(kind) ?? [];
  return named.flatMap((one) => {
    const isSelected = one.served && (!group || one.gvk.group === group) && (!version || one.gvk.version === version);
    return isSelected ? [one.gvk] : [];
  });
}

/** Whether the pattern matches one name only. A dot matches any character, but is meant as a dot. */
function isPlain(pattern: string | undefined): pattern is string {
  return pattern !== undefined && /^[\w.-]+$/.test(pattern);
}

const names = new WeakMap<readonly KindSummary[], ReadonlyMap<string, readonly KindSummary[]>>();

function byName(schemas: SchemaStore): ReadonlyMap<string, readonly KindSummary[]> {
  const kinds = schemas.kinds();
  const known = names.get(kinds);
  if (known) return known;
  const found = new Map<string, KindSummary[]>();
  for (const kind of kinds) {
    const list = found.get(kind.gvk.kind);
    if (list) list.push(kind);
    else found.set(kind.gvk.kind, [kind]);
  }
  names.set(kinds, found);
  return found;
}
