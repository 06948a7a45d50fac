// From a path that is written in a manifest to the files it means: what a kustomization lists, and the folder that Flux
// applies.

import { folderOf, joinPath, kustomizationNames, resolvePath } from '../kustomize/paths.ts';
import { placeAt, stringAt } from '../syntax/navigate.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';

/** Files of the workspace; none where the cursor is on no path, or the path leads nowhere. */
export function filesNamed(cursor: Cursor): readonly string[] {
  const { workspace, path, document, manifest, offset } = cursor;
  const place = placeAt(manifest.root, offset);
  if (place?.node.type !== 'scalar' || place.onKey) return [];
  const { text } = place.node;
  const { kustomization, objects } = document.facts;
  if (kustomization) {
    // A generator's file may be given another name: `key=path`.
    const written = text.slice(text.indexOf('=') + 1);
    const listed = [...kustomization.applies, ...kustomization.patches, ...kustomization.inputs].includes(written);
    return listed ? filesAt(workspace, resolvePath(folderOf(path), written)) : [];
  }
  const isDelivery = objects.some(
    (object) =>
      object.groupKind === 'kustomize.toolkit.fluxcd.io/Kustomization' &&
      stringAt(manifest.root, [...object.path, 'spec', 'path']) === text,
  );
  return isDelivery && place.path.at(-1) === 'path' ? filesAt(workspace, resolvePath('', text.replace(/^\//, ''))) : [];
}

/** The file itself, what builds the folder, or the files in it. */
function filesAt(workspace: Workspace, path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  if (workspace.file(path)) return [path];
  const building = kustomizationNames.map((name) => joinPath(path, name)).find((one) => workspace.file(one));
  if (building !== undefined) return [building];
  return [...workspace.files()].map((file) => file.path).filter((one) => folderOf(one) === path);
}
