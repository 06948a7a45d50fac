// The objects that a patch is for, as a kustomization or a Flux Kustomization was built last.
import type { TextField } from '../../kube/texts.ts';
import { type BuiltMap, builtFrom, locateIn, textAt } from '../../kustomize/built.ts';
import { answersTo, type BuiltObject, idOf } from '../../kustomize/objects.ts';
import { folderOf } from '../../kustomize/paths.ts';
import { isNamespacedForKustomize } from '../../kustomize/scope.ts';
import { readSelector, selects } from '../../kustomize/transformers/selector.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Applier } from '../../workspace/cluster.ts';
import { buildsOf, fleetOf } from '../../workspace/fleets.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** A patch in a field; `path` is that of its text in the tree. */
interface PatchPlace {
  readonly field: TextField;
  readonly path: Path;
}

interface Built {
  readonly objects: readonly BuiltObject[];
  /** Nothing is missing in it. */
  readonly isWhole: boolean;
}

/** What the patches of a file are for; `start` is the offset of the document with the patches. */
export function objectsPatched(workspace: Workspace, path: string, start: number): Built {
  if (isKustomizationFile(path)) {
    const builds = buildsOf(workspace);
    return builtOf(builds.latest(folderOf(path)) ?? builds.of(folderOf(path)));
  }
  const isHere = ({ flux }: Applier) =>
    flux?.object.origin.source.file === path && flux.object.origin.source.start === start;
  const applier = fleetOf(workspace)
    .latest()
    .flatMap(({ appliers }) => appliers)
    .find(isHere);
  return applier ? builtOf(applier.result) : { objects: [], isWhole: false };
}

function builtOf({
  objects,
  incomplete,
  problems,
}: {
  readonly objects: readonly BuiltObject[];
  readonly incomplete: readonly string[];
  readonly problems: readonly unknown[];
}): Built {
  return { objects, isWhole: incomplete.length === 0 && problems.length === 0 };
}

/** The selector of a patch, in the tree with its field. */
export function targetOf({ target }: TextField, path: Path, root: Node | undefined): Node | undefined {
  return target === undefined ? undefined : nodeAt(root, [...path.slice(0, -1), target]);
}

/** Those that the target selects or, without one, that the patch names. */
export function patchedBy(
  objects: readonly BuiltObject[],
  target: Node | undefined,
  patch: Node | undefined,
): readonly BuiltMap[] {
  if (objects.length === 0) return [];
  const selector = built(target);
  const selected = selector && readSelector({ report: () => undefined }, selector, [], () => false);
  if (selected === 'invalid') return [];
  const named = built(patch);
  const matches = (object: BuiltObject) => {
    if (selected) return selects(selected, object, isNamespacedForKustomize);
    return named !== undefined && answersTo(object, idOf(named), isNamespacedForKustomize);
  };
  return objects.flatMap((object) => (matches(object) ? [object.value] : []));
}

function built(node: Node | undefined): BuiltMap | undefined {
  const read = node && builtFrom(node, locateIn({ file: '', start: 0 }), 'configuration');
  return read?.kind === 'map' ? read : undefined;
}

/**
 * Whether a patch is for nothing: everything that it could be for is known or, where the build has other problems, an object
 * of the kind that it isn't for.
 */
export function changesNothing(
  workspace: Workspace,
  path: string,
  start: number,
  place: PatchPlace,
  root: Node | undefined,
  patch: Node | undefined,
): boolean {
  const { objects, isWhole } = objectsPatched(workspace, path, start);
  const target = targetOf(place.field, place.path, root);
  if (patchedBy(objects, target, patch).length > 0) return false;
  const kind = stringAt(target ?? patch, ['kind']);
  return isWhole || objects.some(({ value }) => textAt(value, ['kind']) === kind);
}
