// Reads YAML that is embedded in a string of a kustomization, such as an inline patch.
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { type Built, originWithin } from './built.ts';
import type { BuildDocument } from './objects.ts';

/** The documents in a string; none if it isn't one. A `${NAME}` is a hole where it stands in the embedded YAML. */
export function documentsIn(value: Built | undefined): readonly BuildDocument[] {
  if (value?.kind !== 'scalar') return [];
  return splitDocuments(value.text).map((segment) => ({
    manifest: parseManifest(segment.text),
    locate: (start, end) => originWithin(value, segment.start + start, segment.start + end),
  }));
}
