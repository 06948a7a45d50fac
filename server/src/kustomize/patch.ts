// Reads from a patch which object it is for and which fields it sets. Nothing is applied here.
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { hasUnknownKey, isObject, type ObjectValue, toValue } from '../syntax/value.ts';

/** One object's part of a patch, or a list of JSON patch operations, which name no object. */
export interface PatchPart {
  /** Undefined if it is missing or unknown. */
  readonly kind?: string;
  readonly name?: string;
  readonly touches: Touches;
}

/** Fields by their dotted path from the root, `''` for the root itself; a path ends at the first list. */
export interface Touches {
  /** The fields that are set or removed, entirely or in part. */
  readonly fields: readonly string[];
  /** Those of them that are replaced as a whole. */
  readonly replaced: readonly string[];
}

export const everything: Touches = { fields: [''], replaced: [] };

/** Never throws: a patch that can't be read may touch everything. */
export function patchParts(text: string): readonly PatchPart[] {
  return splitDocuments(text).flatMap((document) => patchPartsOf(parseManifest(document.text)));
}

/** The parts of one document. */
export function patchPartsOf({ root, template, text }: Manifest): readonly PatchPart[] {
  if (template) return [{ touches: everything }];
  if (!root) return text.trim() === '' ? [] : [{ touches: everything }];
  const value = toValue(root);
  if (Array.isArray(value)) return [{ touches: operations(value) }];
  if (!isObject(value)) return value === null ? [] : [{ touches: everything }];
  return [objectPart(value)];
}

/** The field of a path in the notation of `Touches`. */
export function fieldName(path: Path): string {
  const list = path.findIndex((step) => typeof step === 'number');
  return (list === -1 ? path : path.slice(0, list)).join('.');
}

/** Whether the field is `outer` or inside it. */
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

/** Maps are merged; other values replace the object's (except lists of built-in kinds, which may merge by a key). */
function collect(value: Value, field: string, touched: { fields: string[]; replaced: string[] }): void {
  if (isObject(value) && Object.keys(value).length > 0 && !hasUnknownKey(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // Directives such as `$patch` affect the whole map.
      if (key.startsWith('$')) touched.fields.push(field);
      else collect(inner, `${field}.${key}`, touched);
    }
    return;
  }
  touched.fields.push(field);
  if (!Array.isArray(value) && !isObject(value)) touched.replaced.push(field);
}

/** The fields that JSON patch operations touch (RFC 6902). */
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

/** The path of a JSON pointer (RFC 6901); `-` is the position after the last item of a list. */
function pointer(text: Value | undefined): Path | undefined {
  if (typeof text !== 'string' || !text.startsWith('/')) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => (/^(?:\d+|-)$/.test(step) ? 0 : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}
