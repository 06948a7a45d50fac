import { act } from './act.ts';
import { type Command, onRows, trusted } from './command.ts';

export const reconcile: Command = {
  id: 'reconcile',
  title: 'Reconcile',
  icon: 'sync',
  enablement: trusted,
  menus: onRows('reconcile', '2_act@1', 1),
  run: (app, node, selection) => act(app, 'reconcile', node, selection),
};
