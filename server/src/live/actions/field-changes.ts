// Differences between two states of an object, field by field, without the fields that every write changes.
import { at, type Fields, isFields, text } from '../fields.ts';

export interface FieldChange {
  readonly path: string;
  /** `from` or `to` is absent if the field is missing before or after. */
  readonly from?: unknown;
  readonly to?: unknown;
}

const changedByEveryWrite = ['metadata.generation', 'metadata.managedFields', 'metadata.resourceVersion'];

/** Maps are compared field by field, lists of the same names item by item, other lists as a whole. */
export function fieldChanges(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (changedByEveryWrite.includes(path) || isSame(before, after)) return [];
  const items = itemsOf(before, after);
  if (items) return items.flatMap(([name, from, to]) => fieldChanges(from, to, `${path}[${name}]`));
  if (!isFields(before) || !isFields(after))
    return [{ path, ...(before === undefined ? {} : { from: before }), ...(after === undefined ? {} : { to: after }) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => fieldChanges(at(before, name), at(after, name), stepTo(path, name)));
}

/** The items of two lists that have the same names in the same order, with their names. */
function itemsOf(before: unknown, after: unknown): readonly (readonly [string, unknown, unknown])[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return undefined;
  const items = before.map((item, index) => [text(item, 'name') ?? '', item, after[index]] as const);
  const areNamed = items.every(([name, , to]) => name !== '' && text(to, 'name') === name);
  return areNamed && new Set(items.map(([name]) => name)).size === items.length ? items : undefined;
}

/** Whether two JSON values are equal; the order of fields has no meaning. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}

/** Whether the object already has every value of the merge patch. */
export function isAsPatched(object: unknown, patch: Fields): boolean {
  return Object.entries(patch).every(([name, wanted]) => {
    const has = at(object, name);
    if (isFields(wanted)) return isAsPatched(has, wanted);
    return wanted === null ? has === undefined : isSame(has, wanted);
  });
}

/** Names with dots or slashes, such as those of annotations, are quoted. */
function stepTo(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
