// The watched kinds of a cluster with their states: the kinds of the explorer's families, and provider kinds once an
// object refers to them. Kinds are added and removed by discovery; a kind that may not be listed cluster-wide is tried in
// the context's namespace.
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

/** A watched kind. */
export interface Watched {
  readonly resource: Resource;
  /** Set if only this namespace is watched, because listing the whole cluster is forbidden. */
  readonly namespace?: string;
  readonly reflector: Reflector<LiveObject>;
  state: ReflectorState;
  /** A retry is in progress: the failure in `state` is from before it. */
  asked: boolean;
  /** Objects received of the list in progress. */
  coming: number;
}

export interface KindsOptions {
  readonly store: Store;
  /** The namespace to use if listing the whole cluster is forbidden. */
  readonly namespace: string;
  readonly gate: Gate;
  /** Whether the objects are watched after they are listed. */
  readonly follows: boolean;
  readonly log: (message: string) => void;
  /** A kind's state changed; `worth`: whether rows show it differently. */
  readonly onChange: (worth: boolean) => void;
  /** The server itself failed to handle a request. */
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

  /** Objects received of the lists in progress. */
  get listing(): number {
    return [...this.watched.values()].reduce((sum, { coming }) => sum + coming, 0);
  }

  /** Starts and stops watches to match what the server currently serves. */
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

  /** Watches the provider kinds that the object refers to. */
  follow(object: LiveObject): void {
    for (const groupKind of providerKinds(object)) {
      const resource = this.watched.has(groupKind) ? undefined : this.#discovery?.resources.get(groupKind);
      if (resource) this.#start(groupKind, resource);
    }
  }

  /** Retries the kinds that are waiting because of a matching failure. */
  retry(forFailure: (failure: Failure) => boolean): void {
    for (const watched of this.watched.values()) {
      const { resource, namespace, reflector, state } = watched;
      if (!state.failure || !forFailure(state.failure)) continue;
      // Listing all namespaces may be allowed now.
      if (namespace !== undefined && state.failure.kind === 'forbidden') this.#watch(resource, undefined);
      else {
        reflector.retry();
        watched.asked = true;
      }
    }
  }

  /** Whether the objects shown of the kind may be outdated. */
  isBehind(groupKind: GroupKind): boolean {
    const state = this.watched.get(groupKind)?.state;
    return state !== undefined && isBehind(state);
  }

  /** The newest resource version received from a complete list or a watch. */
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

  /** Relists everything: the server's resource versions went backward. */
  relist(): void {
    for (const { reflector, state } of this.watched.values()) if (state.synced) reflector.relist('behind');
  }

  /** Relists a kind of which the store didn't keep all objects. */
  refill(groupKind: GroupKind): void {
    const { reflector, state } = this.watched.get(groupKind) ?? {};
    if (state?.synced) reflector?.relist('room');
  }

  /** The user's permissions changed: checks again what may be listed. */
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
      follows: this.#options.follows,
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
    // While a list is in progress, its count is reported with an unchanged state.
    if (state !== before) watched.asked = false;
    const { failure } = state;
    if (failure?.kind === 'server' && failure.status !== undefined) this.#options.onTrouble();
    if (failure?.kind === 'forbidden' && namespace === undefined && resource.namespaced && !isListOnly(state)) {
      this.#watch(resource, this.#options.namespace);
      return;
    }
    // If a conversion webhook fails, another served version may be the stored one, which needs no conversion.
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
