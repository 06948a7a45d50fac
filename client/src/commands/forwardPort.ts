import * as vscode from 'vscode';
import { type Command, onRows, trusted } from './command.ts';
import { pickRow } from './pick.ts';

export const forwardPort: Command = {
  id: 'portForward',
  title: 'Forward Port...',
  icon: 'plug',
  enablement: trusted,
  menus: onRows('portForward', '1_open@8'),
  async run(app, node) {
    const row = node?.row ?? (await pickRow(app, 'Forward Port', 'portForward'));
    if (row?.ref === undefined) return;
    const { context, ref } = row;
    const { pod, ports } = await app.cluster.request('pod', { context, ref, verb: 'portForward' });
    const port = await portOf(pod, ports);
    if (port === undefined) return;
    const local = await localOf(port);
    if (local === undefined) return;
    const forward = await app.forwards.start({ context, ref, port, local });
    const open = 'Port Forwards';
    const where = `127.0.0.1:${forward.local} is port ${forward.port} of ${forward.pod} on ${context}.`;
    // Not awaited: the notification may stay open after the command has finished.
    void vscode.window
      .showInformationMessage(where, open)
      .then((choice) => choice === open && vscode.commands.executeCommand('capstan.showForwards'));
  },
};

export const showForwards: Command = {
  id: 'showForwards',
  title: 'Port Forwards...',
  enablement: trusted,
  menus: [],
  run: (app) => app.forwards.show(),
};

interface Declared {
  readonly port: number;
  readonly name: string;
  readonly of: string;
}

/** What is declared is offered; whether anything listens there isn't known, and any other number can be typed. */
async function portOf(pod: string, ports: readonly Declared[]): Promise<string | undefined> {
  const other = 'Another port...';
  if (ports.length > 0) {
    const items = ports.map(({ port, name, of }) => ({
      label: `${port}`,
      description: name,
      detail: `declared: ${of}`,
    }));
    const chosen = await vscode.window.showQuickPick([...items, { label: other }], { title: `Port of ${pod}` });
    if (chosen?.label !== other) return chosen?.label;
  }
  return vscode.window.showInputBox({ title: `Port of ${pod}`, prompt: 'Number or name', validateInput: problemOf });
}

async function localOf(port: string): Promise<number | undefined> {
  const value = /^\d+$/.test(port) && Number(port) >= 1024 ? port : '0';
  const text = await vscode.window.showInputBox({
    title: 'Port of this machine',
    prompt: '0: any that is free',
    value,
    validateInput: (typed) => (/^\d{1,5}$/.test(typed) && Number(typed) <= 65_535 ? undefined : 'A number up to 65535'),
  });
  return text === undefined ? undefined : Number(text);
}

function problemOf(typed: string): string | undefined {
  return /^[a-z\d][a-z\d-]*$/.test(typed) ? undefined : 'A number, or the name of a port';
}
