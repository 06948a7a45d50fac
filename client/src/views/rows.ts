// The presentation of a row: the icon, color and accessible name of each state, and the context value for menus.
// Color is never the only indicator.
import type { Row, RowState, Summary } from '../../../server/src/protocol.ts';

export interface Look {
  /** Codicon; none for groups. */
  readonly icon?: string;
  /** Theme color id. */
  readonly color?: string;
  /** Accessible name; empty for the state `none`. */
  readonly word: string;
}

const looks: Readonly<Record<RowState, Look>> = {
  ready: { icon: 'pass', color: 'testing.iconPassed', word: 'ready' },
  progressing: { icon: 'sync', color: 'charts.blue', word: 'progressing' },
  busy: { icon: 'sync~spin', color: 'charts.blue', word: 'connecting' },
  failed: { icon: 'error', color: 'testing.iconFailed', word: 'failed' },
  suspended: { icon: 'debug-pause', color: 'charts.yellow', word: 'suspended' },
  unknown: { icon: 'question', color: 'disabledForeground', word: 'unknown' },
  denied: { icon: 'lock', color: 'disabledForeground', word: 'denied' },
  deleting: { icon: 'trash', color: 'charts.orange', word: 'deleting' },
  none: { word: '' },
};

/** Rows without a state but with an icon, by kind. */
const containers: Readonly<Record<string, Look>> = {
  context: { icon: 'circle-large-outline', color: 'disabledForeground', word: 'closed' },
};

export function lookOf({ state, kind }: Pick<Row, 'state' | 'kind'>): Look {
  return state === 'none' ? (containers[kind] ?? looks.none) : looks[state];
}

/** `;context;openContext;`: the kind and the actions, delimited by semicolons so that a when-clause matches one exactly. */
export function contextValueOf({ kind, actions }: Pick<Row, 'kind' | 'actions'>): string {
  return `;${[kind, ...actions].join(';')};`;
}

/** The row's label for screen readers. */
export function accessibleLabelOf(row: Row): string {
  return [row.label, lookOf(row).word, row.description].filter((part) => part !== '').join(', ');
}

/** The text of the status-bar item: non-zero counts, the most severe first. */
export function statusBarTextOf({ state, open, failed, progressing, unreachable }: Summary): string {
  const counts = [
    failed > 0 ? `${failed} failed` : undefined,
    unreachable > 0 ? `${unreachable} unreachable` : undefined,
    progressing > 0 ? `${progressing} progressing` : undefined,
  ].filter((part) => part !== undefined);
  const words = counts.length > 0 ? counts.join(', ') : open === 1 ? '1 cluster' : `${open} clusters`;
  // No spinning icon: animation in the status bar is distracting.
  return `$(${lookOf({ state, kind: 'context' }).icon?.replace('~spin', '')}) ${words}`;
}
