import * as vscode from 'vscode';
import { type Command, onTitle, trusted } from './command.ts';

export const chooseKubeconfig: Command = {
  id: 'chooseKubeconfig',
  title: 'Choose Kubeconfig File...',
  menus: onTitle('1_open@1', trusted),
  async run() {
    const [file] =
      (await vscode.window.showOpenDialog({ title: 'Kubeconfig', openLabel: 'Use', canSelectMany: false })) ?? [];
    if (file === undefined) return;
    // The change of the setting restarts the servers (extension.ts).
    await vscode.workspace
      .getConfiguration('capstan')
      .update('kubeconfig', file.fsPath, vscode.ConfigurationTarget.Global);
  },
};
