import * as vscode from 'vscode';
import { ofOurViews } from '../views/view.ts';
import type { Command } from './command.ts';

export const copyName: Command = {
  id: 'copyName',
  title: 'Copy Name',
  menus: [{ menu: 'view/item/context', when: ofOurViews, group: '3_copy@1' }],
  palette: 'false',
  async run(_app, node, selection) {
    const nodes = selection ?? (node === undefined ? [] : [node]);
    const names = nodes.map(({ row }) => row.ref?.name ?? row.label);
    await vscode.env.clipboard.writeText(names.join('\n'));
  },
};
