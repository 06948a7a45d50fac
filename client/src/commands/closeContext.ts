import { type Command, onRows, rowsOf, trusted } from './command.ts';
import { pickContext } from './pick.ts';

export const closeContext: Command = {
  id: 'closeContext',
  title: 'Close Context',
  icon: 'debug-disconnect',
  enablement: trusted,
  menus: onRows('closeContext', '1_open@2', 3),
  async run(app, node, selection) {
    const names = rowsOf('closeContext', node, selection).map(({ context }) => context);
    const chosen = names.length > 0 ? names : await pickContext(app, 'Close Context', ({ open }) => open);
    if (chosen.length > 0) await app.cluster.close(chosen);
  },
};
