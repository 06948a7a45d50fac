// What a patch says of itself: which object it is for and which fields it sets. Nothing is applied here.
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { hasUnknownKey, isObject, type ObjectValue, toValue } from '../syntax/value.ts';

/** One object's part of a patch, or a list of JSON patch operations, which name no object. */
export interface PatchPart {
  /** Absent where it isn't written or can't be known. */
  readonly kind?: string;
  readonly name?: string;
  readonly touches: Touches;
}

/** Fields by their names from the root, `''` the root itself; what lists hold counts as the list. */
export interface Touches {
  /** These, or something in them, are set or taken away. */
  readonly fields: readonly string[];
  /** Of these, those that become something else altogether. */
  readonly replaced: readonly string[];
}

export const everything: Touches = { fields: [''], replaced: [] };

/** Never throws: of what can't be read, everything may be touched. */
export function patchParts(text: string): readonly PatchPart[] {
  return splitDocuments(text).flatMap((document) => partsOf(parseManifest(document.text)));
}

/** Of one document. */
export function partsOf({ root, template, text }: Manifest): readonly PatchPart[] {
  if (template) return [{ touches: everything }];
  if (!root) return text.trim() === '' ? [] : [{ touches: everything }];
  const value = toValue(root);
  if (Array.isArray(value)) return [{ touches: operations(value) }];
  if (!isObject(value)) return value === null ? [] : [{ touches: everything }];
  return [objectPart(value)];
}

/** A path up to the first list in it, as `Touches` writes fields. */
export function fieldName(path: Path): string {
  const list = path.findIndex((step) => typeof step === 'number');
  return (list === -1 ? path : path.slice(0, list)).join('.');
}

/** Whether the field is `outer` or lies in it. */
export function liesIn(field: string, outer: string): boolean {
  return outer === '' || field === outer || field.startsWith(`${outer}.`);
}

function objectPart(object: ObjectValue): PatchPart {
  const { apiVersion: _version, kind, metadata, ...fields } = object;
  const { name, namespace: _namespace, ...others } = isObject(metadata) ? metadata : {};
  const touched: { fields: string[]; replaced: string[] } = { fields: [], replaced: [] };
  if (hasUnknownKey(object)) touched.fields.push('');
  for (const [key, value] of Object.entries(fields)) collect(value, key, touched);
  if (Object.keys(others).length > 0) collect(others, 'metadata', touched);
  return {
    ...(typeof kind === 'string' && { kind }),
    ...(typeof name === 'string' && { name }),
    touches: touched,
  };
}

/** Maps are merged, all else takes the place of what was there (lists of built-in kinds merge by a key). */
function collect(value: Value, field: string, touched: { fields: string[]; replaced: string[] }): void {
  if (isObject(value) && Object.keys(value).length > 0 && !hasUnknownKey(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // `$patch` and its like say something of the whole map.
      if (key.startsWith('$')) touched.fields.push(field);
      else collect(inner, `${field}.${key}`, touched);
    }
    return;
  }
  touched.fields.push(field);
  if (!Array.isArray(value) && !isObject(value)) touched.replaced.push(field);
}

/** RFC 6902. */
function operations(list: readonly Value[]): Touches {
  const paths = list.flatMap((item): (Path | undefined)[] => {
    if (!isObject(item)) return [undefined];
    return item.op === 'test' ? [] : [pointer(item.path), ...(item.op === 'move' ? [pointer(item.from)] : [])];
  });
  if (paths.includes(undefined)) return everything;
  const known = paths as readonly Path[];
  const whole = known.filter((path) => path.every((step) => typeof step === 'string'));
  return { fields: known.map(fieldName), replaced: whole.map(fieldName) };
}

/** RFC 6901; `-` is the place behind a list's end. */
function pointer(text: Value | undefined): Path | undefined {
  if (typeof text !== 'string' || !text.startsWith('/')) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => (/^(?:\d+|-)$/.test(step) ? 0 : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}
