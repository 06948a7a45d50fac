// Files that kustomizations use as patches: each is read by the kind that the entry of the kustomization, or the patch itself,
// names.
import { type TextField, textFieldsOf } from '../../kube/texts.ts';
import { kustomizationKind } from '../../kustomize/judge.ts';
import { folderOf, resolvePath } from '../../kustomize/paths.ts';
import { partialStore } from '../../schema/partial.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Document } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { objectsPatched } from './patched.ts';
import { knownIn, type Reading, readingOf } from './reading.ts';

/** Undefined if the document isn't a patch. */
export function patchFileReading(
  workspace: Workspace,
  path: string,
  document: Document,
  manifest: Manifest,
): Reading | undefined {
  if (workspace.role(path, document) !== 'patch') return undefined;
  const known = knownIn(workspace, path);
  for (const { kustomization, root, field, at } of entriesFor(workspace, path)) {
    const objects = () => objectsPatched(workspace, kustomization, 0).objects;
    const reading = readingOf({ field, path: at }, root, manifest, { ...known, objects });
    if (reading.targets.length > 0) return reading;
  }
  const partial = partialStore(known.schemas);
  return {
    ...{ role: 'patch', assumed: undefined, targets: [], whole: known.schemas },
    schemas: () => partial,
    objects: () => [],
  };
}

export interface PatchEntry {
  /** The path of the kustomization. */
  readonly kustomization: string;
  readonly root: Node;
  readonly field: TextField;
  /** Where the text of the patch would be if it were inline. */
  readonly at: Path;
}

/** The entries of kustomizations that name a file as their patch. */
export function entriesFor(workspace: Workspace, path: string): readonly PatchEntry[] {
  return workspace.ownership.patchedWith(path).flatMap((kustomization) => {
    const [first] = workspace.file(kustomization)?.documents ?? [];
    const manifest = first && parseManifest(first.document.text);
    const { root } = manifest ?? {};
    if (!root) return [];
    return textFieldsOf(kustomizationKind(manifest!)).flatMap((field) => {
      const [list = '', inner] = field.at.split(/\[\*\]\.?/);
      const items = nodeAt(root, [list]);
      if (items?.type !== 'seq') return [];
      return items.items.flatMap((_, index): readonly PatchEntry[] => {
        const named = stringAt(root, inner ? [list, index, 'path'] : [list, index]);
        if (named === undefined || resolvePath(folderOf(kustomization), named) !== path) return [];
        return [{ kustomization, root, field, at: [list, index, ...(inner ? [inner] : [])] }];
      });
    });
  });
}
