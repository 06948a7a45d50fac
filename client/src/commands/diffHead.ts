import { activePlace } from './activePlace.ts';
import { type Command, onManifests, trusted } from './command.ts';

export const diffHead: Command = {
  id: 'diffHead',
  title: 'Diff as Applied with HEAD',
  icon: 'diff',
  menus: onManifests('1_capstan@2'),
  palette: 'editorLangId == yaml',
  // Git runs, and a repository may configure what it runs.
  enablement: trusted,
  async run(app) {
    const at = activePlace();
    if (at) await app.differences.show(at.uri, at.position, { is: 'revision', revision: 'HEAD' });
  },
};
