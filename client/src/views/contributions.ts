// The view container, its views and what they say while they have nothing to show, for package.json.
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
      'No kubeconfig context was found. Capstan looks in the files of `KUBECONFIG`, else in `~/.kube/config`.\n[Choose Kubeconfig File](command:capstan.chooseKubeconfig)\n[Look Again](command:capstan.refresh)',
  },
  {
    when: `isWorkspaceTrusted && ${viewId}.empty == failed`,
    contents:
      'The part of Capstan that talks to clusters is not running. Manifests are still checked.\n[Restart](command:capstan.restart)\n[Show Log](command:capstan.showLog)',
  },
];

export const welcomes = clustersWelcomes.map((welcome) => ({ view: viewId, ...welcome }));
