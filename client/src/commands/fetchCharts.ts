import { spawn } from 'node:child_process';
import process from 'node:process';
import * as vscode from 'vscode';
import type { ChartUse } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { type Command, trusted } from './command.ts';

export const fetchCharts: Command = {
  id: 'fetchCharts',
  title: 'Fetch Charts...',
  icon: 'cloud-download',
  menus: [],
  enablement: trusted,
  async run(app) {
    const near = nearest();
    if (near === undefined) {
      void vscode.window.showInformationMessage('Open a folder with HelmReleases first.');
      return;
    }
    const missing = await app.language.request('capstan/missingCharts', { uri: near.toString() });
    if (missing.length === 0) {
      void vscode.window.showInformationMessage('The charts of all HelmReleases whose sources are in files are known.');
      return;
    }
    const chosen = await pick(missing);
    if (chosen.length === 0) return;
    const failures = await fetchAll(app, chosen);
    await app.language.request('capstan/chartsFetched', null);
    if (failures.length > 0) void vscode.window.showErrorMessage(failures.join('\n'));
  },
};

function nearest(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  return active?.scheme === 'file' ? active : vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** The repositories are shown before any of them is contacted. */
async function pick(missing: readonly ChartUse[]): Promise<readonly ChartUse[]> {
  const items = missing.map((use) => ({
    label: `${use.chart} ${use.version}`,
    description: use.shown ?? '',
    detail: use.releases.join(', '),
    picked: true,
    use,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Fetch Charts',
    placeHolder: 'Charts to fetch from their repositories',
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ use }) => use) ?? [];
}

/** What went wrong, a sentence for each chart. */
async function fetchAll(app: App, chosen: readonly ChartUse[]): Promise<readonly string[]> {
  const location = vscode.ProgressLocation.Notification;
  const options = { location, title: 'Fetching charts', cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const failures: string[] = [];
    for (const use of chosen) {
      if (token.isCancellationRequested) break;
      progress.report({ message: `${use.chart}`, increment: 100 / chosen.length });
      const failure = await fetchOne(app, use, token);
      if (failure !== undefined) failures.push(failure);
    }
    return failures;
  });
}

/** Runs the command line with the extension host's Node: the language server opens no connection. */
function fetchOne(app: App, use: ChartUse, token: vscode.CancellationToken): Promise<string | undefined> {
  const { repository = '', chart = '', version = '*', isPlain } = use;
  const named = ['--repository', repository, '--version', version, ...(isPlain ? ['--plain-http'] : []), '--', chart];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [app.commandLine, 'charts', 'fetch', ...named], { env });
    const stop = token.onCancellationRequested(() => child.kill());
    let errors = '';
    child.stdout.on('data', (text) => app.log.info(String(text).trimEnd()));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => {
      stop.dispose();
      if (errors !== '') app.log.warn(errors.trimEnd());
      resolve(code === 0 || token.isCancellationRequested ? undefined : errors.trim());
    });
  });
}
