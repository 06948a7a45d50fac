// Resolves a path in a manifest to files of the workspace: entries of a kustomization, and the folder that a Flux
// Kustomization applies.

import type { KustomizationFacts } from '../kustomize/kustomization.ts';
import { folderOf, joinPath, kustomizationNames, resolvePath } from '../kustomize/paths.ts';
import { placeAt } from '../syntax/navigate.ts';
import type { Path, ScalarNode } from '../syntax/tree.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';

/** Empty if the cursor is not on a path or the path does not resolve. */
export function filesNamed(cursor: Cursor): readonly string[] {
  const { workspace, path, document, manifest, offset } = cursor;
  const place = placeAt(manifest.root, offset);
  if (place?.node.type !== 'scalar' || place.onKey) return [];
  const { node } = place;
  const { kustomization, objects } = document.facts;
  if (kustomization) {
    const listed = isPathField(place.path) ? pathListed(kustomization)(node.text) : undefined;
    return listed === undefined ? [] : filesAt(workspace, resolvePath(folderOf(path), listed));
  }
  const delivering = objects.find((object) => place.path.join('\n') === [...object.path, 'spec', 'path'].join('\n'));
  if (!delivering) return [];
  // A variable in the path is set where the Kustomization is applied.
  const written = filesAt(workspace, pathDelivered(delivering, node));
  return written.length > 0 ? written : [...foldersApplied(cursor)].flatMap((folder) => filesAt(workspace, folder));
}

/** The folders that the Flux Kustomization of a document applies in the clusters that were followed last. */
function foldersApplied({ workspace, path, start }: Cursor): ReadonlySet<string> {
  const appliers = fleetOf(workspace)
    .latest()
    .flatMap((cluster) => cluster.appliers);
  const folders = appliers.flatMap(({ flux, folder }) => {
    const { source } = flux?.object.origin ?? {};
    return source?.file === path && source.start === start && folder !== undefined ? [folder] : [];
  });
  return new Set(folders);
}

/** Whether a field of a kustomization contains a path, or is a list of them. */
export function isPathField(path: Path): boolean {
  const key = path.findLast((step) => typeof step === 'string');
  return key !== undefined && pathFields.has(key);
}

const pathFields: ReadonlySet<string | number> = new Set([
  ...['resources', 'components', 'bases', 'crds', 'patches', 'patchesStrategicMerge', 'path'],
  ...['configurations', 'transformers', 'generators', 'validators'],
  ...['files', 'envs', 'env', 'valuesFile', 'additionalValuesFiles'],
]);

/** Reads the path of an entry of a kustomization; undefined where the text isn't one. */
export function pathListed({ applies, patches, inputs }: KustomizationFacts): (text: string) => string | undefined {
  const listed = new Set([...applies, ...patches, ...inputs]);
  return (text) => {
    // An entry of a generator can set the key: `key=path`.
    const written = text.slice(text.indexOf('=') + 1);
    return listed.has(written) ? written : undefined;
  };
}

/** The folder in `spec.path` of a Flux Kustomization; undefined for other objects. */
export function pathDelivered({ groupKind }: ObjectFacts, { text }: ScalarNode): string | undefined {
  if (groupKind !== 'kustomize.toolkit.fluxcd.io/Kustomization') return undefined;
  return resolvePath('', text.replace(/^\//, ''));
}

/** The file itself, whatever its format, or the folder's kustomization. */
export function readAt(workspace: Workspace, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (workspace.hasFile(path) || workspace.data.kindOf(path) === 'file') return path;
  return kustomizationNames.map((name) => joinPath(path, name)).find((one) => workspace.file(one));
}

/** Without a kustomization in a folder, the files in it. */
function filesAt(workspace: Workspace, path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  const found = readAt(workspace, path);
  if (found !== undefined) return [found];
  return [...workspace.files()].map((file) => file.path).filter((one) => folderOf(one) === path);
}
