// One character for each state, for terminals, shaped like the explorer's icons.
import type { RowState } from '../../protocol.ts';

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
