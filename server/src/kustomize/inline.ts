// Reads YAML that is embedded in a string of a kustomization, such as an inline patch.
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { type Built, type BuiltScalar, originWithin } from './built.ts';
import type { BuildDocument } from './objects.ts';

const known = new WeakMap<Built, readonly BuildDocument[]>();

/**
 * The documents in a string; none if it isn't one. A `${NAME}` is a hole where it stands in the embedded YAML. The same for
 * the same value, so that what is read from them is kept.
 */
export function documentsIn(value: Built | undefined): readonly BuildDocument[] {
  if (value?.kind !== 'scalar') return [];
  const documents = known.get(value) ?? documentsOf(value);
  known.set(value, documents);
  return documents;
}

function documentsOf(value: BuiltScalar): readonly BuildDocument[] {
  return splitDocuments(value.text).map((segment) => ({
    manifest: parseManifest(segment.text),
    locate: (start, end) => originWithin(value, segment.start + start, segment.start + end),
  }));
}
