// What differs in what clusters get, in the editor's own comparison of two read-only documents, or as a report.
import * as vscode from 'vscode';
import type { LanguageRequests } from '../../../server/src/protocol.ts';
import type { Language } from '../language.ts';

type Between = LanguageRequests['capstan/differences']['params']['between'];

export interface DifferenceViews extends vscode.Disposable {
  readonly show: (uri: vscode.Uri, position: vscode.Position, between: Between) => Promise<void>;
  /** Two texts beside each other, each with the words for where it is from. */
  readonly compare: (name: string, old: Side, now: Side) => Promise<void>;
}

interface Side {
  readonly from: string;
  readonly text: string;
}

const scheme = 'capstan-differences';

/** The texts of closed tabs are forgotten when more than this many are kept. */
const mostKept = 20;

export function createDifferenceViews(language: Language): DifferenceViews {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const texts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    // A tab that a reload of the window restored has no text: what it compared may be gone.
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? 'Run the command again.\n',
  });

  function keep(uri: vscode.Uri, text: string): vscode.Uri {
    const key = uri.toString();
    texts.delete(key);
    texts.set(key, text);
    for (const [old] of texts) {
      if (texts.size <= mostKept) break;
      if (!vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === old)) texts.delete(old);
    }
    changed.fire(uri);
    return uri;
  }

  async function compare(source: vscode.Uri, name: string, before: Side, after: Side): Promise<void> {
    const old = keep(uriOf(source, before.from, name), before.text);
    const now = keep(uriOf(source, after.from, name), after.text);
    await vscode.commands.executeCommand('vscode.diff', old, now, `${name}: ${before.from} ↔ ${after.from}`, {
      preview: true,
    });
  }

  return {
    async show(source, position, between) {
      const found = await language.request('capstan/differences', { uri: source.toString(), position, between });
      if (found === null) void vscode.window.showInformationMessage('Open a manifest first.');
      else if (found.is === 'problem') void vscode.window.showErrorMessage(found.problem);
      else if (found.is === 'report') {
        const uri = keep(uriOf(source, 'repository', 'changes.md'), found.markdown);
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
      } else if (found.old === found.now) {
        const name = between.is === 'clusters' ? `${between.old} and ${between.now} get` : `${found.name} gave`;
        void vscode.window.showInformationMessage(`No difference: clusters get what ${name}.`);
      } else {
        const name = source.path.slice(source.path.lastIndexOf('/') + 1);
        const [before, after] = between.is === 'clusters' ? [between.old, between.now] : [found.name, 'now'];
        await compare(source, name, { from: before, text: found.old }, { from: after, text: found.now });
      }
    },
    compare: (name, old, now) => {
      // Of the same object in other clusters, the texts are others.
      const query = JSON.stringify([old.from, now.from]);
      return compare(vscode.Uri.from({ scheme, path: `/${name}`, query }), name, old, now);
    },
    dispose: () => vscode.Disposable.from(changed, provider).dispose(),
  };
}

/** The path is shown in the tab; the query tells files of one name apart. */
function uriOf(source: vscode.Uri, side: string, name: string): vscode.Uri {
  const file = /\.(?:ya?ml|md)$/.test(name) ? name : `${name}.yaml`;
  return vscode.Uri.from({
    scheme,
    path: `/${side.replaceAll('/', '∕')}/${file.replaceAll('/', '∕')}`,
    query: source.toString(),
  });
}
