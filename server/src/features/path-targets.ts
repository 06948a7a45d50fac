// Resolves a path in a manifest to files of the workspace: entries of a kustomization, and the folder that a Flux
// Kustomization applies.

import { folderOf, joinPath, kustomizationNames, resolvePath } from '../kustomize/paths.ts';
import { placeAt, stringAt } from '../syntax/navigate.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';

/** Empty if the cursor is not on a path or the path does not resolve. */
export function filesNamed(cursor: Cursor): readonly string[] {
  const { workspace, path, document, manifest, offset } = cursor;
  const place = placeAt(manifest.root, offset);
  if (place?.node.type !== 'scalar' || place.onKey) return [];
  const { text } = place.node;
  const { kustomization, objects } = document.facts;
  if (kustomization) {
    // An entry of a generator can set the key: `key=path`.
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

/** The file itself, the folder's kustomization or, if it has none, the files in the folder. */
function filesAt(workspace: Workspace, path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  if (workspace.file(path)) return [path];
  const building = kustomizationNames.map((name) => joinPath(path, name)).find((one) => workspace.file(one));
  if (building !== undefined) return [building];
  return [...workspace.files()].map((file) => file.path).filter((one) => folderOf(one) === path);
}
