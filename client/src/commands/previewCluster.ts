import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const previewCluster: Command = {
  id: 'previewCluster',
  title: 'Choose Cluster of Preview...',
  menus: [],
  palette: 'editorLangId == yaml',
  async run(app) {
    const picked = await vscode.window.showQuickPick([...app.previews.clusters()], {
      title: 'Preview as Applied',
      placeHolder: 'Select the cluster',
    });
    if (picked !== undefined) await app.previews.choose(picked);
  },
};
