import * as vscode from 'vscode';
import type { KindChoice } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import type { Command } from './command.ts';
import { named } from './naming.ts';

export const newManifest: Command = {
  id: 'newManifest',
  title: 'New Manifest...',
  icon: 'new-file',
  menus: [],
  async run(app) {
    const near = nearest();
    if (near === undefined) {
      void vscode.window.showInformationMessage('Open a folder first: the manifest becomes a file in it.');
      return;
    }
    const kind = await pickKind(app, near);
    if (kind === undefined) return;
    const { apiVersion } = kind;
    const proposal = await app.language.request('capstan/newManifest', {
      uri: near.toString(),
      apiVersion,
      kind: kind.kind,
    });
    if (proposal === null) return;
    const proposed = vscode.Uri.parse(proposal.uri);
    const uri = await pickFile(proposed, kind);
    if (uri === undefined) return;
    const listing = await app.language.request('capstan/listing', { uri: uri.toString() });
    await vscode.workspace.fs.writeFile(uri, new Uint8Array());
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await editor.insertSnippet(
      new vscode.SnippetString(named(proposal.snippet, fileNameOf(proposed), fileNameOf(uri))),
      new vscode.Position(0, 0),
      {
        undoStopBefore: true,
        undoStopAfter: true,
        keepWhitespace: true,
      },
    );
    if (listing !== null) void offerListing(uri, listing);
  },
};

function fileNameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file in the editor, else a file that would be in the first folder. */
function nearest(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === 'file') return active;
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder && vscode.Uri.joinPath(folder.uri, 'new.yaml');
}

async function pickKind(app: App, near: vscode.Uri): Promise<KindChoice | undefined> {
  const items = app.language.request('capstan/kinds', { uri: near.toString() }).then((kinds) =>
    kinds.map((choice) => ({
      label: choice.kind,
      description: choice.apiVersion,
      ...(choice.isUsed && { iconPath: new vscode.ThemeIcon('symbol-class') }),
      choice,
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New Manifest',
    placeHolder: 'Select the kind',
    matchOnDescription: true,
  });
  return picked?.choice;
}

/** Lets the user change the proposed path; it must be new. */
async function pickFile(proposed: vscode.Uri, { kind }: KindChoice): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(proposed)?.uri ?? vscode.Uri.joinPath(proposed, '..');
  const relative = proposed.path.slice(folder.path.length).replace(/^\//, '');
  const name = relative.lastIndexOf('/') + 1;
  const path = await vscode.window.showInputBox({
    title: `New Manifest: ${kind}`,
    prompt: 'Path of the file',
    value: relative,
    valueSelection: [name, relative.length - (/\.ya?ml$/.exec(relative)?.[0].length ?? 0)],
    validateInput: async (value) => {
      if (value.trim() === '' || value.endsWith('/')) return 'Enter the name of a file.';
      const exists = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, value)).then(
        () => true,
        () => false,
      );
      return exists ? `${value} already exists.` : undefined;
    },
  });
  return path === undefined ? undefined : vscode.Uri.joinPath(folder, path);
}

interface Listing {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
  readonly text: string;
}

/** A kustomization that lists its files applies the new one only if it is listed too. */
async function offerListing(uri: vscode.Uri, { uri: kustomization, position, text }: Listing): Promise<void> {
  const name = fileNameOf(uri);
  const target = vscode.Uri.parse(kustomization);
  const add = 'Add';
  const chosen = await vscode.window.showInformationMessage(
    `${vscode.workspace.asRelativePath(target)} lists its resources. Add ${name} to it?`,
    add,
  );
  if (chosen !== add) return;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(target, new vscode.Position(position.line, position.character), text);
  await vscode.workspace.applyEdit(edit);
}
