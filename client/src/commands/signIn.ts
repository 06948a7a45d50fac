import { type Command, onRows, rowsOf, trusted } from './command.ts';
import { pickContext } from './pick.ts';

// A credential plugin runs only on the user's request; a retry of the connection runs it.
export const signIn: Command = {
  id: 'signIn',
  title: 'Sign In',
  icon: 'key',
  enablement: trusted,
  menus: onRows('signIn', '1_open@1', 1),
  async run(app, node, selection) {
    const names = rowsOf('signIn', node, selection).map(({ context }) => context);
    const chosen = names.length > 0 ? names : await pickContext(app, 'Sign In', ({ open }) => open);
    for (const context of chosen) await app.cluster.request('retry', { context });
  },
};
