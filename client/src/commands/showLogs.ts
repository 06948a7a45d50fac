import * as vscode from 'vscode';
import type { Row } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const showLogs: Command = {
  id: 'showLogs',
  title: 'Show Logs',
  icon: 'output',
  enablement: trusted,
  menus: onRows('showLogs', '1_open@5', 1),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Show Logs', 'showLogs'));
    if (row !== undefined) await show(app, row, false);
  },
};

export const showPreviousLogs: Command = {
  id: 'showPreviousLogs',
  title: 'Show Logs Before the Last Restart',
  enablement: trusted,
  menus: onRows('showLogs', '1_open@6'),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Show Logs Before the Last Restart', 'showLogs'));
    if (row !== undefined) await show(app, row, true);
  },
};

/** Asks for the container if there are several. */
async function show(app: App, { context, ref }: Row, previous: boolean): Promise<void> {
  if (ref === undefined) return;
  const { containers, main } = await app.cluster.request('containers', { context, ref });
  if (containers.length > 1) {
    const items = [main, ...containers.filter((name) => name !== main)].map((label) => ({ label }));
    const chosen = await vscode.window.showQuickPick(items, { title: `Logs of ${ref.name}`, placeHolder: 'Container' });
    if (chosen === undefined) return;
    return app.logs.show({ context, ref, container: chosen.label, previous });
  }
  await app.logs.show({ context, ref, previous });
}
