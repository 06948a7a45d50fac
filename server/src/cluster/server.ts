// The cluster server: handles each request of protocol.ts from the fleet, and notifies the client of changes. The fleet
// and prepared changes are its only state; after a restart, the client opens its contexts again.
import { resolve } from 'node:path';
import { type MessageConnection, ResponseError } from 'vscode-languageserver/node';
import packageJson from '../../../package.json' with { type: 'json' };
import { programOn } from '../disk/programs.ts';
import { auditTo } from '../engine/actions/audit.ts';
import { commit, type Prepared, prepare, previewOf } from '../engine/actions/run.ts';
import { sessionTarget, type Target, whatOf } from '../engine/actions/target.ts';
import { changeWords } from '../engine/actions/write.ts';
import { type Failure, failed, problemOf, type Result } from '../engine/failure.ts';
import { presentable, redact, redactValue } from '../engine/redact.ts';
import { FollowedCommit } from '../engine/session/commit.ts';
import { type Fleet, openSession } from '../engine/session/fleet.ts';
import { loggedPods } from '../engine/session/logs.ts';
import { connectionOf, readLive, servedBy } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import { commitIn, commitPage } from '../explorer/commit.ts';
import { comparedWith } from '../explorer/compared.ts';
import { earlierStates } from '../explorer/earlier.ts';
import { editableText, editValues } from '../explorer/editing.ts';
import { Explorer } from '../explorer/explorer.ts';
import { foundRows, pathOf } from '../explorer/find-rows.ts';
import { originsIn } from '../explorer/joined.ts';
import { objectPage } from '../explorer/object-page.ts';
import { rolloutText } from '../explorer/rollout.ts';
import type { LiveRef } from '../kube/identity.ts';
import { edit } from '../live/actions/edit.ts';
import { changes } from '../live/actions/list.ts';
import { type LiveObject, trim } from '../live/object.ts';
import {
  type ActResult,
  type ClusterNotifications,
  type ClusterQuestions,
  type ClusterRequests,
  type InitializeParams,
  protocolVersion,
} from '../protocol.ts';
import { LogStreams } from './logs.ts';
import { PodStreams } from './streams.ts';

type Params<K extends keyof ClusterRequests> = ClusterRequests[K]['params'];
type Answer<K extends keyof ClusterRequests> = ClusterRequests[K]['result'];
type Handlers = { readonly [K in keyof ClusterRequests]: (params: Params<K>) => Answer<K> | Promise<Answer<K>> };

export interface ClusterServer {
  log(level: ClusterNotifications['log']['level'], message: string): void;
  dispose(): Promise<void>;
}

export function serve(connection: MessageConnection, env: Readonly<Record<string, string | undefined>>): ClusterServer {
  let explorer: Explorer | undefined;
  let ended = false;
  const prepared = new Map<string, Prepared>();
  /** The last one that was followed of each folder. */
  const commits = new Map<string, FollowedCommit>();
  let preparations = 0;

  /** Resolves once it is written. */
  async function notify<K extends keyof ClusterNotifications>(
    method: K,
    params: ClusterNotifications[K],
  ): Promise<void> {
    // The client may be gone before it receives the notification.
    if (!ended) await connection.sendNotification(method, params).catch(() => undefined);
  }

  function log(level: ClusterNotifications['log']['level'], message: string): void {
    void notify('log', { level, message: presentable(message) });
  }

  async function ask(question: ClusterQuestions['consent']['params']): Promise<boolean> {
    try {
      return (await connection.sendRequest<ClusterQuestions['consent']['result']>('consent', question)).accepted;
    } catch {
      return false;
    }
  }

  /** A row or a document may be of the cluster that the context connected to previously. */
  function sessionOf(context: string, { cluster }: LiveRef): Session {
    const session = must(openSession(current(), context));
    if (cluster !== '' && session.clusterId !== '' && cluster !== session.clusterId)
      raise({
        kind: 'conflict',
        message: `${context} now connects to a different cluster than when this was opened`,
        remedy: 'Open it again from the tree.',
      });
    return session;
  }

  async function liveObject(session: Session, ref: LiveRef): Promise<LiveObject> {
    const live = trim(must(await readLive(session, ref)));
    return live ?? raise({ kind: 'server', message: 'the API server responded with something other than an object' });
  }

  const logs = new LogStreams((logged) => void notify('logged', logged));
  const streams = new PodStreams(notify, auditTo(env), (message) => log('warn', message));
  const podTarget = ({ context, ref }: { readonly context: string; readonly ref: LiveRef }): Result<Target> => {
    try {
      return sessionTarget(sessionOf(context, ref), ref, current().isReadOnly(context));
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, failure: error.failure };
      throw error;
    }
  };
  const shown = (): Explorer =>
    explorer ?? raise({ kind: 'config', message: 'the request "initialize" must be sent first' });
  const current = (): Fleet => shown().fleet;

  const handlers: Handlers = {
    async initialize(params) {
      if (!params.trusted)
        raise({
          kind: 'config',
          message: 'This workspace is not trusted, so no cluster is contacted.',
          remedy: 'Trust the workspace to use clusters.',
        });
      await explorer?.dispose();
      prepared.clear();
      explorer = new Explorer({
        ...settingsOf(params, env),
        env,
        userAgent: `capstan/${packageJson.version}`,
        terminal: false,
        ask,
        remember: true,
        pageSize: 500,
        log,
        onChanged: (view, ids) => void notify('changed', { view, ids }),
        onSummary: (summary) => void notify('summary', summary),
        onStates: () => void notify('statesChanged', {}),
      });
      return { protocolVersion, serverVersion: packageJson.version };
    },
    contexts() {
      const { contexts, problems, ...rest } = current().contexts();
      const redacted = contexts.map((one) => (one.server === undefined ? one : { ...one, server: redact(one.server) }));
      return { ...rest, contexts: redacted, problems: redactValue(problems) as typeof problems };
    },
    workspace({ folders }) {
      current().setWorkspace(folders);
      return null;
    },
    rows: (params) => shown().rowsSoon(params),
    release({ view, ids }) {
      shown().release(view, ids);
      return null;
    },
    filter({ view, query }) {
      shown().filter(view, query);
      return null;
    },
    pins({ pins }) {
      shown().pin(pins);
      return null;
    },
    group({ view, by }) {
      shown().group(view, by ?? undefined);
      return null;
    },
    find: ({ query, limit, action }) => foundRows(shown(), query, limit, Date.now(), action),
    path: ({ ref, context }) => pathOf(sessionOf(context, ref), ref),
    async origins({ ref, context }) {
      return { origins: must(await originsIn(sessionOf(context, ref), ref)) };
    },
    async compare({ ref, context, wanted }) {
      return must(await comparedWith(sessionOf(context, ref), ref, wanted));
    },
    earlier: async ({ context, ref }) => ({ states: must(await earlierStates(sessionOf(context, ref), ref)) }),
    states: ({ wanted, isFollowed }) => ({ states: shown().states(wanted, isFollowed) }),
    async object({ ref, context }) {
      const session = sessionOf(context, ref);
      return { yaml: must(await objectPage(session, ref, (object) => shown().problems.about(session, object))) };
    },
    async editable({ ref, context }) {
      return must(await editableText(sessionOf(context, ref), ref));
    },
    open({ contexts }) {
      // A context that can't be opened must not prevent the others from opening.
      const failures = contexts.flatMap((context) => {
        const opened = current().open([context]);
        return opened.ok ? [] : [opened.failure];
      });
      if (failures.length > 0) raise(failures[0]!);
      return null;
    },
    async close({ contexts }) {
      for (const context of contexts) streams.close(context);
      await current().close(contexts);
      return null;
    },
    terminal({ context }) {
      must(connectionOf(must(openSession(current(), context))));
      const { config } = current();
      const k9s = programOn(env.PATH, 'k9s');
      const files = config.files.map((file) => resolve(file));
      return { files, readOnly: current().isReadOnly(context), ...(k9s !== undefined && { k9s }) };
    },
    retry({ context }) {
      must(current().retry(context));
      return null;
    },
    summary: () => shown().summary(),
    async prepare({ context, ref, verb, values }) {
      const session = must(openSession(current(), context));
      const action = [...changes, edit].find((known) => known.verb === verb);
      if (!action) raise({ kind: 'invalid', message: `unknown action "${verb}"` });
      const target = must(sessionTarget(session, ref, current().isReadOnly(context)));
      const preparing = await prepare(target, action, verb === 'edit' ? must(editValues(values ?? {})) : values);
      if (preparing.is === 'asks') return preparing;
      if (preparing.is === 'over') return { is: 'over', result: redacted(preparing.result) };
      const id = `${++preparations}`;
      prepared.set(id, preparing.prepared);
      // The client doesn't report declined changes, so drop the oldest ones.
      for (const oldest of prepared.keys()) if (prepared.size > preparedLimit) prepared.delete(oldest);
      return {
        is: 'ready',
        id,
        title: action.title,
        doing: action.words.doing,
        subject: `${whatOf(target)} on ${context}`,
        preview: previewOf(preparing.prepared),
        changes: preparing.prepared.changes.map((change) => presentable(changeWords(change), 300)),
      };
    },
    async act({ id, token }) {
      const change = prepared.get(id);
      prepared.delete(id);
      if (!change) raise({ kind: 'conflict', message: 'the prepared change has expired', remedy: 'Try again.' });
      const onProgress = (message: string) =>
        token !== undefined && void notify('progress', { token, message: presentable(message, 300) });
      return redacted(await commit(change, { onProgress, audit: auditTo(env) }));
    },
    async containers({ context, ref }) {
      const session = sessionOf(context, ref);
      const { transport } = must(servedBy(session, ref));
      const [newest] = must(await loggedPods(transport, await liveObject(session, ref)));
      return { containers: newest?.containers ?? [], main: newest?.main ?? '' };
    },
    async logs(params) {
      const session = sessionOf(params.context, params.ref);
      logs.start(session, await liveObject(session, params.ref), params);
      return null;
    },
    stopLogs({ token }) {
      logs.stop(token);
      return null;
    },
    pod: async (params) => must(await streams.pod(must(podTarget(params)), params)),
    async forward(params) {
      // A client whose server was restarted asks again at once.
      await sessionOf(params.context, params.ref).settled(AbortSignal.timeout(20_000));
      return must(await streams.forward(() => podTarget(params), params));
    },
    stopForward: ({ id }) => must(streams.stopForward(id)),
    openShell: async (params) => must(await streams.openShell(must(podTarget(params)), params)),
    shellInput(params) {
      streams.shellInput(params);
      return null;
    },
    shellSize(params) {
      streams.shellSize(params);
      return null;
    },
    closeShell({ token }) {
      streams.closeShell(token);
      return null;
    },
    async commit({ folder, revision }) {
      const known = commits.get(folder)?.commit === revision ? commits.get(folder)! : undefined;
      const commit = known ?? must(await FollowedCommit.find(folder, revision, env));
      commits.set(folder, commit);
      const sessions = [...current().sessions.values()];
      const clusters = await Promise.all(sessions.map((session) => commitIn(session, commit)));
      return { commit: commit.commit, ...commitPage(commit, clusters) };
    },
    async rollout({ context, ref }) {
      return { text: redact(must(await rolloutText(sessionOf(context, ref), ref))) };
    },
  };

  for (const [method, handler] of Object.entries(handlers)) {
    connection.onRequest(method, async (params: never) => {
      try {
        return await (handler as (params: never) => unknown)(params);
      } catch (error) {
        throw asResponse(error, (message) => log('error', `${method}: ${message}`));
      }
    });
  }

  return {
    log,
    async dispose() {
      ended = true;
      logs.dispose();
      streams.dispose();
      await explorer?.dispose();
    },
  };
}

/** Prepared changes that are kept; more than any user has open at once. */
const preparedLimit = 1000;

function redacted(result: ActResult): ActResult {
  return { ...result, message: redact(result.message) };
}

function settingsOf(
  { kubeconfig, proxy, readOnlyContexts, objectsPerCluster, workspace }: InitializeParams,
  env: Readonly<Record<string, string | undefined>>,
) {
  const list = kubeconfig ?? env.KUBECONFIG;
  return {
    selection: { ...(list ? { list } : {}), ...(env.HOME ? { home: env.HOME } : {}) },
    ...(proxy ? { proxy } : {}),
    ...(workspace ? { workspace } : {}),
    readOnlyContexts: readOnlyContexts ?? [],
    ...(objectsPerCluster === undefined ? {} : { objectLimit: objectsPerCluster }),
  };
}

class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function raise(failure: Failure): never {
  throw new Refusal(failure);
}

function must<T>(result: Result<T>): T {
  return result.ok ? result.value : raise(result.failure);
}

function asResponse(error: unknown, log: (message: string) => void): ResponseError<unknown> {
  if (error instanceof Refusal)
    return new ResponseError(1, redact(error.failure.message), redactValue(problemOf(error.failure)));
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const { failure } = failed('server', 'internal error in Capstan’s cluster server', {
    remedy: 'See its log for details.',
  });
  return new ResponseError(2, failure.message, problemOf(failure));
}
