import { type Command, onTitle, trusted } from './command.ts';

// Rows update automatically; the command is for users who want to be sure.
export const refresh: Command = {
  id: 'refresh',
  title: 'Refresh',
  icon: 'refresh',
  enablement: trusted,
  menus: onTitle('2_act@1', trusted),
  async run(app) {
    app.trees.resume();
  },
};
