// The type of a view: a function that returns its top-level rows. The children of a row are the same in every view, since
// they depend only on the row's id.
import type { Fleet } from '../engine/session/fleet.ts';
import type { LazyRow } from './rows.ts';

/** The top-level rows. `now`: milliseconds since the epoch. */
export type View = (fleet: Fleet, now: number) => readonly LazyRow[];
