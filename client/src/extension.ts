// The extension's entry point: creates the parts, registers the commands and disposes of everything.
import * as vscode from 'vscode';
import type { Row, ViewId } from '../../server/src/protocol.ts';
import type { App } from './app.ts';
import { ClusterServer, type ClusterSettings, type Remembered } from './cluster.ts';
import { act } from './commands/act.ts';
import { changesIn } from './commands/changes.ts';
import type { Command } from './commands/command.ts';
import { commands } from './commands/list.ts';
import { createLive } from './join/live.ts';
import { startLanguage } from './language.ts';
import { settleWithNeighbour } from './neighbour.ts';
import { createPins, type PinStore } from './pins.ts';
import { plain } from './plain.ts';
import { objectLimit, ownValue } from './settings.ts';
import { createCommits } from './views/commits.ts';
import { createDifferenceViews } from './views/differences.ts';
import { createDocuments } from './views/documents.ts';
import { createEditing } from './views/editing.ts';
import { createForwards } from './views/forwards.ts';
import { createLogViews } from './views/logs.ts';
import { createPreviews } from './views/preview.ts';
import { createShells } from './views/shells.ts';
import { createSummary } from './views/summary.ts';
import { createTerminals } from './views/terminals.ts';
import { createTrees } from './views/tree.ts';
import { wholeWords } from './words.ts';

/** Read by the tests inside VS Code; not an API for other extensions. */
export interface Inside {
  /** The rows that a view's tree, by default that of clusters, shows below one or at its top. */
  readonly rows: (id?: string, view?: ViewId) => Promise<readonly Row[]>;
  readonly selected: (view: ViewId) => Row | undefined;
}

export function activate(context: vscode.ExtensionContext): Inside {
  const log = vscode.window.createOutputChannel('Capstan', { log: true });
  const remembered = rememberedIn(context.workspaceState);
  const program = (name: string) => context.asAbsolutePath(`dist/${name}.js`);
  const cluster = new ClusterServer(program('cluster'), clusterSettings, log, remembered);
  const trees = createTrees(cluster);
  const documents = createDocuments(cluster);
  const editing = createEditing(cluster, log);
  const pins = createPins(cluster, pinsIn(context.workspaceState));
  const logs = createLogViews(cluster);
  const shells = createShells(cluster);
  const terminals = createTerminals(context.globalStorageUri.fsPath);
  const commits = createCommits(cluster);
  const forwards = createForwards(cluster, log);
  const language = startLanguage(program('language'), log);
  const previews = createPreviews(language);
  const differences = createDifferenceViews(language);
  const live = createLive(cluster, language);
  const app: App = {
    cluster,
    language,
    trees,
    documents,
    editing,
    pins,
    logs,
    commits,
    shells,
    terminals,
    forwards,
    previews,
    differences,
    live,
    log,
    remembered,
    commandLine: program('cli'),
  };

  context.subscriptions.push(
    log,
    trees,
    documents,
    editing,
    pins,
    logs,
    commits,
    shells,
    terminals,
    forwards,
    previews,
    differences,
    live,
    language,
    cluster,
    createSummary(cluster),
    settleWithNeighbour(context, log),
    wholeWords(),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('capstan') && !change.affectsConfiguration('http.proxy')) return;
      // Cleared even if the restart fails: the rows shown come from the previous settings.
      const failed = (error: Error) => log.error(error.message);
      void cluster
        .restart()
        .catch(failed)
        .then(() => trees.clear());
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      trees.clear();
      void language.restart();
    }),
    ...[...commands, ...changeCommands(context)].map(({ id, run }) =>
      vscode.commands.registerCommand(`capstan.${id}`, async (node, selection) => {
        try {
          await run(app, node, selection);
        } catch (error) {
          const { message } = error as Error;
          log.error(`${id}: ${message}`);
          void vscode.window.showErrorMessage(plain(message));
        }
      }),
    ),
  );
  return {
    rows: async (id, view = 'clusters') => {
      const { rows } = trees.of(view);
      return (await rows.children(id === undefined ? undefined : rows.node(id))).map(({ row }) => row);
    },
    selected: (view) => trees.of(view).selected?.row,
  };
}

function changeCommands({ extension }: vscode.ExtensionContext): readonly Pick<Command, 'id' | 'run'>[] {
  return changesIn(extension.packageJSON, commands).map((change) => ({
    id: change.verb,
    run: (app, node, selection) => act(app, change, node, selection),
  }));
}

function clusterSettings(): ClusterSettings {
  const settings = vscode.workspace.getConfiguration('capstan');
  const kubeconfig = ownValue(settings.inspect<string>('kubeconfig'));
  const proxy = ownValue(vscode.workspace.getConfiguration('http').inspect<string>('proxy'));
  return {
    readOnlyContexts: ownValue(settings.inspect<string[]>('readOnlyContexts')) ?? [],
    objectsPerCluster: objectLimit(ownValue(settings.inspect('objectsPerCluster'))),
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

function pinsIn(state: vscode.Memento): PinStore {
  const key = 'capstan.pins';
  return { get: () => state.get(key, []), set: (pins) => void state.update(key, pins) };
}

/** Remembers open contexts without reopening them: at the next start nothing is contacted until the user reopens them. */
function rememberedIn(state: vscode.Memento): Remembered {
  const key = 'capstan.contexts';
  const lastTime = state.get<readonly string[]>(key, []);
  const offer = (now: readonly string[]) =>
    vscode.commands.executeCommand('setContext', 'capstan.reopenable', lastTime.length > 0 && now.length === 0);
  void offer([]);
  return {
    contexts: () => lastTime,
    set: (contexts) => {
      void state.update(key, contexts);
      void offer(contexts);
    },
  };
}
