// Reads YAML that is embedded in a string of a kustomization, such as an inline patch.
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { scalarAt } from '../syntax/navigate.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Path } from '../syntax/tree.ts';
import { type Locate, locateInScalar } from './built.ts';
import type { BuildDocument } from './objects.ts';

/** The documents in the string at a path; none if there is no string. `locate` maps offsets of the outer document. */
export function documentsIn({ root, text }: Manifest, path: Path, locate: Locate): readonly BuildDocument[] {
  const node = scalarAt(root, path);
  if (!node) return [];
  const inner = locateInScalar(node, text, locate);
  return splitDocuments(node.text).map((segment) => ({
    manifest: parseManifest(segment.text),
    locate: (start, end) => inner(segment.start + start, segment.start + end),
  }));
}
