// All contexts of the kubeconfig, of which those the user opened have a session. Tells which rows changed to whoever
// asked for them; one dead context delays nobody.
import { dirname } from 'node:path';
import { paged, pageOf } from '../../explorer/paging.ts';
import { partsOf } from '../../explorer/row-id.ts';
import { childRows, contextRow } from '../../explorer/rows.ts';
import { knownHealth } from '../../live/describe.ts';
import type { ContextList, Row, RowId, Summary } from '../../protocol.ts';
import { type Ask, Consents, consentFile } from '../credentials/consent.ts';
import { CredentialStore } from '../credentials/credentials.ts';
import { failed, type Result, success } from '../failure.ts';
import { matches } from '../kubeconfig/context-pattern.ts';
import { contextList, type KubeConfig, type Selection, type Target, targetOf } from '../kubeconfig/kubeconfig.ts';
import { KubeConfigWatch } from '../kubeconfig/watch.ts';
import { endpointOf } from '../transport/dial.ts';
import { Session, type SessionOptions } from './session.ts';

export interface FleetOptions {
  readonly selection: Selection;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** VS Code's `http.proxy`. */
  readonly proxy?: string;
  /** Names or patterns with `*`. */
  readonly readOnlyContexts: readonly string[];
  readonly userAgent: string;
  /** Whether plugins may use this process's terminal. */
  readonly terminal: boolean;
  readonly ask: Ask;
  /** Remember consents beyond this process. */
  readonly remember: boolean;
  /** Children a row shows at once; all of them unless told. */
  readonly pageSize?: number;
  readonly times?: SessionOptions['times'];
  /** Objects kept of a cluster; all of them unless told. */
  readonly objectLimit?: number;
  readonly log: SessionOptions['log'];
  /** Rows asked for whose children are others now; null is the root. */
  readonly onChanged: (ids: readonly (RowId | null)[]) => void;
  readonly onSummary: (summary: Summary) => void;
}

/** Milliseconds between looks at the clock; a jump means that the machine slept. */
const tick = 5_000;

export class Fleet {
  readonly #options: FleetOptions;
  readonly #watch: KubeConfigWatch;
  readonly #credentials: CredentialStore;
  readonly #sessions = new Map<string, Session>();
  readonly #fingerprints = new Map<string, string>();
  /** What was last answered for each row that is subscribed to. */
  readonly #told = new Map<RowId | null, string>();
  /** Made to find that they changed, kept for whoever asks for them now. */
  readonly #made = new Map<RowId | null, { rows: readonly Row[]; said: string; revision: string }>();
  readonly #clock: NodeJS.Timeout;
  #ticked = Date.now();
  #telling: NodeJS.Timeout | undefined;
  readonly #stale = new Set<string>();
  #summary = '';

  constructor(options: FleetOptions) {
    this.#options = options;
    const { env, ask, terminal } = options;
    const consents = new Consents(ask, env, options.remember ? consentFile(env) : undefined);
    this.#credentials = new CredentialStore({
      env,
      terminal,
      ...(options.remember ? { lockFolder: dirname(consentFile(env)) } : {}),
      allow: (program, exec, user) => consents.allow(program, exec, user),
    });
    this.#watch = new KubeConfigWatch(options.selection, (config) => this.#changed(config));
    this.#clock = setInterval(() => this.#tick(), tick);
    this.#clock.unref();
  }

  get config(): KubeConfig {
    return this.#watch.config;
  }

  contexts(): ContextList {
    return contextList(this.config);
  }

  session(context: string): Session | undefined {
    return this.#sessions.get(context);
  }

  isReadOnly(context: string): boolean {
    return this.#options.readOnlyContexts.some((pattern) => matches(pattern, context));
  }

  open(contexts: readonly string[]): Result<true> {
    for (const context of contexts) {
      const known = this.#sessions.get(context);
      if (known && known.state.is !== 'gone') continue;
      const target = targetOf(this.config, context);
      if (!target.ok) return target;
      this.#start(context, target.value);
    }
    return success(true);
  }

  async close(contexts: readonly string[]): Promise<void> {
    await Promise.all(
      contexts.map(async (context) => {
        const session = this.#sessions.get(context);
        this.#sessions.delete(context);
        this.#fingerprints.delete(context);
        this.#touch(context);
        await session?.close();
      }),
    );
  }

  retry(context: string): Result<true> {
    const session = this.#sessions.get(context);
    if (!session || session.state.is === 'gone') return this.open([context]);
    session.retry();
    return success(true);
  }

  /** Subscribes to the children of the row until it is released. */
  rows(id: RowId | undefined): readonly Row[] {
    const made = this.#made.get(id ?? null);
    const isNow = made !== undefined && made.revision === this.#revision(id ?? null);
    const rows = isNow ? made.rows : this.#rowsOf(id ?? null);
    this.#made.delete(id ?? null);
    this.#told.set(id ?? null, isNow ? made.said : JSON.stringify(rows));
    return rows;
  }

  release(ids: readonly RowId[]): void {
    for (const id of ids) {
      this.#told.delete(id);
      this.#made.delete(id);
    }
  }

  summary(): Summary {
    const sessions = [...this.#sessions.values()].filter(({ state }) => state.is !== 'gone');
    let [failures, progressing, unreachable, notKept] = [0, 0, 0, 0];
    for (const { state, store } of sessions) {
      if (state.is === 'stale' || state.is === 'unreachable' || state.is === 'denied' || state.is === 'auth-needed')
        unreachable++;
      notKept += store.counted();
      for (const object of store.all()) {
        const health = knownHealth(object).state;
        if (health === 'failed') failures++;
        else if (health === 'progressing') progressing++;
      }
    }
    const busy = sessions.some(({ state }) => state.is === 'connecting' || state.is === 'syncing');
    const said = [
      ...(failures > 0 ? [`${failures} failed`] : []),
      ...(progressing > 0 ? [`${progressing} progressing`] : []),
      ...(unreachable > 0 ? [`${unreachable} of ${sessions.length} contexts not reached`] : []),
      ...(notKept > 0 ? [`${notKept} objects counted only`] : []),
    ];
    return {
      open: sessions.length,
      state:
        failures > 0
          ? 'failed'
          : unreachable > 0
            ? 'unknown'
            : progressing > 0
              ? 'progressing'
              : busy
                ? 'busy'
                : sessions.length > 0
                  ? 'ready'
                  : 'none',
      failed: failures,
      progressing,
      unreachable,
      sentence:
        sessions.length === 0
          ? 'No context is open'
          : said.length > 0
            ? said.join(', ')
            : busy
              ? 'Connecting'
              : `${sessions.length === 1 ? '1 context' : `${sessions.length} contexts`}, all well`,
    };
  }

  async dispose(): Promise<void> {
    clearInterval(this.#clock);
    clearTimeout(this.#telling);
    this.#watch.close();
    await this.close([...this.#sessions.keys()]);
    clearTimeout(this.#telling);
  }

  #start(context: string, target: Target): void {
    const { env, proxy, userAgent, times, objectLimit, log } = this.#options;
    const session = new Session({
      context,
      namespace: target.context.namespace ?? 'default',
      endpoint: endpointOf(target.cluster, proxy, env),
      credentials: this.#credentials.for(target),
      userAgent,
      ...(times ? { times } : {}),
      ...(objectLimit === undefined ? {} : { objectLimit }),
      onState: () => this.#touch(context),
      onBatch: () => this.#touch(context),
      log,
    });
    this.#sessions.set(context, session);
    this.#fingerprints.set(context, JSON.stringify(target));
    session.open();
  }

  /** Only contexts that changed are restarted. */
  #changed(config: KubeConfig): void {
    this.#options.log('info', `kubeconfig changed: ${config.contexts.size} contexts`);
    for (const [context, session] of this.#sessions) {
      const target = targetOf(config, context);
      if (!target.ok) {
        if (session.state.is !== 'gone') void session.remove(config.contexts.has(context) ? target.failure : undefined);
        this.#fingerprints.delete(context);
      } else if (JSON.stringify(target.value) !== this.#fingerprints.get(context)) {
        void session.close();
        this.#start(context, target.value);
      }
    }
    this.#tell(null);
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#ticked > tick + 15_000) for (const session of this.#sessions.values()) session.checkNow();
    this.#ticked = now;
  }

  #rowsOf(id: RowId | null): readonly Row[] {
    const now = Date.now();
    if (id === null) {
      const gone = [...this.#sessions.keys()].filter((context) => !this.config.contexts.has(context));
      return [...this.config.contexts.keys(), ...gone].map((context) => {
        const { insecure = false } = this.config.clusters.get(this.config.contexts.get(context)?.cluster ?? '') ?? {};
        return contextRow(context, this.#sessions.get(context), now, !insecure);
      });
    }
    const [context = ''] = partsOf(id);
    const session = this.#sessions.get(context);
    if (!session) return [];
    const rows = childRows({ session, readOnly: this.isReadOnly(context), now }, pageOf(id).of);
    return paged(rows, id, this.#options.pageSize ?? rows.length);
  }

  /** What rows are made from, in short; the time of day goes on meanwhile, for as long as a question takes. */
  #revision(id: RowId | null): string {
    const second = Math.floor(Date.now() / 1000);
    if (id === null)
      return `${second} ${[...this.#sessions.values()].map(({ state }) => JSON.stringify(state)).join()}`;
    const session = this.#sessions.get(partsOf(id)[0]!);
    return `${second} ${session?.store.revision} ${JSON.stringify(session?.state)}`;
  }

  #touch(context: string): void {
    this.#stale.add(context);
    // States come in flurries; the stores' batches set the pace of the rest.
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#tell(...this.#stale);
      this.#stale.clear();
    }, 50);
    this.#telling.unref();
  }

  /** Of the rows someone asked for, those whose children look otherwise now. */
  #tell(...contexts: readonly (string | null)[]): void {
    const changed: (RowId | null)[] = [];
    for (const [id, told] of this.#told) {
      const context = id === null ? null : partsOf(id)[0]!;
      // Told once; the next comparison is with what is asked for then.
      if (told === '' || (id !== null && !contexts.includes(context))) continue;
      const rows = this.#rowsOf(id);
      const said = JSON.stringify(rows);
      if (said === told) continue;
      this.#made.set(id, { rows, said, revision: this.#revision(id) });
      this.#told.set(id, '');
      changed.push(id);
    }
    if (changed.length > 0) this.#options.onChanged(changed);
    const summary = this.summary();
    const said = JSON.stringify(summary);
    if (said !== this.#summary) this.#options.onSummary(summary);
    this.#summary = said;
  }
}

/** The session a reference is for, or why there is none. */
export function openSession(fleet: Fleet, context: string): Result<Session> {
  const session = fleet.session(context);
  if (!session) return failed('config', `context "${context}" is not open`, { remedy: 'Open it first.' });
  const { state } = session;
  if (state.is !== 'gone') return success(session);
  const why = state.why?.message ?? `context "${context}" is no longer in the kubeconfig`;
  return failed('config', why, { remedy: state.why?.remedy ?? 'Close it, or put it back.' });
}
