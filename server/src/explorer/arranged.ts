// A view that is filtered or grouped is flat: the rows that fit, over all open contexts, in groups if it is grouped. Otherwise it
// is arranged as it is on its own.
import { redact } from '../engine/redact.ts';
import { kindName } from '../kube/identity.ts';
import { compareNames } from '../kube/natural.ts';
import { objectNode } from '../live/children.ts';
import { descriptionOf, knownHealth } from '../live/describe.ts';
import { driftOf, driftWords } from '../live/drift.ts';
import type { LiveObject } from '../live/object.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import { remembered } from '../live/remembered.ts';
import type { Grouping, Row, ViewId } from '../protocol.ts';
import { oneLine } from '../syntax/shown.ts';
import { environmentOf } from './environment.ts';
import type { Filter, Seen } from './filter.ts';
import { rowsBelowOperators } from './operator-rows.ts';
import { belowIdOf, groupIdOf, operatorAt } from './row-id.ts';
import { type LazyRow, nodeRow, type RowScope, refOf, rowOf, withTrouble } from './rows.ts';
import { sourceFor } from './session-source.ts';
import type { Ground } from './view.ts';
import { views } from './views.ts';

export interface Arrangement {
  readonly fits?: Filter;
  readonly by?: Grouping;
}

/** What filters and groups look at, and the row as it is shown. */
interface Item {
  readonly seen: Seen;
  readonly row: LazyRow;
}

/** The top-level rows of a view. */
export function topRows(ground: Ground, view: ViewId, { fits, by }: Arrangement, now: number): readonly LazyRow[] {
  if (!fits && !by) return views[view](ground, now);
  const items = itemsOf(ground, view, fits, now);
  return by ? groupRows(view, by, items) : items.map(({ row }) => row);
}

/** The rows of one group; none if the view isn't grouped so any more. */
export function rowsInGroup(
  ground: Ground,
  view: ViewId,
  { fits, by }: Arrangement,
  value: string,
  now: number,
): readonly LazyRow[] {
  if (!by) return [];
  return itemsOf(ground, view, fits, now).flatMap(({ seen, row }) => (valueIn(seen, by) === value ? [row] : []));
}

function itemsOf(ground: Ground, view: ViewId, fits: Filter | undefined, now: number): readonly Item[] {
  const branch = branchesByView[view];
  const all = branch
    ? objectItems(ground, branch, fits, now)
    : view === 'operators'
      ? kindItems(ground, now)
      : [
          ...views[view](ground, now)
            .map(rowOf)
            .map((row) => ({ seen: row, row })),
          ...driftItems(ground, fits, now),
        ];
  return fits ? all.filter(({ seen }) => fits(seen)) : all;
}

const branchesByView: Readonly<Partial<Record<ViewId, Branch>>> = {
  clusters: 'cluster-api',
  delivery: 'flux',
  workloads: 'workload',
};

const order = ['failed', 'unknown', 'deleting', 'progressing', 'suspended', 'ready', 'none'];

/** The worst first, then by name. */
function objectItems(
  { fleet, problems }: Ground,
  branch: Branch,
  fits: Filter | undefined,
  now: number,
): readonly Item[] {
  const items: (Item & { readonly rank: number; readonly name: string })[] = [];
  for (const session of fleet.sessions.values()) {
    if (session.state.is === 'gone') continue;
    const troubleOf = (object: LiveObject) => problems.about(session, object);
    const scope: RowScope = { session, readOnly: fleet.isReadOnly(session.context), now, troubleOf };
    for (const object of session.store.all()) {
      if (branchOf(object.groupKind) !== branch) continue;
      const seen = withTrouble(scope, object, seenOf(scope, object) as Seen & Pick<Row, 'state'>);
      if (fits && !fits(seen)) continue;
      const row = () => asRoot(nodeRow(scope, objectNode(object), sourceFor(session, branch)));
      items.push({ seen, row, rank: order.indexOf(seen.state), name: object.name });
    }
  }
  return items.sort((a, b) => a.rank - b.rank || compareNames(a.name, b.name));
}

/**
 * Under a filter, what was changed in clusters and isn't in Git is among the problems: `is:drift`. A filter that is about
 * anything else doesn't show it.
 */
function driftItems({ fleet, problems }: Ground, fits: Filter | undefined, now: number): readonly Item[] {
  if (!fits) return [];
  return [...fleet.sessions.values()].flatMap((session) => {
    if (session.state.is === 'gone') return [];
    const troubleOf = (object: LiveObject) => problems.about(session, object);
    const scope: RowScope = { session, readOnly: fleet.isReadOnly(session.context), now, troubleOf };
    return [...session.store.all()].flatMap((object): readonly Item[] => {
      const branch = branchOf(object.groupKind);
      const drift = branch && driftOf(object);
      if (!branch || !drift) return [];
      const plain = { ...seenOf(scope, object), description: '', state: 'none' } as const;
      const seen: Seen = { ...plain, state: 'drift', description: `drift: ${driftWords(drift)}` };
      if (!fits(seen) || fits(plain)) return [];
      return [{ seen, row: () => asRoot(nodeRow(scope, objectNode(object), sourceFor(session, branch))) }];
    });
  });
}

/** What is below it may be in the list too, and a view has each row once. */
function asRoot(row: Row): Row {
  return { ...row, id: belowIdOf(row.id, row.id) };
}

const known = remembered<Seen>();

/** Objects are immutable: what a filter reads of each is made once, with the ages of that time. */
function seenOf({ session, now }: RowScope, object: LiveObject): Seen {
  let seen = known.get(object);
  if (seen) return seen;
  const { context } = session;
  seen = {
    label: oneLine(`${kindName(object.groupKind)} ${object.name}`),
    description: redact(descriptionOf(object, now)),
    state: knownHealth(object).state,
    ...{ kind: object.groupKind, context, ref: refOf(session, object) },
  };
  known.set(object, seen);
  return seen;
}

/** The kinds of all contexts whose definitions are known. */
function kindItems(ground: Ground, now: number): readonly Item[] {
  const { fleet, operators } = ground;
  const contexts = views.operators(ground, now).map(rowOf);
  return contexts.flatMap((row): readonly Item[] => {
    const session = fleet.session(row.context);
    if (!session) return [];
    const scope: RowScope = { session, readOnly: fleet.isReadOnly(row.context), now };
    const below = (place: Row): readonly Row[] => {
      const at = operatorAt(place.id);
      return at ? rowsBelowOperators(scope, operators, at).map(rowOf) : [];
    };
    return below(row)
      .filter(({ branch }) => branch)
      .flatMap(below)
      .map((kind) => ({ seen: kind, row: kind }));
  });
}

function groupRows(view: ViewId, by: Grouping, items: readonly Item[]): readonly Row[] {
  const groups = new Map<string, Seen[]>();
  for (const { seen } of items) {
    const value = valueIn(seen, by);
    const group = groups.get(value);
    if (group) group.push(seen);
    else groups.set(value, [seen]);
  }
  return [...groups].map(([value, members]) => {
    const failed = members.filter(({ state }) => state === 'failed').length;
    return {
      id: groupIdOf({ view, by, value }),
      label: oneLine(value) || `No ${by}`,
      description: `${members.length}${failed > 0 && by !== 'state' ? `, ${failed} failed` : ''}`,
      state: 'none',
      tooltip: '',
      branch: true,
      actions: [],
      kind: 'folder',
      context: '',
    };
  });
}

function valueIn({ context, ref, kind, state }: Seen, by: Grouping): string {
  switch (by) {
    case 'context':
      return context;
    case 'environment':
      return environmentOf(context);
    case 'namespace':
      return ref?.namespace ?? '';
    case 'kind':
      return kind.includes('/') ? kindName(kind as `${string}/${string}`) : '';
    case 'state':
      return state === 'none' ? '' : state;
  }
}
