// Values for the parts of a reference to another object, as the row of its kind in kube/kinds says: the kind, its group or
// apiVersion, and the names of such objects in the workspace.
import { apiVersionOf, type GroupKind, type Gvk, groupKindOf } from '../../kube/identity.ts';
import type { Reference, Role } from '../../kube/kind.ts';
import { kindRow } from '../../kube/kinds.ts';
import type { KindSummary, SchemaStore } from '../../schema/schema.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { inOrder, kindOrder } from './kind-order.ts';
import { formatCandidates } from './suggestions.ts';

interface Place {
  readonly workspace: Workspace;
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
  if (row?.references?.some(({ path, to, role }) => path === at && isOpen(to, role))) return [];
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
  const targets = targetsOf(place, reference);
  const chosen = stringAt(root, [...around, 'kind']);
  const meant = chosen === undefined ? targets : targets.filter((one) => one.endsWith(`/${chosen}`));
  if (chosen === undefined && part !== 'kind' && isOpen(reference.to, reference.role)) return [];
  switch (part) {
    case '':
    case 'name':
      return named(place, meant, reference);
    case 'kind':
      return ranked(place.workspace, targets, reference).map((one, rank) => ({
        ...{ value: kindOf(one), kind: 'enum', rank },
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

function named({ workspace, root, field }: Place, targets: readonly GroupKind[], { acyclic }: Reference) {
  // Nothing depends on itself.
  const self = acyclic ? stringAt(root, [...field.object.path, 'metadata', 'name']) : undefined;
  return targets.flatMap((one) =>
    [...workspace.definitionsOf(one)]
      .filter(({ name }) => name !== self)
      .map(({ name, path }) => ({
        value: name,
        kind: 'reference' as const,
        detail: `${kindOf(one)} in ${path}`,
        rank: 0,
      })),
  );
}

/** The kinds a reference may name; where Cluster API leaves that to the provider, those that fit its place. */
function targetsOf({ schemas, field }: Place, { to, role, path }: Reference): readonly GroupKind[] {
  if (to.length > 0) return to;
  if (role === undefined) {
    const open = schemas.kinds().filter(({ served, gvk }) => served && (!path.endsWith('poolRef') || isPool(gvk)));
    return distinct(open.map(({ gvk }) => groupKindOf(gvk)));
  }
  const suffix = suffixOf(field.kind.gvk.kind, path, role);
  const kinds = schemas.kinds().filter((kind) => kind.served && plays(kind, role) && suffix.test(kind.gvk.kind));
  return distinct(kinds.map(({ gvk }) => groupKindOf(gvk)));
}

function isOpen(to: readonly GroupKind[], role: Role | undefined): boolean {
  return to.length === 0 && role === undefined;
}

/** What IPAM providers call the kinds that addresses are claimed from. */
function isPool({ group, kind }: Gvk): boolean {
  return kind.endsWith('Pool') && /^(?:ipam|ipam\..+)\.cluster\.x-k8s\.io$/.test(group);
}

const groups: Readonly<Record<Role, RegExp>> = {
  infrastructure: /(?:^|\.)infrastructure\.cluster\.x-k8s\.io$/,
  infrastructureTemplate: /(?:^|\.)infrastructure\.cluster\.x-k8s\.io$/,
  bootstrap: /^bootstrap\.cluster\.x-k8s\.io$/,
  bootstrapTemplate: /^bootstrap\.cluster\.x-k8s\.io$/,
  controlPlane: /^controlplane\.cluster\.x-k8s\.io$/,
  controlPlaneTemplate: /^controlplane\.cluster\.x-k8s\.io$/,
};

/** Some providers keep control planes in their infrastructure group; their rows say so. */
function plays({ gvk }: KindSummary, role: Role): boolean {
  const said = kindRow(groupKindOf(gvk))?.role;
  return said === undefined ? groups[role].test(gvk.group) : said === role;
}

/** Kinds are named after what they are: the contract asks for it of templates, and all providers follow. */
function suffixOf(kind: string, path: string, role: Role): RegExp {
  switch (role) {
    case 'infrastructure':
      return kind === 'MachinePool' ? /MachinePool$/ : kind === 'Machine' ? /Machine$/ : /Cluster$/;
    case 'infrastructureTemplate':
      if (/^spec\.infrastructure\./.test(path)) return /ClusterTemplate$/;
      return path.includes('machinePools') ? /MachinePoolTemplate$/ : /MachineTemplate$/;
    case 'bootstrap':
      return /Config$/;
    case 'bootstrapTemplate':
      return /ConfigTemplate$/;
    case 'controlPlane':
      return /ControlPlane$/;
    case 'controlPlaneTemplate':
      return /ControlPlaneTemplate$/;
  }
}

/** Kinds that the row names stand there in order, those the workspace has first; others by what is usual. */
function ranked(workspace: Workspace, kinds: readonly GroupKind[], { to }: Reference): readonly GroupKind[] {
  return to.length > 0
    ? kinds.toSorted((a, b) => Number(workspace.hasKind(b)) - Number(workspace.hasKind(a)))
    : inOrder(kinds, (one) => kindOrder(workspace, one));
}

function apiVersions(schemas: SchemaStore, groupKind: GroupKind): readonly string[] {
  const served = schemas.versions(groupOf(groupKind), kindOf(groupKind)).filter((one) => one.served);
  return served.toSorted((a, b) => Number(b.storage) - Number(a.storage)).map(({ gvk }) => apiVersionOf(gvk));
}

function groupOf(groupKind: GroupKind): string {
  return groupKind.slice(0, groupKind.indexOf('/'));
}

function kindOf(groupKind: GroupKind): string {
  return groupKind.slice(groupKind.indexOf('/') + 1);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
