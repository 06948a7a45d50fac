// What a change does, or in what clusters differ, of what is at a place of a file: the objects that the file contributes to, those
// of a kustomization's folder, or those that a Flux Kustomization applies.
import type { Comparison } from '../change/comparison.ts';
import { type Documents, documentsOf, documentsOfClusters } from '../change/documents.ts';
import { within } from '../change/within.ts';
import { folderOf } from '../kustomize/paths.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { objectsIn, secretsOf } from './preview.ts';

/** Of a comparison of a whole workspace, what concerns an offset of a file. */
export function differencesAt(workspace: Workspace, compared: Comparison, path: string, offset: number): Documents {
  const applier = applierAt(workspace, path, offset);
  if (applier === undefined) return documentsOf(within(compared, isKustomizationFile(path) ? folderOf(path) : path));
  const isOf = (name: string | undefined) => name !== undefined && `/${name}`.endsWith(applier);
  const targets = compared.targets.map((target) => ({
    ...target,
    objects: target.objects.filter(({ was, now }) => isOf(was?.applier?.name) || isOf(now?.applier?.name)),
  }));
  return documentsOf({ targets });
}

/** The end of the name of the Flux Kustomization at an offset, whose namespace may be written elsewhere. */
function applierAt(workspace: Workspace, path: string, offset: number): string | undefined {
  const placed = workspace
    .file(path)
    ?.documents.find(({ start, document }) => start <= offset && offset <= start + document.text.length);
  const object = placed?.document.facts.objects.find(
    ({ groupKind }) => groupKind === 'kustomize.toolkit.fluxcd.io/Kustomization',
  );
  if (object?.name === undefined) return undefined;
  return `/${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
}

/** The objects as two clusters get them. */
export function differencesOfClusters(
  workspace: Workspace,
  path: string,
  offset: number,
  [old, now]: readonly [string, string],
): Documents {
  const objects = (cluster: string) => objectsIn(workspace, path, offset, cluster).map(({ value }) => value);
  return documentsOfClusters(objects(old), objects(now), secretsOf(workspace, [old, now]));
}
