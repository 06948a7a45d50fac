import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const editObject: Command = {
  id: 'edit',
  title: 'Edit Live Object',
  icon: 'edit',
  enablement: trusted,
  menus: onRows('edit', '2_act@8'),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Edit Live Object', 'edit'));
    if (row !== undefined) await app.editing.open(row);
  },
};
