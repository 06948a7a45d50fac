import { type Command, onTitle } from './command.ts';

export const restartServers: Command = {
  id: 'restartServers',
  title: 'Restart Servers',
  menus: onTitle('2_act@2'),
  async run(app) {
    await Promise.all([app.language.restart(), app.cluster.restart()]);
    app.trees.clear();
  },
};
