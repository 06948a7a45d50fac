// All contexts of the kubeconfig; each context that the user opened has a session. A dead context delays no other.
import { dirname } from 'node:path';
import type { ContextList } from '../../protocol.ts';
import { type Ask, Consents, consentFile } from '../credentials/consent.ts';
import { CredentialStore } from '../credentials/credentials.ts';
import { isInWorkspace, type Send, sendOf } from '../credentials/sends.ts';
import { failed, type Result, success } from '../failure.ts';
import { mentions } from '../kubeconfig/context-pattern.ts';
import { contextList, type KubeConfig, type Selection, type Target, targetOf } from '../kubeconfig/kubeconfig.ts';
import { KubeConfigWatch } from '../kubeconfig/watch.ts';
import { endpointOf } from '../transport/dial.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { longestTurn, Turns } from './turns.ts';

export interface FleetOptions {
  readonly selection: Selection;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** VS Code's `http.proxy`. */
  readonly proxy?: string;
  /** Names or patterns with `*`. */
  readonly readOnlyContexts: readonly string[];
  readonly userAgent: string;
  /** Whether credential plugins may use this process's terminal. */
  readonly terminal: boolean;
  readonly ask: Ask;
  /** Folders of the workspace; kubeconfigs in it use what they don't contain only with consent. */
  readonly workspace?: readonly string[];
  /** Whether consents outlive this process. */
  readonly remember: boolean;
  readonly times?: SessionOptions['times'];
  readonly follows?: boolean;
  /** Maximum number of objects kept of a cluster; default unlimited. */
  readonly objectLimit?: number;
  readonly log: SessionOptions['log'];
  /** The sessions of these contexts changed; null: the list of contexts itself. Called at most 20 times a second. */
  readonly onChange: (contexts: readonly (string | null)[]) => void;
}

/** Milliseconds between checks of the clock; a jump means that the machine slept. */
const tick = 5_000;

/** Contexts that connect and list at the same time; of a hundred, the first are there soon. */
const mostConnecting = 16;

export class Fleet {
  readonly #options: FleetOptions;
  readonly #watch: KubeConfigWatch;
  readonly #credentials: CredentialStore;
  readonly #sessions = new Map<string, Session>();
  readonly #turns = new Turns({ most: mostConnecting, longest: longestTurn });
  readonly #fingerprints = new Map<string, string>();
  readonly #clock: NodeJS.Timeout;
  #ticked = Date.now();
  #notifying: NodeJS.Timeout | undefined;
  readonly #stale = new Set<string>();
  #workspace: readonly string[];

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#workspace = options.workspace ?? [];
    const { env, ask, terminal } = options;
    const consents = new Consents(ask, env, options.remember ? consentFile(env) : undefined);
    this.#credentials = new CredentialStore({
      env,
      terminal,
      ...(options.remember ? { lockFolder: dirname(consentFile(env)) } : {}),
      allow: (program, exec, user) => consents.allow(program, exec, user),
      allowSend: async (target) => {
        const send = this.#sendOf(target);
        return send ? consents.allowSend(send, () => this.#sends()) : success(true);
      },
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

  /** By context, including contexts that were removed from the kubeconfig. */
  get sessions(): ReadonlyMap<string, Session> {
    return this.#sessions;
  }

  isReadOnly(context: string): boolean {
    return this.#options.readOnlyContexts.some((pattern) => mentions(pattern, context));
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

  /** A session that needs consent now, because its kubeconfig has become part of the workspace, starts again and asks. */
  setWorkspace(folders: readonly string[]): void {
    const before = this.#due();
    this.#workspace = folders;
    for (const [context, target] of this.#due()) {
      if (before.has(context)) continue;
      void this.#sessions.get(context)?.close();
      this.#start(context, target);
    }
  }

  /** The open contexts whose credentials are used only with consent. */
  #due(): ReadonlyMap<string, Target> {
    const due = new Map<string, Target>();
    for (const [context, { state }] of this.#sessions) {
      const target = targetOf(this.config, context);
      if (state.is !== 'gone' && target.ok && this.#sendOf(target.value)) due.set(context, target.value);
    }
    return due;
  }

  async dispose(): Promise<void> {
    clearInterval(this.#clock);
    clearTimeout(this.#notifying);
    this.#watch.close();
    await this.close([...this.#sessions.keys()]);
    clearTimeout(this.#notifying);
  }

  #start(context: string, target: Target): void {
    const { env, proxy, userAgent, times, follows, objectLimit, log } = this.#options;
    const session = new Session({
      context,
      namespace: target.context.namespace ?? 'default',
      endpoint: endpointOf(target.cluster, proxy, env),
      credentials: this.#credentials.for(target),
      userAgent,
      ...(times ? { times } : {}),
      ...(follows === undefined ? {} : { follows }),
      ...(objectLimit === undefined ? {} : { objectLimit }),
      turn: () => this.#turns.take(),
      onState: () => this.#touch(context),
      onBatch: () => this.#touch(context),
      log,
    });
    this.#sessions.set(context, session);
    this.#fingerprints.set(context, JSON.stringify(target));
    session.open();
  }

  #sendOf(target: Target): Send | undefined {
    return sendOf(target, (file) => isInWorkspace(file, this.#workspace));
  }

  #sends(): readonly Send[] {
    return [...this.config.contexts.keys()].flatMap((context) => {
      const target = targetOf(this.config, context);
      return (target.ok && this.#sendOf(target.value)) || [];
    });
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
    this.#options.onChange([null]);
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#ticked > tick + 15_000) for (const session of this.#sessions.values()) session.checkNow();
    this.#ticked = now;
  }

  #touch(context: string): void {
    this.#stale.add(context);
    // States change in bursts; other changes are already batched by the stores.
    this.#notifying ??= setTimeout(() => {
      this.#notifying = undefined;
      const contexts = [...this.#stale];
      this.#stale.clear();
      this.#options.onChange(contexts);
    }, 50);
    this.#notifying.unref();
  }
}

/** The session of an open context, or a failure. */
export function openSession(fleet: Fleet, context: string): Result<Session> {
  const session = fleet.session(context);
  if (!session) return failed('config', `context "${context}" is not open`, { remedy: 'Open it first.' });
  const { state } = session;
  if (state.is !== 'gone') return success(session);
  const why = state.why?.message ?? `context "${context}" is no longer in the kubeconfig`;
  return failed('config', why, { remedy: state.why?.remedy ?? 'Close it, or add it to the kubeconfig again.' });
}
