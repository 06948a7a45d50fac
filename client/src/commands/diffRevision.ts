import { activePlace } from './activePlace.ts';
import { askRevision } from './askRevision.ts';
import { type Command, onManifests, trusted } from './command.ts';

export const diffRevision: Command = {
  id: 'diffRevision',
  title: 'Diff as Applied with Revision...',
  menus: onManifests('1_capstan@3'),
  palette: 'editorLangId == yaml',
  // Git runs, and a repository may configure what it runs.
  enablement: trusted,
  async run(app) {
    const at = activePlace();
    const revision = at && (await askRevision());
    if (at && revision) await app.differences.show(at.uri, at.position, { is: 'revision', revision });
  },
};
