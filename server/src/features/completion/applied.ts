// What the clusters that get the edited object have already, and what they would miss: as they were found last, since
// completion waits for no build.

import type { GroupKind } from '../../kube/identity.ts';
import { groupKindOf } from '../../kube/identity.ts';
import type { Reference } from '../../kube/kind.ts';
import { kindRow } from '../../kube/kinds.ts';
import { referencesOf, type Within } from '../../kube/references.ts';
import { textAt } from '../../kustomize/built.ts';
import { refusersIn } from '../../rules/cross-namespace.ts';
import { wouldBeMissing } from '../../rules/missing.ts';
import type { ClusterSubject } from '../../rules/rule.ts';
import { nodeAt, printPath, scalarAt, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { chartNamed } from '../../workspace/charts.ts';
import type { Applier } from '../../workspace/cluster.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { folderLike } from '../../workspace/folder-like.ts';
import { type Home, latestHomesOf } from '../../workspace/homes.ts';
import type { AppliedObject } from '../../workspace/parts.ts';
import type { Referrer, Wanted } from '../../workspace/survey.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Field } from '../place.ts';
import { filesListedBy } from './reach.ts';

/** Where a name or a path is being written. */
export interface Place {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly root: Node;
  readonly field: Field;
}

/** Whether a cluster would miss the target of a reference in the object at the cursor, or refuse to look for it there. */
export function missingFrom(
  place: Place,
  reference: Reference,
): (target: GroupKind, name: string, within: Within) => boolean {
  const { workspace, path } = place;
  const subjects = latestHomesOf(workspace, path).map((home) => ({
    subject: subjectOf(workspace, home),
    referrers: referrersIn(home, place),
  }));
  return (target, name, within) => {
    if (isGone(place, target, name)) return true;
    const use = { reference, targets: [target], name, within };
    return subjects.some(({ subject, referrers }) =>
      referrers.some(
        (by) => wouldBeMissing(subject, by, use) || isUnapplied(subject, by, use) || isRefused(subject, by, use),
      ),
    );
  };
}

/** Whether a build of a cluster that gets the file is refused: what is missing there isn't known. */
export function isUnbuilt({ workspace, path }: Place): boolean {
  return latestHomesOf(workspace, path).some((home) => home.gaps.some(({ why }) => why === 'broken'));
}

/** Whether only the edited file defined the target for its clusters, and doesn't any more. */
function isGone({ workspace, path }: Place, target: GroupKind, name: string): boolean {
  const found = latestHomesOf(workspace, path).flatMap((home) => home.ofKind(target).get(name) ?? []);
  if (found.length === 0 || !found.every(({ value }) => value.origin.source.file === path)) return false;
  const documents = workspace.file(path)?.documents ?? [];
  const own = documents.flatMap(({ document }) => document.facts.objects);
  // A variable may stand for the name.
  return !own.some((one) => one.groupKind === target && (one.name === undefined || one.name === name));
}

/** Whether a file defines the target, but nothing applies it: no build is refused that could. */
function isUnapplied({ home, isDefined }: ClusterSubject, { namespace }: Referrer, use: Wanted): boolean {
  if (!home.isWhole || home.gaps.some(({ why }) => why === 'broken')) return false;
  if (!use.targets.some((target) => isDefined(target, use.name))) return false;
  return home.resolution(namespace, use).is === 'missing';
}

/** Whether the controllers of the cluster don't follow the reference into another namespace. */
function isRefused({ home }: ClusterSubject, by: Referrer, { reference: { guard }, within }: Wanted): boolean {
  if (guard === undefined || within.is !== 'written' || by.namespace === '' || within.namespace === by.namespace)
    return false;
  return home.isWhole && refusersIn(home)?.(guard) === true;
}

/** For the namespace of the object at the cursor: whether what it names is there, or may be named from there. */
export function reachesTargets(place: Place): (namespace: string) => boolean {
  const { workspace, path, root, field } = place;
  const groupKind = groupKindOf(field.kind.gvk);
  const row = kindRow(groupKind);
  const object = nodeAt(root, field.object.path);
  const homes = latestHomesOf(workspace, path);
  if (!row || !object || homes.length === 0) return () => true;
  const all = referencesOf(object, row, nodes);
  const uses = all.filter(({ within, waived }) => within.is === 'own' && !waived);
  const subjects = homes.map((home) => subjectOf(workspace, home));
  const { forms } = workspace.ownership.asApplied.of(path);
  return (written) =>
    forms.every(({ namespace = written }) =>
      subjects.every((subject) => {
        const by = { groupKind, namespace };
        return !uses.some((use) => wouldBeMissing(subject, by, use)) && !all.some((use) => isRefused(subject, by, use));
      }),
    );
}

/**
 * The forms of the object in the cluster. The build may change its name, and what is being written may, too; an object that
 * isn't there yet will be in the namespace that its file gets.
 */
function referrersIn(home: Home, { workspace, path, root, field }: Place): readonly (AppliedObject | Referrer)[] {
  const groupKind = groupKindOf(field.kind.gvk);
  const own = home.begunIn(path).filter((one) => one.groupKind === groupKind);
  const name = scalarAt(root, [...field.object.path, 'metadata', 'name'])?.text;
  const isSame = nameTest(name ?? '');
  const named = own.filter((one) => isSame(one.name));
  if (named.length > 0) return named;
  if (own.length > 0) return own;
  const written = stringAt(root, [...field.object.path, 'metadata', 'namespace']);
  return [...namespacesFor(home, workspace, path, written ?? '')].map((namespace) => ({ groupKind, namespace }));
}

/** The namespaces that an object of the file gets in a cluster, by the one that is written. */
function namespacesFor(home: Home, workspace: Workspace, path: string, written: string): ReadonlySet<string> {
  const appliers = fleetOf(workspace)
    .latestAppliersOf(path)
    .filter((one) => home.appliers.includes(one));
  const targets = appliers.map(({ flux }) => flux && textAt(flux.spec, ['targetNamespace']));
  const namespaces = workspace.ownership.asApplied.of(path).forms.map(({ namespace }) => namespace ?? written);
  return new Set(
    targets.length === 0 ? namespaces : namespaces.flatMap((one) => targets.map((target) => target ?? one)),
  );
}

/** For names as they are applied: a variable may stand for anything. */
function nameTest(written: string): (name: string) => boolean {
  if (!isHole(written)) return (name) => name === written;
  const parts = written.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  return (name) => pattern.test(name);
}

/** The names that a reference has in clusters, where a variable is in the one that is written. */
export function appliedNames(place: Place, reference: Path, written: string): readonly string[] {
  if (!isHole(written)) return [written];
  const at = printPath(reference);
  const names = latestHomesOf(place.workspace, place.path).flatMap((home) =>
    referrersIn(home, place).flatMap((by) =>
      'value' in by ? home.usesOf(by).flatMap((use) => (printPath(use.path) === at ? use.name : [])) : [],
    ),
  );
  return [...new Set(names)];
}

function subjectOf(workspace: Workspace, home: Home): ClusterSubject {
  const definitions = (target: GroupKind, name: string) => workspace.index.definitions(target, name);
  return {
    home,
    isDefined: (target, name) => definitions(target, name).length > 0,
    hasFolder: (path) => workspace.hasFolder(path),
    folderLike: (path) => folderLike(workspace, path),
    chartOf: (namespace, name) => chartNamed(workspace, home, namespace, name),
    // A trial isn't worth a run of Helm.
    renderProblems: () => [],
    unapplied: (target, name) =>
      definitions(target, name)
        .map(({ path }) => path)
        .filter((path) => latestHomesOf(workspace, path).length === 0 && workspace.ownership.topsOf(path).length === 0)
        .sort()[0],
  };
}

/** Whether a cluster that gets the file, or a kustomization that lists it, has an object of the kind and name already. */
export function isThere(
  workspace: Workspace,
  path: string,
  groupKind: GroupKind,
  namespace: string,
  name: string,
): boolean {
  const isListed = workspace.ownership.topsOf(path).some((top) => {
    const files = filesListedBy(workspace, top);
    return workspace.index
      .definitions(groupKind, name)
      .some((one) => files.has(one.path) && (one.object.namespace ?? namespace) === namespace);
  });
  if (isListed) return true;
  return latestHomesOf(workspace, path).some((home) => {
    const namespaces = namespacesFor(home, workspace, path, namespace);
    // Of a cluster-scoped kind, it is empty.
    const possible = new Set(['', ...(namespaces.size > 0 ? namespaces : [namespace])]);
    return [...possible].some((one) => home.find(groupKind, one, name).length > 0);
  });
}

/**
 * Whether the Kustomization at the cursor applies the object, itself or through others: it can't wait for it. An entry point
 * may apply its own source.
 */
export function isAppliedBySelf({ workspace, path, root, field }: Place, groupKind: GroupKind, name: string): boolean {
  const own = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const isOwn = ({ flux, by }: Applier) =>
    by !== undefined && flux?.object.origin.source.file === path && textAt(flux.object, ['metadata', 'name']) === own;
  return latestHomesOf(workspace, path).some((home) =>
    (home.ofKind(groupKind).get(name) ?? []).some(({ applier }) => {
      for (let at: Applier | undefined = applier; at; at = at.by) if (isOwn(at)) return true;
      return false;
    }),
  );
}

/** Whether several Kustomizations of one cluster apply the file: what it defines needs a name for each. */
export function isAppliedRepeatedly(workspace: Workspace, path: string): boolean {
  const clusters = fleetOf(workspace)
    .latestAppliersOf(path)
    .flatMap(({ flux, cluster }) => (flux ? cluster : []));
  return new Set(clusters).size < clusters.length;
}
