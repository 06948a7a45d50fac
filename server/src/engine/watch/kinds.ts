// Which kinds of a cluster are watched, and how each of them fares: those of the explorer's families, and providers'
// kinds once an object names them. Kinds come and go with discovery; what may not be listed is tried by namespace.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { familyOf } from '../../live/family.ts';
import { type LiveObject, objectKey, outline, trim } from '../../live/object.ts';
import { providerKinds } from '../../live/providers.ts';
import type { Failure } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import { collectionPath, type Discovery, type Resource } from './discovery.ts';
import { type Gate, Reflector } from './reflector.ts';
import { isBehind, isListOnly, type ReflectorState } from './reflector-state.ts';
import type { Store } from './store.ts';

/** A kind that is watched. */
export interface Watched {
  readonly resource: Resource;
  /** Only this namespace, since the whole cluster may not be listed. */
  readonly namespace?: string;
  readonly reflector: Reflector<LiveObject>;
  state: ReflectorState;
  /** Being asked anew: the failure of `state` is of before. */
  asked: boolean;
  /** Objects of the list under way. */
  coming: number;
}

export interface KindsOptions {
  readonly store: Store;
  /** Where to look when the whole cluster may not be listed. */
  readonly namespace: string;
  readonly gate: Gate;
  readonly log: (message: string) => void;
  /** A kind's state changed; `worth` telling when what rows say of it is another. */
  readonly onChange: (worth: boolean) => void;
  /** The server itself failed on a request. */
  readonly onTrouble: () => void;
}

export class Kinds {
  readonly watched = new Map<GroupKind, Watched>();
  readonly #options: KindsOptions;
  #transport: Transport | undefined;
  #discovery: Discovery | undefined;

  constructor(options: KindsOptions) {
    this.#options = options;
  }

  /** Objects of lists under way. */
  get listing(): number {
    return [...this.watched.values()].reduce((sum, { coming }) => sum + coming, 0);
  }

  /** Starts and ends watches so that they are what the server serves now. */
  match(transport: Transport, discovery: Discovery): void {
    this.#transport = transport;
    this.#discovery = discovery;
    const { resources, stale } = discovery;
    for (const [groupKind, { resource, namespace, state, reflector }] of this.watched) {
      const now = resources.get(groupKind);
      if (now?.versions.includes(resource.version)) {
        if (state.failure?.kind === 'notFound') reflector.retry();
      } else if (now) this.#watch(now, namespace);
      else if (!stale.includes(resource.group)) this.#unwatch(groupKind);
    }
    for (const [groupKind, resource] of resources)
      if (familyOf(groupKind) !== undefined) this.#start(groupKind, resource);
    for (const object of this.#options.store.all()) this.follow(object);
  }

  /** Watches the kinds that the object names. */
  follow(object: LiveObject): void {
    for (const groupKind of providerKinds(object)) {
      const resource = this.watched.has(groupKind) ? undefined : this.#discovery?.resources.get(groupKind);
      if (resource) this.#start(groupKind, resource);
    }
  }

  /** Ends the waits of kinds that stand still for such a failure. */
  retry(forFailure: (failure: Failure) => boolean): void {
    for (const watched of this.watched.values()) {
      const { resource, namespace, reflector, state } = watched;
      if (!state.failure || !forFailure(state.failure)) continue;
      // What wasn't allowed in all namespaces may be now.
      if (namespace !== undefined && state.failure.kind === 'forbidden') this.#watch(resource, undefined);
      else {
        reflector.retry();
        watched.asked = true;
      }
    }
  }

  /** Whether what is shown of the kind may be old. */
  isBehind(groupKind: GroupKind): boolean {
    const state = this.watched.get(groupKind)?.state;
    return state !== undefined && isBehind(state);
  }

  /** The newest version of objects that a whole list or a watch has brought. */
  newest(): { readonly path: string; readonly resourceVersion: string } | undefined {
    let newest: { path: string; resourceVersion: string } | undefined;
    for (const { resource, namespace, state } of this.watched.values()) {
      const { resourceVersion } = state;
      if (!state.synced || !/^\d+$/.test(resourceVersion)) continue;
      if (!newest || BigInt(resourceVersion) > BigInt(newest.resourceVersion))
        newest = { path: collectionPath(resource, namespace), resourceVersion };
    }
    return newest;
  }

  /** Lists everything anew: the server's versions went back. */
  relist(): void {
    for (const { reflector, state } of this.watched.values()) if (state.synced) reflector.relist('behind');
  }

  /** Lists a kind anew of which not all objects were kept. */
  refill(groupKind: GroupKind): void {
    const { reflector, state } = this.watched.get(groupKind) ?? {};
    if (state?.synced) reflector?.relist('room');
  }

  /** What may be listed is another than before. */
  permitted(): void {
    for (const watched of this.watched.values()) {
      if (watched.namespace === undefined) {
        watched.reflector.resume();
        watched.asked = true;
      } else this.#watch(watched.resource, undefined);
    }
  }

  async stop(): Promise<void> {
    const reflectors = [...this.watched.values()].map(({ reflector }) => reflector);
    this.watched.clear();
    this.#transport = undefined;
    this.#discovery = undefined;
    await Promise.all(reflectors.map((reflector) => reflector.stop()));
  }

  #start(groupKind: GroupKind, resource: Resource): void {
    if (this.watched.has(groupKind) || !resource.verbs.includes('list') || !resource.verbs.includes('watch')) return;
    this.#watch(resource, undefined);
  }

  #watch(resource: Resource, namespace: string | undefined): void {
    const { store, gate, log } = this.#options;
    const groupKind = groupKindOf(resource);
    void this.watched.get(groupKind)?.reflector.stop();
    const reflector: Reflector<LiveObject> = new Reflector<LiveObject>({
      transport: this.#transport!,
      path: collectionPath(resource, namespace),
      metadataOnly: false,
      stream: true,
      gate,
      log,
      sink: {
        read: (raw, before) => (before < store.limit ? trim(raw) : outline(raw)),
        replace: (objects) => store.replace(groupKind, objects),
        put: (object) => store.put(object),
        remove: (object) => store.remove(objectKey(object), groupKind, object.uid),
        state: (state, count) => this.#changed(groupKind, reflector, state, count),
      },
    });
    this.watched.set(groupKind, {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      reflector,
      state: reflector.state,
      asked: false,
      coming: 0,
    });
  }

  #changed(groupKind: GroupKind, reflector: Reflector<LiveObject>, state: ReflectorState, count: number): void {
    const watched = this.watched.get(groupKind);
    if (watched?.reflector !== reflector) return;
    const { resource, namespace, state: before } = watched;
    watched.state = state;
    watched.coming = state.synced ? 0 : count;
    // A list that is coming in tells its count with the state it had.
    if (state !== before) watched.asked = false;
    const { failure } = state;
    if (failure?.kind === 'server' && failure.status !== undefined) this.#options.onTrouble();
    if (failure?.kind === 'forbidden' && namespace === undefined && resource.namespaced && !isListOnly(state)) {
      this.#watch(resource, this.#options.namespace);
      return;
    }
    // Where a conversion webhook fails, another served version may be the stored one, which needs none.
    const converts = ({ message }: Failure) => /conversion webhook/.test(message);
    const broken = failure?.kind === 'server' && converts(failure) && !(before.failure && converts(before.failure));
    const other = broken ? resource.versions[resource.versions.indexOf(resource.version) + 1] : undefined;
    if (other !== undefined) this.#watch({ ...resource, version: other }, namespace);
    else {
      const worth =
        before.failure?.kind !== failure?.kind ||
        before.synced !== state.synced ||
        isBehind(before) !== isBehind(state);
      this.#options.onChange(worth);
    }
  }

  #unwatch(groupKind: GroupKind): void {
    const watched = this.watched.get(groupKind);
    if (!watched) return;
    this.watched.delete(groupKind);
    void watched.reflector.stop();
    this.#options.store.replace(groupKind, []);
    this.#options.onChange(true);
  }
}
