// A session's objects as trees. The shape, which is who stands below whom and in which order, is kept while it is valid:
// it changes far more rarely than the states of the objects, which are always those of now.
import type { Session } from '../engine/session/session.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import type { GroupKind } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { familyOf } from '../live/family.ts';
import { forestOf } from '../live/forest.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import { type Absence, type ObjectSource, sourceOf, type Target } from '../live/source.ts';

interface Shaped {
  /** Of the store when the shape was made. */
  readonly structure: number;
  readonly source: ObjectSource;
}

const known = new WeakMap<Session, Map<Branch, Shaped>>();

export function sourceFor(session: Session, branch: Branch): ObjectSource {
  const { store } = session;
  let branches = known.get(session);
  if (!branches) known.set(session, (branches = new Map()));
  const shaped = branches.get(branch);
  if (shaped?.structure === store.structure) return shaped.source;
  const get: ObjectSource['get'] = (key) => store.get(key);
  const source = sourceOf(branch, forestOf(branch, store.all(), get), {
    get,
    absence: (target) => absenceOf(session, target),
    counted: () => countedIn(session, branch),
  });
  branches.set(branch, { structure: store.structure, source });
  return source;
}

/** How many objects of the branch are counted and not kept. */
export function countedIn({ kinds, store }: Session, branch: Branch): number {
  return [...kinds.keys()]
    .filter((groupKind) => branchOf(groupKind) === branch)
    .reduce((sum, groupKind) => sum + store.counted(groupKind), 0);
}

/** Why an object isn't in the store: only where its whole kind is listed is it known that there is none. */
export function absenceOf(
  { kinds, discovery, store }: Pick<Session, 'kinds' | 'discovery' | 'store'>,
  { groupKind, namespace }: Target,
): Absence {
  const watched = kinds.get(groupKind);
  if (!watched) {
    if (!discovery) return 'not known';
    if (!discovery.resources.has(groupKind)) return discovery.stale.length === 0 ? 'not served' : 'not known';
    return isObserved(groupKind) ? 'not known' : 'not observed';
  }
  if (watched.state.failure?.kind === 'forbidden' && !isListOnly(watched.state)) return 'not allowed';
  if (watched.namespace !== undefined && watched.namespace !== namespace) return 'not allowed';
  if (!watched.state.synced || isBehind(watched.state)) return 'not known';
  return store.counted(groupKind) > 0 ? 'not kept' : 'not found';
}

/** Kinds that a session watches from the start, or from when an object names one of them. */
function isObserved(groupKind: GroupKind): boolean {
  const role = roleOf(groupKind);
  return familyOf(groupKind) !== undefined || role === 'infrastructure' || role === 'controlPlane';
}
