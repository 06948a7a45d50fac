// What VS Code takes for a word in YAML. Without a pattern, words end at each dot, slash and hyphen; at the first letter of the
// next one it asks for the suggestions again and keeps the list as it is until every extension has answered. Whoever types
// `apps/v1` and Enter meanwhile accepts what was selected at `apps`. A value is one word instead, so that its letters only
// filter the list.
import * as vscode from 'vscode';
import { word } from './word.ts';

export function wholeWords(): vscode.Disposable {
  return vscode.languages.setLanguageConfiguration('yaml', { wordPattern: word });
}
