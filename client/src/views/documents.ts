// Virtual read-only documents: the live object as YAML and the rollout status. The URI identifies the content, so they
// survive a reload of the window. They follow the cluster while they are visible; opening one again refreshes it at once.
import * as vscode from 'vscode';
import type { Row } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import { type Target, targetOf, uriAt } from './objectUri.ts';
import { staleText } from './stale.ts';

export interface Documents extends vscode.Disposable {
  readonly show: (what: 'object' | 'rollout', row: Pick<Row, 'context' | 'ref'>) => Promise<void>;
}

/** Milliseconds after which a visible document is read again. */
const followPause = 5_000;

const schemes = { object: 'capstan-object', rollout: 'capstan-rollout' } as const;

export function createDocuments(cluster: ClusterServer): Documents {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** What was last read of each document that is open. */
  const known = new Map<string, string>();
  const read = async (what: 'object' | 'rollout', target: Target): Promise<string> =>
    what === 'object'
      ? (await cluster.request('object', target)).yaml
      : (await cluster.request('rollout', target)).text;
  const timer = setInterval(() => {
    if (!vscode.window.state.focused) return;
    for (const { document } of vscode.window.visibleTextEditors)
      if (known.has(document.uri.toString())) changed.fire(document.uri);
  }, followPause);
  const providers = (['object', 'rollout'] as const).map((what) =>
    vscode.workspace.registerTextDocumentContentProvider(schemes[what], {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const target = targetOf(uri);
        if (target === undefined) return `# ${uri.path} is not the URI of a live object.\n`;
        const key = uri.toString();
        try {
          const text = await read(what, target);
          known.set(key, text);
          return text;
        } catch (error) {
          // What is known stays visible, and that it isn't current.
          const last = known.get(key);
          if (last === undefined) throw error;
          return staleText(what, last, (error as Error).message);
        }
      },
    }),
  );

  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString()));

  return {
    async show(what, row) {
      if (row.ref === undefined) return;
      const uri = uriAt(schemes[what], { context: row.context, ref: row.ref }, what === 'object' ? 'yaml' : 'txt');
      const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
      if (isOpen) changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => {
      clearInterval(timer);
      vscode.Disposable.from(changed, closed, ...providers).dispose();
    },
  };
}
