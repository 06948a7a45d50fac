// Differences between two states of an object, field by field, without the fields that every write changes.
import { at, type Fields, isFields } from '../fields.ts';

export interface FieldChange {
  readonly path: string;
  /** `from` or `to` is absent if the field is missing before or after. */
  readonly from?: unknown;
  readonly to?: unknown;
}

const changedByEveryWrite = ['metadata.generation', 'metadata.managedFields', 'metadata.resourceVersion'];

/** Maps are compared field by field, lists as a whole. */
export function fieldChanges(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (changedByEveryWrite.includes(path) || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isFields(before) || !isFields(after))
    return [{ path, ...(before === undefined ? {} : { from: before }), ...(after === undefined ? {} : { to: after }) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => fieldChanges(at(before, name), at(after, name), stepTo(path, name)));
}

/** Whether the object already has every value of the merge patch. */
export function isAsPatched(object: unknown, patch: Fields): boolean {
  return Object.entries(patch).every(([name, wanted]) => {
    const has = at(object, name);
    if (isFields(wanted)) return isAsPatched(has, wanted);
    return wanted === null ? has === undefined : JSON.stringify(has) === JSON.stringify(wanted);
  });
}

/** Names with dots or slashes, such as those of annotations, are quoted. */
function stepTo(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
