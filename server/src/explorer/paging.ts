// Rows in portions: of what has thousands of children the first are shown, and one more row, which counts the rest and
// opens the next portion. Nothing is left out silently, and no tree is asked to paint ten thousand rows.
import type { Row, RowId } from '../protocol.ts';
import { type LazyRow, rowOf } from './rows.ts';

/** The row whose children are meant, and from which one on. */
export function pageOf(id: RowId): { readonly of: RowId; readonly from: number } {
  // No plus stands in the segments of an id, which are encoded.
  const [, of = id, from] = /^(.*)\+(\d+)$/s.exec(id) ?? [];
  return { of, from: from === undefined ? 0 : Number(from) };
}

export function paged(rows: readonly LazyRow[], id: RowId, size: number): readonly Row[] {
  const { of, from } = pageOf(id);
  const left = rows.length - from - size;
  if (left <= 0) return rows.slice(from).map(rowOf);
  const page = rows.slice(from, from + size).map(rowOf);
  const more: Row = {
    id: `${of}+${from + size}`,
    label: `${left} more`,
    description: '',
    state: 'none',
    tooltip: '',
    branch: true,
    actions: [],
    kind: 'folder',
    context: page[0]!.context,
  };
  return [...page, more];
}
