// Filter and grouping of each view: a command each, since a command in a view's title isn't told which view it is.
import * as vscode from 'vscode';
import { groupings, type ViewId } from '../../../server/src/protocol.ts';
import { views } from '../views/view.ts';
import { type Command, trusted } from './command.ts';

const named = (view: ViewId) => `${view.charAt(0).toUpperCase()}${view.slice(1)}`;

/** Problems are mostly failed; what isn't as Git says is there only if it is asked for. */
const states: Readonly<Partial<Record<ViewId, string>>> = { problems: 'is:drift (changed, but not in Git)' };

export const filters: readonly Command[] = views.map(({ id, vscodeId, title }) => ({
  id: `filter${named(id)}`,
  title: `Filter ${title}...`,
  icon: 'filter',
  enablement: trusted,
  menus: [{ menu: 'view/title', when: `view == ${vscodeId} && ${trusted}`, group: 'navigation@8' }],
  async run(app) {
    const tree = app.trees.of(id);
    const value = await vscode.window.showInputBox({
      title: `Filter ${title}`,
      prompt: `Words of a row, or kind:Deployment, ns:shop, ${states[id] ?? 'state:failed'}, context:prod. Empty shows all.`,
      value: tree.filter,
    });
    if (value !== undefined) await tree.setFilter(value.trim());
  },
}));

const words: Readonly<Record<(typeof groupings)[number], string>> = {
  context: 'Context',
  environment: 'Environment',
  namespace: 'Namespace',
  kind: 'Kind',
  state: 'State',
};

export const groups: readonly Command[] = views.map(({ id, vscodeId, title }) => ({
  id: `group${named(id)}`,
  title: `Group ${title}...`,
  icon: 'group-by-ref-type',
  enablement: trusted,
  menus: [{ menu: 'view/title', when: `view == ${vscodeId} && ${trusted}`, group: '1_view@1' }],
  async run(app) {
    const tree = app.trees.of(id);
    const none = { label: 'Not Grouped', by: undefined };
    const items = [none, ...groupings.map((by) => ({ label: words[by], by }))];
    const choice = await vscode.window.showQuickPick(
      items.map((item) => ({ ...item, ...(item.by === tree.grouping ? { description: 'now' } : {}) })),
      { title: `Group ${title}`, placeHolder: 'Over all open contexts, by' },
    );
    if (choice !== undefined) await tree.setGrouping(choice.by);
  },
}));
