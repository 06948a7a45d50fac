import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const showRollout: Command = {
  id: 'showRollout',
  title: 'Show Rollout Status',
  icon: 'versions',
  enablement: trusted,
  menus: onRows('showRollout', '1_open@4', 2),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Show Rollout Status', 'showRollout'));
    if (row !== undefined) await app.documents.show('rollout', row);
  },
};
