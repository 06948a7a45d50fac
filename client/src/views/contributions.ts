// The view container, its views and their welcome content, for package.json.
import { viewId, views } from './view.ts';

export const container = { id: 'capstan', title: 'Capstan', icon: 'client/media/capstan.svg' } as const;

export const contributedViews = views.map(({ vscodeId, title }) => ({
  ...{ id: vscodeId, name: title, icon: container.icon, contextualTitle: container.title },
}));

const clustersWelcomes: readonly { readonly when: string; readonly contents: string }[] = [
  {
    when: '!isWorkspaceTrusted',
    contents:
      'This workspace is not trusted, so Capstan reads its manifests but contacts no cluster.\n[Manage Workspace Trust](command:workbench.trust.manage)',
  },
  {
    when: `isWorkspaceTrusted && ${viewId}.empty == noContexts`,
    contents:
      'No kubeconfig contexts found. Capstan reads the files in `KUBECONFIG` or, if it is not set, `~/.kube/config`.\n[Choose Kubeconfig File](command:capstan.chooseKubeconfig)\n[Refresh](command:capstan.refresh)',
  },
  {
    when: `isWorkspaceTrusted && ${viewId}.empty == failed`,
    contents:
      'The Capstan cluster server is not running. Manifests are still checked.\n[Restart](command:capstan.restart)\n[Show Log](command:capstan.showLog)',
  },
];

export const welcomes = clustersWelcomes.map((welcome) => ({ view: viewId, ...welcome }));
