import * as vscode from 'vscode';
import { compareWithFiles as compare } from '../join/written.ts';
import { targetOf } from '../views/objectUri.ts';
import { type Command, onObjects, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const compareWithFiles: Command = {
  id: 'compareWithFiles',
  title: 'Compare with Files as Applied',
  icon: 'diff',
  enablement: trusted,
  menus: [...onRows('showObject', '1_open@2'), ...onObjects('navigation@2')],
  async run(app, node) {
    const uri: unknown = node;
    const own = uri instanceof vscode.Uri ? targetOf(uri) : node?.row;
    const target = own ?? (await pickRow(app, 'Compare with Files as Applied', 'showObject'));
    if (target !== undefined) await compare(app, target);
  },
};
