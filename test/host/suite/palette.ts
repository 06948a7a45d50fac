// Commands as a user runs them: from the palette or on a row, with answers to what they ask.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Runs a command from the palette and selects the entry of that name in its quick pick. */
export async function choosing(label: string, run: () => Thenable<unknown>): Promise<void> {
  const { window } = vscode;
  const original = window.showQuickPick;
  let offered: readonly string[] = [];
  Object.assign(window, {
    showQuickPick: async (items: readonly vscode.QuickPickItem[] | Thenable<readonly vscode.QuickPickItem[]>) => {
      const all = await items;
      offered = all.map((item) => item.label);
      return all.find((item) => isNamed(item.label, label));
    },
  });
  try {
    await run();
  } finally {
    Object.assign(window, { showQuickPick: original });
  }
  assert.ok(
    offered.some((name) => isNamed(name, label)),
    `offered: ${offered.join(', ')}`,
  );
}

/** Row labels have the kind and, unless it is obvious, the namespace before the name. */
function isNamed(label: string, name: string): boolean {
  return label === name || (/[ /]$/.test(label.slice(0, -name.length)) && label.endsWith(name));
}

export interface Answers {
  /** The button that is pressed; undefined closes the dialog. */
  readonly button?: 'accept' | 'Compare';
  readonly input?: string;
}

/** Runs `run`; VS Code shows no dialogs in tests, so that they are answered here. Returns what was asked. */
export async function answering(
  { button, input = '' }: Answers,
  run: () => Thenable<unknown>,
): Promise<readonly string[]> {
  const { window } = vscode;
  const { showWarningMessage, showInputBox, showInformationMessage, showErrorMessage } = window;
  const asked: string[] = [];
  const told = async (message: string) => void asked.push(message);
  Object.assign(window, {
    showInputBox: async () => input,
    showInformationMessage: told,
    showErrorMessage: told,
    showWarningMessage: async (title: string, ...rest: readonly unknown[]) => {
      const [options, ...buttons] = typeof rest[0] === 'string' ? [undefined, ...rest] : rest;
      asked.push(`${title} ${(options as vscode.MessageOptions | undefined)?.detail ?? ''}`);
      return button === 'accept' ? buttons[0] : buttons.find((one) => one === button);
    },
  });
  try {
    await run();
  } finally {
    Object.assign(window, { showWarningMessage, showInputBox, showInformationMessage, showErrorMessage });
  }
  return asked;
}

/** A write from the palette, whose confirmation is checked. */
export async function act(verb: 'reconcile' | 'suspend' | 'resume', name: string, consent = true): Promise<void> {
  const run = () => choosing(name, () => vscode.commands.executeCommand(`capstan.${verb}`));
  const asked = await answering(consent ? { button: 'accept' } : {}, run);
  assert.equal(asked.length, 1);
  assert.match(asked[0]!, /aws-master/);
  assert.match(asked[0]!, new RegExp(name));
}
