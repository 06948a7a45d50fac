// Many contexts at once: by ticking them, or by typing a pattern, which ticks every context it matches.
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type Command, onTitle, trusted } from './command.ts';
import { isPattern, matcherOf } from './pattern.ts';
import { type ContextChoice, choicesOf, showContextProblems } from './pick.ts';

export const openContexts: Command = {
  id: 'openContexts',
  title: 'Open Contexts by Pattern...',
  icon: 'add',
  enablement: trusted,
  menus: onTitle('navigation@1', trusted),
  async run(app) {
    const list = await app.cluster.request('contexts', {});
    showContextProblems(app, list);
    const choices = choicesOf(app, list).filter(({ open }) => !open);
    await openAndShow(
      app,
      (await tick(choices)).map(({ name }) => name),
    );
  },
};

/** Opens contexts and, where it is one, unfolds its row. */
export async function openAndShow(app: App, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await app.cluster.open(names);
  if (names.length === 1) app.tree.unfold(names[0]!);
}

function tick(choices: readonly ContextChoice[]): Promise<readonly ContextChoice[]> {
  const pick = vscode.window.createQuickPick<ContextChoice>();
  pick.title = 'Open Contexts';
  pick.placeholder = 'Tick contexts, or type a pattern such as prod-* to tick all it matches';
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.items = choices;
  let ticked: readonly ContextChoice[] = [];
  pick.onDidChangeSelection((selection) => {
    ticked = selection;
  });
  pick.onDidChangeValue((value) => {
    // Items that always show are not filtered again by the quick pick, which knows no patterns.
    const shown = isPattern(value) ? choices.filter(({ name }) => matcherOf(value)(name)) : choices;
    pick.items = shown.map((choice) => ({ ...choice, alwaysShow: isPattern(value) }));
    const names = new Set((isPattern(value) ? shown : ticked).map(({ name }) => name));
    pick.selectedItems = pick.items.filter(({ name }) => names.has(name));
  });
  return new Promise((done) => {
    pick.onDidAccept(() => {
      done(pick.selectedItems);
      pick.hide();
    });
    pick.onDidHide(() => {
      done([]);
      pick.dispose();
    });
    pick.show();
  });
}
