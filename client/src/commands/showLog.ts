import { type Command, onTitle } from './command.ts';

export const showLog: Command = {
  id: 'showLog',
  title: 'Show Log',
  menus: onTitle('3_log@1'),
  async run(app) {
    app.log.show();
  },
};
