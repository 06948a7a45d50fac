// The view container, its views and their welcome content, for package.json.
import { viewId, views } from './view.ts';

export const container = { id: 'capstan', title: 'Capstan', icon: 'client/media/capstan.svg' } as const;

/** Those that somebody looks into now and then start collapsed, so that the others have room. */
const startsCollapsed = new Set<string>(['delivery', 'workloads', 'operators']);

export const contributedViews = views.map(({ id, vscodeId, title }) => ({
  ...{ id: vscodeId, name: title, icon: container.icon, contextualTitle: container.title },
  ...(startsCollapsed.has(id) ? { visibility: 'collapsed' } : {}),
  // Of the same height, whatever their order.
  size: 1,
}));

/** Why a view is empty, and what to do. A view whose clusters are fine says so itself, as its message. */
const ofAll = (id: string) => [
  {
    when: '!isWorkspaceTrusted',
    contents:
      'This workspace is not trusted, so Capstan reads its manifests but contacts no cluster.\n[Manage Workspace Trust](command:workbench.trust.manage)',
  },
  {
    when: `isWorkspaceTrusted && ${id}.empty == failed`,
    contents:
      'The Capstan cluster server is not running. Manifests are still checked.\n[Restart](command:capstan.restartServers)\n[Show Log](command:capstan.showLog)',
  },
];

const noContexts = {
  when: `isWorkspaceTrusted && ${viewId}.empty == noContexts`,
  contents:
    'No kubeconfig contexts found. Capstan reads the files in `KUBECONFIG` or, if it is not set, `~/.kube/config`.\n[Choose Kubeconfig File](command:capstan.chooseKubeconfig)\n[Refresh](command:capstan.refresh)',
};

const noneOpen = (id: string) => ({
  when: `isWorkspaceTrusted && ${id}.empty == noneOpen`,
  contents:
    'No context is open. Capstan connects only to contexts that you open.\n[Open Context](command:capstan.openContext)\n[Open Contexts by Pattern](command:capstan.openContexts)',
});

export const welcomes = views.flatMap(({ vscodeId: view }) =>
  [...ofAll(view), view === viewId ? noContexts : noneOpen(view)].map((welcome) => ({ view, ...welcome })),
);
