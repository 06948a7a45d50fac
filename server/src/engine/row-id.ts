// How rows are named: by the way to them, so that a name says where a row stands.
import type { RowId } from '../protocol.ts';

/** `['context', 'branch', 'object key', 'part']` and its beginnings. */
export function idOf(...parts: readonly string[]): RowId {
  return parts.map(encodeURIComponent).join('/');
}

export function partsOf(id: RowId): readonly string[] {
  return id.split('/').map(decodeURIComponent);
}
