// The parts of the extension that commands use; extension.ts creates them.
import type * as vscode from 'vscode';
import type { ClusterServer, Remembered } from './cluster.ts';
import type { Live } from './join/live.ts';
import type { Language } from './language.ts';
import type { Pins } from './pins.ts';
import type { Commits } from './views/commits.ts';
import type { DifferenceViews } from './views/differences.ts';
import type { Documents } from './views/documents.ts';
import type { Editing } from './views/editing.ts';
import type { Forwards } from './views/forwards.ts';
import type { LogViews } from './views/logs.ts';
import type { Previews } from './views/preview.ts';
import type { Shells } from './views/shells.ts';
import type { Terminals } from './views/terminals.ts';
import type { Trees } from './views/tree.ts';

export interface App {
  readonly cluster: ClusterServer;
  readonly language: Language;
  readonly trees: Trees;
  readonly documents: Documents;
  readonly editing: Editing;
  readonly pins: Pins;
  readonly logs: LogViews;
  readonly commits: Commits;
  readonly shells: Shells;
  readonly terminals: Terminals;
  readonly forwards: Forwards;
  readonly previews: Previews;
  readonly differences: DifferenceViews;
  readonly live: Live;
  readonly log: vscode.LogOutputChannel;
  readonly remembered: Remembered;
  /** The file of the command line, for Node. */
  readonly commandLine: string;
}
