// How rows are named: by the way to them, so that a name says where a row stands.
import type { RowId } from '../protocol.ts';

/** `['context', 'branch', 'object key', 'part']` and its beginnings. */
export function idOf(...parts: readonly string[]): RowId {
  return parts.map((part) => encodeURIComponent(wellFormed(part))).join('/');
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

/** Half of a surrogate pair stands for no character and can't be written as UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
