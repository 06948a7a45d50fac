// Rewrites labels, annotations and empty values as kustomize does for every object, regardless of the kustomization.
import type { Scalar } from '../syntax/tree.ts';
import { originKey, transformationsKey } from './build-metadata.ts';
import {
  type Built,
  type BuiltList,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  isAbsent,
  scalarOf,
  withEntry,
  withoutEntry,
  withValueAt,
} from './built.ts';
import { buildAnnotations } from './kept.ts';
import type { BuiltObject } from './objects.ts';
import { plainValue } from './scalars.ts';

/** Converts the values of labels or annotations to strings; without entries, the field is removed. */
export function asTexts(object: BuiltMap, field: 'labels' | 'annotations'): BuiltMap {
  const metadata = object.entries.get('metadata');
  const written = builtAt(metadata, [field]);
  if (metadata?.kind !== 'map' || !written) return object;
  const map = written.kind === 'list' ? inPairs(written) : withLast(written);
  if (map.kind === 'map' && map.entries.size > 0)
    return withValueAt(object, ['metadata', field], mapped(map, asText)) ?? object;
  return withEntry(object, 'metadata', withoutEntry(metadata, field));
}

/** Of a repeated key, kustomize sets the last value. */
function withLast(written: Built): Built {
  if (written.kind !== 'map' || !written.repeated) return written;
  const { repeated, ...map } = written;
  return { ...map, entries: new Map([...map.entries, ...repeated.last]) };
}

/** Annotations that kustomize crashes at: a list with a key that has no value. */
export function unpairedAnnotations(object: BuiltMap): BuiltList | undefined {
  const written = builtAt(object, ['metadata', 'annotations']);
  return written?.kind === 'list' && written.items.length % 2 === 1 ? written : undefined;
}

/** kustomize takes the items of a list for keys and values. */
function inPairs({ items, origin }: BuiltList): BuiltMap {
  const entries = new Map<string, Built>();
  for (let index = 0; index + 1 < items.length; index += 2) {
    const key = items[index]!;
    entries.set(key.kind === 'scalar' ? key.text : '', items[index + 1]!);
  }
  return { kind: 'map', entries, origin };
}

/** An object as the build prints it; `tracks` if annotations of the build are kept. */
export function finished(object: BuiltMap, tracks: boolean): BuiltMap {
  return printed(withoutFolds(asTexts(withoutOwn(object, tracks), 'annotations')), new Set()) as BuiltMap;
}

/** kustomize sets the annotations of each object anew, in a style of its own. */
function withoutFolds(object: BuiltMap): BuiltMap {
  const annotations = builtAt(object, ['metadata', 'annotations']);
  if (annotations?.kind !== 'map') return object;
  const unfolded = mapped(annotations, (value) => {
    if (value.kind !== 'scalar' || !value.folded) return value;
    const { folded, ...rest } = value;
    return rest;
  });
  return unfolded === annotations ? object : (withValueAt(object, ['metadata', 'annotations'], unfolded) ?? object);
}

function withoutOwn(object: BuiltMap, tracks: boolean): BuiltMap {
  const annotations = builtAt(object, ['metadata', 'annotations']);
  const isOwn = (key: string) =>
    buildAnnotations.has(key) || (!tracks && (key === originKey || key === transformationsKey));
  if (annotations?.kind !== 'map' || ![...annotations.entries.keys()].some(isOwn)) return object;
  const entries = new Map([...annotations.entries].filter(([key]) => !isOwn(key)));
  return withValueAt(object, ['metadata', 'annotations'], { ...annotations, entries }) ?? object;
}

/** The first key that is written twice; with `isPrinted`, elsewhere than in annotations, which kustomize sets anew. */
export function repeatedKey({ repeats, value }: BuiltObject, isPrinted: boolean): BuiltMap['repeated'] {
  if (!repeats) return undefined;
  const annotations = isPrinted ? builtAt(value, ['metadata', 'annotations']) : undefined;
  return repeatedIn(value, new Set(annotations ? [annotations] : []));
}

function repeatedIn(built: Built, seen: Set<Built>): BuiltMap['repeated'] {
  if (built.kind === 'scalar' || seen.has(built)) return undefined;
  seen.add(built);
  if (built.kind === 'map' && built.repeated) return built.repeated;
  for (const inner of built.kind === 'list' ? built.items : built.entries.values()) {
    const found = repeatedIn(inner, seen);
    if (found) return found;
  }
  return undefined;
}

/**
 * The first value whose key kustomize prints without quotes although it doesn't resolve to a string: keys of annotations,
 * and all that a generator makes.
 */
export function keyPrintedWrong({
  value,
  generated,
}: BuiltObject): { readonly key: string; readonly value: Built } | undefined {
  const maps = [['metadata', 'annotations'], ...(generated ? [['metadata', 'labels'], ['data'], ['binaryData']] : [])];
  for (const path of maps) {
    const map = builtAt(value, path);
    if (map?.kind !== 'map') continue;
    for (const [key, one] of map.entries) if (!isPlainText(key)) return { key, value: one };
  }
  return undefined;
}

/** Whether a text resolves to a string without quotes. */
export function isPlainText(text: string): boolean {
  return (
    text === '' ||
    /[^\w.+~-]/.test(text) ||
    !/^(?:[-+.\d]|true$|false$|null$|~$)/i.test(text) ||
    isString(plainValue(text))
  );
}

function isString(value: Scalar): boolean {
  return typeof value === 'string' || typeof value === 'symbol';
}

/**
 * What is printed of values that it isn't the same of: values that no transformer changed are the same in every build, and so
 * is what is printed of them.
 */
const known = new WeakMap<Built, Built>();

/** Returns the same node if nothing changes; nodes that aliases share are visited once. */
function printed(built: Built, unchanged: Set<Built>): Built {
  if (built.kind === 'scalar') return built.emptyInFlow && isAbsent(built) ? asText(built) : refolded(built);
  if (unchanged.has(built)) return built;
  const before = known.get(built);
  if (before) return before;
  const inside = (value: Built) => printed(value, unchanged);
  const done = built.kind === 'map' ? mapped(built, inside) : listed(built, inside);
  if (done === built) unchanged.add(built);
  else known.set(built, done);
  return done;
}

/**
 * kustomize prints folded scalars and reads them again, and its printer adds an empty line before lines that begin with a
 * space (go.yaml.in/yaml/v3, yaml_emitter_write_folded_scalar).
 */
export function refolded(scalar: BuiltScalar): BuiltScalar {
  const { text, folded, value } = scalar;
  const isPlainText = folded && text.includes('\n ') && !/[ \t](?:\n|$)|^\n*[ \t]/.test(text);
  if (!isPlainText) return scalar;
  const printed = text.replace(/^([^ \t\n][^\n]*)(\n+)(?=[ \t])/gm, '$1\n$2');
  return { ...scalar, text: printed, value: typeof value === 'string' ? printed : value };
}

function listed(list: Extract<Built, { kind: 'list' }>, change: (value: Built) => Built): Built {
  let items: Built[] | undefined;
  for (const [index, item] of list.items.entries()) {
    const changed = change(item);
    if (changed !== item) (items ??= [...list.items])[index] = changed;
  }
  return items ? { ...list, items } : list;
}

function mapped(map: BuiltMap, change: (value: Built) => Built): BuiltMap {
  let entries: Map<string, Built> | undefined;
  for (const [key, value] of map.entries) {
    const changed = change(value);
    if (changed !== value) entries = (entries ?? new Map(map.entries)).set(key, changed);
  }
  return entries ? { ...map, entries } : map;
}

/** The source text as a string: for a time, as it was written; for null, `null`, `~` or empty. Of a map or list, nothing. */
function asText(value: Built): Built {
  if (value.kind !== 'scalar') return scalarOf('', value.origin);
  if (typeof value.value === 'symbol' || value.value === value.text) return value;
  return { ...value, value: value.text };
}
