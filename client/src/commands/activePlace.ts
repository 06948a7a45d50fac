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

/** The place that a code lens names, or else where the user is. */
export function placeOf(target: unknown): Place | undefined {
  const { uri, position } = (target ?? {}) as { readonly uri?: unknown; readonly position?: Partial<vscode.Position> };
  if (typeof uri !== 'string' || typeof position?.line !== 'number') return activePlace();
  return { uri: vscode.Uri.parse(uri), position: new vscode.Position(position.line, position.character ?? 0) };
}
