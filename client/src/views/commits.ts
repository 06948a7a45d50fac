// A commit that is followed into clusters: a document that says for each cluster what waits, read again while it is followed, and
// the progress as one sentence in the status bar until it is ready everywhere or waits for a person.
import * as vscode from 'vscode';
import type { ClusterRequests, CommitPlaces } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import { plain } from '../plain.ts';

type CommitParams = ClusterRequests['commit']['params'];

export interface Commits extends vscode.Disposable {
  readonly follow: (asked: CommitParams) => Promise<void>;
}

const scheme = 'capstan-commit';
/** Milliseconds between two looks. */
const pause = 2_000;

export function createCommits(cluster: ClusterServer): Commits {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const texts = new Map<string, string>();
  const following = new Map<string, AbortController>();

  const parts = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const asked = askedOf(uri);
        if (asked === undefined) return `${uri.path} is no commit that is followed.\n`;
        // A tab that a reload of the window restored.
        if (!texts.has(uri.toString())) texts.set(uri.toString(), (await cluster.request('commit', asked)).text);
        return texts.get(uri.toString())!;
      },
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  );

  async function watch(uri: vscode.Uri, asked: CommitParams, first: CommitPlaces): Promise<CommitPlaces | undefined> {
    following.get(uri.toString())?.abort();
    const own = new AbortController();
    following.set(uri.toString(), own);
    let places = first;
    const location = vscode.ProgressLocation.Window;
    await vscode.window.withProgress({ location, title: 'Capstan' }, async (progress) => {
      while (!places.isOver && !own.signal.aborted) {
        progress.report({ message: places.sentence });
        await new Promise((done) => setTimeout(done, pause));
        // Clusters may be away for a while.
        places = await cluster.request('commit', asked).catch(() => places);
        if (texts.get(uri.toString()) !== places.text) {
          texts.set(uri.toString(), places.text);
          changed.fire(uri);
        }
      }
    });
    if (following.get(uri.toString()) === own) following.delete(uri.toString());
    return own.signal.aborted ? undefined : places;
  }

  return {
    async follow({ folder, revision }) {
      const places = await cluster.request('commit', { folder, revision });
      const asked = { folder, revision: places.commit };
      const uri = uriOf(asked);
      texts.set(uri.toString(), places.text);
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
      // Not awaited: it may take as long as a rollout.
      void watch(uri, asked, places).then((end) => {
        if (end === undefined) return;
        if (end.isReady) vscode.window.setStatusBarMessage(`$(pass) ${plain(end.sentence)}`, 8000);
        else void vscode.window.showWarningMessage(plain(end.sentence));
      });
    },
    dispose: () => {
      for (const own of following.values()) own.abort();
      parts.dispose();
    },
  };
}

function uriOf(asked: CommitParams): vscode.Uri {
  const path = `/Commit ${asked.revision.slice(0, 7)}`;
  return vscode.Uri.from({ scheme, path, query: JSON.stringify(asked) });
}

/** A URI may come from any source, so it is validated. */
function askedOf(uri: vscode.Uri): CommitParams | undefined {
  try {
    const { folder, revision } = JSON.parse(uri.query) as CommitParams;
    return typeof folder === 'string' && typeof revision === 'string' ? { folder, revision } : undefined;
  } catch {
    return undefined;
  }
}
