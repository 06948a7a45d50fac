// The status-bar item with the fleet's summary; hidden while no context is open.
import * as vscode from 'vscode';
import type { ClusterServer } from '../cluster.ts';
import { statusBarTextOf } from './rows.ts';
import { problemsId } from './view.ts';

export function createSummary(cluster: ClusterServer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('capstan.summary', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Capstan Clusters';
  item.command = `${problemsId}.focus`;
  const subscription = cluster.onSummary((summary) => {
    if (summary === undefined || summary.open === 0) return item.hide();
    item.text = statusBarTextOf(summary);
    item.tooltip = summary.sentence;
    item.accessibilityInformation = { label: summary.sentence };
    item.show();
  });
  return vscode.Disposable.from(item, subscription);
}
