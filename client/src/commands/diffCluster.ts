import * as vscode from 'vscode';
import { activePlace } from './activePlace.ts';
import { type Command, onManifests } from './command.ts';

export const diffCluster: Command = {
  id: 'diffCluster',
  title: 'Diff as Applied between Clusters...',
  menus: onManifests('1_capstan@4'),
  palette: 'editorLangId == yaml',
  async run(app) {
    const at = activePlace();
    if (!at) return;
    const params = { uri: at.uri.toString(), position: at.position };
    const clusters = (await app.language.request('capstan/preview', params))?.clusters ?? [];
    if (clusters.length < 2) {
      void vscode.window.showInformationMessage('Fewer than two clusters get something of this file.');
      return;
    }
    const old = await pick(clusters, 'Select the first cluster');
    const now =
      old &&
      (await pick(
        clusters.filter((one) => one !== old),
        `Select the cluster to compare with ${old}`,
      ));
    if (old && now) await app.differences.show(at.uri, at.position, { is: 'clusters', old, now });
  },
};

function pick(clusters: readonly string[], placeHolder: string): Thenable<string | undefined> {
  return vscode.window.showQuickPick([...clusters], { title: 'Diff as Applied', placeHolder });
}
