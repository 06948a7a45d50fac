// The flow of every change to a cluster: the cluster server prepares it, the user confirms the changes to the named object
// and context, the server applies it, and success is reported only after the outcome was observed.
import * as vscode from 'vscode';
import type { ActResult, Preparation, Row } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { committed, confirmed, type Ready } from '../change.ts';
import { openWritten } from '../join/written.ts';
import { plain } from '../plain.ts';
import type { Node } from '../views/rowTree.ts';
import type { ChangeCommand } from './changes.ts';
import { rowsOf } from './command.ts';
import { pickRow } from './pick.ts';

type Parameters = Extract<Preparation, { is: 'asks' }>['parameters'];
type Values = Readonly<Record<string, string>>;

export async function act(app: App, change: ChangeCommand, node?: Node, selection?: readonly Node[]): Promise<void> {
  const clicked = rowsOf(change.verb, node, selection);
  const picked = clicked.length > 0 ? clicked : [await pickRow(app, change.title, change.verb)];
  const rows = picked.filter((row) => row?.ref !== undefined) as readonly Row[];
  const prepared = (await prepare(app, change, rows)) ?? [];
  for (const [index, preparation] of prepared.entries())
    if (preparation.is === 'over') report(app, preparation.result, rows[index]);
  const ready = prepared.filter((preparation) => preparation.is === 'ready');
  if (ready.length === 0 || !(await confirmAll(ready))) return;
  await Promise.all(ready.map((preparation) => commit(app, preparation)));
}

/** Prompts for the action's values once for all rows; undefined if the user cancels. */
async function prepare(
  app: App,
  change: ChangeCommand,
  rows: readonly Row[],
): Promise<readonly Preparation[] | undefined> {
  const location = vscode.ProgressLocation.Window;
  const all = (values: Values) =>
    vscode.window.withProgress({ location, title: `${change.title}: dry run on the server` }, () =>
      Promise.all(rows.map((row) => prepareOne(app, change, row, values))),
    );
  const prepared = await all({});
  const asking = prepared.find((preparation) => preparation.is === 'asks');
  if (!asking) return prepared;
  const values = await ask(change, asking.parameters);
  return values && all(values);
}

async function prepareOne(app: App, { verb }: ChangeCommand, row: Row, values: Values): Promise<Preparation> {
  try {
    return await app.cluster.request('prepare', { context: row.context, ref: row.ref!, verb, values });
  } catch (error) {
    // A context that failed must not prevent changes to the others.
    return { is: 'over', result: { outcome: 'failed', message: (error as Error).message } };
  }
}

/** Undefined if the user cancels. */
async function ask({ title }: ChangeCommand, parameters: Parameters): Promise<Values | undefined> {
  const values: Record<string, string> = {};
  for (const parameter of parameters) {
    const value = parameter.choices ? await choose(title, parameter) : await type(title, parameter);
    if (value === undefined) return undefined;
    values[parameter.name] = value;
  }
  return values;
}

async function type(title: string, { title: prompt, initial, optional }: Parameters[number]) {
  const placeHolder = optional ? 'May be empty' : '';
  return vscode.window.showInputBox({ title, prompt, value: initial, placeHolder });
}

async function choose(title: string, { title: placeHolder, choices = [] }: Parameters[number]) {
  const items = choices.map(({ value, description }) => ({ label: value, description }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.label;
}

/** One confirmation for all objects, which names each with its context. */
async function confirmAll(ready: readonly Ready[]): Promise<boolean> {
  const [{ title, subject, preview, changes }] = ready as readonly [Ready];
  if (ready.length === 1) return confirmed(`${title} ${subject}?`, [preview, '', ...changes], title);
  const shown = ready.slice(0, 10).map((one) => one.subject);
  const more = ready.length > shown.length ? [`and ${ready.length - shown.length} more`] : [];
  return confirmed(`${title} ${ready.length} objects?`, [...shown, ...more, '', preview], title);
}

async function commit(app: App, ready: Ready): Promise<void> {
  report(app, await committed(app, ready));
}

/** `row`: of the object, if its file may be where the change belongs. */
function report(app: App, { outcome, message, inGit }: ActResult, row?: Row): void {
  if (outcome === 'handled') {
    vscode.window.setStatusBarMessage(`$(pass) ${plain(message)}`, 8000);
    return;
  }
  const [file, log] = ['Go to File', 'Show Log'];
  const buttons = inGit && row ? [file, log] : [log];
  const notify = outcome === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  // Not awaited: the notification may stay open after the command has finished.
  void notify(plain(message), ...buttons).then(async (choice) => {
    if (choice === log) app.log.show();
    if (choice === file && row) await openWritten(app, row);
  });
}
