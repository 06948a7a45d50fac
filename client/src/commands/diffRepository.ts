import { activePlace } from './activePlace.ts';
import { askRevision } from './askRevision.ts';
import { type Command, trusted } from './command.ts';

export const diffRepository: Command = {
  id: 'diffRepository',
  title: 'Report What Changes Since a Revision...',
  menus: [],
  palette: 'editorLangId == yaml',
  // Git runs, and a repository may configure what it runs.
  enablement: trusted,
  async run(app) {
    const at = activePlace();
    const revision = at && (await askRevision());
    if (at && revision) await app.differences.show(at.uri, at.position, { is: 'repository', revision });
  },
};
