// One open context: finds out whether its server answers, which kinds it serves, and keeps a store of them. What breaks
// here holds up no other context: each has its own connections, its own tries and its own state.
import { createHash } from 'node:crypto';
import type { GroupKind } from '../kube/identity.ts';
import { familyOf } from '../live/family.ts';
import { text } from '../live/fields.ts';
import { type LiveObject, objectKey, trim } from '../live/object.ts';
import { providerKinds } from '../live/providers.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './dial.ts';
import { collectionPath, type Discovery, discover, type Resource } from './discovery.ts';
import { type Failure, isConnectionFailure } from './failure.ts';
import { Reach } from './reach.ts';
import { Reflector } from './reflector.ts';
import type { ReflectorState } from './reflector-state.ts';
import {
  idleSession,
  isOpen,
  nextTry,
  type SessionEvent,
  type SessionModel,
  type SessionState,
  step,
} from './session-state.ts';
import { type Change, Store } from './store.ts';
import { Transport, type TransportOptions } from './transport.ts';

export interface SessionOptions {
  readonly context: string;
  /** Where to look when the whole cluster may not be listed. */
  readonly namespace: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly userAgent: string;
  readonly times?: TransportOptions['times'];
  readonly onState: () => void;
  readonly onBatch: (changes: ReadonlyMap<string, Change>) => void;
  readonly log: (level: 'error' | 'warn' | 'info' | 'debug', message: string) => void;
}

/** A kind that is watched. */
export interface Watched {
  readonly resource: Resource;
  /** Only this namespace, since the whole cluster may not be listed. */
  readonly namespace?: string;
  readonly reflector: Reflector<LiveObject>;
  state: ReflectorState;
}

const crds: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  versions: ['v1'],
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  verbs: ['list', 'watch'],
  shortNames: [],
  singular: 'customresourcedefinition',
};

export class Session {
  readonly store: Store;
  readonly #options: SessionOptions;
  readonly #kinds = new Map<GroupKind, Watched>();
  readonly #reach: Reach;
  #model: SessionModel = idleSession;
  #transport: Transport | undefined;
  #discovery: Discovery | undefined;
  #clusterId = '';
  #crds: Reflector<string> | undefined;
  #rediscovery: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trying = false;
  #listing = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#reach = new Reach((failure) => this.#step({ event: 'broken', now: Date.now(), failure }));
    this.store = new Store((changes) => {
      this.#follow(changes);
      options.onBatch(changes);
    });
  }

  get context(): string {
    return this.#options.context;
  }

  get state(): SessionState {
    return this.#model.state;
  }

  /** What identifies the cluster, whichever context leads to it; empty before it was reached. */
  get clusterId(): string {
    return this.#clusterId;
  }

  get transport(): Transport | undefined {
    return this.#transport;
  }

  get discovery(): Discovery | undefined {
    return this.#discovery;
  }

  get kinds(): ReadonlyMap<GroupKind, Watched> {
    return this.#kinds;
  }

  /** Objects known, those of lists under way included. */
  get count(): number {
    return this.store.size + this.#listing;
  }

  open(): void {
    if (this.#model.state.is !== 'idle' && this.#model.state.is !== 'gone') return;
    const { endpoint, credentials, userAgent, times } = this.#options;
    this.#transport = new Transport({ endpoint, credentials, userAgent, ...(times ? { times } : {}) });
    this.#step({ event: 'open', now: Date.now() });
  }

  retry(): void {
    this.#options.credentials.forget();
    this.#step({ event: 'retry', now: Date.now() });
    for (const { reflector } of this.#kinds.values()) reflector.retry();
  }

  /** After the machine slept, or another sign that connections may be dead without having said so. */
  checkNow(): void {
    this.#transport?.checkNow();
    if (this.#model.state.is === 'stale' || this.#model.state.is === 'unreachable')
      this.#step({ event: 'retry', now: Date.now() });
  }

  async close(): Promise<void> {
    this.#step({ event: 'close' });
    await this.#end();
  }

  /** The kubeconfig no longer has it. */
  async remove(): Promise<void> {
    this.#step({ event: 'removed' });
    await this.#end();
  }

  /** Waits until everything that can be listed is, or the session stands still for want of a server or a person. */
  settled(signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const check = () => {
        if (!signal.aborted && !this.#isSettled()) return;
        clearInterval(timer);
        done();
      };
      const timer = setInterval(check, 20);
      signal.addEventListener('abort', check, { once: true });
      check();
    });
  }

  #isSettled(): boolean {
    const { is } = this.#model.state;
    if (is === 'connecting' || is === 'syncing') return false;
    // What a batch names may be watched next: a provider's kinds.
    return (
      is !== 'live' ||
      (!this.store.unsettled &&
        [...this.#kinds.values()].every(({ state }) => state.synced || state.failure !== undefined))
    );
  }

  #step(happened: SessionEvent): void {
    const before = this.#model;
    this.#model = step(before, happened);
    if (this.#model === before) return;
    this.#reach.set(isOpen(this.#model));
    if (this.#model.state !== before.state) this.#options.onState();
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const at = nextTry(this.#model);
    if (at === undefined || this.#trying) return;
    this.#timer = setTimeout(() => void this.#try(), Math.max(0, at - Date.now()));
    this.#timer.unref();
  }

  /** One request for the whole context, however many kinds wait for it. */
  async #try(): Promise<void> {
    const transport = this.#transport;
    if (!transport || this.#trying) return;
    this.#trying = true;
    const answer = await transport.json<{ gitVersion?: string }>({ path: '/version', quiet: 15_000 });
    this.#trying = false;
    if (transport !== this.#transport) return this.#schedule();
    // A server that lets us no further than the door is reached all the same.
    if (answer.ok || answer.failure.kind === 'forbidden' || answer.failure.kind === 'notFound') {
      this.#step({ event: 'reached', now: Date.now(), version: answer.ok ? (answer.value.gitVersion ?? '') : '' });
      await this.#reached(transport);
    } else {
      this.#log('debug', answer.failure);
      this.#step({ event: 'failed', now: Date.now(), failure: answer.failure });
    }
    this.#schedule();
  }

  async #reached(transport: Transport): Promise<void> {
    for (const { reflector, state } of this.#kinds.values()) {
      if (
        state.failure &&
        (isConnectionFailure(state.failure) ||
          state.failure.kind === 'unauthorized' ||
          state.failure.kind === 'credential')
      )
        reflector.retry();
    }
    if (this.#clusterId === '') this.#clusterId = await identify(transport, this.#options.endpoint);
    if (!this.#discovery) await this.#discover(transport);
  }

  async #discover(transport: Transport): Promise<void> {
    const found = await discover(transport);
    if (transport !== this.#transport) return;
    if (!found.ok) {
      this.#log('warn', found.failure);
      if (!this.#discovery) this.#step({ event: 'failed', now: Date.now(), failure: found.failure });
      return;
    }
    const first = !this.#discovery;
    this.#discovery = found.value;
    if (first) this.#watchCrds(transport);
    this.#matchKinds();
    this.#noteSync();
    this.#options.onState();
  }

  /** Kinds come and go with their CRDs, which are watched by name alone. */
  #watchCrds(transport: Transport): void {
    let known = false;
    const changed = () => {
      if (known) this.#rediscover([300, 2_000]);
    };
    this.#crds = new Reflector<string>({
      transport,
      path: collectionPath(crds),
      metadataOnly: true,
      stream: true,
      gate: this.#reach,
      log: (message) => this.#options.log('debug', message),
      sink: {
        read: (raw) => text(raw, 'metadata', 'name'),
        replace: () => {
          changed();
          known = true;
        },
        put: changed,
        remove: changed,
        state: (state) => {
          // Who may not watch CRDs still meets new kinds, a little later.
          if (state.failure?.kind === 'forbidden') this.#rediscover([300_000]);
        },
      },
    });
  }

  #rediscover([wait = 0, ...more]: readonly number[]): void {
    clearTimeout(this.#rediscovery);
    this.#rediscovery = setTimeout(async () => {
      if (this.#transport) await this.#discover(this.#transport);
      // Served a moment after the CRD is established.
      if (more.length > 0) this.#rediscover(more);
    }, wait);
    this.#rediscovery.unref();
  }

  #matchKinds(): void {
    const { resources, stale } = this.#discovery!;
    for (const [groupKind, { resource }] of this.#kinds) {
      const now = resources.get(groupKind);
      if (now?.versions.includes(resource.version)) {
        const watched = this.#kinds.get(groupKind)!;
        if (watched.state.failure?.kind === 'notFound') watched.reflector.retry();
      } else if (now) this.#watch(now, this.#kinds.get(groupKind)!.namespace);
      else if (!stale.includes(resource.group)) this.#unwatch(groupKind);
    }
    for (const [groupKind, resource] of resources)
      if (familyOf(groupKind) !== undefined) this.#start(groupKind, resource);
    for (const object of this.store.all()) this.#followOne(object);
  }

  #start(groupKind: GroupKind, resource: Resource): void {
    if (this.#kinds.has(groupKind) || !resource.verbs.includes('list') || !resource.verbs.includes('watch')) return;
    this.#watch(resource, undefined);
  }

  #watch(resource: Resource, namespace: string | undefined): void {
    const groupKind: GroupKind = `${resource.group}/${resource.kind}`;
    const transport = this.#transport!;
    const previous = this.#kinds.get(groupKind);
    if (previous) void previous.reflector.stop();
    let listed = 0;
    const reflector: Reflector<LiveObject> = new Reflector<LiveObject>({
      transport,
      path: collectionPath(resource, namespace),
      metadataOnly: false,
      stream: true,
      gate: this.#reach,
      log: (message) => this.#options.log('debug', `${this.context}: ${message}`),
      sink: {
        read: (raw) => trim(raw),
        replace: (objects) => this.store.replace(groupKind, objects),
        put: (object) => this.store.put(object),
        remove: (object) => this.store.remove(objectKey(object), object.uid),
        state: (state, count) => {
          this.#listing += (state.synced ? 0 : count) - listed;
          listed = state.synced ? 0 : count;
          this.#kindChanged(groupKind, reflector, state);
        },
      },
    });
    this.#kinds.set(groupKind, {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      reflector,
      state: reflector.state,
    });
  }

  #kindChanged(groupKind: GroupKind, reflector: Reflector<LiveObject>, state: ReflectorState): void {
    const watched = this.#kinds.get(groupKind);
    if (watched?.reflector !== reflector) return;
    const before = watched.state;
    watched.state = state;
    const { resource, namespace } = watched;
    if (state.failure?.kind === 'forbidden' && namespace === undefined && resource.namespaced && !state.synced) {
      this.#watch(resource, this.#options.namespace);
      return;
    }
    if (
      state.failure?.kind === 'server' &&
      /conversion webhook/.test(state.failure.message) &&
      before.failure === undefined
    ) {
      const next = resource.versions[resource.versions.indexOf(resource.version) + 1];
      if (next !== undefined) this.#watch({ ...resource, version: next }, namespace);
    }
    this.#noteSync();
    if (before.failure?.kind !== state.failure?.kind || before.synced !== state.synced) this.#options.onState();
  }

  /** Live once each kind has answered, well or badly; denied where none of them may be listed. */
  #noteSync(): void {
    if (this.#model.state.is !== 'syncing' || !this.#discovery) return;
    const kinds = [...this.#kinds.values()].map(({ state }) => state);
    if (!kinds.every(({ synced, failure }) => synced || (failure !== undefined && !isConnectionFailure(failure))))
      return;
    const refused = kinds.map(({ failure }) => failure).filter((failure) => failure?.kind === 'forbidden');
    if (kinds.length > 0 && refused.length === kinds.length)
      this.#step({ event: 'failed', now: Date.now(), failure: refused[0]! });
    else this.#step({ event: 'synced', now: Date.now() });
  }

  #unwatch(groupKind: GroupKind): void {
    const watched = this.#kinds.get(groupKind);
    if (!watched) return;
    this.#kinds.delete(groupKind);
    void watched.reflector.stop();
    this.store.replace(groupKind, []);
  }

  /** Providers' kinds are watched as soon as an object names them. */
  #follow(changes: ReadonlyMap<string, Change>): void {
    for (const { after } of changes.values()) if (after) this.#followOne(after);
  }

  #followOne(object: LiveObject): void {
    for (const groupKind of providerKinds(object)) {
      if (this.#kinds.has(groupKind)) continue;
      const resource = this.#discovery?.resources.get(groupKind);
      if (resource) this.#start(groupKind, resource);
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#rediscovery);
    const reflectors = [...this.#kinds.values()].map(({ reflector }) => reflector);
    this.#kinds.clear();
    this.#transport?.close();
    this.#transport = undefined;
    this.#discovery = undefined;
    const crdReflector = this.#crds;
    this.#crds = undefined;
    this.store.close();
    this.#listing = 0;
    await Promise.all([...reflectors.map((reflector) => reflector.stop()), crdReflector?.stop()]);
  }

  #log(level: 'warn' | 'debug', failure: Failure): void {
    this.#options.log(level, `${this.context}: ${failure.message}`);
  }
}

/** The uid of `kube-system`; where that may not be read, what the connection itself says. */
async function identify(transport: Transport, { cluster }: Endpoint): Promise<string> {
  const found = await transport.json<unknown>({ path: '/api/v1/namespaces/kube-system' });
  const uid = found.ok ? text(found.value, 'metadata', 'uid') : undefined;
  return (
    uid ??
    `server:${createHash('sha256')
      .update(`${cluster.server}\n${cluster.caData ?? cluster.caFile ?? ''}`)
      .digest('hex')
      .slice(0, 16)}`
  );
}
