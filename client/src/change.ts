// A prepared change of a cluster: the question whether to make it, and its way to an outcome that was observed.
import * as vscode from 'vscode';
import type { ActResult, Preparation } from '../../server/src/protocol.ts';
import type { ClusterServer } from './cluster.ts';

export type Ready = Extract<Preparation, { is: 'ready' }>;

let tokens = 0;

export async function confirmed(question: string, lines: readonly string[], accept: string): Promise<boolean> {
  const detail = lines.join('\n').trim();
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, accept)) === accept;
}

/** With its progress as a notification. */
export async function committed(
  app: { readonly cluster: ClusterServer; readonly log: vscode.LogOutputChannel },
  { id, doing, subject }: Ready,
): Promise<ActResult> {
  const token = `act-${++tokens}`;
  const title = `${doing} ${subject}`;
  const location = vscode.ProgressLocation.Notification;
  const result = await vscode.window.withProgress({ location, title }, async (progress) => {
    const progressReports = app.cluster.onProgress((event) => {
      if (event.token === token) progress.report({ message: event.message });
    });
    try {
      return await app.cluster.request('act', { id, token });
    } finally {
      progressReports.dispose();
    }
  });
  app.log.info(`${title}: ${result.outcome}. ${result.message}`);
  return result;
}
