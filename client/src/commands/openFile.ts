import * as vscode from 'vscode';
import { openWritten } from '../join/written.ts';
import { targetOf } from '../views/objectUri.ts';
import { type Command, onObjects, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const openFile: Command = {
  id: 'openFile',
  title: 'Go to File',
  icon: 'file-symlink-file',
  enablement: trusted,
  menus: [...onRows('showObject', '1_open@1'), ...onObjects('navigation@1')],
  async run(app, node) {
    // The document of an object, if it was run in its title.
    const uri: unknown = node;
    const own = uri instanceof vscode.Uri ? targetOf(uri) : node?.row;
    const target = own ?? (await pickRow(app, 'Go to File', 'showObject'));
    if (target !== undefined) await openWritten(app, target);
  },
};
