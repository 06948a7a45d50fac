// The engine under test: a fleet with a separate kubeconfig, and a record of all its requests and log messages.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../../../server/src/engine/session/fleet.ts';
import type { Session } from '../../../server/src/engine/session/session.ts';
import type { SessionState } from '../../../server/src/engine/session/session-state.ts';
import { Transport } from '../../../server/src/engine/transport/transport.ts';
import { Explorer, type ExplorerOptions } from '../../../server/src/explorer/explorer.ts';
import type { ClusterQuestions, Row, RowId } from '../../../server/src/protocol.ts';

export interface Access {
  readonly server: string;
  /** Fields of the kubeconfig's user; default: the admin's token. */
  readonly user?: object;
  /** Additional fields of the kubeconfig's cluster; by default any certificate is trusted. */
  readonly cluster?: object;
  readonly namespace?: string;
}

export interface Asked {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly server: string;
  readonly method: string;
  readonly path: string;
}

export interface Engine {
  readonly explorer: Explorer;
  readonly fleet: Fleet;
  /** HOME in its environment. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly log: readonly string[];
  /** Times at which changes were reported. */
  readonly told: readonly number[];
  readonly questions: readonly ClusterQuestions['consent']['params'][];
  readonly asked: readonly Asked[];
  open(...contexts: readonly string[]): void;
  session(context?: string): Session;
  /** Below a row of the clusters, or at their top. */
  rows(id?: RowId): readonly Row[];
  row(context?: string): Row;
  is(state: SessionState['is'], context?: string): boolean;
  dispose(): Promise<void>;
}

export const adminUser = { token: 'admin-token' };

const asked: Asked[] = [];
const send = Transport.prototype.send;
Transport.prototype.send = function (this: Transport, request) {
  asked.push({ at: Date.now(), server: this.server, method: request.method ?? 'GET', path: request.path });
  return send.call(this, request);
};

export function startEngine(
  contexts: Readonly<Record<string, Access>>,
  options: Partial<ExplorerOptions> & { readonly kubeconfig?: string } = {},
): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-faults-'));
  const kubeconfig = options.kubeconfig ?? join(folder, 'kubeconfig');
  mkdirSync(join(folder, '.kube'));
  if (options.kubeconfig === undefined) writeConfig(kubeconfig, contexts);
  const log: string[] = [];
  const told: number[] = [];
  const questions: ClusterQuestions['consent']['params'][] = [];
  const since = asked.length;
  const servers = new Set(Object.values(contexts).map(({ server }) => new URL(server).origin));
  const explorer = new Explorer({
    selection: { list: kubeconfig, home: folder },
    env: { PATH: process.env.PATH, HOME: folder },
    readOnlyContexts: [],
    userAgent: 'capstan/faults',
    terminal: false,
    ask: async (question) => {
      questions.push(question);
      return true;
    },
    remember: true,
    log: (level, message) => log.push(`${level} ${message}`),
    onChanged: () => told.push(Date.now()),
    ...options,
  });
  const { fleet } = explorer;
  const rows: Engine['rows'] = (id) =>
    explorer.rows(id === undefined ? { view: 'clusters' } : { view: 'delivery', id });
  const first = () => [...fleet.config.contexts.keys()][0]!;
  const session = (context = first()) => {
    const found = fleet.session(context);
    if (!found) throw new Error(`${context} is not open`);
    return found;
  };
  return {
    explorer,
    fleet,
    folder,
    kubeconfig,
    log,
    told,
    questions,
    get asked() {
      return asked.slice(since).filter(({ server }) => servers.has(server));
    },
    open(...names) {
      const opened = fleet.open(names.length > 0 ? names : [first()]);
      if (!opened.ok) throw new Error(opened.failure.message);
    },
    session,
    rows,
    row: (context = first()) => rows().find(({ label }) => label === context)!,
    is: (state, context) => session(context).state.is === state,
    async dispose() {
      await explorer.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function writeConfig(file: string, contexts: Readonly<Record<string, Access>>): void {
  writeFileSync(file, configText(contexts), { mode: 0o600 });
}

export function configText(contexts: Readonly<Record<string, Access>>): string {
  const entries = Object.entries(contexts);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': entries[0]?.[0] ?? '',
    clusters: entries.map(([name, { server, cluster = { 'insecure-skip-tls-verify': true } }]) => ({
      name,
      cluster: { server, ...cluster },
    })),
    users: entries.map(([name, { user = adminUser }]) => ({ name, user })),
    contexts: entries.map(([name, { namespace }]) => ({
      name,
      context: { cluster: name, user: name, ...(namespace ? { namespace } : {}) },
    })),
  });
}

/** Milliseconds until `check` is true; rejects after `seconds`, with the text of `orElse`. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  seconds: number,
  orElse: () => unknown = () => '',
): Promise<number> {
  const began = performance.now();
  while (!(await check())) {
    if (performance.now() - began > seconds * 1000) throw new Error(`not within ${seconds} s: ${what} ${orElse()}`);
    await sleep(20);
  }
  return performance.now() - began;
}

/** List requests, paged or streaming; not the watches that follow them. */
export function lists(requests: readonly Asked[]): readonly Asked[] {
  return requests.filter(
    ({ method, path }) =>
      method === 'GET' &&
      // A page of one object only checks the server's resource version.
      !/[?&]limit=1&/.test(path) &&
      (/[?&](limit|continue)=|[?&]sendInitialEvents=true/.test(path) ||
        (/[?&]resourceVersion/.test(path) && !/watch=true/.test(path))),
  );
}

/** Samples the number of objects; the returned function returns the lowest. */
export function lowestCount(session: Session): () => number {
  let lowest = session.store.size;
  const timer = setInterval(() => {
    lowest = Math.min(lowest, session.store.size);
  }, 10);
  return () => {
    clearInterval(timer);
    return Math.min(lowest, session.store.size);
  };
}
