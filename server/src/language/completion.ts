// The routes of completion: the items for what is typed, and the documentation of the one that the client shows.
import { CompletionTriggerKind } from 'vscode-languageserver/node';
import { complete } from '../features/completion/completion.ts';
import type { Completion } from '../features/completion/item.ts';
import { offered } from '../features/completion/offered.ts';
import type { LanguageOptions } from '../protocol.ts';
import { documented, type ItemData, toCompletionItem } from './convert.ts';
import { answer } from './run.ts';
import { locate, type Session } from './session.ts';

/** Not the colon: the value may go on below, and nothing may follow a colon directly. */
export function triggers({ opensOnNewLine }: LanguageOptions): string[] {
  return [' ', '"', "'", '*', ...(opensOnNewLine === true ? ['\n'] : [])];
}

/** Milliseconds after an edit in which an editor asks by itself; a person asks later. */
const hand = 400;

export function routeCompletion(session: Session): void {
  const { connection, log, texts, client, snippets } = session;
  // The items of the latest response; the client resolves their documentation one by one.
  let shown: readonly Completion[] = [];
  let responses = 0;
  connection.onCompletion(
    answer('completion', log, null, ({ textDocument, position, context }) => {
      const at = locate(session, textDocument.uri, position);
      if (!at) return null;
      const { document, offset, start } = at.cursor;
      const { items, isIncomplete } = offered(complete(at.cursor, client.snippets ? snippets() : []), {
        before: document.text.slice(0, offset),
        asked: context?.triggerKind === CompletionTriggerKind.Invoked && texts.sinceEdit() > hand,
        selectsFirst: client.selectsFirst,
      });
      shown = items;
      responses += 1;
      const toItem = (item: Completion, index: number) =>
        toCompletionItem(item, start, at.target, { response: responses, index });
      return { isIncomplete, items: shown.map(toItem) };
    }),
  );
  connection.onCompletionResolve((item) => {
    const { response, index } = (item.data ?? {}) as Partial<ItemData>;
    const found = response === responses && index !== undefined ? shown[index] : undefined;
    return found ? { ...item, ...documented(found) } : item;
  });
}
