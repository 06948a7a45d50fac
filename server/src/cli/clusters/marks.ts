// The character of each state for terminals, and its tone.
import { stateMarks, stateRank } from '../../live/marks.ts';
import type { RowState } from '../../protocol.ts';
import type { Tone } from '../terminal.ts';

export const marks: Readonly<Record<RowState, string>> = { ...stateMarks, busy: stateMarks.progressing };

export const tones: Readonly<Record<RowState, Tone | undefined>> = {
  ready: 'good',
  progressing: 'busy',
  busy: 'busy',
  failed: 'bad',
  suspended: 'held',
  unknown: 'faint',
  denied: 'faint',
  deleting: 'leaving',
  none: undefined,
};

/** Lower is worse. */
export function rankOf(state: RowState): number {
  return stateRank(state === 'busy' ? 'progressing' : state);
}

/** Of a state that nobody has to look at. */
export function isWellState(state: RowState): boolean {
  return state === 'ready' || state === 'suspended' || state === 'none';
}
