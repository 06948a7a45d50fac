// Between live objects and files, the side of the clusters: what an object comes from, and which open clusters have what a
// file defines, in which state.
import { type Result, success } from '../engine/failure.ts';
import { redact } from '../engine/redact.ts';
import { readLive } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import type { LiveRef } from '../kube/identity.ts';
import { descriptionOf, knownHealth } from '../live/describe.ts';
import { inventoryOf } from '../live/inventory.ts';
import { keyOf, type LiveObject, type ObjectKey, trim } from '../live/object.ts';
import {
  appliersFrom,
  appliersOf,
  type FluxApplier,
  kustomization,
  type Origin,
  originsOf,
  sameAppliers,
} from '../live/origin.ts';
import { oncePerObject } from '../live/remembered.ts';
import type { LiveState } from '../protocol.ts';
import { followedIn } from './followed.ts';
import { refOf } from './rows.ts';
import { absenceOf } from './session-source.ts';
import type { Ground } from './view.ts';

/** Asks the server only for what isn't watched. */
export async function originsIn(session: Session, ref: LiveRef): Promise<Result<readonly Origin[]>> {
  const own = kept(session, keyOf(ref.groupKind, ref.namespace, ref.name));
  const raw = own ? undefined : await readLive(session, ref);
  if (raw && !raw.ok) return raw;
  const object = own ?? trim(raw?.value);
  if (!object) return success([{ ...ref, appliers: [] }]);
  const read: ReadOrigin = async (target) => {
    const known = kept(session, keyOf(target.groupKind, target.namespace, target.name));
    if (known) return known;
    const found = await readLive(session, { ...target, cluster: session.clusterId });
    return found.ok ? trim(found.value) : undefined;
  };
  return success(await allOrigins(object, read));
}

/** Of one that may not be read, or is gone, only the name is known. */
export type ReadOrigin = (target: Omit<LiveRef, 'cluster'>) => Promise<LiveObject | undefined>;

/** What an object comes from, itself first. */
export async function allOrigins(object: LiveObject, read: ReadOrigin): Promise<readonly Origin[]> {
  const steps = originsOf(object);
  let step = steps.next();
  while (!step.done) step = steps.next(await read(step.value));
  return step.value;
}

function kept(session: Session, key: ObjectKey): LiveObject | undefined {
  return session.store.get(key) ?? followedIn(session)?.get(key);
}

/** The states of what is wanted in each open cluster, in the order of the contexts; nothing of those that don't get it. */
export function statesIn(
  { fleet, problems }: Pick<Ground, 'fleet' | 'problems'>,
  wanted: readonly Origin[],
  contexts?: readonly string[],
): readonly LiveState[] {
  const now = Date.now();
  return [...fleet.sessions.values()].flatMap((session) => {
    if (session.state.is === 'gone' || contexts?.includes(session.context) === false) return [];
    return wanted.flatMap((one, index) => {
      const state = stateIn(session, one, index, now);
      if (state?.state !== 'progressing') return state ?? [];
      // The word of the view of problems.
      const trouble = problems.about(session, one);
      return trouble?.state === 'failed' ? { ...state, state: 'failed', description: redact(trouble.headline) } : state;
    });
  });
}

function stateIn(session: Session, wanted: Origin, index: number, now: number): LiveState | undefined {
  const { store, context, clockSkew } = session;
  const { groupKind, namespace, name, appliers } = wanted;
  const get = (key: ObjectKey) => store.get(key);
  const object = get(keyOf(groupKind, namespace, name));
  const found = { index, context, ref: refOf(session, wanted) };
  if (object) {
    const own = appliersOf(object, get);
    if (sameAppliers(appliers, own) === 'no') return undefined;
    if (session.isBehind(groupKind)) return { ...found, state: 'unknown', description: '' };
    const description = redact(descriptionOf(object, now + clockSkew));
    const delivery = deliveryOf(own[0], get, now + clockSkew);
    return { ...found, state: knownHealth(object).state, description, ...(delivery && { delivery }) };
  }
  const applier = applierIn(appliers, get);
  if (!applier || inventoryOf(applier).remote) return undefined;
  const key = keyOf(groupKind, namespace, name);
  const isApplied = inventoried(applier).has(key);
  const isAbsent = absenceOf(session, wanted) === 'not found';
  // Of a kind that isn't watched, what its Kustomization says is known.
  if (!isApplied && !isAbsent) return undefined;
  const delivery = deliveryOf(appliers[0], get, now + clockSkew);
  return { ...found, state: 'none', description: isAbsent ? 'not there' : 'applied', ...(delivery && { delivery }) };
}

const inventoried: (applier: LiveObject) => ReadonlySet<ObjectKey> = oncePerObject(
  (applier) => new Set(inventoryOf(applier).entries.map(({ key }) => key)),
);

/** What applies it, and at which revision: a change in Git arrives by it. */
function deliveryOf(
  applier: FluxApplier | undefined,
  get: (key: ObjectKey) => LiveObject | undefined,
  now: number,
): LiveState['delivery'] {
  const object = applier && get(keyOf(kustomization, applier.namespace, applier.name));
  if (!object) return undefined;
  const name = `Kustomization ${applier.namespace}/${applier.name}`;
  return { name, state: knownHealth(object).state, description: redact(descriptionOf(object, now)) };
}

/** The Kustomization that applies it, if the cluster has the one that the files mean. */
function applierIn(
  appliers: readonly FluxApplier[],
  get: (key: ObjectKey) => LiveObject | undefined,
): LiveObject | undefined {
  const [own] = appliers;
  const object = own && get(keyOf(kustomization, own.namespace, own.name));
  return object && sameAppliers(appliers, appliersFrom(object, get)) !== 'no' ? object : undefined;
}
