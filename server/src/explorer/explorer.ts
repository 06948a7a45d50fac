// What the explorer shows of a fleet: the children of the rows that someone looks at, and the fleet's worst news. Reports
// which of those rows changed since they were answered; what nobody looks at is not computed.
import { Fleet, type FleetOptions } from '../engine/session/fleet.ts';
import { knownHealth } from '../live/describe.ts';
import type { Row, RowId, Summary } from '../protocol.ts';
import { paged, pageOf } from './paging.ts';
import { partsOf } from './row-id.ts';
import { childRows, contextRow } from './rows.ts';

export interface ExplorerOptions extends Omit<FleetOptions, 'onChange'> {
  /** Children a row shows at once; all of them by default. */
  readonly pageSize?: number;
  /** Rows asked for whose children have changed; null is the root. */
  readonly onChanged?: (ids: readonly (RowId | null)[]) => void;
  readonly onSummary?: (summary: Summary) => void;
}

export class Explorer {
  readonly fleet: Fleet;
  readonly #options: ExplorerOptions;
  /** What was last answered for each row that is subscribed to. */
  readonly #told = new Map<RowId | null, string>();
  /** Made to find that they changed, kept for whoever asks for them now. */
  readonly #made = new Map<RowId | null, { rows: readonly Row[]; said: string; revision: string }>();
  #summary = '';

  constructor(options: ExplorerOptions) {
    this.#options = options;
    this.fleet = new Fleet({ ...options, onChange: (contexts) => this.#update(contexts) });
  }

  async dispose(): Promise<void> {
    await this.fleet.dispose();
  }

  /** Subscribes to the children of the row until it is released. */
  rows(id: RowId | undefined): readonly Row[] {
    const made = this.#made.get(id ?? null);
    const isNow = made !== undefined && made.revision === this.#revision(id ?? null);
    const rows = isNow ? made.rows : this.#rowsOf(id ?? null);
    this.#made.delete(id ?? null);
    this.#told.set(id ?? null, isNow ? made.said : JSON.stringify(rows));
    return rows;
  }

  release(ids: readonly RowId[]): void {
    for (const id of ids) {
      this.#told.delete(id);
      this.#made.delete(id);
    }
  }

  summary(): Summary {
    const sessions = [...this.fleet.sessions.values()].filter(({ state }) => state.is !== 'gone');
    let [failures, progressing, unreachable, notKept] = [0, 0, 0, 0];
    for (const { state, store } of sessions) {
      if (state.is === 'stale' || state.is === 'unreachable' || state.is === 'denied' || state.is === 'auth-needed')
        unreachable++;
      notKept += store.counted();
      for (const object of store.all()) {
        const health = knownHealth(object).state;
        if (health === 'failed') failures++;
        else if (health === 'progressing') progressing++;
      }
    }
    const busy = sessions.some(({ state }) => state.is === 'connecting' || state.is === 'syncing');
    const said = [
      ...(failures > 0 ? [`${failures} failed`] : []),
      ...(progressing > 0 ? [`${progressing} progressing`] : []),
      ...(unreachable > 0 ? [`${unreachable} of ${sessions.length} contexts not reached`] : []),
      ...(notKept > 0 ? [`${notKept} objects counted only`] : []),
    ];
    return {
      open: sessions.length,
      state:
        failures > 0
          ? 'failed'
          : unreachable > 0
            ? 'unknown'
            : progressing > 0
              ? 'progressing'
              : busy
                ? 'busy'
                : sessions.length > 0
                  ? 'ready'
                  : 'none',
      failed: failures,
      progressing,
      unreachable,
      sentence:
        sessions.length === 0
          ? 'No context is open'
          : said.length > 0
            ? said.join(', ')
            : busy
              ? 'Connecting'
              : `${sessions.length === 1 ? '1 context' : `${sessions.length} contexts`}, all well`,
    };
  }

  #rowsOf(id: RowId | null): readonly Row[] {
    const now = Date.now();
    const { config } = this.fleet;
    if (id === null) {
      const gone = [...this.fleet.sessions.keys()].filter((context) => !config.contexts.has(context));
      return [...config.contexts.keys(), ...gone].map((context) => {
        const { insecure = false } = config.clusters.get(config.contexts.get(context)?.cluster ?? '') ?? {};
        return contextRow(context, this.fleet.session(context), now, !insecure);
      });
    }
    const [context = ''] = partsOf(id);
    const session = this.fleet.session(context);
    if (!session) return [];
    const rows = childRows({ session, readOnly: this.fleet.isReadOnly(context), now }, pageOf(id).of);
    return paged(rows, id, this.#options.pageSize ?? rows.length);
  }

  /** What rows are made from, in short; the time of day goes on meanwhile, for as long as a question takes. */
  #revision(id: RowId | null): string {
    const second = Math.floor(Date.now() / 1000);
    if (id === null)
      return `${second} ${[...this.fleet.sessions.values()].map(({ state }) => JSON.stringify(state)).join()}`;
    const session = this.fleet.session(partsOf(id)[0]!);
    return `${second} ${session?.store.revision} ${JSON.stringify(session?.state)}`;
  }

  /** Compares what was answered with what would be answered now, for rows of these contexts; null is the root. */
  #update(contexts: readonly (string | null)[]): void {
    const changed: (RowId | null)[] = [];
    for (const [id, told] of this.#told) {
      const context = id === null ? null : partsOf(id)[0]!;
      // Told once; the next comparison is with what is asked for then.
      if (told === '' || (id !== null && !contexts.includes(context))) continue;
      const rows = this.#rowsOf(id);
      const said = JSON.stringify(rows);
      if (said === told) continue;
      this.#made.set(id, { rows, said, revision: this.#revision(id) });
      this.#told.set(id, '');
      changed.push(id);
    }
    if (changed.length > 0) this.#options.onChanged?.(changed);
    if (!this.#options.onSummary) return;
    const summary = this.summary();
    const said = JSON.stringify(summary);
    if (said !== this.#summary) this.#options.onSummary(summary);
    this.#summary = said;
  }
}
