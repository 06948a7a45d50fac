import { type Command, onRows, rowsOf, trusted } from './command.ts';
import { openAndShow } from './openContexts.ts';
import { pickContext } from './pick.ts';

export const openContext: Command = {
  id: 'openContext',
  title: 'Open Context',
  icon: 'plug',
  enablement: trusted,
  menus: onRows('openContext', '1_open@1', 1),
  async run(app, node, selection) {
    const names = rowsOf('openContext', node, selection).map(({ context }) => context);
    const chosen = names.length > 0 ? names : await pickContext(app, 'Open Context', ({ open }) => !open);
    await openAndShow(app, chosen);
  },
};
