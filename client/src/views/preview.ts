// Preview as Applied: a read-only document with the objects of a file as a cluster gets them, which follows the cursor of the
// file and is followed by it.
import * as vscode from 'vscode';
import type { AppliedPreview } from '../../../server/src/protocol.ts';
import type { Language } from '../language.ts';
import { lineFrom, lineOf } from './previewLines.ts';

export interface Previews extends vscode.Disposable {
  /** Opens the preview beside the file. False if no cluster gets anything of it. */
  readonly show: (uri: vscode.Uri, position: vscode.Position) => Promise<boolean>;
  /** Of the preview that is shown: its clusters, and a way to choose another. */
  readonly clusters: () => readonly string[];
  readonly choose: (cluster: string) => Promise<void>;
}

const scheme = 'capstan-applied';

/** Milliseconds without an edit after which the preview is computed again. */
const pause = 300;

/** The file that is previewed; at most one preview is open. */
interface Shown {
  readonly source: vscode.Uri;
  readonly position: vscode.Position;
  readonly cluster: string | undefined;
}

export function createPreviews(language: Language): Previews {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const marked = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  });
  let shown: Shown | undefined;
  let current: { readonly uri: vscode.Uri; readonly preview: AppliedPreview } | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function load(next: Shown): Promise<AppliedPreview | null> {
    const { source, position, cluster } = next;
    const params = { uri: source.toString(), position, ...(cluster !== undefined && { cluster }) };
    const preview = await language.request('capstan/preview', params);
    if (preview === null) return null;
    shown = { ...next, cluster: preview.cluster };
    const uri = uriOf(source, preview.cluster);
    current = { uri, preview };
    changed.fire(uri);
    return preview;
  }

  async function open(next: Shown): Promise<boolean> {
    const preview = await load(next);
    if (preview === null || !current) return false;
    const document = await vscode.workspace.openTextDocument(current.uri);
    if (document.languageId !== 'yaml') await vscode.languages.setTextDocumentLanguage(document, 'yaml');
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
    followSource(next.source, next.position.line);
    return true;
  }

  /** Shows the line of the preview that comes from a line of a file. */
  function followSource(source: vscode.Uri, line: number): void {
    const editor = editorOf(current?.uri);
    const found = current && lineFrom(current.preview, source.toString(), line);
    if (editor && found !== undefined) mark(editor, found);
  }

  /** Shows the line that a line of the preview comes from, in a file that is visible. */
  function followPreview(line: number): void {
    const found = current && lineOf(current.preview, line);
    const editor = found && editorOf(vscode.Uri.parse(found.uri));
    if (editor && found) mark(editor, found.line);
  }

  function mark(editor: vscode.TextEditor, line: number): void {
    const range = new vscode.Range(line, 0, line, 0);
    for (const other of vscode.window.visibleTextEditors) other.setDecorations(marked, other === editor ? [range] : []);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** After an edit of any manifest: it may be a patch or a variable of what is shown. */
  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (shown && editorOf(current?.uri)) void load(shown).catch(() => undefined);
    }, pause);
  }

  const parts = vscode.Disposable.from(
    changed,
    marked,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        if (current?.uri.toString() === uri.toString()) return current.preview.text;
        // A tab that a reload of the window restored.
        const source = sourceOf(uri);
        const preview = source && (await load({ ...source, position: new vscode.Position(0, 0) }).catch(() => null));
        return preview?.text ?? '# No cluster gets anything of the file.\n';
      },
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const line = selections[0]?.active.line ?? 0;
      const { uri } = textEditor.document;
      if (uri.toString() === current?.uri.toString()) followPreview(line);
      else if (uri.scheme !== scheme) followSource(uri, line);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'yaml' && document.uri.scheme !== scheme && contentChanges.length > 0) later();
    }),
  );

  return {
    show: (source, position) => {
      const isSame = shown?.source.toString() === source.toString();
      return open({ source, position, cluster: isSame ? shown?.cluster : undefined });
    },
    clusters: () => current?.preview.clusters ?? [],
    choose: async (cluster) => {
      if (shown) await open({ ...shown, cluster });
    },
    dispose: () => {
      clearTimeout(timer);
      parts.dispose();
    },
  };
}

function editorOf(uri: vscode.Uri | undefined): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri?.toString());
}

/** The path is shown in the tab; the query identifies the file and the cluster. */
function uriOf(source: vscode.Uri, cluster: string): vscode.Uri {
  const name = source.path.slice(source.path.lastIndexOf('/') + 1);
  return vscode.Uri.from({
    scheme,
    path: `/${cluster.replaceAll('/', '∕')}/${name}`,
    query: JSON.stringify({ source: source.toString(), cluster }),
  });
}

/** A URI may come from any source, so it is validated. */
function sourceOf(uri: vscode.Uri): Pick<Shown, 'source' | 'cluster'> | undefined {
  try {
    const { source, cluster } = JSON.parse(uri.query) as { readonly source: unknown; readonly cluster: unknown };
    if (typeof source !== 'string' || typeof cluster !== 'string') return undefined;
    return { source: vscode.Uri.parse(source), cluster };
  } catch {
    return undefined;
  }
}
