import * as vscode from 'vscode';
import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const openShell: Command = {
  id: 'shell',
  title: 'Open Shell',
  icon: 'terminal',
  enablement: trusted,
  menus: onRows('shell', '1_open@7'),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Open Shell', 'shell'));
    if (row?.ref === undefined) return;
    const { context, ref } = row;
    const { pod, containers, main } = await app.cluster.request('pod', { context, ref, verb: 'shell' });
    let container: string | undefined = main;
    if (containers.length > 1) {
      const items = [main, ...containers.filter((name) => name !== main)];
      container = await vscode.window.showQuickPick(items, { title: `Shell in ${pod}`, placeHolder: 'Container' });
    }
    if (container !== undefined) app.shells.open({ context, ref, pod, container });
  },
};
