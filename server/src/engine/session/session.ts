// One open context: checks whether its server responds, discovers its kinds, and keeps a store of their objects. A failure
// affects no other context: each has its own connections, retries and state.
import { VersionApi } from '@kubernetes/client-node/dist/gen/index.js';
import type { GroupKind } from '../../kube/identity.ts';
import { text } from '../../live/fields.ts';
import { type Failure, isConnectionFailure } from '../failure.ts';
import { call } from '../transport/http-library.ts';
import { Transport } from '../transport/transport.ts';
import { collectionPath, type Discovery, definitions, discover } from '../watch/discovery.ts';
import { Kinds, type Watched } from '../watch/kinds.ts';
import { Reflector } from '../watch/reflector.ts';
import { isListOnly } from '../watch/reflector-state.ts';
import { Store } from '../watch/store.ts';
import { HealthProbe } from './health-probe.ts';
import { identify } from './identify.ts';
import { Reach } from './reach.ts';
import type { SessionOptions } from './session-options.ts';
import {
  idleSession,
  isDropped,
  isOpen,
  nextTry,
  type SessionEvent,
  type SessionModel,
  type SessionState,
  step,
} from './session-state.ts';
import { longestTurn } from './turns.ts';

const comparePauses: readonly number[] = [500, 1000, 2000, 4000, 8000, 16_000];

export class Session {
  readonly store: Store;
  readonly #options: SessionOptions;
  readonly #kinds: Kinds;
  /** The gate for requests that continue for long. */
  readonly reach: Reach;
  #model: SessionModel = idleSession;
  #transport: Transport | undefined;
  #discovery: Discovery | undefined;
  #clusterId = '';
  #crds: Reflector<string> | undefined;
  #healthProbe: HealthProbe | undefined;
  #rediscovery: NodeJS.Timeout | undefined;
  #comparison: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trying = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.reach = new Reach((failure) => this.#step({ event: 'broken', now: Date.now(), failure }));
    this.store = new Store({
      ...(options.objectLimit === undefined ? {} : { limit: options.objectLimit }),
      onBatch: (changes) => {
        // Provider kinds are watched as soon as an object refers to them.
        for (const { after } of changes.values()) if (after) this.#kinds.follow(after);
        options.onBatch(changes);
      },
      onRoom: (groupKind) => this.#kinds.refill(groupKind),
    });
    this.#kinds = new Kinds({
      store: this.store,
      namespace: options.namespace,
      gate: this.reach,
      follows: this.#follows,
      log: (message) => options.log('debug', `${options.context}: ${message}`),
      onChange: (worth) => {
        this.#noteSync();
        if (worth) options.onState();
      },
      onTrouble: () => this.suspect(),
    });
  }

  get #follows(): boolean {
    return this.#options.follows ?? true;
  }

  get context(): string {
    return this.#options.context;
  }

  get state(): SessionState {
    return this.#model.state;
  }

  /** Identifies the cluster regardless of the context; empty until the server has been reached. */
  get clusterId(): string {
    return this.#clusterId;
  }

  get transport(): Transport | undefined {
    return this.#transport;
  }

  /** Milliseconds by which the server's clock is ahead of ours. */
  get clockSkew(): number {
    return this.#transport?.clockSkew ?? 0;
  }

  get discovery(): Discovery | undefined {
    return this.#discovery;
  }

  get kinds(): ReadonlyMap<GroupKind, Watched> {
    return this.#kinds.watched;
  }

  /** Whether the objects shown of the kind, or of the whole context, may be outdated. */
  isBehind(groupKind: GroupKind): boolean {
    const { is } = this.#model.state;
    return (is !== 'live' && is !== 'syncing') || this.#kinds.isBehind(groupKind);
  }

  /** Number of known objects, including those of lists in progress. */
  get count(): number {
    return this.store.size + this.store.counted() + this.#kinds.listing;
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
    this.#kinds.retry(() => true);
  }

  /** The server failed on a request: checks its health. */
  suspect(): void {
    this.#healthProbe?.soon();
  }

  /** Checks the connections after the machine slept, or on another sign that they may be silently dead. */
  checkNow(): void {
    this.#transport?.checkNow();
    if (this.#model.state.is === 'stale' || this.#model.state.is === 'unreachable')
      this.#step({ event: 'retry', now: Date.now() });
  }

  async close(): Promise<void> {
    this.#step({ event: 'close' });
    await this.#end();
  }

  /** The context was removed from the kubeconfig; `why` is set if it is still there but can't be used. */
  async remove(why?: Failure): Promise<void> {
    this.#step({ event: 'removed', ...(why ? { failure: why } : {}) });
    await this.#end();
  }

  /** Waits until everything that can be listed is, or the session can't continue without the server or the user. */
  settled(signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const check = () => {
        if (!signal.aborted && !this.#settle()) return;
        clearInterval(timer);
        done();
      };
      const timer = setInterval(check, 5);
      signal.addEventListener('abort', check, { once: true });
      check();
    });
  }

  /** Whether all that was asked for has arrived; what has is reported, since it may ask for more. */
  #settle(): boolean {
    const { is } = this.#model.state;
    if (is === 'connecting' || is === 'syncing' || (this.#discovery && isDropped(this.#model.state))) return false;
    if (is !== 'live') return true;
    // A throttling server is waited for: the list succeeds shortly after.
    const isListed = () =>
      [...this.#kinds.watched.values()].every(
        ({ state: { synced, failure } }) => synced || (failure !== undefined && failure.kind !== 'throttled'),
      );
    if (!isListed()) return false;
    // Objects of a pending batch may refer to provider kinds, which are watched next.
    this.store.flush();
    return isListed();
  }

  #step(happened: SessionEvent): void {
    const before = this.#model;
    this.#model = step(before, happened);
    if (this.#model === before) return;
    this.reach.set(isOpen(this.#model));
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

  /** Sends one request for the whole context, however many kinds are waiting. The first waits for its turn. */
  async #try(): Promise<void> {
    if (!this.#transport || this.#trying) return;
    this.#trying = true;
    const end = this.#discovery ? undefined : await this.#options.turn?.();
    if (this.#transport) await this.#ask(this.#transport);
    else this.#trying = false;
    if (end) void this.settled(AbortSignal.timeout(longestTurn)).then(end);
    this.#schedule();
  }

  async #ask(transport: Transport): Promise<void> {
    const asked = call(transport, (configuration) => new VersionApi(configuration).getCode(), { quiet: 15_000 });
    const answer = await asked.finally(() => {
      this.#trying = false;
    });
    if (transport !== this.#transport) return;
    // A server that denies access to /version is reachable nevertheless.
    if (answer.ok || answer.failure.kind === 'forbidden' || answer.failure.kind === 'notFound') {
      this.#step({ event: 'reached', now: Date.now(), version: answer.ok ? (answer.value?.gitVersion ?? '') : '' });
      await this.#reached(transport);
    } else {
      this.#log('debug', answer.failure);
      // If the server doesn't respond, the open connections are dead too, and would be noticed late.
      if (answer.failure.kind === 'timeout') transport.checkNow();
      this.#step({ event: 'failed', now: Date.now(), failure: answer.failure });
    }
  }

  async #reached(transport: Transport): Promise<void> {
    this.#kinds.retry(
      (failure) => isConnectionFailure(failure) || failure.kind === 'unauthorized' || failure.kind === 'credential',
    );
    if (this.#clusterId === '') {
      const found = await identify(transport, this.#options.endpoint);
      if (transport !== this.#transport) return;
      this.#clusterId = found;
    }
    // Kinds whose watch only resumes may have no events for a while.
    this.#noteSync();
    if (!this.#discovery) await this.#discover(transport);
    else await this.#compareVersions(transport);
    if (transport !== this.#transport || !this.#follows) return;
    if (this.#healthProbe) this.#healthProbe.soon();
    else {
      this.#healthProbe = new HealthProbe({
        transport,
        namespace: this.#options.namespace,
        // Also open for a user who may list nothing, so that a change of permissions is noticed.
        isOpen: () => this.reach.isOpen || this.#isForbidden(),
        onHealth: (unhealthy) => this.#step({ event: 'health', ...(unhealthy ? { unhealthy } : {}) }),
        onLost: (failure) => this.reach.broken(failure),
        onPermissions: () => {
          this.#kinds.permitted();
          if (this.#isForbidden()) this.#step({ event: 'retry', now: Date.now() });
        },
      });
    }
  }

  #isForbidden(): boolean {
    const { state } = this.#model;
    return state.is === 'denied' && state.why.kind === 'forbidden';
  }

  /**
   * A server that is back may be behind its earlier state: restored from a backup, or another replica. A watch from a
   * version it hasn't reached stays silent, so this checks whether it has reached the version; after an inconclusive
   * response, such as from a server that has just started, it retries after the pauses in `again`.
   */
  async #compareVersions(transport: Transport, again: readonly number[] = comparePauses): Promise<void> {
    clearTimeout(this.#comparison);
    const newest = this.#kinds.newest();
    if (!newest) return;
    // The reflector's question rather than a list of objects; KubernetesObjectApi has no resourceVersionMatch.
    const query = `limit=1&resourceVersion=${newest.resourceVersion}&resourceVersionMatch=NotOlderThan`;
    const answer = await transport.text({ path: `${newest.path}?${query}`, quiet: 15_000 });
    // After a connection failure, the session reconnects first and then compares again.
    if (answer.ok || transport !== this.#transport || isConnectionFailure(answer.failure)) return;
    if (answer.failure.kind === 'tooNew') {
      this.#log('warn', answer.failure);
      this.#kinds.relist();
      this.#crds?.relist('behind');
      return;
    }
    this.#log('debug', answer.failure);
    const [pause, ...more] = again;
    if (pause === undefined) return;
    this.#comparison = setTimeout(() => void this.#compareVersions(transport, more), pause);
    this.#comparison.unref();
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
    if (first && this.#follows) this.#watchCrds(transport);
    this.#kinds.match(transport, found.value);
    this.#noteSync();
    this.#options.onState();
  }

  /** Kinds are added and removed with their CRDs, of which only the names are watched. */
  #watchCrds(transport: Transport): void {
    let known = false;
    const changed = () => {
      if (known) this.#rediscover([300, 2_000]);
    };
    this.#crds = new Reflector<string>({
      transport,
      path: collectionPath(definitions),
      metadataOnly: true,
      follows: true,
      gate: this.reach,
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
          // Without permission to watch CRDs, new kinds are still discovered, with a delay.
          if (state.failure?.kind === 'forbidden' && !this.#rediscovery) this.#rediscover([300_000]);
        },
      },
    });
  }

  #rediscover([wait = 0, ...more]: readonly number[]): void {
    clearTimeout(this.#rediscovery);
    this.#rediscovery = setTimeout(async () => {
      this.#rediscovery = undefined;
      if (this.#transport) await this.#discover(this.#transport);
      // The kind is served shortly after its CRD is established.
      if (more.length > 0) this.#rediscover(more);
    }, wait);
    this.#rediscovery.unref();
  }

  /** Live once each kind is listed or has failed; denied if none of them may be listed. */
  #noteSync(): void {
    if (this.#model.state.is !== 'syncing' || !this.#discovery) return;
    const kinds = [...this.#kinds.watched.values()];
    // A failure from before the retry is ignored.
    const answered = kinds.every(({ state: { synced, failure }, asked }) => {
      return synced || (!asked && failure !== undefined && !isConnectionFailure(failure));
    });
    if (!answered) return;
    const refused = kinds.flatMap(({ state, asked }) =>
      !asked && state.failure?.kind === 'forbidden' && !isListOnly(state) ? [state.failure] : [],
    );
    if (kinds.length > 0 && refused.length === kinds.length)
      this.#step({ event: 'failed', now: Date.now(), failure: refused[0]! });
    else this.#step({ event: 'synced', now: Date.now() });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#rediscovery);
    clearTimeout(this.#comparison);
    this.#healthProbe?.close();
    this.#healthProbe = undefined;
    const stopped = this.#kinds.stop();
    this.#transport?.close();
    this.#transport = undefined;
    this.#discovery = undefined;
    const crdReflector = this.#crds;
    this.#crds = undefined;
    this.store.close();
    await Promise.all([stopped, crdReflector?.stop()]);
  }

  #log(level: 'warn' | 'debug', failure: Failure): void {
    this.#options.log(level, `${this.context}: ${failure.message}`);
  }
}
