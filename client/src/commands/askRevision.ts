// Asks for a revision of Git.
import * as vscode from 'vscode';

export function askRevision(
  title = 'Diff as Applied',
  prompt = 'A branch, a tag or a commit; "main..." is where the branch of main was left',
): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, value: 'HEAD' });
}
