// The objects of a document as they are written, before anything builds them.
import { locateIn } from '../kustomize/built.ts';
import { type BuiltObject, readObjects } from '../kustomize/objects.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Document, Placed } from './document.ts';

const read = new WeakMap<
  Document,
  { readonly file: string; readonly start: number; readonly objects: readonly BuiltObject[] }
>();

/** The same until the document changes or moves. */
export function objectsOf(file: string, { start, document }: Placed): readonly BuiltObject[] {
  const known = read.get(document);
  if (known?.file === file && known.start === start) return known.objects;
  const locate = locateIn({ file, start });
  const { objects } = readObjects([{ manifest: parseManifest(document.text), locate }]);
  const built = objects.map((value): BuiltObject => ({ value, previous: [] }));
  read.set(document, { file, start, objects: built });
  return built;
}
