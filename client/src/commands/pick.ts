// Pickers for commands that are run from the palette, without a row.
import * as vscode from 'vscode';
import type { ContextList, Row, RowAction } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { plain } from '../plain.ts';
import { textOf } from '../problem.ts';
import { targetOf } from '../views/objectUri.ts';
import type { Node } from '../views/rowTree.ts';

export interface ContextChoice extends vscode.QuickPickItem {
  readonly name: string;
  readonly open: boolean;
}

/** Lets the user pick a context; returns at most one name. */
export async function pickContext(
  app: App,
  title: string,
  offered: (choice: ContextChoice) => boolean,
): Promise<readonly string[]> {
  const list = await app.cluster.request('contexts', {});
  showContextProblems(app, list);
  const choices = choicesOf(app, list).filter(offered);
  const placeHolder = choices.length === 0 ? 'No contexts' : 'Select a context';
  const choice = await vscode.window.showQuickPick(choices, { title, placeHolder, matchOnDescription: true });
  return choice === undefined ? [] : [choice.name];
}

export function choicesOf(app: App, list: ContextList): readonly ContextChoice[] {
  const known = new Set(list.contexts.map(({ name }) => name));
  const gone = [...app.cluster.opened].filter((name) => !known.has(name));
  return [
    ...list.contexts.map((context) => ({
      label: plain(context.name),
      name: context.name,
      description: plain(context.server ?? context.cluster),
      open: app.cluster.opened.has(context.name),
    })),
    // Still open, so they can be closed in the tree or here.
    ...gone.map((name) => ({ label: plain(name), name, description: 'no longer in the kubeconfig', open: true })),
  ];
}

/** Reports kubeconfig problems: all in the log, the first as a warning, since the user has just requested contexts. */
export function showContextProblems(app: App, { problems }: ContextList): void {
  for (const problem of problems) app.log.warn(textOf(problem));
  const first = problems[0];
  if (first !== undefined) void vscode.window.showWarningMessage(plain(textOf(first)));
}

/** Rows beyond these are found by Go to Object. */
const mostPicked = 1000;

/** Lets the user pick a row of the open contexts that has the action. */
export async function pickRow(app: App, title: string, action: RowAction): Promise<Row | undefined> {
  if (app.cluster.opened.size === 0) {
    await offerToOpen();
    return undefined;
  }
  const found = app.cluster.request('find', { query: '', limit: mostPicked, action });
  const items = found.then(({ rows }) =>
    rows.map((row) => ({
      ...{ label: plain(row.label), description: plain(whereOf(row)), detail: plain(row.description), row },
    })),
  );
  const choice = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Select an object',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return choice?.row;
}

/** Of a command on a row, in the title of a document of an object, or in the palette, where the user picks one. */
export async function objectOf(
  app: App,
  node: Node | undefined,
  title: string,
): Promise<Pick<Row, 'context' | 'ref'> | undefined> {
  const uri: unknown = node;
  const own = uri instanceof vscode.Uri ? targetOf(uri) : node?.row;
  return own ?? pickRow(app, title, 'showObject');
}

/** For commands that need an open context. */
export async function offerToOpen(): Promise<void> {
  const choice = await vscode.window.showInformationMessage(
    'No context is open. Open a context first.',
    'Open Context',
  );
  if (choice !== undefined) await vscode.commands.executeCommand('capstan.openContext');
}

export function whereOf({ context, ref }: Row): string {
  return [context, ref?.namespace].filter((part) => part !== undefined).join(' / ');
}
