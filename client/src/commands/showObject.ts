import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const showObject: Command = {
  id: 'showObject',
  title: 'Show Live Object',
  icon: 'go-to-file',
  enablement: trusted,
  menus: onRows('showObject', '1_open@3', 3),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Show Live Object', 'showObject'));
    if (row !== undefined) await app.documents.show('object', row);
  },
};
