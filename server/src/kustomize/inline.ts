// Texts in a kustomization that hold YAML themselves: patches written where they are listed.
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { scalarAt } from '../syntax/navigate.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Path } from '../syntax/tree.ts';
import { type Locate, locateInScalar } from './built.ts';
import type { BuildDocument } from './objects.ts';

/** The documents of the text at a path; none where there is no text. `locate` is for offsets of the document itself. */
export function documentsIn({ root, text }: Manifest, path: Path, locate: Locate): readonly BuildDocument[] {
  const node = scalarAt(root, path);
  if (!node) return [];
  const inner = locateInScalar(node, text, locate);
  return splitDocuments(node.text).map((segment) => ({
    manifest: parseManifest(segment.text),
    locate: (start, end) => inner(segment.start + start, segment.start + end),
  }));
}
