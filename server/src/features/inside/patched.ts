// The objects that the patches of a kustomization or a Flux Kustomization may be for, as they were built last.
import type { BuiltObject } from '../../kustomize/objects.ts';
import { folderOf } from '../../kustomize/paths.ts';
import { buildsOf, fleetOf } from '../../workspace/fleets.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** `start` is the offset of the document with the patches. */
export function objectsPatched(workspace: Workspace, path: string, start: number): readonly BuiltObject[] {
  if (isKustomizationFile(path)) return buildsOf(workspace).latest(folderOf(path)).objects;
  const applier = fleetOf(workspace)
    .latestAppliers(path)
    .find(({ flux }) => flux!.object.origin.source.start === start);
  return applier?.result.objects ?? [];
}
