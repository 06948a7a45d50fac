import * as vscode from 'vscode';
import { placeOf } from './activePlace.ts';
import type { Command } from './command.ts';

export const previewApplied: Command = {
  id: 'previewApplied',
  title: 'Preview as Applied',
  icon: 'open-preview',
  menus: [],
  palette: 'editorLangId == yaml',
  async run(app, target) {
    const at = placeOf(target);
    if (at === undefined) return;
    if (await app.previews.show(at.uri, at.position)) return;
    void vscode.window.showInformationMessage(
      'No cluster gets anything of this file: no kustomization and no Flux Kustomization applies it.',
    );
  },
};
