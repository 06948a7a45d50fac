// The language client: runs dist/language.js in a separate process with the extension host's Node, and shows the schema at
// the cursor in a status bar item. It begins when the activation, which other extensions wait for, is over.
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import {
  FileChangeType,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import {
  type LanguageOptions,
  type LanguageRequests,
  languageServerOptions,
  type SchemaStatus,
} from '../../server/src/protocol.ts';
import { Hand } from './hand.ts';
import { heartbeat } from './heartbeat.ts';
import { Restarts } from './restarts.ts';
import { SetAside } from './setAside.ts';
import { ownValue } from './settings.ts';

export interface Language extends vscode.Disposable {
  readonly restart: () => Promise<void>;
  readonly request: <Method extends keyof LanguageRequests>(
    method: Method,
    params: LanguageRequests[Method]['params'],
  ) => Promise<LanguageRequests[Method]['result']>;
}

type StatusRequest = LanguageRequests['capstan/schemaStatus'];

export function startLanguage(module: string, log: vscode.LogOutputChannel): Language {
  const begun = new Promise<void>((done) => void setImmediate(done)).then(() => beginLanguage(module, log));
  return {
    request: async (method, params) => (await begun).request(method, params),
    restart: async () => (await begun).restart(),
    dispose: () => void begun.then((language) => language.dispose()),
  };
}

function beginLanguage(module: string, log: vscode.LogOutputChannel): Language {
  // `module` runs with the extension host's Node; for Electron the client sets ELECTRON_RUN_AS_NODE.
  const server: ServerOptions = {
    module,
    transport: TransportKind.stdio,
    options: { execArgv: [...languageServerOptions] },
  };
  // The output is logged here because the client's own channel is disposed of together with the client.
  const printed = (input: NodeJS.ReadableStream) => {
    createInterface({ input }).on('line', (line) => log.error(`language server: ${line}`));
  };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: 'yaml', scheme: 'file' },
      { language: 'yaml', scheme: 'untitled' },
    ],
    diagnosticCollectionName: 'capstan',
    initializationOptions: () => ({
      ...suggestions(),
      ...aside.options(),
      renderReleases: mayRender(),
      trusted: vscode.workspace.isTrusted,
    }),
    middleware: {
      provideCompletionItem: (document, position, context, token, next) =>
        next(document, position, hand.isTyping ? whileTyping(context) : context, token),
    },
    stdioOptions: { stdout: printed, stderr: printed },
  };
  const hand = new Hand();
  const edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.languageId === 'yaml' && contentChanges.length > 0) hand.edited();
  });
  const aside = new SetAside();
  const create = () => new LanguageClient('capstan.language', 'Capstan Manifests', server, options);
  const restarts = new Restarts();
  const changed = new vscode.EventEmitter<void>();
  let client = create();
  let timer: NodeJS.Timeout | undefined;

  function begin(): Promise<void> {
    const one = client;
    const stop = heartbeat(
      () => one.sendRequest<null>('capstan/alive', null),
      () => hung(one),
    );
    one.onDidChangeState(({ newState }) => {
      changed.fire();
      if (newState !== State.Stopped) return;
      stop();
      lost(one);
    });
    return one.start().catch((error: Error) => {
      log.error(`The language server could not be started: ${error.message}`);
      stop();
      lost(one);
    });
  }

  /** Ends a server that no longer responds; it is replaced as one that ended by itself. */
  function hung(one: LanguageClient): void {
    const uri = aside.add();
    const what =
      uri === undefined ? '' : ` while it worked on ${uri}, which isn’t checked until the servers are restarted`;
    log.error(`The language server no longer responds and is killed${what}.`);
    one.serverProcess?.kill('SIGKILL');
  }

  /** Replaces a client whose server ended or failed to start, with a growing delay. */
  function lost(one: LanguageClient): void {
    if (one !== client) return;
    client = create();
    void one.dispose().catch(() => undefined);
    const wait = restarts.next(Date.now());
    if (wait === undefined)
      log.error('The language server keeps crashing. Run “Capstan: Restart Servers” to try again.');
    else timer = setTimeout(begin, wait);
  }

  const status = vscode.Disposable.from(
    schemaStatus(() => client, changed.event),
    comparedOnFocus(() => client),
  );
  void begin();
  return {
    request: (method, params) => client.sendRequest(method, params),
    restart: async () => {
      const old = client;
      client = create();
      clearTimeout(timer);
      restarts.forget();
      aside.forget();
      await old.dispose().catch(() => undefined);
      await begin();
    },
    dispose: () => {
      clearTimeout(timer);
      status.dispose();
      changed.dispose();
      edits.dispose();
      hand.dispose();
      aside.dispose();
      const last = client;
      client = create();
      void last.dispose().catch(() => undefined);
    },
  };
}

/** Milliseconds between two comparisons of all files with the disk. */
const comparisons = 60_000;

/** Events of files may be lost, as while the machine sleeps: when the window gets the focus, the server compares all files. */
function comparedOnFocus(current: () => LanguageClient): vscode.Disposable {
  let last = performance.now();
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    const client = current();
    if (!focused || !client.isRunning() || performance.now() - last < comparisons) return;
    last = performance.now();
    const folders = vscode.workspace.workspaceFolders ?? [];
    const changes = folders.map(({ uri }) => ({ uri: uri.toString(), type: FileChangeType.Changed }));
    void client.sendNotification('workspace/didChangeWatchedFiles', { changes });
  });
}

/** How VS Code selects suggestions and indents in YAML files, and what is shown in them; read when a server starts. */
function suggestions(): LanguageOptions {
  const editor = vscode.workspace.getConfiguration('editor', { languageId: 'yaml' });
  const mode = editor.get<string>('suggest.selectionMode');
  return {
    selectsFirst: true,
    opensOnNewLine: mode === 'never' || mode === 'whenQuickSuggestion',
    indentation: editor.get('tabSize', 2),
    suggestCommand: 'editor.action.triggerSuggest',
    previewCommand: 'capstan.previewApplied',
    inlayHints: vscode.workspace.getConfiguration('capstan').get('inlayHints', true),
  };
}

/** Whether the user agreed that Helm runs: their own setting, in a workspace that they trust. */
function mayRender(): boolean {
  const setting = vscode.workspace.getConfiguration('capstan').inspect<boolean>('renderReleases');
  return vscode.workspace.isTrusted && ownValue(setting) === true;
}

/** VS Code calls suggestions that follow a letter invoked, as if the user had asked for them. */
function whileTyping(context: vscode.CompletionContext): vscode.CompletionContext {
  if (context.triggerKind !== vscode.CompletionTriggerKind.Invoke) return context;
  return { ...context, triggerKind: vscode.CompletionTriggerKind.TriggerForIncompleteCompletions };
}

/** Milliseconds the cursor must rest before the schema is requested. */
const rest = 150;

function schemaStatus(current: () => LanguageClient, changed: vscode.Event<void>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('capstan.schema', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Capstan Schema';
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(), rest);
  };

  async function show(): Promise<void> {
    const client = current();
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'yaml' || !client.isRunning()) return item.hide();
    const { uri } = editor.document;
    const params: StatusRequest['params'] = { uri: uri.toString(), position: editor.selection.active };
    const answer = await client.sendRequest<StatusRequest['result']>('capstan/schemaStatus', params).catch(() => null);
    if (vscode.window.activeTextEditor !== editor) return;
    if (answer === null) item.hide();
    else paint(item, answer);
  }

  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeActiveTextEditor(later),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor.document.languageId === 'yaml') later();
    }),
    changed(later),
  );
}

/** Shows the kind and version; if the schema is unknown, a click runs the command that can provide it. */
function paint(item: vscode.StatusBarItem, { apiVersion, kind, origin, sentence }: SchemaStatus): void {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  item.text = origin === undefined ? `$(question) no schema: ${kind} ${version}` : `${kind} ${version}`;
  item.tooltip = sentence;
  item.command = origin === undefined ? 'capstan.openContext' : undefined;
  item.show();
}
