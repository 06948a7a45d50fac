// One character for each state of an object, shaped like the explorer's icons, and which state is worse.
import type { HealthState } from './health-state.ts';

export const stateMarks: Readonly<Record<HealthState, string>> = {
  ready: '✔',
  progressing: '↻',
  failed: '✘',
  suspended: '‖',
  unknown: '?',
  denied: '⊘',
  deleting: '×',
  none: ' ',
};

const order: readonly HealthState[] = ['failed', 'unknown', 'deleting', 'denied', 'progressing', 'suspended'];

/** Lower is worse. */
export function stateRank(state: HealthState): number {
  const at = order.indexOf(state);
  return at === -1 ? order.length : at;
}
