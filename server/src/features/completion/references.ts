// Values for the parts of a reference to another object, as the row of its kind in kube/kinds says: the kind, its group or
// apiVersion, and the names of such objects in the workspace.
import { apiVersionOf, type GroupKind, type Gvk, groupKindOf, groupOf, kindName } from '../../kube/identity.ts';
import type { Reference } from '../../kube/kind.ts';
import { kindRow } from '../../kube/kinds.ts';
import { type Within, withinOf } from '../../kube/references.ts';
import { isOpen, mayName } from '../../kube/roles.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { inOrder, kindOrder } from './kind-order.ts';
import { formatCandidates } from './suggestions.ts';

interface Place {
  readonly workspace: Workspace;
  /** Of the file. */
  readonly path: string;
  readonly schemas: SchemaStore;
  readonly root: Node;
  readonly field: Field;
}

/** Also values of the format the row gives the field. */
export function referenceCandidates(place: Place): readonly Candidate[] {
  const { kind, path } = place.field;
  const row = kindRow(groupKindOf(kind.gvk));
  const at = rowPath(path);
  return [
    ...formatCandidates(row?.values?.[at]),
    ...(row?.references ?? []).flatMap((reference) => candidatesOf(place, at, reference)),
  ];
}

/** Kind, group and apiVersion of a reference that is yet to be written; names are for its author to give. */
export function fixedParts(place: Place): readonly string[] {
  const part = place.field.path.at(-1);
  if (part !== 'kind' && part !== 'apiGroup' && part !== 'apiVersion') return [];
  const row = kindRow(groupKindOf(place.field.kind.gvk));
  const at = rowPath(place.field.path.slice(0, -1));
  // Where any kind may be named none is more likely than the others.
  if (row?.references?.some((reference) => reference.path === at && isOpen(reference))) return [];
  return distinct(referenceCandidates(place).map(({ value }) => String(value)));
}

export function writtenParts(gvk: Gvk, path: Path): readonly string[] {
  const at = rowPath(path);
  return kindRow(groupKindOf(gvk))?.references?.find((one) => one.path === at)?.written ?? [];
}

function candidatesOf(place: Place, at: string, reference: Reference): readonly Candidate[] {
  const { root, field } = place;
  if (at !== reference.path && !at.startsWith(`${reference.path}.`)) return [];
  const part = at.slice(reference.path.length + 1);
  const around = [...field.object.path, ...(part === '' ? field.path : field.path.slice(0, -1))];
  const targets = targetKinds(place, reference);
  const chosen = stringAt(root, [...around, 'kind']);
  const meant = chosen === undefined ? targets : targets.filter((one) => kindName(one) === chosen);
  if (chosen === undefined && part !== 'kind' && isOpen(reference)) return [];
  switch (part) {
    case '':
    case 'name':
      return named(place, meant, reference, nodeAt(root, around));
    case 'kind':
      return ranked(place.workspace, targets, reference).map((one, rank) => ({
        ...{ value: kindName(one), kind: 'enum', rank },
      }));
    case 'apiGroup':
      return distinct(meant.map(groupOf)).map((value, rank) => ({ value, kind: 'enum', rank }));
    case 'apiVersion':
      return distinct(meant.flatMap((one) => apiVersions(place.schemas, one))).map((value, rank) => ({
        ...{ value, kind: 'enum', rank },
      }));
    default:
      return [];
  }
}

/** What the reference can reach, in its own namespace first. `at` is the reference as far as it is written. */
function named(
  { workspace, path, root, field }: Place,
  targets: readonly GroupKind[],
  reference: Reference,
  at: Node | undefined,
): readonly Candidate[] {
  const { gvk } = field.kind;
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const namespace = stringAt(root, [...field.object.path, 'metadata', 'namespace']);
  const isEmbedded = field.object.path.length > 0 && field.object.path[0] !== 'items';
  const by = { path, object: { ...(namespace && { namespace }) }, from: isEmbedded ? 'embedded' : 'object' } as const;
  const within: Within = at
    ? withinOf(at, reference, nodes)
    : { is: reference.namespace === 'none' ? 'cluster' : 'own' };
  const anywhere = reference.namespace === 'field' && within.is === 'own';
  return targets.flatMap((one) =>
    workspace.resolver.reachable(by, one, within, anywhere).flatMap(({ definition, isOwn }) => {
      // Nothing depends on itself.
      const isSelf = definition.path === path && definition.name === name && one === groupKindOf(gvk);
      if (reference.acyclic && isSelf) return [];
      const detail = `${kindName(one)} in ${definition.path}`;
      return [{ value: definition.name, kind: 'reference' as const, detail, rank: anywhere && !isOwn ? 1 : 0 }];
    }),
  );
}

/** The kinds a reference may name; where Cluster API leaves that to the provider, those that fit its place. */
function targetKinds({ schemas, field }: Place, reference: Reference): readonly GroupKind[] {
  if (reference.to.length > 0) return reference.to;
  const served = schemas.kinds().flatMap((kind) => (kind.served ? [groupKindOf(kind.gvk)] : []));
  return distinct(served.filter((one) => mayName(reference, field.kind.gvk.kind, one)));
}

/** Kinds that the row names stand there in order, those the workspace has first; others by what is usual. */
function ranked(workspace: Workspace, kinds: readonly GroupKind[], { to }: Reference): readonly GroupKind[] {
  return to.length > 0
    ? kinds.toSorted((a, b) => Number(workspace.index.hasKind(b)) - Number(workspace.index.hasKind(a)))
    : inOrder(kinds, (one) => kindOrder(workspace, one));
}

function apiVersions(schemas: SchemaStore, groupKind: GroupKind): readonly string[] {
  const served = schemas.versions(groupOf(groupKind), kindName(groupKind)).filter((one) => one.served);
  return served.toSorted((a, b) => Number(b.storage) - Number(a.storage)).map(({ gvk }) => apiVersionOf(gvk));
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
