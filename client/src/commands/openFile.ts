import { openWritten } from '../join/written.ts';
import { type Command, onObjects, onRows, trusted } from './command.ts';
import { objectOf } from './pick.ts';

export const openFile: Command = {
  id: 'openFile',
  title: 'Go to File',
  icon: 'file-symlink-file',
  enablement: trusted,
  menus: [...onRows('showObject', '1_open@1'), ...onObjects('navigation@1')],
  async run(app, node) {
    const object = await objectOf(app, node, 'Go to File');
    if (object !== undefined) await openWritten(app, object);
  },
};
