// Checks what no watch reports: whether the server is healthy (`/readyz`), and whether the user's permissions changed. Two
// small requests per cluster at intervals, sooner after a request failed.
import { createHash } from 'node:crypto';
import { AuthorizationV1Api } from '@kubernetes/client-node/dist/gen/index.js';
import { type Failure, isConnectionFailure } from '../failure.ts';
import { call } from '../transport/http-library.ts';
import type { Transport } from '../transport/transport.ts';

export interface HealthProbeOptions {
  readonly transport: Transport;
  /** The namespace whose rules are requested; they include the cluster-wide ones. */
  readonly namespace: string;
  /** Whether the server is reachable; checks are skipped while it isn't. */
  readonly isOpen: () => boolean;
  readonly onHealth: (unhealthy: string | undefined) => void;
  readonly onPermissions: () => void;
  /** The check failed to connect; watches over HTTP/1.1, which has no ping, would notice much later. */
  readonly onLost: (failure: Failure) => void;
}

/** Milliseconds. A permission granted at run time is detected within a minute. */
const usual = 45_000;
const whileUnhealthy = 10_000;
const soonest = 3_000;

export class HealthProbe {
  readonly #options: HealthProbeOptions;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #last = 0;
  #rules: string | undefined;
  #closed = false;

  constructor(options: HealthProbeOptions) {
    this.#options = options;
    void this.#check();
  }

  /** The server failed on a request: checks it now, unless it was just checked. */
  soon(): void {
    this.#schedule(Math.max(0, this.#last + soonest - Date.now()));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    const due = Date.now() + wait;
    if (this.#closed || (this.#timer && this.#due <= due)) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#check(), wait);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    this.#timer = undefined;
    if (!this.#options.isOpen()) return this.#schedule(usual);
    this.#last = Date.now();
    const { transport, onHealth, onPermissions, onLost } = this.#options;
    // `/readyz` is in none of the generated clients.
    const ready = await transport.text({ path: '/readyz', quiet: 15_000 });
    if (this.#closed) return;
    if (!ready.ok && isConnectionFailure(ready.failure)) onLost(ready.failure);
    // A forbidden or unreachable /readyz says nothing about the server's health.
    const unhealthy = !ready.ok && ready.failure.kind === 'server' ? ready.failure.message : undefined;
    onHealth(unhealthy);
    const rules = unhealthy === undefined ? await this.#permissions() : undefined;
    if (this.#closed) return;
    if (rules !== undefined && this.#rules !== undefined && rules !== this.#rules) onPermissions();
    this.#rules = rules ?? this.#rules;
    // Spread, so that a hundred contexts opened together don't stay synchronized.
    this.#schedule(unhealthy === undefined ? usual * (0.8 + 0.4 * Math.random()) : whileUnhealthy);
  }

  /** A fingerprint of the user's permissions; undefined if the server doesn't report them. */
  async #permissions(): Promise<string | undefined> {
    const { transport, namespace } = this.#options;
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
    const answer = await call(transport, (configuration) =>
      new AuthorizationV1Api(configuration).createSelfSubjectRulesReview({ body }),
    );
    if (!answer.ok) return undefined;
    // The server lists them in no particular order.
    const sorted = (answer.value.status?.resourceRules ?? []).map((rule) => JSON.stringify(rule)).sort();
    return createHash('sha256').update(sorted.join('\n')).digest('hex');
  }
}
