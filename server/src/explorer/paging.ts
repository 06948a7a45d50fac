// Paging of rows with thousands of children: each page ends with a row that shows the number of remaining rows and expands
// to the next page. No row is omitted silently, and no tree renders ten thousand rows at once.
import type { Row, RowId } from '../protocol.ts';
import { type LazyRow, rowOf } from './rows.ts';

/** The parent row and the index of the page's first child. */
export function pageOf(id: RowId): { readonly of: RowId; readonly from: number } {
  // The segments of an id are encoded, so they contain no plus.
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
