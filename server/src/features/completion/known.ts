// Values of fields whose schema lists none although the values are known: those of known-values.ts, the API groups and
// resources of a role's rules, and the kinds that a patch may be for.
import { groupedBy } from '../../kube/grouped.ts';
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import type { Schema, SchemaStore } from '../../schema/schema.ts';
import { nodeAt, scalarAt } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import { resolveAlias } from '../../syntax/value.ts';
import { childSchema, type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { type KnownValues, knownValueRows } from './known-values.ts';
import { usualKindRank, usualTargetRank } from './usual.ts';

export function knownValues(root: Node, field: Field, schemas: SchemaStore): readonly Candidate[] {
  const { gvk } = field.kind;
  const at = rowPath(field.path);
  const values = isRole(gvk) ? ruleValues(at, root, field, schemas) : undefined;
  const known = values ?? openKinds(gvk, at, schemas) ?? tableValues(field, at) ?? amountsBeside(root, field);
  return (known ?? []).map((value, index) => ({ value, kind: 'value', rank: 20 + index }));
}

const byLastKey = groupedBy(knownValueRows, ({ path }) => lastKey(path));

function tableValues(field: Field, at: string): readonly string[] | undefined {
  const own = groupKindOf(field.kind.gvk);
  // A key of a map may contain dots, so the rows for `nodeSelector.kubernetes.io/os` are under `io/os`.
  return byLastKey.get(lastKey(at))?.find((row) => {
    if (row.of) return row.path === at && row.of.includes(own);
    return (at === row.path || at.endsWith(`.${row.path}`)) && hasBeside(field, row);
  })?.values;
}

function lastKey(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function hasBeside(field: Field, { beside = [] }: KnownValues): boolean {
  if (beside.length === 0) return true;
  const properties = mapAround(field)?.properties ?? {};
  return beside.every((name) => Object.hasOwn(properties, name));
}

/** What other maps of amounts beside its own have under the key of an amount: the request of a resource for its limit. */
function amountsBeside(root: Node, { object, path, schema, parent }: Field): readonly string[] | undefined {
  const [map, key] = path.slice(-2);
  const isAmount = schema['x-kubernetes-int-or-string'] === true || schema.format === 'quantity';
  if (!isAmount || typeof map !== 'string' || typeof key !== 'string' || parent?.properties) return undefined;
  const around = nodeAt(root, [...object.path, ...path.slice(0, -2)]);
  const others = around?.type === 'map' ? around.entries.filter(({ key: name }) => name.text !== map) : [];
  return distinct(others.flatMap(({ value }) => scalarAt(value, [key])?.text ?? []).filter((text) => text !== ''));
}

/** The schema of the map that has the field or, for an item, its list. */
function mapAround({ kind, path, parent }: Field): Schema | undefined {
  if (typeof path.at(-1) === 'string') return parent;
  const map = path.slice(
    0,
    path.findLastIndex((step) => typeof step === 'string'),
  );
  return map.reduce<Schema | undefined>((schema, step) => schema && childSchema(schema, step), kind.schema);
}

/** The fields of a kustomize patch's target and of a replacement may name any kind. */
const openKindFields =
  /^(?:(?:spec\.)?(?:postRenderers\[\*\]\.kustomize\.)?patches\[\*\]\.target|spec\.driftDetection\.ignore\[\*\]\.target|replacements\[\*\]\.(?:source|targets\[\*\]\.(?:select|reject\[\*\])))\.kind$/;

function openKinds({ group }: Gvk, at: string, schemas: SchemaStore): readonly string[] | undefined {
  if (!group.endsWith('.toolkit.fluxcd.io') && group !== 'kustomize.config.k8s.io') return undefined;
  if (!openKindFields.test(at)) return undefined;
  const served = schemas.kinds().flatMap((kind) => (kind.served ? [kind.gvk] : []));
  return distinct(ordered(served, usualTargetRank).map(({ kind }) => kind));
}

function isRole({ group, kind }: Gvk): boolean {
  return group === 'rbac.authorization.k8s.io' && (kind === 'Role' || kind === 'ClusterRole');
}

/** API groups, or the resources of the groups already listed in the rule. */
function ruleValues(at: string, root: Node, field: Field, schemas: SchemaStore): readonly string[] | undefined {
  const served = schemas.kinds().filter((kind) => kind.served);
  if (at === 'rules[*].apiGroups[*]') return distinct([...byUse(served.map(({ gvk }) => gvk)).map(groupOf), '*']);
  if (at !== 'rules[*].resources[*]') return undefined;
  const groups = stringsAt(root, [...field.object.path, ...field.path.slice(0, 2), 'apiGroups']);
  const meant = groups.length === 0 ? served : served.filter(({ gvk }) => groups.includes(gvk.group));
  const plurals = new Map(meant.map(({ gvk, plural }) => [groupKindOf(gvk), plural]));
  return distinct([...byUse(meant.map(({ gvk }) => gvk)).map((gvk) => plurals.get(groupKindOf(gvk))!), '*']);
}

function groupOf({ group }: Gvk): string {
  return group;
}

function byUse(kinds: readonly Gvk[]): readonly Gvk[] {
  return ordered(kinds, usualKindRank);
}

function ordered(kinds: readonly Gvk[], rankOf: typeof usualKindRank): readonly Gvk[] {
  const rank = (gvk: Gvk) => rankOf(groupKindOf(gvk));
  return kinds.toSorted((a, b) => rank(a) - rank(b) || (a.kind < b.kind ? -1 : 1));
}

function stringsAt(root: Node, path: Field['path']): readonly string[] {
  const node = nodeAt(root, path);
  const list = node && resolveAlias(node);
  const items = list?.type === 'seq' ? list.items : [];
  return items.flatMap((item) => (item.type === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}

/** The strings already in the list around an item; they aren't suggested again. */
export function siblings(root: Node, { object, path }: Field): ReadonlySet<string> {
  if (typeof path.at(-1) !== 'number') return new Set();
  return new Set(stringsAt(root, [...object.path, ...path.slice(0, -1)]));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
