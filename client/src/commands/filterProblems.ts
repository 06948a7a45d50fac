import * as vscode from 'vscode';
import { problemsId } from '../views/view.ts';
import { type Command, trusted } from './command.ts';

export const filterProblems: Command = {
  id: 'filterProblems',
  title: 'Filter Problems...',
  icon: 'filter',
  enablement: trusted,
  menus: [{ menu: 'view/title', when: `view == ${problemsId} && ${trusted}`, group: 'navigation@8' }],
  async run(app) {
    const tree = app.trees.of('problems');
    const value = await vscode.window.showInputBox({
      title: 'Filter Problems',
      prompt: 'Words of a row, or kind:Deployment, ns:shop, state:failed, context:prod. Empty shows all.',
      value: tree.filter,
    });
    if (value !== undefined) await tree.setFilter(value.trim());
  },
};
