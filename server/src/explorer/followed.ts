// What the explorer follows beyond the watches: which objects a row's children are made of, for as long as the row is expanded.
import { Followed, followedKinds, type Scope } from '../engine/session/followed.ts';
import { podSelectorOf } from '../engine/session/inspect.ts';
import type { Session } from '../engine/session/session.ts';
import { familyOf } from '../live/family.ts';
import type { LiveObject } from '../live/object.ts';
import type { Place } from './row-id.ts';

const all = new WeakMap<Session, Followed>();

/** Undefined if nothing of the session is followed. */
export function followedIn(session: Session): Followed | undefined {
  return all.get(session);
}

const { pods, replicaSets, jobs, cronJobs, autoscalers, claims } = followedKinds;

/** Whether children of the object are followed once somebody looks at them. */
export function hasFollowed({ groupKind, namespace }: LiveObject): boolean {
  return (
    namespace !== undefined &&
    (familyOf(groupKind) === 'workload' || groupKind === jobs || groupKind === cronJobs || groupKind === replicaSets)
  );
}

/** The scopes of the objects that the children of the place are made of. */
export function scopesOf(session: Session, { branch, node }: Place): readonly Scope[] {
  const [is, name = ''] = node ?? [];
  if (branch !== 'workload') return [];
  if (is === 'namespace')
    return [cronJobs, jobs, autoscalers, claims].map((groupKind) => ({
      groupKind,
      namespace: name,
      labelSelector: '',
    }));
  const object = is === 'object' ? (session.store.get(name) ?? followedIn(session)?.get(name)) : undefined;
  return object ? scopesBelow(object) : [];
}

function scopesBelow(object: LiveObject): readonly Scope[] {
  const { groupKind, namespace } = object;
  if (namespace === undefined) return [];
  const labelSelector = podSelectorOf(object);
  // Without a selector, it would be every pod of the namespace.
  if (labelSelector === '') return [];
  if (groupKind === jobs || groupKind === replicaSets) return [{ groupKind: pods, namespace, labelSelector }];
  if (familyOf(groupKind) !== 'workload') return [];
  const kinds = groupKind === 'apps/Deployment' ? [replicaSets, pods] : [pods];
  return kinds.map((own) => ({ groupKind: own, namespace, labelSelector }));
}

/** Follows what the places of each session need; `places` has the expanded rows by context. */
export class Follows {
  readonly #onChange: (context: string) => void;
  readonly #sessions = new Set<Session>();

  constructor(onChange: (context: string) => void) {
    this.#onChange = onChange;
  }

  want(sessions: ReadonlyMap<string, Session>, places: readonly Place[]): void {
    const wanted = new Map<Session, Scope[]>();
    for (const place of places) {
      const session = sessions.get(place.context);
      const scopes = session ? scopesOf(session, place) : [];
      if (session && scopes.length > 0) wanted.set(session, [...(wanted.get(session) ?? []), ...scopes]);
    }
    for (const session of this.#sessions) if (!wanted.has(session)) this.#release(session);
    for (const [session, scopes] of wanted) {
      let followed = all.get(session);
      if (!followed) all.set(session, (followed = new Followed(session, () => this.#onChange(session.context))));
      this.#sessions.add(session);
      followed.want(scopes);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => all.get(session)?.stop()));
    this.#sessions.clear();
  }

  #release(session: Session): void {
    this.#sessions.delete(session);
    void all.get(session)?.stop();
    all.delete(session);
  }
}
