// "Go to Object": the objects of all open contexts that fit a few letters, as rows, and the place of an object in the tree.
import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import type { Discovery } from '../engine/watch/discovery.ts';
import { kindName, type LiveRef } from '../kube/identity.ts';
import { pathTo } from '../live/children.ts';
import { descriptionOf, knownHealth } from '../live/describe.ts';
import { type Findable, find, findable } from '../live/find.ts';
import { keyOf, type LiveObject, objectKey } from '../live/object.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import { oncePerObject } from '../live/remembered.ts';
import type { ClusterRequests, Row, RowAction, ViewId } from '../protocol.ts';
import { oneLine } from '../syntax/shown.ts';
import { idOf } from './row-id.ts';
import { actionsOf, type RowScope, refOf, serverNow, withTrouble } from './rows.ts';
import { sourceFor } from './session-source.ts';
import type { Ground } from './view.ts';

/** At most `limit` rows. With an action, only objects that offer it. */
export function foundRows(
  { fleet, sought, problems }: Ground,
  query: string,
  limit: number,
  now: number,
  action?: RowAction,
): ClusterRequests['find']['result'] {
  const sessions = [...fleet.sessions.values()].filter(({ state }) => state.is !== 'gone');
  const words = query
    .toLowerCase()
    .slice(0, 200)
    .split(/[\s/]+/)
    .filter(Boolean);
  let isPending = false;
  const asked = new Set<LiveObject>();
  const piles = sessions.map((session) => {
    const { context, store, discovery } = session;
    const found = sought.of(session, words);
    isPending ||= found.isPending;
    for (const object of found.objects) asked.add(object);
    const readOnly = fleet.isReadOnly(context);
    const all = found.objects.length === 0 ? store.all() : [...store.all(), ...found.objects];
    const items = action ? [...all].filter((one) => actionsOf(session, one, readOnly).includes(action)) : all;
    return { ...{ context, items, findable: findableOf }, shortNames: shortNamesOf(discovery) };
  });
  const hits = find(query, piles, Math.min(limit, 1000));
  const rows = hits.flatMap(({ context, item }) => {
    const session = fleet.session(context);
    if (!session) return [];
    const troubleOf = (object: LiveObject) => problems.about(session, object);
    const row = foundRow({ session, readOnly: fleet.isReadOnly(context), now, troubleOf }, item);
    // Of what was listed by name, the state isn't known.
    return [asked.has(item) ? { ...row, state: 'none' as const, description: '' } : row];
  });
  return { rows, isPending };
}

const views: Readonly<Record<Branch, ViewId>> = {
  'cluster-api': 'clusters',
  flux: 'delivery',
  workload: 'workloads',
};

/** The rows to expand and, last, the object's own, in the view that has it. */
export function pathOf(session: Session, { groupKind, namespace, name }: LiveRef): ClusterRequests['path']['result'] {
  const branch = branchOf(groupKind);
  if (branch === undefined) return { view: 'clusters', ids: [] };
  const path = pathTo(keyOf(groupKind, namespace, name), sourceFor(session, branch));
  const { context } = session;
  const top = branch === 'cluster-api' ? [idOf({ context })] : [];
  const below = (path ?? []).map((node) => idOf({ context, branch, node }));
  return { view: views[branch], ids: path === undefined ? [] : [...top, idOf({ context, branch }), ...below] };
}

const findableOf: (object: LiveObject) => Findable = oncePerObject(({ groupKind, namespace, name }) =>
  findable(kindName(groupKind), namespace ?? '', name),
);

const shortNames = new WeakMap<Discovery, ReadonlyMap<string, string>>();
const none: ReadonlyMap<string, string> = new Map();

/** Short names and plurals of watched and other kinds; of several kinds with the same one, the first. */
function shortNamesOf(discovery: Discovery | undefined): ReadonlyMap<string, string> {
  if (!discovery) return none;
  const known = shortNames.get(discovery);
  if (known) return known;
  const made = new Map<string, string>();
  for (const { kind, plural, shortNames: short } of discovery.resources.values())
    for (const name of [plural, ...short]) if (!made.has(name)) made.set(name, kind.toLowerCase());
  shortNames.set(discovery, made);
  return made;
}

function foundRow(scope: RowScope, object: LiveObject): Row {
  const { session, readOnly } = scope;
  const { context } = session;
  const branch = branchOf(object.groupKind);
  return withTrouble(scope, object, {
    id: idOf({ context, ...(branch === undefined ? {} : { branch, node: ['object', objectKey(object)] }) }),
    label: oneLine(`${kindName(object.groupKind)} ${object.name}`),
    description: redact(descriptionOf(object, serverNow(scope))),
    state: session.isBehind(object.groupKind) ? 'unknown' : knownHealth(object).state,
    tooltip: '',
    branch: false,
    actions: actionsOf(session, object, readOnly),
    kind: object.groupKind,
    context,
    ref: refOf(session, object),
  });
}
