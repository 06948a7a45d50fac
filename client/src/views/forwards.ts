// The ports that are forwarded from pods: an entry of the status bar while there are any, and the list behind it. They end with the
// window; a cluster server that was restarted forwards them again.
import * as vscode from 'vscode';
import type { Forward, ForwardParams } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import { plain } from '../plain.ts';
import { forwardsTextOf, forwardTextOf } from './forwardTexts.ts';

export interface Forwards extends vscode.Disposable {
  readonly start: (asked: ForwardParams) => Promise<Forward>;
  /** Lets the user open, copy or stop one. */
  readonly show: () => Promise<void>;
}

interface Item extends vscode.QuickPickItem {
  readonly forward: Forward;
}

export function createForwards(cluster: ClusterServer, log: vscode.LogOutputChannel): Forwards {
  const item = vscode.window.createStatusBarItem('capstan.forwards', vscode.StatusBarAlignment.Left, 9);
  item.name = 'Capstan Port Forwards';
  item.command = 'capstan.showForwards';
  let now: readonly Forward[] = [];
  let pick: vscode.QuickPick<Item> | undefined;
  const buttons = {
    open: { iconPath: new vscode.ThemeIcon('globe'), tooltip: 'Open in Browser' },
    copy: { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy Address' },
    stop: { iconPath: new vscode.ThemeIcon('close'), tooltip: 'Stop' },
  } as const;
  const itemsOf = (forwards: readonly Forward[]): readonly Item[] =>
    forwards.map((forward) => ({
      label: `$(plug) ${addressOf(forward)}`,
      description: forwardTextOf(forward),
      ...(forward.problem === '' ? {} : { detail: `$(warning) ${forward.problem}` }),
      buttons: Object.values(buttons),
      forward,
    }));
  const said = new Map<string, string>();

  const paint = () => {
    const { text, tooltip } = forwardsTextOf(now);
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip };
    if (now.length === 0) item.hide();
    else item.show();
    if (pick) pick.items = itemsOf(now);
  };
  const changed = (forwards: readonly Forward[]) => {
    now = forwards;
    // Each problem once: a page that is loaded opens many connections.
    for (const forward of forwards) {
      const { id, problem } = forward;
      if (problem !== '' && said.get(id) !== problem)
        void vscode.window.showWarningMessage(plain(`${forwardTextOf(forward)}: ${problem}`));
      said.set(id, problem);
    }
    paint();
  };
  const again = async () => {
    const before = now;
    now = [];
    for (const { asked, local } of before)
      await cluster.request('forward', { ...asked, local }).catch((error: Error) => {
        log.warn(error.message);
        void vscode.window.showWarningMessage(plain(`127.0.0.1:${local} is no longer forwarded: ${error.message}`));
      });
    paint();
  };
  const parts = vscode.Disposable.from(
    item,
    cluster.onForwards(({ forwards }) => changed(forwards)),
    cluster.onReady(() => void again()),
  );

  return {
    start: (asked) => cluster.request('forward', asked),
    async show() {
      if (now.length === 0) {
        void vscode.window.showInformationMessage('No port is forwarded. Choose “Forward Port...” on a pod.');
        return;
      }
      const quickPick = vscode.window.createQuickPick<Item>();
      pick = quickPick;
      quickPick.title = 'Port Forwards';
      quickPick.placeholder = 'Select one to open it in the browser';
      quickPick.items = itemsOf(now);
      quickPick.onDidAccept(() => {
        const [chosen] = quickPick.selectedItems;
        quickPick.hide();
        if (chosen) void browse(chosen.forward);
      });
      quickPick.onDidTriggerItemButton(({ button, item: { forward } }) => {
        if (button === buttons.open) void browse(forward);
        if (button === buttons.copy) void vscode.env.clipboard.writeText(addressOf(forward));
        if (button === buttons.stop)
          cluster.request('stopForward', { id: forward.id }).catch((error: Error) => log.warn(error.message));
      });
      quickPick.onDidHide(() => {
        quickPick.dispose();
        pick = undefined;
      });
      quickPick.show();
    },
    dispose: () => parts.dispose(),
  };
}

/** Where the window runs elsewhere, the editor makes the port reachable from here. */
async function browse(forward: Forward): Promise<void> {
  const uri = await vscode.env.asExternalUri(vscode.Uri.parse(`http://${addressOf(forward)}/`));
  await vscode.env.openExternal(uri);
}

function addressOf({ local }: Forward): string {
  return `127.0.0.1:${local}`;
}
