// The columns of the maps and lists that are open at a line, as written and as formatted.

/** A map or list that is open at a line. */
export interface Level {
  readonly type: 'map' | 'list';
  /** As written. */
  readonly from: number;
  /** As formatted. */
  readonly to: number;
}

/** A dash and the space after it. */
export const dashWidth = 2;

/** How far the content of an item is from its dash: two columns or a whole step, as written; anything else becomes two. */
export function offsetInList(written: number, step: number): number {
  return written === step ? step : dashWidth;
}
