// The cluster server's lifecycle: started on the first request for a cluster, restarted after a crash with the contexts
// that were open, stopped with the window. It is a separate process because the Kubernetes client replaces the
// process-wide dispatcher of `fetch`, which every other extension uses.
import { type ChildProcess, spawn } from 'node:child_process';
import * as vscode from 'vscode';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageclient/node';
import {
  type ClusterNotifications,
  type ClusterQuestions,
  type ClusterRequests,
  type InitializeParams,
  type InitializeResult,
  type Problem,
  protocolVersion,
  type Summary,
  type ViewId,
} from '../../server/src/protocol.ts';
import { heartbeat } from './heartbeat.ts';
import { textOf } from './problem.ts';
import { Restarts } from './restarts.ts';
import type { RowSource } from './views/rowTree.ts';

export interface ClusterSettings {
  readonly kubeconfig?: string;
  readonly readOnlyContexts: readonly string[];
  readonly objectsPerCluster: number;
  readonly proxy?: string;
}

type Params<K extends keyof ClusterRequests> = ClusterRequests[K]['params'];
type Result<K extends keyof ClusterRequests> = ClusterRequests[K]['result'];

interface Running {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
}

/** Contexts that were open when the workspace was last used. */
export interface Remembered {
  contexts(): readonly string[];
  set(contexts: readonly string[]): void;
}

export class ClusterServer implements vscode.Disposable {
  readonly #module: string;
  readonly #settings: () => ClusterSettings;
  readonly #log: vscode.LogOutputChannel;
  readonly #remembered: Remembered;
  readonly #restarts = new Restarts();
  readonly #opened = new Set<string>();
  #running: Promise<Running> | undefined;
  #current: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  readonly #folders: vscode.Disposable;

  readonly #changed = new vscode.EventEmitter<ClusterNotifications['changed']>();
  readonly #summary = new vscode.EventEmitter<Summary | undefined>();
  readonly #statesChanged = new vscode.EventEmitter<void>();
  readonly #ready = new vscode.EventEmitter<void>();
  readonly #openedChanged = new vscode.EventEmitter<void>();
  readonly #progress = new vscode.EventEmitter<ClusterNotifications['progress']>();
  readonly #logged = new vscode.EventEmitter<ClusterNotifications['logged']>();
  readonly #forwards = new vscode.EventEmitter<ClusterNotifications['forwards']>();
  readonly #shellOutput = new vscode.EventEmitter<ClusterNotifications['shellOutput']>();
  readonly #shellEnded = new vscode.EventEmitter<ClusterNotifications['shellEnded']>();
  readonly onLogged = this.#logged.event;
  readonly onForwards = this.#forwards.event;
  readonly onShellOutput = this.#shellOutput.event;
  readonly onShellEnded = this.#shellEnded.event;
  readonly onChanged = this.#changed.event;
  /** Undefined while no server runs. */
  readonly onSummary = this.#summary.event;
  readonly onStatesChanged = this.#statesChanged.event;
  /** A server is ready, at first or after a restart: subscribed rows must be requested again. */
  readonly onReady = this.#ready.event;
  readonly onProgress = this.#progress.event;
  readonly onOpenedChange = this.#openedChanged.event;

  constructor(module: string, settings: () => ClusterSettings, log: vscode.LogOutputChannel, remembered: Remembered) {
    this.#module = module;
    this.#settings = settings;
    this.#log = log;
    this.#remembered = remembered;
    // A server that isn't there yet is started with them.
    this.#folders = vscode.workspace.onDidChangeWorkspaceFolders(() =>
      this.#current?.connection.sendRequest('workspace', { folders: workspaceFolders() }).catch(() => undefined),
    );
  }

  get opened(): ReadonlySet<string> {
    return this.#opened;
  }

  /** Sends a request to the server, starting it if necessary. Rejects with the server's message, or if it ended. */
  async request<K extends keyof ClusterRequests>(method: K, params: Params<K>): Promise<Result<K>> {
    if (!vscode.workspace.isTrusted) {
      throw new Error('This workspace is not trusted, so Capstan connects to no cluster. Trust it to use clusters.');
    }
    const { connection } = await this.#start();
    try {
      return await connection.sendRequest<Result<K>>(method, params);
    } catch (error) {
      throw new Error(sentenceOf(error));
    }
  }

  /** The rows of one view. */
  rowsOf(view: ViewId): RowSource {
    return {
      rows: (id) => this.request('rows', id === undefined ? { view } : { view, id }),
      release: (ids) => {
        // A server that isn't there has nothing to release.
        this.#current?.connection.sendRequest('release', { view, ids }).catch(() => undefined);
      },
    };
  }

  /** Opens each context separately, so that a failure doesn't affect the others. Rejects with the first failure. */
  async open(contexts: readonly string[]): Promise<void> {
    const answers = await Promise.allSettled(
      contexts.map(async (context) => {
        await this.request('open', { contexts: [context] });
        this.#opened.add(context);
      }),
    );
    this.#saveOpened();
    const refused = answers.filter((answer) => answer.status === 'rejected');
    if (refused.length === 0) return;
    const { message } = refused[0]!.reason as Error;
    throw new Error(refused.length === 1 ? message : `${message} (${refused.length - 1} more could not be opened.)`);
  }

  async close(contexts: readonly string[]): Promise<void> {
    await this.request('close', { contexts });
    for (const context of contexts) this.#opened.delete(context);
    this.#saveOpened();
  }

  /** Stops the running server, if any, and starts a new one with the current settings. */
  async restart(): Promise<void> {
    this.#restarts.forget();
    // After a crash the server may not be running although contexts are open.
    const wasRunning = this.#running !== undefined || this.#opened.size > 0;
    this.#end();
    if (wasRunning) await this.#start();
  }

  dispose(): void {
    this.#disposed = true;
    this.#folders.dispose();
    this.#end();
    vscode.Disposable.from(this.#changed, this.#summary, this.#ready, this.#progress, this.#openedChanged).dispose();
  }

  #saveOpened(): void {
    this.#remembered.set([...this.#opened]);
    this.#openedChanged.fire();
  }

  #start(): Promise<Running> {
    if (this.#disposed) return Promise.reject(new Error('Capstan is being shut down.'));
    clearTimeout(this.#timer);
    if (this.#running === undefined) {
      const running = this.#launch();
      this.#running = running;
      // An unusable process is stopped, unless another one has replaced it.
      running.catch(() => this.#running === running && this.#end());
    }
    return this.#running;
  }

  async #launch(): Promise<Running> {
    const settings = this.#settings();
    // The extension host's own Node, whether that is Electron or a server's.
    const child = spawn(process.execPath, [this.#module, String(process.pid)], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const running: Running = { process: child, connection };
    this.#current = running;
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#log.warn(text.trimEnd()));
    // `close` reports a broken pipe right after.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.#log.error(`The cluster server could not be started: ${error.message}`));
    child.on('close', (code, signal) => this.#ended(running, signal ?? `exit code ${code}`));
    this.#listen(connection);
    const stop = heartbeat(
      () => connection.sendRequest('summary', {}),
      () => {
        this.#log.error('The cluster server no longer responds and is killed.');
        child.kill('SIGKILL');
      },
    );
    child.once('close', stop);
    const params: InitializeParams = {
      protocolVersion,
      trusted: vscode.workspace.isTrusted,
      workspace: workspaceFolders(),
      readOnlyContexts: settings.readOnlyContexts,
      objectsPerCluster: settings.objectsPerCluster,
      ...(settings.kubeconfig === undefined ? {} : { kubeconfig: settings.kubeconfig }),
      ...(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
    };
    const answer = await connection.sendRequest<InitializeResult>('initialize', params);
    if (answer.protocolVersion !== protocolVersion) {
      this.#end();
      throw new Error(
        `The cluster server uses version ${answer.protocolVersion} of the row protocol, this extension version ${protocolVersion}: one of them is from another release. Reload the window, or reinstall Capstan.`,
      );
    }
    await this.#reopen(connection);
    this.#ready.fire();
    return running;
  }

  /** Reopens the contexts that were open and are still in the kubeconfig. */
  async #reopen(connection: MessageConnection): Promise<void> {
    const gone: string[] = [];
    await Promise.all(
      [...this.#opened].map(async (context) => {
        try {
          await connection.sendRequest('open', { contexts: [context] });
        } catch (error) {
          if (!(error instanceof ResponseError)) throw error;
          this.#log.warn(`${context} was open and cannot be reopened: ${sentenceOf(error)}`);
          gone.push(context);
        }
      }),
    );
    if (gone.length === 0) return;
    for (const context of gone) this.#opened.delete(context);
    this.#saveOpened();
  }

  #listen(connection: MessageConnection): void {
    const on = <K extends keyof ClusterNotifications>(method: K, then: (params: ClusterNotifications[K]) => void) =>
      connection.onNotification(method, then);
    on('changed', (changed) => this.#changed.fire(changed));
    on('summary', (summary) => this.#summary.fire(summary));
    on('statesChanged', () => this.#statesChanged.fire());
    on('log', ({ level, message }) => this.#log[level](message));
    on('progress', (progress) => this.#progress.fire(progress));
    on('logged', (logged) => this.#logged.fire(logged));
    on('forwards', (forwards) => this.#forwards.fire(forwards));
    on('shellOutput', (output) => this.#shellOutput.fire(output));
    on('shellEnded', (end) => this.#shellEnded.fire(end));
    connection.onRequest('consent', askConsent);
    // The end of the process is handled instead.
    connection.onError(() => undefined);
    connection.listen();
  }

  /** Stops the process deliberately: closes its input, and kills it if it doesn't exit within 2 s. */
  #end(): void {
    const running = this.#current;
    this.#current = undefined;
    this.#running = undefined;
    clearTimeout(this.#timer);
    if (running === undefined) return;
    this.#summary.fire(undefined);
    running.connection.dispose();
    running.process.stdin?.end();
    const kill = setTimeout(() => running.process.kill('SIGKILL'), 2000);
    running.process.once('close', () => clearTimeout(kill));
  }

  #ended(running: Running, how: string): void {
    if (this.#current !== running) return;
    this.#current = undefined;
    this.#running = undefined;
    running.connection.dispose();
    this.#summary.fire(undefined);
    const delay = this.#restarts.next(Date.now());
    this.#log.error(`The cluster server ended unexpectedly (${how}).`);
    if (delay !== undefined) {
      this.#timer = setTimeout(() => this.#start().catch((error: Error) => this.#log.error(error.message)), delay);
      return;
    }
    const again = 'Restart';
    const show = 'Show Log';
    vscode.window
      .showErrorMessage(
        'Capstan’s cluster server keeps crashing, so live status has stopped. See the log for the reason.',
        again,
        show,
      )
      .then((choice) => {
        if (choice === show) this.#log.show();
        if (choice === again) {
          this.#restarts.forget();
          this.#start().catch((error: Error) => this.#log.error(error.message));
        }
      });
  }
}

function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? uri.fsPath : []));
}

/** Above this many lines or characters a dialog would cut the text, which hides what runs. */
const longestDialog = { lines: 20, characters: 1_200 };

/**
 * Asks for consent; the server waits, and never asks twice at once for the same run. A short question is a modal dialog. A long
 * one is a document, which scrolls, beside a notification; to close that without an answer is to refuse.
 */
async function askConsent(
  question: ClusterQuestions['consent']['params'],
): Promise<ClusterQuestions['consent']['result']> {
  const { title, detail, accept } = question;
  const isShort =
    detail.split('\n').length <= longestDialog.lines && detail.length + title.length <= longestDialog.characters;
  if (isShort) {
    const choice = await vscode.window.showWarningMessage(title, { modal: true, detail }, accept);
    return { accepted: choice === accept };
  }
  const shown = vscode.workspace.registerTextDocumentContentProvider('capstan-consent', {
    provideTextDocumentContent: () => `${title}\n\n${detail}\n`,
  });
  try {
    const uri = vscode.Uri.from({ scheme: 'capstan-consent', path: '/Consent', query: String(Date.now()) });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    const message = 'A kubeconfig needs your consent to sign in. The open document shows all of it.';
    return { accepted: (await vscode.window.showWarningMessage(message, accept, `Don’t ${accept}`)) === accept };
  } finally {
    shown.dispose();
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ResponseError) {
    const problem = error.data as Partial<Problem> | undefined;
    if (problem?.message !== undefined) return textOf(problem);
  }
  return error instanceof Error ? error.message : String(error);
}
