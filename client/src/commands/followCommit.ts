import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { askRevision } from './askRevision.ts';
import { type Command, onManifests, trusted } from './command.ts';
import { offerToOpen } from './pick.ts';

export const followCommit: Command = {
  id: 'followCommit',
  title: 'Follow This Commit...',
  // Git runs, and clusters are asked.
  enablement: trusted,
  menus: onManifests('1_capstan@6'),
  async run(app) {
    const { activeTextEditor, activeTextEditor: { document } = {} } = vscode.window;
    const folder =
      activeTextEditor && document?.uri.scheme === 'file'
        ? dirname(document.uri.fsPath)
        : vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
    if (folder === undefined) {
      void vscode.window.showInformationMessage('Open a file or a folder of the repository first.');
      return;
    }
    if (app.cluster.opened.size === 0) return offerToOpen();
    const revision = await askRevision(
      'Follow This Commit',
      'A branch, a tag or a commit, until it is ready on every open cluster',
    );
    if (revision) await app.commits.follow({ folder, revision });
  },
};
