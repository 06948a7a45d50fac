import { act } from './act.ts';
import { type Command, onRows, trusted } from './command.ts';

export const suspend: Command = {
  id: 'suspend',
  title: 'Suspend',
  icon: 'debug-pause',
  enablement: trusted,
  menus: onRows('suspend', '2_act@2', 2),
  run: (app, node, selection) => act(app, 'suspend', node, selection),
};
