// What reconcile, suspend and resume have in common: the user agrees to a write that names context and object, the
// cluster server makes it, and "done" is said only when the controller has acted.
import * as vscode from 'vscode';
import type { ActParams, ActResult, Row } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import type { Node } from '../views/rowTree.ts';
import { rowsOf } from './command.ts';
import { pickRow } from './pick.ts';

type Verb = ActParams['verb'];

interface Words {
  readonly ask: string;
  readonly doing: string;
  /** What is written, for the question. */
  readonly change: string;
}

const words: Readonly<Record<Verb, Words>> = {
  reconcile: {
    ask: 'Reconcile',
    doing: 'Reconciling',
    change:
      'Its controller is asked, by an annotation, to reconcile now. What is in Git is applied, whatever was changed by hand.',
  },
  suspend: {
    ask: 'Suspend',
    doing: 'Suspending',
    change:
      'spec.suspend becomes true: its controller leaves it alone until it is resumed, and changes in Git are not applied.',
  },
  resume: {
    ask: 'Resume',
    doing: 'Resuming',
    change: 'spec.suspend becomes false, and its controller is asked to reconcile now.',
  },
};

let tokens = 0;

export async function act(app: App, verb: Verb, node?: Node, selection?: readonly Node[]): Promise<void> {
  const clicked = rowsOf(verb, node, selection);
  const picked = clicked.length > 0 ? clicked : [await pickRow(app, words[verb].ask, verb)];
  const rows = picked.filter((row) => row?.ref !== undefined) as readonly Row[];
  if (rows.length === 0 || !(await agreed(verb, rows))) return;
  await Promise.all(rows.map((row) => actOn(app, verb, row, row.ref!)));
}

/** One question for all of them, which names each with its context. */
async function agreed(verb: Verb, rows: readonly Row[]): Promise<boolean> {
  const { ask, change } = words[verb];
  const names = rows.map(({ label, context }) => `${label} on ${context}`);
  const title = rows.length === 1 ? `${ask} ${names[0]}?` : `${ask} ${rows.length} objects?`;
  const shown =
    rows.length === 1 ? [] : [...names.slice(0, 10), ...(rows.length > 10 ? [`and ${rows.length - 10} more`] : [])];
  const detail = [...shown, ...(shown.length > 0 ? [''] : []), change].join('\n');
  return (await vscode.window.showWarningMessage(title, { modal: true, detail }, ask)) === ask;
}

async function actOn(app: App, verb: Verb, row: Row, ref: NonNullable<Row['ref']>): Promise<void> {
  const token = `act-${++tokens}`;
  const title = `${words[verb].doing} ${row.label} on ${row.context}`;
  const location = vscode.ProgressLocation.Notification;
  const result = await vscode.window.withProgress({ location, title }, async (progress) => {
    const reports = app.cluster.onProgress((report) => {
      if (report.token === token) progress.report({ message: report.message });
    });
    try {
      return await app.cluster.request('act', { context: row.context, ref, verb, token });
    } finally {
      reports.dispose();
    }
  });
  app.log.info(`${title}: ${result.outcome}. ${result.message}`);
  await say(app, result);
}

async function say(app: App, { outcome, message }: ActResult): Promise<void> {
  if (outcome === 'declined') return;
  if (outcome === 'handled') {
    vscode.window.setStatusBarMessage(`$(pass) ${message}`, 8000);
    return;
  }
  const show = 'Show Log';
  const tell = outcome === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  // Not awaited: a notification may stay for long, and the command is over.
  void tell(message, show).then((choice) => choice === show && app.log.show());
}
