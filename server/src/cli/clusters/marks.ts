// One character for each state, for terminals, shaped like the explorer's icons, and its tone.
import type { RowState } from '../../protocol.ts';
import type { Tone } from '../terminal.ts';

export const marks: Readonly<Record<RowState, string>> = {
  ready: '✔',
  progressing: '↻',
  busy: '↻',
  failed: '✘',
  suspended: '‖',
  unknown: '?',
  denied: '⊘',
  deleting: '×',
  none: ' ',
};

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

/** The worst first. */
const order: readonly RowState[] = ['failed', 'unknown', 'deleting', 'denied', 'progressing', 'busy', 'suspended'];

/** Lower is worse. */
export function rankOf(state: RowState): number {
  const at = order.indexOf(state);
  return at === -1 ? order.length : at;
}

/** Of a state that nobody has to look at. */
export function isWellState(state: RowState): boolean {
  return state === 'ready' || state === 'suspended' || state === 'none';
}
