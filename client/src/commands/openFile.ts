import { openWritten } from '../join/written.ts';
import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const openFile: Command = {
  id: 'openFile',
  title: 'Go to File',
  enablement: trusted,
  menus: onRows('showObject', '1_open@1'),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Go to File', 'showObject'));
    if (row !== undefined) await openWritten(app, row);
  },
};
