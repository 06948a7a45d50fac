// Opens several contexts at once: the user selects them, or types a pattern that selects all matching contexts.
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

/** Opens the contexts; if there is only one, expands its row. */
export async function openAndShow(app: App, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await app.cluster.open(names);
  if (names.length === 1) app.trees.main.unfold(names[0]!);
}

function tick(choices: readonly ContextChoice[]): Promise<readonly ContextChoice[]> {
  const pick = vscode.window.createQuickPick<ContextChoice>();
  pick.title = 'Open Contexts';
  pick.placeholder = 'Select contexts, or type a pattern such as prod-* to select all matching contexts';
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.items = choices;
  let ticked: readonly ContextChoice[] = [];
  pick.onDidChangeSelection((selection) => {
    ticked = selection;
  });
  pick.onDidChangeValue((value) => {
    // `alwaysShow` keeps the quick pick, which doesn't support patterns, from filtering the items again.
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
