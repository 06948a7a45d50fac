import { compareWithFiles as compare } from '../join/written.ts';
import { type Command, onObjects, onRows, trusted } from './command.ts';
import { objectOf } from './pick.ts';

export const compareWithFiles: Command = {
  id: 'compareWithFiles',
  title: 'Compare with Files as Applied',
  icon: 'diff',
  enablement: trusted,
  menus: [...onRows('showObject', '1_open@2'), ...onObjects('navigation@2')],
  async run(app, node) {
    const object = await objectOf(app, node, 'Compare with Files as Applied');
    if (object !== undefined) await compare(app, object);
  },
};
