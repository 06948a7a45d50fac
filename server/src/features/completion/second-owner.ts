// What would have a second owner if it were applied from where the cursor is: another Kustomization of the cluster applies it
// already, so that each would undo what the other changes.
import { groupKindOf } from '../../kube/identity.ts';
import { type BuiltMap, textAt } from '../../kustomize/built.ts';
import { idOf } from '../../kustomize/objects.ts';
import { isOwned } from '../../rules/two-owners.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { isHole } from '../../syntax/scalar.ts';
import { isWhole } from '../../workspace/certainty.ts';
import type { Applier } from '../../workspace/cluster.ts';
import type { ObjectFacts } from '../../workspace/facts.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { fluxKustomization, type Home, latestHomesOf } from '../../workspace/homes.ts';
import type { AppliedObject } from '../../workspace/parts.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Place } from './applied.ts';
import { filesListedBy } from './reach.ts';

/**
 * For a file: whether another Kustomization of a cluster that gets the edited one applies what it defines or, of a
 * kustomization, what is in its folder.
 */
export function appliedByOthers(place: Place): (file: string) => boolean {
  const { workspace, path, root, field } = place;
  const own = (of: string) => stringAt(root, [...field.object.path, ...of.split('.')]);
  const [name, target] = [own('metadata.name'), own('spec.targetNamespace') ?? own('namespace')];
  const names = new Set(latestHomesOf(workspace, path).map((home) => home.name));
  const readers = new Set(fleetOf(workspace).latestAppliersOf(path));
  for (const { cluster } of readers) names.add(cluster);
  const isDelivery = field.kind.gvk.group === 'kustomize.toolkit.fluxcd.io';
  const isOther = (applier: Applier) => {
    const { flux } = applier;
    if (!flux || !isWhole(applier) || textAt(flux.spec, ['suspend']) === 'true') return false;
    const isOwn = flux.object.origin.source.file === path && textAt(flux.object, ['metadata', 'name']) === name;
    // What the kustomization itself lists is applied by whatever applies the kustomization.
    return isDelivery ? !isOwn : !readers.has(applier);
  };
  const others = new Map<Applier, boolean>();
  const isTwin = twinOf(place, target, isOther);
  return (file) => {
    const files = isKustomizationFile(file) ? filesListedBy(workspace, file) : new Set([file]);
    if (isTwin(files)) return true;
    const appliers = new Set([...files].flatMap((one) => fleetOf(workspace).latestAppliersOf(one)));
    return [...appliers].some((applier) => {
      const isRelevant = others.get(applier) ?? isOther(applier);
      others.set(applier, isRelevant);
      if (!isRelevant) return false;
      const theirs = textAt(applier.flux!.spec, ['targetNamespace']);
      const applied = namedByFile(applier);
      return [...files].some((one) =>
        applied.get(one)?.some(({ groupKind, namespace }) => {
          // In another namespace it is another object, but what a Kustomization applies is the same.
          if (groupKind === fluxKustomization) return true;
          if (!names.has(applier.cluster)) return false;
          return (target ?? namespace) === (theirs ?? namespace) || workspace.isClusterScoped(groupKind, file);
        }),
      );
    });
  };
}

type Applied = Pick<AppliedObject, 'groupKind' | 'namespace'>;

/** By what was built. */
const named = new WeakMap<Applier['base'], ReadonlyMap<string, readonly Applied[]>>();

/** The objects that are applied under names without variables, by the files that define them. */
function namedByFile({ base }: Applier): ReadonlyMap<string, readonly Applied[]> {
  const known = named.get(base);
  if (known) return known;
  const byFile = new Map<string, Applied[]>();
  for (const { value } of base.objects) {
    if (!isNamed(value)) continue;
    const { gvk, namespace } = idOf(value);
    const { file } = value.origin.source;
    const one = { groupKind: groupKindOf(gvk), namespace };
    const others = byFile.get(file);
    if (others) others.push(one);
    else byFile.set(file, [one]);
  }
  named.set(base, byFile);
  return byFile;
}

/** Variables may make different names of one. */
function isNamed(object: BuiltMap): boolean {
  const name = textAt(object, ['metadata', 'name']);
  const namespace = textAt(object, ['metadata', 'namespace']) ?? '';
  return name !== undefined && !isHole(name) && !isHole(namespace);
}

/**
 * For the files of a kustomization: whether an object that they define has the name of another one in a cluster, or whether it
 * is a Namespace, which gets the name of the namespace that everything is moved to.
 */
function twinOf(
  { workspace, path, root, field }: Place,
  target: string | undefined,
  isOther: (applier: Applier) => boolean,
): (files: ReadonlySet<string>) => boolean {
  const isRemote = nodeAt(root, [...field.object.path, 'spec', 'kubeConfig']) !== undefined;
  const isDelivery = groupKindOf(field.kind.gvk) === fluxKustomization;
  const near = isDelivery ? [path] : [...filesListedBy(workspace, path)];
  const homes = isRemote ? [] : [...new Set(near.flatMap((one) => latestHomesOf(workspace, one)))];
  const whole = homes.filter((home) => home.isWhole);
  return (files) => {
    const objects = [...files].flatMap((file) => objectsIn(workspace, file));
    const isRenamed = (one: ObjectFacts) => one.groupKind === '/Namespace' && one.name !== target;
    if (isDelivery && target !== undefined && objects.some(isRenamed)) return true;
    const kustomizations = [...files].filter(isKustomizationFile);
    const [first, ...others] = kustomizations.map((file) => kustomizationIn(workspace, file)?.namespace);
    const moved = target ?? first;
    // Too little is known where only a part is moved, or where names change.
    const isUnclear = moved === undefined && others.some((namespace) => namespace !== undefined);
    if (whole.length === 0 || isUnclear || kustomizations.some((file) => changesNames(workspace, file))) return false;
    return objects.some((one) =>
      whole.some((home) =>
        namesakes(home, one, moved).some(
          ({ value, applier }) => !files.has(value.origin.source.file) && isOther(applier),
        ),
      ),
    );
  };
}

function objectsIn(workspace: Workspace, file: string): readonly ObjectFacts[] {
  if (isKustomizationFile(file)) return [];
  return (workspace.file(file)?.documents ?? []).flatMap(({ document }) => document.facts.objects);
}

function kustomizationIn(workspace: Workspace, file: string) {
  return workspace.file(file)?.documents[0]?.document.facts.kustomization;
}

function changesNames(workspace: Workspace, file: string): boolean {
  return /^name(?:Prefix|Suffix):/m.test(workspace.file(file)?.documents[0]?.document.text ?? '');
}

/** The objects of the cluster that it would be, each with one owner. */
function namesakes(
  home: Home,
  { groupKind, name, namespace }: ObjectFacts,
  moved: string | undefined,
): readonly AppliedObject[] {
  if (name === undefined) return [];
  const within = moved ?? namespace;
  const named = groupKind === '/Namespace' ? (moved ?? name) : name;
  return (home.ofKind(groupKind).get(named) ?? []).filter((one) => {
    return isOwned(one) && (one.namespace === '' || one.namespace === within);
  });
}
