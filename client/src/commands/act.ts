// What reconcile, suspend and resume have in common: the write is the cluster server's, which asks for consent naming
// the context; here its progress is shown, and "done" is said only when the controller has acted.
import * as vscode from 'vscode';
import type { ActParams, ActResult, Row } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import type { Node } from '../views/rowTree.ts';
import { rowsOf } from './command.ts';
import { pickRow } from './pick.ts';

type Verb = ActParams['verb'];

const doing: Readonly<Record<Verb, string>> = { reconcile: 'Reconciling', suspend: 'Suspending', resume: 'Resuming' };

let tokens = 0;

export async function act(
  app: App,
  verb: Verb,
  title: string,
  node?: Node,
  selection?: readonly Node[],
): Promise<void> {
  const clicked = rowsOf(verb, node, selection);
  const picked = clicked.length > 0 ? clicked : [await pickRow(app, title, verb)];
  // One after the other: each asks for consent.
  for (const row of picked) if (row?.ref !== undefined) await actOn(app, verb, row, row.ref);
}

async function actOn(app: App, verb: Verb, row: Row, ref: NonNullable<Row['ref']>): Promise<void> {
  const token = `act-${++tokens}`;
  const title = `${doing[verb]} ${row.label} on ${row.context}`;
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
