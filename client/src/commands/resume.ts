import { act } from './act.ts';
import { type Command, onRows, trusted } from './command.ts';

export const resume: Command = {
  id: 'resume',
  title: 'Resume',
  icon: 'debug-continue',
  enablement: trusted,
  menus: onRows('resume', '2_act@2', 2),
  run: (app, node, selection) => act(app, 'resume', node, selection),
};
