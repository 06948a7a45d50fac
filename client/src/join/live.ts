// In the editor: on which open clusters the objects of a file live, and in which state. Both servers are asked: one knows what
// the file defines, the other what the clusters have. Nothing is asked while no context is open.
import * as vscode from 'vscode';
import { groupedBy } from '../../../server/src/kube/grouped.ts';
import type { LanguageRequests, LiveState } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import type { Language } from '../language.ts';
import { hoverLines, lensTitle, worstFirst } from './liveWords.ts';

type Identity = LanguageRequests['capstan/identities']['result'][number];

export interface Live extends vscode.Disposable {
  /** The live objects of the object at a position, as far as they are known. */
  readonly at: (uri: vscode.Uri, position: vscode.Position) => Promise<readonly LiveState[]>;
}

/** The objects of a file, and the live ones of each. */
type Known = readonly (Pick<Identity, 'position'> & { readonly states: readonly LiveState[] })[];

const selector: vscode.DocumentSelector = { language: 'yaml', scheme: 'file' };

/** More objects of the visible files aren't looked for. */
const mostWanted = 2000;

/** Milliseconds until both are asked again: after a change in the clusters, the last edit of a hand that rests, a failure. */
const pauses = { change: 500, edit: 1000, retry: 5000 } as const;

export function createLive(cluster: ClusterServer, language: Language): Live {
  const changed = new vscode.EventEmitter<void>();
  /** By URI, of the files that are visible. */
  let known: ReadonlyMap<string, Known> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;

  /** Of changes that follow each other, the first counts; of edits, the last. */
  function later(after: keyof typeof pauses): void {
    if (cluster.opened.size === 0 && known.size === 0) return;
    if (after === 'edit') clearTimeout(timer);
    else if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void refresh();
    }, pauses[after]);
  }
  const soon = () => later('change');

  async function refresh(): Promise<void> {
    const own = ++asked;
    const isCurrent = () => own === asked;
    const isShown = cluster.opened.size > 0 && isWanted();
    try {
      const found = isShown ? await ask(visibleFiles(), isCurrent) : new Map<string, Known>();
      if (!isCurrent() || !found) return;
      known = found;
    } catch {
      // A server that is being restarted knows nothing of it; what was said may be wrong by now.
      if (!isCurrent()) return;
      known = new Map();
      later('retry');
    }
    changed.fire();
  }

  /** Undefined if others are asked about by now. */
  async function ask(
    uris: readonly vscode.Uri[],
    isCurrent: () => boolean,
  ): Promise<ReadonlyMap<string, Known> | undefined> {
    const most = Math.ceil(mostWanted / Math.max(1, uris.length));
    const files = await Promise.all(
      uris.map(async (uri) => ({ uri: uri.toString(), identities: await identitiesIn(uri, most) })),
    );
    // The server follows what it was asked last.
    return isCurrent() ? knownOf(files, true) : undefined;
  }

  async function identitiesIn(uri: vscode.Uri, most: number): Promise<readonly Identity[]> {
    return (await language.request('capstan/identities', { uri: uri.toString() })).slice(0, most);
  }

  async function knownOf(
    files: readonly { readonly uri: string; readonly identities: readonly Identity[] }[],
    isFollowed: boolean,
  ): Promise<ReadonlyMap<string, Known>> {
    const wanted = files.flatMap(({ identities }) => identities);
    const origins = wanted.map(({ position: _, ...origin }) => origin);
    const { states } = await cluster.request('states', { wanted: origins, isFollowed });
    const of = groupedBy(states, ({ index }) => wanted[index]);
    return new Map(
      files.map(({ uri, identities }): readonly [string, Known] => [
        uri,
        identities.map((one) => ({ position: one.position, states: of.get(one) ?? [] })),
      ]),
    );
  }

  /** The live objects of each object of a file, by its line. */
  function byLine(objects: Known): ReadonlyMap<number, readonly LiveState[]> {
    const lines = groupedBy(objects, ({ position }) => position.line);
    const found = [...lines].map(([line, same]): readonly [number, readonly LiveState[]] => {
      // Two clusters of the files may be one.
      const each = new Map(same.flatMap(({ states }) => states.map((one) => [keyOf(one), one] as const)));
      return [line, [...each.values()]];
    });
    return new Map(found.filter(([, states]) => states.length > 0));
  }

  function around(objects: Known, line: number): readonly LiveState[] {
    const own = objects.reduce(
      (last, { position }) => (position.line <= line ? Math.max(last, position.line) : last),
      -1,
    );
    return byLine(objects).get(own) ?? [];
  }

  const parts = vscode.Disposable.from(
    changed,
    cluster.onOpenedChange(soon),
    cluster.onStatesChanged(soon),
    cluster.onReady(soon),
    vscode.window.onDidChangeVisibleTextEditors(soon),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'yaml' && contentChanges.length > 0) later('edit');
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('capstan.liveState')) soon();
    }),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: ({ uri }) =>
        [...byLine(known.get(uri.toString()) ?? [])].map(([line, states]) => {
          const arguments_ = [{ uri: uri.toString(), position: { line, character: 0 } }];
          const command = { title: lensTitle(states), command: 'capstan.showLive', arguments: arguments_ };
          return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
        }),
    }),
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, { line }) => {
        if (!/^\s*(?:- )?(?:apiVersion|kind|metadata):/.test(document.lineAt(line).text)) return undefined;
        const states = worstFirst(around(known.get(document.uri.toString()) ?? [], line));
        return states.length === 0 ? undefined : new vscode.Hover(states.map(hoverOf));
      },
    }),
  );

  return {
    at: async (uri, { line }) => {
      const file = { uri: uri.toString(), identities: await identitiesIn(uri, mostWanted) };
      return around((await knownOf([file], false)).get(file.uri) ?? [], line);
    },
    dispose: () => {
      clearTimeout(timer);
      asked++;
      parts.dispose();
    },
  };
}

function keyOf({ context, ref }: LiveState): string {
  return JSON.stringify([context, ref.groupKind, ref.namespace, ref.name]);
}

function hoverOf(state: LiveState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const [index, line] of hoverLines(state).entries()) {
    if (index > 0) text.appendMarkdown('  \n');
    text.appendText(line);
  }
  return text;
}

function visibleFiles(): readonly vscode.Uri[] {
  const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
  const files = documents.filter(({ languageId, uri }) => languageId === 'yaml' && uri.scheme === 'file');
  return [...new Map(files.map(({ uri }) => [uri.toString(), uri])).values()];
}

function isWanted(): boolean {
  return vscode.workspace.getConfiguration('capstan').get('liveState', true);
}
