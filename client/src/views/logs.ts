// The logs of pods as read-only documents, which are followed while they are open. Their text is bounded (logBuffer.ts).
import * as vscode from 'vscode';
import { kindName, type LiveRef } from '../../../server/src/kube/identity.ts';
import type { ClusterServer } from '../cluster.ts';
import { LogBuffer } from './logBuffer.ts';

export interface LogChoice {
  readonly context: string;
  readonly ref: LiveRef;
  readonly container?: string;
  readonly previous: boolean;
}

export interface LogViews extends vscode.Disposable {
  readonly show: (choice: LogChoice) => Promise<void>;
}

const scheme = 'capstan-log';
/** Lines of each container to begin with. */
const tail = 1000;
/** Milliseconds between two changes of the text. */
const pause = 500;

interface Open {
  readonly buffer: LogBuffer;
  readonly token: string;
}

export function createLogViews(cluster: ClusterServer): LogViews {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const open = new Map<string, Open>();
  const late = new Set<string>();
  let tokens = 0;
  let timer: NodeJS.Timeout | undefined;

  async function start(uri: vscode.Uri): Promise<void> {
    const choice = choiceOf(uri);
    if (choice === undefined) return;
    close(uri);
    const own: Open = { buffer: new LogBuffer(), token: `log-${++tokens}` };
    open.set(uri.toString(), own);
    await cluster.request('logs', { ...choice, follow: !choice.previous, tail, token: own.token });
  }

  function close(uri: vscode.Uri): void {
    const known = open.get(uri.toString());
    open.delete(uri.toString());
    if (known) void cluster.request('stopLogs', { token: known.token }).catch(() => undefined);
  }

  function paint(key: string): void {
    late.add(key);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const one of late) changed.fire(vscode.Uri.parse(one));
      late.clear();
    }, pause);
  }

  /** Shows the end of a log in editors whose cursor is at the end. */
  function reveal(document: vscode.TextDocument, before: number): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document || editor.selection.active.line < before - 1) continue;
      const end = document.lineAt(document.lineCount - 1).range.end;
      editor.selection = new vscode.Selection(end, end);
      editor.revealRange(new vscode.Range(end, end));
    }
  }

  const lineCounts = new WeakMap<vscode.TextDocument, number>();
  const parts = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        // A tab that a reload of the window restored.
        if (!open.has(uri.toString())) await start(uri);
        return open.get(uri.toString())?.buffer.text() ?? `--- ${uri.path} is not the log of a live object\n`;
      },
    }),
    cluster.onLogged(({ token, lines, isOver }) => {
      const [key, own] = [...open].find(([, one]) => one.token === token) ?? [];
      if (key === undefined || own === undefined) {
        // Of a log that was closed before it began.
        if (!isOver) void cluster.request('stopLogs', { token }).catch(() => undefined);
        return;
      }
      own.buffer.add(isOver ? [...lines, '--- The end.'] : lines);
      paint(key);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme !== scheme) return;
      reveal(document, lineCounts.get(document) ?? document.lineCount);
      lineCounts.set(document, document.lineCount);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) close(uri);
    }),
    // A server that was restarted follows nothing.
    cluster.onReady(() => {
      for (const key of [...open.keys()]) void start(vscode.Uri.parse(key)).catch(() => undefined);
    }),
  );

  return {
    async show(choice) {
      const uri = uriOf(choice);
      const known = open.has(uri.toString());
      if (known) await start(uri);
      const document = await vscode.workspace.openTextDocument(uri);
      lineCounts.set(document, document.lineCount);
      const editor = await vscode.window.showTextDocument(document, { preview: true });
      const end = document.lineAt(document.lineCount - 1).range.end;
      editor.selection = new vscode.Selection(end, end);
    },
    dispose: () => {
      clearTimeout(timer);
      parts.dispose();
    },
  };
}

/** The path is shown in the tab; the query identifies the log. */
function uriOf(choice: LogChoice): vscode.Uri {
  const { context, ref, container, previous } = choice;
  const name = [ref.name, container, previous ? 'previous' : undefined].filter((part) => part !== undefined).join(' ');
  const folders = [context, ref.namespace, kindName(ref.groupKind)].filter((part) => part !== undefined);
  const path = `/${[...folders, `${name}.log`].map((part) => part.replaceAll('/', '∕')).join('/')}`;
  return vscode.Uri.from({ scheme, path, query: JSON.stringify(choice) });
}

/** A URI may come from any source, so it is validated. */
function choiceOf(uri: vscode.Uri): LogChoice | undefined {
  try {
    const { context, ref, container, previous } = JSON.parse(uri.query) as LogChoice;
    const texts = [context, ref.cluster, ref.groupKind, ref.name, ref.namespace ?? '', container ?? ''];
    if (!texts.every((part) => typeof part === 'string')) return undefined;
    return { context, ref, previous: previous === true, ...(container === undefined ? {} : { container }) };
  } catch {
    return undefined;
  }
}
