// The type of a view: a function that returns its top-level rows. The children of a row are the same in every view, since
// they depend only on the row's id.
import type { Fleet } from '../engine/session/fleet.ts';
import type { Operators } from './operators.ts';
import type { Problems } from './problems.ts';
import type { LazyRow } from './rows.ts';
import type { Sought } from './sought.ts';

/** What views are made of. */
export interface Ground {
  readonly fleet: Fleet;
  readonly problems: Problems;
  readonly operators: Operators;
  readonly sought: Sought;
}

/** The top-level rows. `now`: milliseconds since the epoch. */
export type View = (ground: Ground, now: number) => readonly LazyRow[];
