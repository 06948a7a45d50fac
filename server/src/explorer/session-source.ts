// A session's objects as the source of trees. The forest (parents and order) is cached while it is valid, since it changes
// far less often than the state of the objects, which is always current.
import type { Session } from '../engine/session/session.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import type { GroupKind } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { familyOf } from '../live/family.ts';
import { forestOf } from '../live/forest.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import { type Absence, type ObjectSource, sourceOf, type Target } from '../live/source.ts';
import { followedIn, hasFollowed } from './followed.ts';

interface CachedSource {
  /** The structure versions for which the source was created. */
  readonly structure: string;
  readonly source: ObjectSource;
}

const known = new WeakMap<Session, Map<Branch, CachedSource>>();

export function sourceFor(session: Session, branch: Branch): ObjectSource {
  const { store } = session;
  let branches = known.get(session);
  if (!branches) known.set(session, (branches = new Map()));
  const cached = branches.get(branch);
  // Followed objects are only those of workloads.
  const followed = branch === 'workload' ? followedIn(session) : undefined;
  const structure = `${store.structure} ${followed?.structure}`;
  if (cached?.structure === structure) return cached.source;
  const get: ObjectSource['get'] = (key) => store.get(key) ?? followed?.get(key);
  const all = followed ? [...store.entries(), ...followed.entries()] : store.entries();
  const source = sourceOf(branch, forestOf(branch, all, get), {
    get,
    absence: (target) => absenceOf(session, target),
    counted: () => countedIn(session, branch),
    isAsked: (object) => branch === 'workload' && hasFollowed(object),
  });
  branches.set(branch, { structure, source });
  return source;
}

/** Number of the branch's objects that are over the object limit: counted, not kept. */
export function countedIn({ kinds, store }: Session, branch: Branch): number {
  return [...kinds.keys()]
    .filter((groupKind) => branchOf(groupKind) === branch)
    .reduce((sum, groupKind) => sum + store.counted(groupKind), 0);
}

/** Why an object isn't in the store. It is `not found` only if the list of its kind is complete and current. */
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

/** Whether a session watches the kind, from the start or as soon as an object references it. */
function isObserved(groupKind: GroupKind): boolean {
  const role = roleOf(groupKind);
  return familyOf(groupKind) !== undefined || role === 'infrastructure' || role === 'controlPlane';
}
