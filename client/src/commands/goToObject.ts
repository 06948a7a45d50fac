import * as vscode from 'vscode';
import type { Row } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { plain } from '../plain.ts';
import { lookOf } from '../views/rows.ts';
import { type Command, onTitles, trusted } from './command.ts';
import { offerToOpen, whereOf } from './pick.ts';

/** Enough to scroll through; whoever looks for another object types one more letter. */
const limit = 100;
const rememberedObjects = 8;
/** While pods or objects of a kind are being listed; milliseconds. */
const lookAgain = { times: 20, pause: 500 } as const;
const nothing = { rows: [], isPending: false } as const;

interface Item extends vscode.QuickPickItem {
  readonly row?: Row;
}

// Filtering and order are the server's, which knows all objects; the quick pick only shows them.
export const goToObject: Command = {
  id: 'goToObject',
  title: 'Go to Object...',
  icon: 'search',
  enablement: trusted,
  menus: onTitles('navigation@9', trusted),
  async run(app) {
    if (app.cluster.opened.size === 0) return offerToOpen();
    const chosen = await choose(app);
    if (chosen === undefined) return;
    recent = [chosen.row, ...recent.filter(({ id }) => id !== chosen.row.id)].slice(0, rememberedObjects);
    if (chosen.inTree) {
      const { view, ids } = await app.cluster.request('path', targetOf(chosen.row));
      // What no view has is shown on its own.
      if (ids.length > 0) return app.trees.of(view).reveal(ids);
    }
    await app.documents.show('object', chosen.row);
  },
};

/** Objects that were gone to, the latest first. */
let recent: readonly Row[] = [];

function choose(app: App): Promise<{ readonly row: Row; readonly inTree: boolean } | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = 'Go to Object';
  pick.placeholder = 'Letters of a name, kind, namespace or context: deploy chkout prod';
  // Otherwise the quick pick orders what it is given by its own match of the labels.
  Object.assign(pick, { sortByLabel: false });
  let asked = 0;
  const show = async (query: string, again = 0) => {
    const own = ++asked;
    pick.busy = true;
    const { rows, isPending } = await app.cluster.request('find', { query, limit }).catch(() => nothing);
    if (own !== asked) return;
    const isWaiting = isPending && again < lookAgain.times;
    pick.busy = isWaiting;
    pick.items = query.trim() === '' ? withRecent(app, rows) : rows.map(itemOf);
    if (isWaiting) setTimeout(() => own === asked && void show(query, again + 1), lookAgain.pause);
  };
  return new Promise((done) => {
    pick.onDidChangeValue((value) => void show(value));
    pick.onDidAccept(() => {
      const row = pick.activeItems[0]?.row;
      if (row === undefined) return;
      done({ row, inTree: false });
      pick.hide();
    });
    pick.onDidTriggerItemButton(({ item: { row } }) => {
      if (row !== undefined) done({ row, inTree: true });
      pick.hide();
    });
    pick.onDidHide(() => {
      asked++;
      done(undefined);
      pick.dispose();
    });
    pick.show();
    void show('');
  });
}

function withRecent(app: App, rows: readonly Row[]): readonly Item[] {
  const open = recent.filter(({ context }) => app.cluster.opened.has(context));
  if (open.length === 0) return rows.map(itemOf);
  const known = new Set(open.map(({ id }) => id));
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    separator('recent'),
    ...open.map(itemOf),
    separator('all'),
    ...rows.filter(({ id }) => !known.has(id)).map(itemOf),
  ];
}

function itemOf(row: Row): Item {
  const { icon } = lookOf(row);
  return {
    label: plain(row.label),
    description: plain([whereOf(row), row.description].filter(Boolean).join('  ')),
    ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon.replace('~spin', '')) }),
    alwaysShow: true,
    buttons: [{ iconPath: new vscode.ThemeIcon('list-tree'), tooltip: 'Show in Its View' }],
    row,
  };
}

function targetOf({ context, ref }: Row) {
  return { context, ref: ref! };
}
