// The language client: dist/language.js as a process of its own over the extension host's Node, and a status-bar item
// that says which schema answers where the cursor is.
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import type { LanguageRequests, SchemaStatus } from '../../server/src/protocol.ts';

export interface Language extends vscode.Disposable {
  readonly restart: () => Promise<void>;
}

type StatusRequest = LanguageRequests['capstan/schemaStatus'];

export function startLanguage(module: string, log: vscode.LogOutputChannel): Language {
  // `module` runs in the extension host's own Node; for Electron the client sets ELECTRON_RUN_AS_NODE.
  const server: ServerOptions = { module, transport: TransportKind.stdio };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: 'yaml', scheme: 'file' },
      { language: 'yaml', scheme: 'untitled' },
    ],
    diagnosticCollectionName: 'capstan',
  };
  const client = new LanguageClient('capstan.language', 'Capstan Manifests', server, options);
  const status = schemaStatus(client);
  client.start().catch((error: Error) => log.error(`The language server could not be started: ${error.message}`));
  return {
    restart: () => client.restart(),
    dispose: () => {
      status.dispose();
      void client.dispose();
    },
  };
}

/** Milliseconds the cursor has to rest before the schema is asked for. */
const rest = 150;

function schemaStatus(client: LanguageClient): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('capstan.schema', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Capstan Schema';
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(), rest);
  };

  async function show(): Promise<void> {
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
    client.onDidChangeState(later),
  );
}

/** Known: the kind and version. Unknown: said so, and a click leads to what would bring the schema. */
function paint(item: vscode.StatusBarItem, { apiVersion, kind, origin, sentence }: SchemaStatus): void {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  item.text = origin === undefined ? `$(question) no schema: ${kind} ${version}` : `${kind} ${version}`;
  item.tooltip = sentence;
  item.command = origin === undefined ? 'capstan.openContext' : undefined;
  item.show();
}
