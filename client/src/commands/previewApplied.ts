import * as vscode from 'vscode';
import { activePlace, type Place } from './activePlace.ts';
import type { Command } from './command.ts';

export const previewApplied: Command = {
  id: 'previewApplied',
  title: 'Preview as Applied',
  icon: 'open-preview',
  menus: [],
  palette: 'editorLangId == yaml',
  async run(app, target) {
    const at = placeOf(target) ?? activePlace();
    if (at === undefined) return;
    if (await app.previews.show(at.uri, at.position)) return;
    void vscode.window.showInformationMessage(
      'No cluster gets anything of this file: no kustomization and no Flux Kustomization applies it.',
    );
  },
};

/** Code lenses name the file and the position. */
function placeOf(target: unknown): Place | undefined {
  const { uri, position } = (target ?? {}) as { readonly uri?: unknown; readonly position?: Partial<vscode.Position> };
  if (typeof uri !== 'string' || typeof position?.line !== 'number') return undefined;
  return { uri: vscode.Uri.parse(uri), position: new vscode.Position(position.line, position.character ?? 0) };
}
