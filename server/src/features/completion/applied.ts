// What the clusters that get the edited object have already, and what they would miss: as they were found last, since
// completion waits for no build.
import type { GroupKind } from '../../kube/identity.ts';
import { groupKindOf } from '../../kube/identity.ts';
import type { Reference } from '../../kube/kind.ts';
import { kindRow } from '../../kube/kinds.ts';
import { referencesOf, type Within } from '../../kube/references.ts';
import { type BuiltMap, textAt } from '../../kustomize/built.ts';
import { idOf } from '../../kustomize/objects.ts';
import { folderOf, foldersUp } from '../../kustomize/paths.ts';
import { type Referrer, type Wanted, wouldBeMissing } from '../../rules/missing.ts';
import type { ClusterSubject } from '../../rules/rule.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Node } from '../../syntax/tree.ts';
import { isWhole } from '../../workspace/certainty.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { type Home, latestHomesOf } from '../../workspace/homes.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Field } from '../place.ts';

/** Where a name or a path is being written. */
export interface Place {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly root: Node;
  readonly field: Field;
}

/** Whether a cluster would miss the target of a reference in the object at the cursor. */
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
    const use = { reference, targets: [target], name, within };
    return subjects.some(({ subject, referrers }) =>
      referrers.some((by) => wouldBeMissing(subject, by, use) || isUnapplied(subject, by, use)),
    );
  };
}

/** Whether a file defines the target, but nothing applies it: no build is refused that could. */
function isUnapplied({ home, isDefined }: ClusterSubject, { namespace }: Referrer, use: Wanted): boolean {
  if (!home.isWhole || home.gaps.some(({ why }) => why === 'broken')) return false;
  if (!use.targets.some((target) => isDefined(target, use.name))) return false;
  return home.resolution(namespace, use).is === 'missing';
}

/** For the namespace of the object at the cursor: whether what it names there is there. */
export function reachesTargets(place: Place): (namespace: string) => boolean {
  const { workspace, path, root, field } = place;
  const groupKind = groupKindOf(field.kind.gvk);
  const row = kindRow(groupKind);
  const object = nodeAt(root, field.object.path);
  const homes = latestHomesOf(workspace, path);
  if (!row || !object || homes.length === 0) return () => true;
  const uses = referencesOf(object, row, nodes).filter(({ within, waived }) => within.is === 'own' && !waived);
  const subjects = homes.map((home) => subjectOf(workspace, home));
  const { forms } = workspace.ownership.of(path);
  return (written) =>
    forms.every(({ namespace = written }) =>
      subjects.every((subject) => !uses.some((use) => wouldBeMissing(subject, { groupKind, namespace }, use))),
    );
}

/** Whether another Kustomization of a cluster that gets the file applies what the kustomization of a folder lists. */
export function isAppliedByOthers({ workspace, path, root, field }: Place, kustomization: string): boolean {
  const own = (of: string) => stringAt(root, [...field.object.path, ...of.split('.')]);
  const [name, target] = [own('metadata.name'), own('spec.targetNamespace')];
  const names = new Set(latestHomesOf(workspace, path).map((home) => home.name));
  const folder = folderOf(kustomization);
  return fleetOf(workspace)
    .latestAppliersOf(kustomization)
    .some((applier) => {
      const { flux, cluster, base } = applier;
      if (!flux || !names.has(cluster) || !isWhole(applier) || textAt(flux.spec, ['suspend']) === 'true') return false;
      if (flux.object.origin.source.file === path && textAt(flux.object, ['metadata', 'name']) === name) return false;
      const theirs = textAt(flux.spec, ['targetNamespace']);
      return base.objects.some(({ value }) => {
        if (!isNamed(value) || !foldersUp(folderOf(value.origin.source.file)).includes(folder)) return false;
        // In another namespace it is another object.
        const { gvk, namespace } = idOf(value);
        return (
          (target ?? namespace) === (theirs ?? namespace) || workspace.isClusterScoped(groupKindOf(gvk), kustomization)
        );
      });
    });
}

/** Variables may make different names of one. */
function isNamed(object: BuiltMap): boolean {
  const name = textAt(object, ['metadata', 'name']);
  const namespace = textAt(object, ['metadata', 'namespace']) ?? '';
  return name !== undefined && !isHole(name) && !isHole(namespace);
}

/**
 * The forms of the object in the cluster. The build may change its name, and what is being written may, too; an object that
 * isn't there yet will be in the namespace that its file gets.
 */
function referrersIn(home: Home, { workspace, path, root, field }: Place): readonly Referrer[] {
  const groupKind = groupKindOf(field.kind.gvk);
  const own = home.begunIn(path).filter((one) => one.groupKind === groupKind);
  const name = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const named = own.filter((one) => one.name === name);
  if (named.length > 0) return named;
  if (own.length > 0) return own;
  const written = stringAt(root, [...field.object.path, 'metadata', 'namespace']);
  return workspace.ownership.of(path).forms.map(({ namespace = written ?? '' }) => ({ groupKind, namespace }));
}

function subjectOf(workspace: Workspace, home: Home): ClusterSubject {
  const definitions = (target: GroupKind, name: string) => workspace.index.definitions(target, name);
  return {
    home,
    isDefined: (target, name) => definitions(target, name).length > 0,
    unapplied: (target, name) =>
      definitions(target, name)
        .map(({ path }) => path)
        .filter((path) => latestHomesOf(workspace, path).length === 0 && workspace.ownership.topsOf(path).length === 0)
        .sort()[0],
  };
}
