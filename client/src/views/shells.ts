// Shells in containers as terminals of the editor. Each is a Pseudoterminal: no program is started on this machine, so that the
// credential, the consent and the proxy are those of the open context, no kubeconfig is written for another program, and what an
// object is called is never part of a command line.
import * as vscode from 'vscode';
import type { LiveRef } from '../../../server/src/kube/identity.ts';
import type { ClusterServer } from '../cluster.ts';

export interface ShellChoice {
  readonly context: string;
  readonly ref: LiveRef;
  readonly pod: string;
  readonly container: string;
}

export interface Shells extends vscode.Disposable {
  readonly open: (choice: ShellChoice) => void;
}

export function createShells(cluster: ClusterServer): Shells {
  const terminals = new Map<string, ShellTerminal>();
  let tokens = 0;
  const parts = vscode.Disposable.from(
    cluster.onShellOutput(({ token, text }) => terminals.get(token)?.print(text)),
    cluster.onShellEnded(({ token, code, message }) => terminals.get(token)?.ended(message, code)),
    // A server that was restarted has no shells.
    cluster.onReady(() => {
      for (const terminal of terminals.values()) terminal.ended('The cluster server was restarted.', undefined);
    }),
  );
  return {
    open(choice) {
      const token = `shell-${++tokens}`;
      const pty = new ShellTerminal(cluster, choice, token, () => terminals.delete(token));
      terminals.set(token, pty);
      const name = `${choice.pod} on ${choice.context}`;
      vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('terminal') }).show();
    },
    dispose: () => parts.dispose(),
  };
}

class ShellTerminal implements vscode.Pseudoterminal {
  readonly #cluster: ClusterServer;
  readonly #choice: ShellChoice;
  readonly #token: string;
  readonly #forget: () => void;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number | undefined>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event as vscode.Event<number>;
  #isOver = false;

  constructor(cluster: ClusterServer, choice: ShellChoice, token: string, forget: () => void) {
    this.#cluster = cluster;
    this.#choice = choice;
    this.#token = token;
    this.#forget = forget;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    const { context, ref, container } = this.#choice;
    const { columns, rows } = size ?? { columns: 80, rows: 24 };
    this.#cluster
      .request('openShell', { context, ref, container, columns, rows, token: this.#token })
      .catch((error: Error) => this.ended(error.message, undefined));
  }

  handleInput(text: string): void {
    // After the end, any key closes the terminal: what was said stays readable until then.
    if (this.#isOver) this.#closed.fire(undefined);
    else this.#cluster.request('shellInput', { token: this.#token, text }).catch(() => undefined);
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    if (!this.#isOver) this.#cluster.request('shellSize', { token: this.#token, columns, rows }).catch(() => undefined);
  }

  close(): void {
    this.#forget();
    if (!this.#isOver) this.#cluster.request('closeShell', { token: this.#token }).catch(() => undefined);
    vscode.Disposable.from(this.#written, this.#closed).dispose();
  }

  print(text: string): void {
    this.#written.fire(text);
  }

  ended(message: string, code: number | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (code === 0) this.#closed.fire(0);
    else this.#written.fire(`\r\n\x1b[2m${message} Press any key to close the terminal.\x1b[0m\r\n`);
  }
}
