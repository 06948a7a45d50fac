import { type Command, onTitle, trusted } from './command.ts';

// Rows arrive by themselves; this is for the moment one doesn't believe it.
export const refresh: Command = {
  id: 'refresh',
  title: 'Refresh',
  icon: 'refresh',
  enablement: trusted,
  menus: onTitle('2_act@1', trusted),
  async run(app) {
    app.rows.resume();
  },
};
