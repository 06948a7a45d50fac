// Where the user is in the active editor.
import * as vscode from 'vscode';

export interface Place {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position;
}

/** Says so if there is none. */
export function activePlace(): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor) return { uri: editor.document.uri, position: editor.selection.active };
  void vscode.window.showInformationMessage('Open a manifest first.');
  return undefined;
}
