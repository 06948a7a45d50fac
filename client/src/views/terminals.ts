// Terminals in which kubectl, flux, clusterctl and k9s use an open context, whatever the kubeconfig's current one is. Their
// KUBECONFIG begins with a file that names the context and nothing else: the first file that has a current context decides,
// and `kubectl config use-context` changes that file alone. No credential is copied.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type ContextProgram, currentContextFile, kubeConfigList } from '../contextTerminal.ts';

export interface Terminals extends vscode.Disposable {
  readonly open: (choice: TerminalChoice) => void;
}

export interface TerminalChoice {
  readonly context: string;
  /** The files of the kubeconfig, in order of precedence. */
  readonly files: readonly string[];
  /** By default the user's shell. */
  readonly program?: ContextProgram;
}

/** `storage` is a folder that no one cleans up: without its file, a terminal would be on another cluster. */
export function createTerminals(storage: string): Terminals {
  const folders = new Map<vscode.Terminal, string>();
  const forget = (terminal: vscode.Terminal) => {
    const folder = folders.get(terminal);
    folders.delete(terminal);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  const closed = vscode.window.onDidCloseTerminal(forget);
  return {
    open({ context, files, program }) {
      const run = program && { shellPath: program.path, shellArgs: [...program.args] };
      mkdirSync(storage, { recursive: true });
      const folder = mkdtempSync(join(storage, 'terminal-'));
      const own = join(folder, 'context.json');
      writeFileSync(own, currentContextFile(context), { mode: 0o600 });
      const terminal = vscode.window.createTerminal({
        name: program === undefined ? context : `${program.name} on ${context}`,
        iconPath: new vscode.ThemeIcon('terminal'),
        env: { KUBECONFIG: kubeConfigList(own, files) },
        // A window that starts again restores terminals, but not the file.
        isTransient: true,
        ...run,
      });
      folders.set(terminal, folder);
      terminal.show();
    },
    dispose() {
      closed.dispose();
      for (const terminal of [...folders.keys()]) {
        terminal.dispose();
        forget(terminal);
      }
    },
  };
}
