// What the explorer shows of a fleet: the children of the rows that someone looks at, view by view, and the fleet's worst
// news. Reports which of those rows changed since they were answered; what nobody looks at is not computed.
import { Fleet, type FleetOptions } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { knownHealth } from '../live/describe.ts';
import type { Row, RowId, RowsParams, Summary, ViewId } from '../protocol.ts';
import { paged, pageOf } from './paging.ts';
import { placeOf } from './row-id.ts';
import { type ExpandedRow, expandedRows, type RowScope, rowOf, rowsBelow } from './rows.ts';
import { views } from './views.ts';

export interface ExplorerOptions extends Omit<FleetOptions, 'onChange'> {
  /** Children a row shows at once; all of them by default. */
  readonly pageSize?: number;
  /** Rows of a view that were asked for and whose children have changed; null is its top. */
  readonly onChanged?: (view: ViewId, ids: readonly (RowId | null)[]) => void;
  readonly onSummary?: (summary: Summary) => void;
}

/** The children of a row that someone looks at. */
interface Subscription extends RowsParams {
  /** What was last answered; empty where the change since has been reported. */
  told: string;
  /** Made to find that they changed, kept for whoever asks for them now. */
  made?: { readonly rows: readonly Row[]; readonly said: string; readonly revision: string };
}

export class Explorer {
  readonly fleet: Fleet;
  readonly #options: ExplorerOptions;
  readonly #subscriptions = new Map<string, Subscription>();
  #summary = '';

  constructor(options: ExplorerOptions) {
    this.#options = options;
    this.fleet = new Fleet({ ...options, onChange: (contexts) => this.#update(contexts) });
  }

  async dispose(): Promise<void> {
    await this.fleet.dispose();
  }

  /** Subscribes to the children of the row, or to the top of the view, until it is released. */
  rows(params: RowsParams): readonly Row[] {
    const known = this.#subscriptions.get(keyOf(params));
    const made = known?.made?.revision === this.#revision(params) ? known.made : undefined;
    const rows = made?.rows ?? this.#rowsOf(params);
    this.#subscriptions.set(keyOf(params), { ...params, told: made?.said ?? JSON.stringify(rows) });
    return rows;
  }

  release(view: ViewId, ids: readonly RowId[]): void {
    for (const id of ids) this.#subscriptions.delete(keyOf({ view, id }));
  }

  /** All rows below a context that have news, without subscribing to them. */
  expanded(context: string): readonly ExpandedRow[] {
    const session = this.fleet.session(context);
    return session === undefined ? [] : expandedRows(this.#scope(session));
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

  #rowsOf({ view, id }: RowsParams): readonly Row[] {
    if (id === undefined) return views[view](this.fleet, Date.now()).map(rowOf);
    const place = placeOf(pageOf(id).of);
    const session = place && this.fleet.session(place.context);
    if (!session) return [];
    const rows = rowsBelow(this.#scope(session), place);
    return paged(rows, id, this.#options.pageSize ?? rows.length);
  }

  #scope(session: Session): RowScope {
    return { session, readOnly: this.fleet.isReadOnly(session.context), now: Date.now() };
  }

  /** What rows are made from, in short; the time of day goes on meanwhile, for as long as a question takes. */
  #revision({ id }: RowsParams): string {
    const second = Math.floor(Date.now() / 1000);
    const context = contextOf(id);
    const sessions = context === undefined ? [...this.fleet.sessions.values()] : [this.fleet.session(context)];
    return `${second} ${sessions.map((session) => `${session?.store.revision} ${JSON.stringify(session?.state)}`).join()}`;
  }

  /** Compares what was answered with what would be answered now; null is the list of contexts itself. */
  #update(contexts: readonly (string | null)[]): void {
    const changed = new Map<ViewId, (RowId | null)[]>();
    for (const subscription of this.#subscriptions.values()) {
      const { view, id, told } = subscription;
      const context = contextOf(id);
      // Told once; the next comparison is with what is asked for then.
      if (told === '' || (context !== undefined && !contexts.includes(context))) continue;
      const rows = this.#rowsOf(subscription);
      const said = JSON.stringify(rows);
      if (said === told) continue;
      subscription.made = { rows, said, revision: this.#revision(subscription) };
      subscription.told = '';
      const ids = changed.get(view);
      if (ids) ids.push(id ?? null);
      else changed.set(view, [id ?? null]);
    }
    for (const [view, ids] of changed) this.#options.onChanged?.(view, ids);
    if (!this.#options.onSummary) return;
    const summary = this.summary();
    const said = JSON.stringify(summary);
    if (said !== this.#summary) this.#options.onSummary(summary);
    this.#summary = said;
  }
}

function keyOf({ view, id }: RowsParams): string {
  return `${view} ${id ?? ''}`;
}

/** The one context that the children of a row depend on; undefined where that may be any. */
function contextOf(id: RowId | undefined): string | undefined {
  return id === undefined ? undefined : placeOf(pageOf(id).of)?.context;
}
