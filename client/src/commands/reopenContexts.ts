import type { App } from '../app.ts';
import { type Command, onTitle } from './command.ts';

export const reopenContexts: Command = {
  id: 'reopenContexts',
  title: 'Reopen Last Contexts',
  icon: 'history',
  enablement: 'isWorkspaceTrusted && capstan.reopenable',
  menus: onTitle('navigation@2', 'capstan.reopenable'),
  async run(app) {
    await app.cluster.open(await stillThere(app));
  },
};

/** A remembered context may have been removed from the kubeconfig. */
async function stillThere(app: App): Promise<readonly string[]> {
  const remembered = new Set(app.remembered.contexts());
  const { contexts } = await app.cluster.request('contexts', {});
  return contexts.map(({ name }) => name).filter((name) => remembered.has(name));
}
