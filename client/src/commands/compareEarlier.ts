import * as vscode from 'vscode';
import { plain } from '../plain.ts';
import { type Command, onObjects, onRows, trusted } from './command.ts';
import { objectOf } from './pick.ts';

export const compareEarlier: Command = {
  id: 'compareEarlier',
  title: 'Compare with Earlier State...',
  icon: 'history',
  enablement: trusted,
  menus: [...onRows('showObject', '1_open@2'), ...onObjects('navigation@2')],
  async run(app, node) {
    const object = await objectOf(app, node, 'Compare with Earlier State');
    const { context, ref } = object ?? {};
    if (context === undefined || ref === undefined) return;
    const { states } = await app.cluster.request('earlier', { context, ref });
    const own = [ref.namespace, ref.name].filter(Boolean).join('/');
    if (states.length === 0) {
      const why = 'it has no earlier revision, and was not applied by kubectl apply';
      void vscode.window.showInformationMessage(plain(`${context} keeps no earlier state of ${own}: ${why}.`));
      return;
    }
    const items = states.map((state) => ({ label: plain(state.name), description: plain(state.description), state }));
    const placeHolder = 'Select what to compare with';
    const choice = await vscode.window.showQuickPick(items, { title: own, placeHolder, matchOnDescription: true });
    if (!choice) return;
    const { name, before, live } = choice.state;
    if (before === live) void vscode.window.showInformationMessage(plain(`${own} is as in ${name} on ${context}.`));
    else await app.differences.compare(own, { from: name, text: before }, { from: context, text: live });
  },
};
