import { ofOurViews } from '../views/view.ts';
import { type Command, onRows, trusted } from './command.ts';

/** Rows of objects, whose kind has a slash, that aren't pinned rows. */
const pinnable = `${ofOurViews} && viewItem =~ /^;[^;]*\\/[^;]*;/ && !(viewItem =~ /;unpin;/)`;

export const pin: Command = {
  id: 'pin',
  title: 'Pin',
  icon: 'pin',
  enablement: trusted,
  menus: [{ menu: 'view/item/context', when: pinnable, group: '1_open@9' }],
  palette: 'false',
  async run(app, node, selection) {
    if (node) await app.pins.add((selection?.includes(node) ? selection : [node]).map(({ row }) => row));
  },
};

export const unpin: Command = {
  id: 'unpin',
  title: 'Unpin',
  icon: 'pinned',
  enablement: trusted,
  menus: onRows('unpin', '1_open@9', 4),
  palette: 'false',
  async run(app, node, selection) {
    if (node) await app.pins.remove((selection?.includes(node) ? selection : [node]).map(({ row }) => row));
  },
};
