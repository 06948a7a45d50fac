// Sources of Flux that leave out, by their `ignore`, what a Kustomization is to apply.
import { groupKindOf } from '../../kube/identity.ts';
import { resolvePath } from '../../kustomize/paths.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { stringAt } from '../../syntax/navigate.ts';
import { buildsOf } from '../../workspace/fleets.ts';
import type { Definition } from '../../workspace/index.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';

/** Whether a source has nothing of the folder that the Kustomization at the field names. */
export function leavesOut({ workspace, root, field }: Place): (source: Definition) => boolean {
  const isSource = rowPath(field.path).startsWith('spec.sourceRef');
  if (!isSource || groupKindOf(field.kind.gvk) !== 'kustomize.toolkit.fluxcd.io/Kustomization') return () => false;
  const path = stringAt(root, [...field.object.path, 'spec', 'path']);
  const folder = path === undefined || path.includes('$') ? undefined : resolvePath('', path);
  if (folder === undefined) return () => false;
  return ({ document, object }) => {
    const ignore = stringAt(parseManifest(document.text).root, [...object.path, 'spec', 'ignore']);
    if (ignore === undefined) return false;
    const files = [...workspace.files()].filter(({ path: of }) => folder === '' || of.startsWith(`${folder}/`));
    const builds = buildsOf(workspace);
    return files.length > 0 && files.every((file) => builds.isLeftOut({ root: '', ignore }, file.path));
  };
}
