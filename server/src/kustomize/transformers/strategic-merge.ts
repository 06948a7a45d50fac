// Applies a strategic merge patch as kustomize does (kyaml/yaml/merge2): maps are merged, lists of known kinds are merged by
// the key in their schema, and other values are replaced by the patch's. Nodes keep their origins.
import type { Schema } from '../../schema/schema.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Path } from '../../syntax/tree.ts';
import {
  type Built,
  type BuiltList,
  type BuiltMap,
  inPlaceOf,
  isAbsent,
  isTaggedNull,
  stringOf,
  textAt,
} from '../built.ts';
import { spread } from '../cells.ts';
import { type Fault, gvkIn } from '../objects.ts';
import { type MergeItem, mergeByKey, mergeScalars, type Walked } from './list-merge.ts';
import type { SchemaOf } from './transformer.ts';

/** `merged` is undefined if the patch deletes the object. */
export type Merged = { readonly merged: BuiltMap | undefined } | { readonly fault: Fault };

export function mergePatch(object: BuiltMap, patch: BuiltMap, schemaOf: SchemaOf): Merged {
  const merge: Merge = { schemaOf, path: [], untouched: new Map(), looked: 0, fault: undefined };
  const merged = walk(merge, object, patch, undefined)?.value;
  if (merge.fault) return { fault: merge.fault };
  // kustomize drops what would replace the whole object.
  if (textAt(patch, ['$patch']) === 'replace') return { merged: object };
  return { merged: merged?.kind === 'map' ? spread(object, merged) : undefined };
}

/** The state of one merge, which stops at its first fault. */
interface Merge {
  readonly schemaOf: SchemaOf;
  readonly path: (string | number)[];
  /** The results for maps that the patch doesn't touch; many aliases may share one map. */
  readonly untouched: Map<Built, { readonly schema: Schema | undefined; readonly walked: Walked | undefined }>;
  /** How often a value had a kind of its own. */
  looked: number;
  fault: Fault | undefined;
}

/** Merges a value; undefined if nothing is left of it. */
function walk(
  merge: Merge,
  dest: Built | undefined,
  patch: Built | undefined,
  given: Schema | undefined,
): Walked | undefined {
  if (merge.fault) return undefined;
  if (dest && !patch && dest.kind !== 'scalar' && settled.get(dest) === (given ?? noSchema))
    return { value: dest, replaced: false };
  const schema = given ?? schemaIn(merge, dest, patch);
  const shape = [dest, patch].find((one) => one && !isTaggedNull(one));
  for (const one of [dest, patch]) {
    if (!one || !shape || isTaggedNull(one) || one.kind === shape.kind) continue;
    merge.fault = { reason: { kind: 'type-mismatch', path: [...merge.path] as Path }, origin: one.origin };
    return undefined;
  }
  if (shape?.kind === 'scalar') return plain(dest, patch);
  if (shape?.kind === 'list' && !isMergedByKey(schema)) return plain(dest, patch);
  const inside = shape?.kind === 'list' ? walkList : walkMap;
  if (patch || !dest) return inside(merge, dest, patch, schema!);
  const known = merge.untouched.get(dest);
  if (known && known.schema === schema) return known.walked;
  const { looked } = merge;
  const walked = inside(merge, dest, patch, schema!);
  merge.untouched.set(dest, { schema, walked });
  if (walked?.value === dest && schema === given && merge.looked === looked) settled.set(dest, given ?? noSchema);
  return walked;
}

/**
 * The maps and lists that stay as they are where a patch has nothing for them, with their schemas: one object is patched in
 * many builds. What is in them has no schemas of its own.
 */
const settled = new WeakMap<Built, Schema | typeof noSchema>();

const noSchema = 'none';

/** The schema of an object by its apiVersion and kind; also for an object embedded in a value without a schema. */
function schemaIn(merge: Merge, ...sides: readonly (Built | undefined)[]): Schema | undefined {
  for (const side of sides) {
    if (side?.kind !== 'map' || textAt(side, ['kind']) === undefined) continue;
    merge.looked += 1;
    const schema = textAt(side, ['apiVersion']) === undefined ? undefined : merge.schemaOf(gvkIn(side));
    if (schema) return schema;
  }
  return undefined;
}

/** The patch's value or, if it has none, the object's; undefined for null. */
function plain(dest: Built | undefined, patch: Built | undefined): Walked | undefined {
  const value = patch ?? dest;
  if (!value || isTaggedNull(value)) return undefined;
  return {
    value: patch && dest && !isTaggedNull(dest) ? inPlaceOf(dest, patch) : value,
    replaced: patch !== undefined,
  };
}

function walkMap(
  merge: Merge,
  dest: Built | undefined,
  patch: Built | undefined,
  schema: Schema | undefined,
): Walked | undefined {
  const directive = directiveOf(merge, patch);
  if (directive === 'delete') return undefined;
  const own = patch?.kind === 'map' ? withoutRepeated(withoutDirective(patch)) : undefined;
  if (dest?.kind !== 'map') {
    // A null of the object is kept only if it is explicit.
    if (!patch) return dest && !isAbsent(dest) ? { value: dest, replaced: false } : undefined;
    return own && { value: mergedMap(merge, own, own, schema), replaced: true };
  }
  if (isTaggedNull(patch)) return undefined;
  // A new map is merged with itself, which removes directives and nulls.
  if (directive === 'replace' || dest === patch)
    return own && { value: mergedMap(merge, own, own, schema), replaced: dest !== patch };
  return { value: mergedMap(merge, dest, own, schema), replaced: false };
}

function mergedMap(merge: Merge, dest: BuiltMap, patch: BuiltMap | undefined, schema: Schema | undefined): BuiltMap {
  const entries = new Map<string, Built>();
  for (const key of new Set([...dest.entries.keys(), ...(patch?.entries.keys() ?? [])])) {
    merge.path.push(key);
    const walked = walk(merge, dest.entries.get(key), patch?.entries.get(key), fieldOf(schema, key));
    merge.path.pop();
    if (walked) entries.set(key, asField(walked.value));
  }
  if (!patch && isSameMap(entries, dest.entries)) return dest;
  const holes = patch?.holes ? new Set([...(dest.holes ?? []), ...patch.holes]) : dest.holes;
  return { ...dest, entries, ...(holes && { holes }) };
}

/**
 * The value as kustomize sets it in a map: what has no type yet, such as a number that a replacement created, becomes a string
 * if YAML 1.1 reads it as something else (kyaml/yaml/fns.go, FieldSetter).
 */
function asField(value: Built): Built {
  if (value.kind !== 'scalar' || !value.untagged || value.quoted || isHole(value.text)) return value;
  const { quoted } = stringOf(value.text, value.origin);
  return quoted && !value.text.includes('\n') ? { ...value, value: value.text, quoted } : value;
}

function isSameMap(a: BuiltMap['entries'], b: BuiltMap['entries']): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function walkList(merge: Merge, dest: Built | undefined, patch: Built | undefined, schema: Schema): Walked | undefined {
  if (isTaggedNull(patch)) return undefined;
  const added = patch?.kind === 'list' ? patch : undefined;
  const directive = added && listDirective(merge, added);
  if (directive === 'delete') return undefined;
  const own = added && (directive ? withoutListDirective(added) : added);
  const replaced = dest?.kind !== 'list' || directive === 'replace';
  const base = replaced ? own : dest;
  if (!base) return undefined;
  const keys = mergeKeys(schema);
  const mergeItem: MergeItem = (one, other, key) => {
    merge.path.push(key);
    const walked = walk(merge, one, other, schema.items);
    merge.path.pop();
    return walked;
  };
  const items = keys.length > 0 ? mergeByKey(mergeItem, base, own, keys) : mergeScalars(base.items, own?.items ?? []);
  if ('noMap' in items) {
    merge.fault ??= { reason: { kind: 'type-mismatch', path: [...merge.path] as Path }, origin: items.noMap.origin };
    return undefined;
  }
  const isSame = items.length === base.items.length && items.every((item, index) => item === base.items[index]);
  return { value: isSame ? base : { ...base, items }, replaced };
}

type Directive = 'delete' | 'replace' | 'merge';

function directiveOf(merge: Merge, patch: Built | undefined): Directive | undefined {
  const written = patch?.kind === 'map' ? patch.entries.get('$patch') : undefined;
  if (!written) return undefined;
  const text = written.kind === 'scalar' ? written.text : '';
  if (text === 'delete' || text === 'replace' || text === 'merge') return text;
  merge.fault ??= { reason: { kind: 'unknown-directive', directive: text }, origin: written.origin };
  return undefined;
}

/** A map of a patch is merged entry by entry. */
function withoutRepeated(map: BuiltMap): BuiltMap {
  if (!map.repeated) return map;
  const { repeated, ...rest } = map;
  return rest;
}

function withoutDirective(map: BuiltMap): BuiltMap {
  if (!map.entries.has('$patch')) return map;
  return { ...map, entries: new Map([...map.entries].filter(([key]) => key !== '$patch')) };
}

/** An item that contains only a directive applies to the whole list. */
function listDirective(merge: Merge, list: BuiltList): Directive | undefined {
  return directiveOf(merge, list.items.find(isListDirective));
}

function isListDirective(item: Built): boolean {
  return item.kind === 'map' && item.entries.size === 1 && item.entries.has('$patch');
}

function withoutListDirective(list: BuiltList): BuiltList {
  return { ...list, items: list.items.filter((item) => !isListDirective(item)) };
}

function fieldOf(schema: Schema | undefined, key: string): Schema | undefined {
  const { properties, additionalProperties } = schema ?? {};
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function isMergedByKey(schema: Schema | undefined): boolean {
  return schema?.['x-kubernetes-patch-strategy']?.split(',').includes('merge') ?? false;
}

/** Empty for lists of scalars. */
function mergeKeys(schema: Schema): readonly string[] {
  const key = schema['x-kubernetes-patch-merge-key'];
  return schema['x-kubernetes-list-map-keys'] ?? (key === undefined ? [] : [key]);
}
