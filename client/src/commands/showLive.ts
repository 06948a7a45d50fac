import * as vscode from 'vscode';
import type { LiveState } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { wordOf, worstFirst } from '../join/liveWords.ts';
import { plain } from '../plain.ts';
import { placeOf } from './activePlace.ts';
import { type Command, onManifests, trusted } from './command.ts';
import { offerToOpen } from './pick.ts';

export const showLive: Command = {
  id: 'showLive',
  title: 'Go to Live Object',
  enablement: trusted,
  menus: onManifests('1_capstan@7'),
  palette: 'editorLangId == yaml',
  async run(app, target) {
    const at = placeOf(target);
    if (at === undefined) return;
    if (app.cluster.opened.size === 0) return offerToOpen();
    const states = worstFirst(await app.live.at(at.uri, at.position));
    if (states.length === 0) {
      void vscode.window.showInformationMessage('No open cluster has the object at the cursor, as far as it is known.');
      return;
    }
    const chosen = states.length === 1 ? states[0] : await choose(states);
    if (chosen !== undefined) await reveal(app, chosen);
  },
};

async function choose(states: readonly LiveState[]): Promise<LiveState | undefined> {
  const items = states.map((state) => ({
    label: plain(state.context),
    description: plain(wordOf(state)),
    detail: plain(state.description),
    state,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Go to Live Object', placeHolder: 'Select a cluster' }))
    ?.state;
}

/** In its view or, if none has it, as a document. */
async function reveal(app: App, { context, ref }: LiveState): Promise<void> {
  const { view, ids } = await app.cluster.request('path', { context, ref });
  if (ids.length > 0) await app.trees.of(view).reveal(ids);
  else await app.documents.show('object', { context, ref });
}
