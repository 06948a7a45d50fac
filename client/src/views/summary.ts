// The status-bar item with the fleet's worst news; nothing is shown while no context is open.
import * as vscode from 'vscode';
import type { Summary } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import { viewId } from '../commands/command.ts';
import { lookOf } from './rows.ts';

export function createSummary(cluster: ClusterServer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('capstan.summary', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Capstan Clusters';
  item.command = `${viewId}.focus`;
  const heard = cluster.onSummary((summary) => {
    if (summary === undefined || summary.open === 0) return item.hide();
    item.text = textOf(summary);
    item.tooltip = summary.sentence;
    item.accessibilityInformation = { label: summary.sentence };
    item.show();
  });
  return vscode.Disposable.from(item, heard);
}

/** The worst first, and nothing of what is zero. */
export function textOf({ state, open, failed, progressing, unreachable }: Summary): string {
  const news = [
    failed > 0 ? `${failed} failed` : undefined,
    unreachable > 0 ? `${unreachable} unreachable` : undefined,
    progressing > 0 ? `${progressing} progressing` : undefined,
  ].filter((part) => part !== undefined);
  const words = news.length > 0 ? news.join(', ') : open === 1 ? '1 cluster' : `${open} clusters`;
  // The status bar keeps still: no spinning icon beside the text one is reading.
  return `$(${lookOf({ state, kind: 'context' }).icon.replace('~spin', '')}) ${words}`;
}
