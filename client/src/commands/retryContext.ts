import { type Command, onRows, rowsOf, trusted } from './command.ts';
import { pickContext } from './pick.ts';

export const retryContext: Command = {
  id: 'retryContext',
  title: 'Retry Now',
  icon: 'debug-restart',
  enablement: trusted,
  menus: onRows('retryContext', '1_open@1', 1),
  async run(app, node, selection) {
    const names = rowsOf('retryContext', node, selection).map(({ context }) => context);
    const chosen = names.length > 0 ? names : await pickContext(app, 'Retry Now', ({ open }) => open);
    await Promise.all(chosen.map((context) => app.cluster.request('retry', { context })));
  },
};
