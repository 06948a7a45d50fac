// The explorer of a fleet: serves the children of rows for each view and the summary of the fleet, and reports which
// subscribed rows have changed since they were last returned. Rows without a subscription are not computed.
import { Fleet, type FleetOptions } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { groupedBy } from '../kube/grouped.ts';
import type { StateOf } from '../live/node.ts';
import type { Origin } from '../live/origin.ts';
import type { Grouping, LiveState, Pin, Row, RowId, RowsParams, Summary, ViewId } from '../protocol.ts';
import { type Arrangement, rowsInGroup, topRows } from './arranged.ts';
import { filterOf } from './filter.ts';
import { Follows, followedIn, scopesOf } from './followed.ts';
import { statesIn } from './joined.ts';
import { rowsBelowOperators } from './operator-rows.ts';
import { Operators } from './operators.ts';
import { paged, pageOf } from './paging.ts';
import { pinnedRows } from './pins.ts';
import { problemSummary, rowsBelowProblem } from './problem-rows.ts';
import { Problems } from './problems.ts';
import { remoteSession } from './remote.ts';
import { belowIdOf, contextIn, groupAt, operatorAt, operatorIdOf, placeOf, problemAt, shownAt } from './row-id.ts';
import { type ExpandedRow, expandedRows, type LazyRow, type RowScope, rowOf, rowsBelow } from './rows.ts';
import { Sought } from './sought.ts';
import type { Ground } from './view.ts';

export interface ExplorerOptions extends Omit<FleetOptions, 'onChange'> {
  /** Maximum number of children per page; unlimited by default. */
  readonly pageSize?: number;
  /** Subscribed rows of a view whose children have changed; null is the view's top level. */
  readonly onChanged?: (view: ViewId, ids: readonly (RowId | null)[]) => void;
  readonly onSummary?: (summary: Summary) => void;
  /** The states that were asked for last aren't the same any more. */
  readonly onStates?: () => void;
}

/** A client's subscription to the children of a row. */
interface Subscription extends RowsParams {
  /** The rows last returned; undefined after a change has been reported. */
  answered: readonly Row[] | undefined;
  /** Of other clusters, the contexts of the rows last returned. */
  others: readonly string[];
  /** The rows computed to detect the change, reused if they are requested at the same revision. */
  made?: { readonly rows: readonly Row[]; readonly revision: string };
}

export class Explorer implements Ground {
  readonly fleet: Fleet;
  readonly problems: Problems;
  readonly sought = new Sought();
  readonly operators = new Operators((context) => this.#update([context]));
  readonly #options: ExplorerOptions;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #follows = new Follows((context) => this.#update([context]));
  readonly #arrangements = new Map<ViewId, Arrangement>();
  #pins: readonly Pin[] = [];
  /** What a file defines that somebody looks at, and what was answered of each context; nothing after a change was reported. */
  #wanted: { readonly wanted: readonly Origin[]; readonly answered?: ReadonlyMap<string, string> } = { wanted: [] };
  #summary = '';

  constructor(options: ExplorerOptions) {
    this.#options = options;
    this.fleet = new Fleet({ ...options, onChange: (contexts) => this.#update(contexts) });
    this.problems = new Problems(this.fleet, (contexts) => this.#update(contexts));
  }

  async dispose(): Promise<void> {
    this.problems.dispose();
    this.operators.dispose();
    await this.#follows.dispose();
    await this.fleet.dispose();
  }

  /** Returns the children of the row, or the top level of the view, and subscribes to them until `release`. */
  rows(params: RowsParams): readonly Row[] {
    const known = this.#subscriptions.get(keyOf(params));
    const made = known?.made?.revision === this.#revision(params, known?.others ?? []) ? known?.made : undefined;
    const rows = made?.rows ?? this.#rowsOf(params);
    this.#subscriptions.set(keyOf(params), { ...params, answered: rows, others: othersIn(rows, params.id) });
    this.#follow();
    return rows;
  }

  /** As `rows`, after what is asked for only now has arrived, or can't, or takes long. */
  async rowsSoon(params: RowsParams): Promise<readonly Row[]> {
    const rows = this.rows(params);
    const of = params.id === undefined ? '' : shownAt(pageOf(params.id).of).of;
    const session = this.fleet.session(contextIn(of) ?? '');
    if (!session) return rows;
    const [place, operator] = [placeOf(of), operatorAt(of)];
    const scopes = place ? scopesOf(session, place) : [];
    if (operator) await this.operators.settled(session, operator, patience);
    else if (scopes.length > 0) await followedIn(session)?.settled(scopes, patience);
    else return rows;
    // Released while it waited.
    return this.#subscriptions.has(keyOf(params)) ? this.rows(params) : rows;
  }

  /** null is the view's top level. */
  release(view: ViewId, ids: readonly (RowId | null)[]): void {
    for (const id of ids) this.#subscriptions.delete(keyOf(id === null ? { view } : { view, id }));
    this.#follow();
  }

  /** The states of objects in the open clusters; if they are followed, reports changes until others are. */
  states(wanted: readonly Origin[], isFollowed = true): readonly LiveState[] {
    const states = statesIn(this, wanted);
    if (isFollowed) this.#wanted = { wanted, answered: statesByContext(states) };
    return states;
  }

  filter(view: ViewId, query: string): void {
    const { by } = this.#arrangements.get(view) ?? {};
    const fits = filterOf(query);
    this.#arrange(view, { ...(fits && { fits }), ...(by && { by }) });
  }

  group(view: ViewId, by: Grouping | undefined): void {
    const { fits } = this.#arrangements.get(view) ?? {};
    this.#arrange(view, { ...(fits && { fits }), ...(by && { by }) });
  }

  pin(pins: readonly Pin[]): void {
    this.#pins = pins;
    for (const known of this.#subscriptions.values()) if (known.id === undefined) delete known.made;
    this.#update([]);
  }

  #arrange(view: ViewId, arrangement: Arrangement): void {
    this.#arrangements.set(view, arrangement);
    // Rows that were made before are of the old arrangement.
    for (const known of this.#subscriptions.values()) if (known.view === view) delete known.made;
    this.#update([]);
  }

  /** All rows below a context except quiet ones, without a subscription. */
  expanded(context: string, stateOf: StateOf): readonly ExpandedRow[] {
    const session = this.fleet.session(context);
    return session === undefined ? [] : expandedRows({ ...this.#scope(session), isText: true, stateOf });
  }

  summary(): Summary {
    const sessions = [...this.fleet.sessions.values()].filter(({ state }) => state.is !== 'gone');
    let [failures, progressing, unreachable, notKept] = [0, 0, 0, 0];
    for (const session of sessions) {
      const { state, store } = session;
      if (state.is === 'stale' || state.is === 'unreachable' || state.is === 'denied' || state.is === 'auth-needed')
        unreachable++;
      notKept += store.counted();
      for (const object of store.unwell().values()) {
        const seen = this.problems.stateOf(session, object);
        if (seen === 'failed') failures++;
        else if (seen === 'progressing') progressing++;
      }
    }
    const busy = sessions.some(({ state }) => state.is === 'connecting' || state.is === 'syncing');
    const problems = [
      ...(failures > 0 ? [`${failures} failed`] : []),
      ...(progressing > 0 ? [`${progressing} progressing`] : []),
      ...(unreachable > 0 ? [`${unreachable} of ${sessions.length} contexts unreachable`] : []),
      ...(notKept > 0 ? [`${notKept} objects over the object limit`] : []),
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
          : problems.length > 0
            ? problems.join(', ')
            : busy
              ? 'Connecting'
              : `${sessions.length === 1 ? '1 context' : `${sessions.length} contexts`}, no problems`,
      problems: problemSummary(this),
    };
  }

  /** Questions beyond the watches are asked only for views that are visible. */
  #follow(): void {
    this.problems.follow(this.#subscriptions.has(keyOf({ view: 'problems' })));
    const expanded = [...this.#subscriptions.values()].flatMap(({ id }) =>
      id === undefined ? [] : [shownAt(pageOf(id).of).of],
    );
    const places = [...new Set(expanded)].flatMap((id) => placeOf(id) ?? []);
    this.#follows.want(this.fleet.sessions, places);
    const { fits, by } = this.#arrangements.get('operators') ?? {};
    // The kinds of all contexts are looked through.
    const isFlat = (fits ?? by) !== undefined && this.#subscriptions.has(keyOf({ view: 'operators' }));
    const looked = isFlat ? [...this.fleet.sessions.keys()].map((context) => operatorIdOf({ context })) : [];
    this.operators.want(
      [...new Set([...looked, ...expanded])].flatMap((id) => {
        const place = operatorAt(id);
        const session = place && this.fleet.session(place.context);
        return session ? [[session, place]] : [];
      }),
    );
  }

  #rowsOf({ view, id }: RowsParams): readonly Row[] {
    const arrangement = this.#arrangements.get(view) ?? {};
    const { of } = pageOf(id ?? '');
    if (of === '') {
      const now = Date.now();
      const pinned = arrangement.fits || arrangement.by ? [] : pinnedRows(this, view, this.#pins, now);
      return this.#page([...pinned, ...topRows(this, view, arrangement, now)], id);
    }
    const group = groupAt(of);
    if (group) return this.#page(rowsInGroup(this, view, arrangement, group.value, Date.now()), id);
    const { of: shown, root } = shownAt(of);
    const [place, problem, operator] = [placeOf(shown), problemAt(shown), operatorAt(shown)];
    const session = this.fleet.session(contextIn(of) ?? '');
    if (!session) return [];
    const scope = this.#scope(session);
    const rows = problem
      ? rowsBelowProblem(scope, this, problem)
      : operator
        ? rowsBelowOperators(scope, this.operators, operator)
        : place
          ? rowsBelow(scope, place).filter(
              (row) => view !== 'clusters' || place.branch !== undefined || isOfClusters(row),
            )
          : [];
    return this.#page(root === undefined ? rows : rows.map((row) => () => belowRoot(root, rowOf(row))), id);
  }

  /** The top level has an empty id. */
  #page(rows: readonly LazyRow[], id: RowId | undefined): readonly Row[] {
    return paged(rows, id ?? '', this.#options.pageSize ?? rows.length);
  }

  #scope(session: Session): RowScope {
    return {
      ...{ session, readOnly: this.fleet.isReadOnly(session.context), now: Date.now() },
      troubleOf: (object) => this.problems.about(session, object),
      stateOf: (object) => this.problems.stateOf(session, object),
      elsewhere: (applier) => {
        const there = remoteSession(this.fleet, session, applier);
        return there && this.#scope(there);
      },
    };
  }

  /** Identifies the data that rows are computed from, including the current second, which their ages depend on. */
  #revision({ id }: RowsParams, others: readonly string[]): string {
    const second = Math.floor(Date.now() / 1000);
    const context = contextOf(id);
    const sessions =
      context === undefined
        ? [...this.fleet.sessions.values()]
        : [context, ...others].map((one) => this.fleet.session(one));
    return `${second} ${sessions.map((session) => `${session?.store.revision} ${session && followedIn(session)?.revision} ${this.operators.revision} ${JSON.stringify(session?.state)}`).join()}`;
  }

  /** Compares the rows last returned with the current rows; null in `contexts` is the list of contexts itself. */
  #update(contexts: readonly (string | null)[]): void {
    // A session may have been closed, or an object that is looked at may have another selector.
    this.#follow();
    const changed = new Map<ViewId, (RowId | null)[]>();
    for (const subscription of this.#subscriptions.values()) {
      const { view, id, answered, others } = subscription;
      const context = contextOf(id);
      const isOf = context === undefined || [context, ...others].some((one) => contexts.includes(one));
      // A change is reported once; comparison resumes after the next request.
      if (answered === undefined || !isOf) continue;
      const rows = this.#rowsOf(subscription);
      if (areSame(rows, answered)) continue;
      subscription.made = { rows, revision: this.#revision(subscription, others) };
      subscription.answered = undefined;
      const ids = changed.get(view);
      if (ids) ids.push(id ?? null);
      else changed.set(view, [id ?? null]);
    }
    for (const [view, ids] of changed) this.#options.onChanged?.(view, ids);
    this.#updateStates(contexts);
    if (!this.#options.onSummary) return;
    const summary = this.summary();
    const json = JSON.stringify(summary);
    if (json !== this.#summary) this.#options.onSummary(summary);
    this.#summary = json;
  }

  #updateStates(contexts: readonly (string | null)[]): void {
    const { wanted, answered } = this.#wanted;
    if (!answered || wanted.length === 0) return;
    const changed = contexts.filter((one) => one !== null);
    // Without contexts, which are open may have changed.
    const of = changed.length === contexts.length && changed.length > 0 ? changed : undefined;
    const now = statesByContext(statesIn(this, wanted, of));
    const isSame = of
      ? of.every((context) => now.get(context) === answered.get(context))
      : now.size === answered.size && [...now].every(([context, states]) => answered.get(context) === states);
    if (isSame) return;
    this.#wanted = { wanted };
    this.#options.onStates?.();
  }
}

/** Most rows are the very same as before, so that only changed ones are compared by what they say. */
function areSame(rows: readonly Row[], before: readonly Row[]): boolean {
  return (
    rows.length === before.length &&
    rows.every((row, at) => row === before[at] || JSON.stringify(row) === JSON.stringify(before[at]))
  );
}

function statesByContext(states: readonly LiveState[]): ReadonlyMap<string, string> {
  const of = groupedBy(states, ({ context }) => context);
  return new Map([...of].map(([context, own]) => [context, JSON.stringify(own)]));
}

/** The contexts of rows of other clusters than the one of the row that they are below. */
function othersIn(rows: readonly Row[], id: RowId | undefined): readonly string[] {
  const own = contextOf(id);
  return own === undefined ? [] : [...new Set(rows.map(({ context }) => context))].filter((one) => one !== own);
}

function belowRoot(root: RowId, row: Row): Row {
  return { ...row, id: belowIdOf(root, row.id) };
}

/** Below a context of the view of clusters: delivery and workloads have views of their own. */
function isOfClusters(row: LazyRow): boolean {
  return placeOf(rowOf(row).id)?.branch === 'cluster-api';
}

/** Milliseconds that a request for rows waits for a server. */
const patience = 3000;

function keyOf({ view, id }: RowsParams): string {
  return `${view} ${id ?? ''}`;
}

/** The context that the children of a row depend on; undefined if they may depend on any context. */
function contextOf(id: RowId | undefined): string | undefined {
  return id === undefined ? undefined : contextIn(pageOf(id).of);
}
