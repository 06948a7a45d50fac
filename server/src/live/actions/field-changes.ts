// What differs between two states of an object, field by field, without what every write changes.
import { at, type Fields, isFields } from '../fields.ts';

export interface FieldChange {
  readonly path: string;
  /** Absent: the field was, or is, not there. */
  readonly from?: unknown;
  readonly to?: unknown;
}

const ofEveryWrite = ['metadata.generation', 'metadata.managedFields', 'metadata.resourceVersion'];

/** Fields of objects one by one, lists as a whole. */
export function fieldChanges(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (ofEveryWrite.includes(path) || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isFields(before) || !isFields(after))
    return [{ path, ...(before === undefined ? {} : { from: before }), ...(after === undefined ? {} : { to: after }) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => fieldChanges(at(before, name), at(after, name), stepTo(path, name)));
}

/** Whether the object is as the merge patch makes it. */
export function isAsPatched(object: unknown, patch: Fields): boolean {
  return Object.entries(patch).every(([name, wanted]) => {
    const has = at(object, name);
    if (isFields(wanted)) return isAsPatched(has, wanted);
    return wanted === null ? has === undefined : JSON.stringify(has) === JSON.stringify(wanted);
  });
}

/** Names with dots or slashes, as those of annotations, stand in quotes. */
function stepTo(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
