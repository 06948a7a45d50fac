// How a row looks: the codicon, theme colour and spoken word of each state, and the context value its menus match.
// A colour never stands alone, and good news has no word.
import type { Row, RowState, Summary } from '../../../server/src/protocol.ts';

export interface Look {
  /** Codicon; none for what only groups. */
  readonly icon?: string;
  /** Theme colour id. */
  readonly color?: string;
  /** What a screen reader says; empty where the state says nothing. */
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

/** What has no state but an icon, by the row's kind. */
const containers: Readonly<Record<string, Look>> = {
  context: { icon: 'circle-large-outline', color: 'disabledForeground', word: 'closed' },
};

export function lookOf({ state, kind }: Pick<Row, 'state' | 'kind'>): Look {
  return state === 'none' ? (containers[kind] ?? looks.none) : looks[state];
}

/** `;context;openContext;`: the kind and each action between semicolons, so that a menu matches one of them exactly. */
export function contextValueOf({ kind, actions }: Pick<Row, 'kind' | 'actions'>): string {
  return `;${[kind, ...actions].join(';')};`;
}

/** What a screen reader says for the row. */
export function spokenOf(row: Row): string {
  return [row.label, lookOf(row).word, row.description].filter((part) => part !== '').join(', ');
}

/** The status bar's text: the worst first, and nothing of what is zero. */
export function newsOf({ state, open, failed, progressing, unreachable }: Summary): string {
  const news = [
    failed > 0 ? `${failed} failed` : undefined,
    unreachable > 0 ? `${unreachable} unreachable` : undefined,
    progressing > 0 ? `${progressing} progressing` : undefined,
  ].filter((part) => part !== undefined);
  const words = news.length > 0 ? news.join(', ') : open === 1 ? '1 cluster' : `${open} clusters`;
  // The status bar keeps still: no spinning icon beside the text one is reading.
  return `$(${lookOf({ state, kind: 'context' }).icon?.replace('~spin', '')}) ${words}`;
}
