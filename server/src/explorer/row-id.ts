// How rows are named: by the way to them, so that a name says where a row stands.
import type { RowId } from '../protocol.ts';

/** `['context', 'branch', 'object key', 'part']` and its beginnings. */
export function idOf(...parts: readonly string[]): RowId {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

/** Of an id that is none of ours, its parts as they stand: they name nothing. */
export function partsOf(id: RowId): readonly string[] {
  return id.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}
