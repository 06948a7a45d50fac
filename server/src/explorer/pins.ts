// Pinned objects: the first rows of the view that has their kind, as long as their context is open. Below them is what is below
// their rows in the tree.
import { redact } from '../engine/redact.ts';
import { followedKinds } from '../engine/session/followed.ts';
import { kindName, type LiveRef } from '../kube/identity.ts';
import { hasChildren, objectNode } from '../live/children.ts';
import { descriptionOf, knownHealth } from '../live/describe.ts';
import { keyOf, type LiveObject } from '../live/object.ts';
import { branchOf } from '../live/parents.ts';
import { absences } from '../live/source.ts';
import type { Pin, Row, ViewId } from '../protocol.ts';
import { oneLine } from '../syntax/shown.ts';
import { followedIn } from './followed.ts';
import { pinIdOf } from './row-id.ts';
import { actionsOf, type RowScope, serverNow, withTrouble } from './rows.ts';
import { absenceOf, sourceFor } from './session-source.ts';
import type { Ground } from './view.ts';

/** More than anyone looks at; a client that sends more shows the first. */
const mostPins = 200;

export function pinnedRows(
  { fleet, problems }: Pick<Ground, 'fleet' | 'problems'>,
  view: ViewId,
  pins: readonly Pin[],
  now: number,
): readonly Row[] {
  return pins.slice(0, mostPins).flatMap(({ context, ref }) => {
    const session = fleet.session(context);
    if (!session || session.state.is === 'gone' || viewOf(ref) !== view) return [];
    const troubleOf = (object: LiveObject) => problems.about(session, object);
    return [pinnedRow({ session, readOnly: fleet.isReadOnly(context), now, troubleOf }, ref)];
  });
}

/** The view that has rows of the kind; of kinds that no tree has, that of operators. */
function viewOf({ groupKind }: LiveRef): ViewId {
  switch (branchOf(groupKind)) {
    case 'cluster-api':
      return 'clusters';
    case 'flux':
      return 'delivery';
    case 'workload':
      return 'workloads';
    default:
      return ofWorkloads.has(groupKind) ? 'workloads' : 'operators';
  }
}

/** Kinds that are followed beside workloads and below them. */
const ofWorkloads: ReadonlySet<string> = new Set(Object.values(followedKinds));

function pinnedRow(scope: RowScope, ref: LiveRef): Row {
  const { session, readOnly } = scope;
  const { context } = session;
  const { groupKind, namespace, name } = ref;
  const key = keyOf(groupKind, namespace, name);
  const object = session.store.get(key) ?? followedIn(session)?.get(key);
  const branch = viewOf(ref) === 'operators' ? undefined : (branchOf(groupKind) ?? 'workload');
  const absent = absences[absenceOf(session, ref)];
  const { state, description } = object
    ? withTrouble(scope, object, {
        ...{ state: knownHealth(object).state, description: descriptionOf(object, serverNow(scope)) },
      })
    : { state: absent.state, description: absent.reason };
  return {
    id: pinIdOf({ context, key }),
    label: oneLine(`${kindName(groupKind)} ${name}`),
    description: redact(
      [[oneLine(context), namespace].filter(Boolean).join(' / '), description].filter(Boolean).join('  '),
    ),
    state: object && state !== 'none' && session.isBehind(groupKind) ? 'unknown' : state,
    tooltip: '',
    branch: object !== undefined && branch !== undefined && hasChildren(objectNode(object), sourceFor(session, branch)),
    actions: [...(object ? actionsOf(session, object, readOnly) : (['showObject'] as const)), 'unpin'],
    kind: groupKind,
    context,
    ref,
  };
}
