// Terminals on an open context.
import type { App } from '../app.ts';
import { k9s } from '../contextTerminal.ts';
import type { Node } from '../views/rowTree.ts';
import { type Command, onRows, rowsOf, trusted } from './command.ts';
import { pickContext } from './pick.ts';

export const openTerminal: Command = {
  id: 'openTerminal',
  title: 'Open Terminal on Context',
  enablement: trusted,
  menus: onRows('closeContext', '1_open@3'),
  run: (app, node) => open(app, 'Open Terminal on Context', node),
};

export const openK9s: Command = {
  id: 'openK9s',
  title: 'Open k9s on Context',
  enablement: trusted,
  menus: onRows('closeContext', '1_open@4'),
  run: (app, node) => open(app, 'Open k9s on Context', node, k9s),
};

async function open(app: App, title: string, node: Node | undefined, program?: typeof k9s) {
  const [row] = rowsOf('closeContext', node, undefined);
  const [context] = row ? [row.context] : await pickContext(app, title, (choice) => choice.open);
  if (context === undefined) return;
  const found = await app.cluster.request('terminal', { context });
  app.terminals.open({ context, files: found.files, ...(program && { program: program(found) }) });
}
