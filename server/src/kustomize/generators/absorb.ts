// Adds generated objects to the others: a new one, or one that is merged into or replaces an existing one
// (api/resmap/reswrangler.go, appendReplaceOrMerge).
import {
  type Built,
  type BuiltMap,
  builtAt,
  emptyMap,
  isNull,
  type Origin,
  stringOf,
  withEntry,
  withoutEntry,
  withValueAt,
} from '../built.ts';
import { answersTo, type BuiltObject, gvkIn, idOf, printId } from '../objects.ts';
import type { Objects, Step } from '../transformers/transformer.ts';
import { encoded, type Generated } from './generator.ts';

export function absorbed(objects: Objects, step: Step, { object, behavior, field, origin }: Generated): Objects {
  const id = idOf(object.value);
  const matches = objects.filter((one) => answersTo(one, id, step.isNamespaced));
  const [old, ...others] = matches;
  const changes = behavior === 'merge' || behavior === 'replace';
  if (others.length > 0)
    step.report(
      { kind: 'several-to-change', id: printId(id), others: matches.map(({ value }) => value.origin) },
      field,
      origin,
    );
  else if (!old && changes) step.report({ kind: 'nothing-to-change', id: printId(id), behavior }, field, origin);
  else if (!old) return [...objects, object];
  else if (!changes) step.report({ kind: 'already-exists', id: printId(id), other: old.value.origin }, field, origin);
  else return objects.map((one) => (one === old ? changed(old, object, behavior === 'merge') : one));
  return objects;
}

/** The new object takes the name, labels, annotations and history of the old; its hash only if both have one. */
function changed(old: BuiltObject, object: BuiltObject, merges: boolean): BuiltObject {
  const { hashed, ...kept } = old;
  let value = withMetadataOf(object.value, old.value);
  if (merges)
    for (const field of ['data', 'binaryData']) value = withMerged(value, field, textsOf(dataOf(old.value, field)));
  const provenance = merges ? old.provenance : object.provenance;
  return { ...kept, value, ...(provenance && { provenance }), ...(hashed && object.hashed && { hashed }) };
}

function withMetadataOf(value: BuiltMap, old: BuiltMap): BuiltMap {
  let done = value;
  for (const field of ['labels', 'annotations']) {
    const entries = [builtAt(old, ['metadata', field]), builtAt(value, ['metadata', field])].flatMap((map) => [
      ...textsOf(map),
    ]);
    if (entries.length > 0)
      done = withValueAt(done, ['metadata', field], { ...emptyMap(value.origin), entries: new Map(entries) }) ?? done;
  }
  for (const field of ['name', 'namespace']) {
    const written = builtAt(old, ['metadata', field]);
    const metadata = done.entries.get('metadata');
    if (written && !isNull(written)) done = withValueAt(done, ['metadata', field], written) ?? done;
    else if (metadata?.kind === 'map') done = withEntry(done, 'metadata', withoutEntry(metadata, field));
  }
  return done;
}

function textsOf(map: Built | undefined): ReadonlyMap<string, Built> {
  if (map?.kind !== 'map') return new Map();
  return new Map(
    [...map.entries].map(([key, value]) => [key, stringOf(value.kind === 'scalar' ? value.text : '', value.origin)]),
  );
}

/** The data of a Secret includes its `stringData`. */
function dataOf(value: BuiltMap, field: string): BuiltMap | undefined {
  const data = value.entries.get(field);
  const texts = value.entries.get('stringData');
  const { group, version, kind } = gvkIn(value);
  const isSecret = group === '' && version === 'v1' && kind === 'Secret' && field === 'data';
  const base = data?.kind === 'map' ? data : undefined;
  if (!isSecret || texts?.kind !== 'map') return base;
  let merged = base ?? emptyMap(texts.origin);
  for (const [key, text] of texts.entries)
    if (text.kind === 'scalar') merged = withEntry(merged, key, encoded(utf8.encode(text.text), text.origin));
  return merged;
}

const utf8 = new TextEncoder();

function withMerged(value: BuiltMap, field: string, old: ReadonlyMap<string, Built>): BuiltMap {
  const own = value.entries.get(field);
  const entries = new Map([...old, ...textsOf(own)]);
  if (entries.size === 0) return withoutEntry(value, field);
  const origin: Origin = own?.origin ?? value.origin;
  return withEntry(value, field, { ...emptyMap(origin), entries });
}
