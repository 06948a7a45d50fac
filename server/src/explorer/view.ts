// The shape of a view: what stands at its top. What is below a row is the same in every view, since the id of a row says
// what it stands for.
import type { Fleet } from '../engine/session/fleet.ts';
import type { LazyRow } from './rows.ts';

/** The top rows. `now`: milliseconds since the epoch. */
export type View = (fleet: Fleet, now: number) => readonly LazyRow[];
