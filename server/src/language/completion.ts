// The routes of completion: the items for what is typed, and the documentation of the one that the client shows.
import { type CompletionList, CompletionTriggerKind } from 'vscode-languageserver/node';
import { complete, noSnippets } from '../features/completion/completion.ts';
import type { Completion } from '../features/completion/item.ts';
import { offered } from '../features/completion/offered.ts';
import type { Cursor } from '../features/cursor.ts';
import type { LanguageOptions } from '../protocol.ts';
import { documented, type ItemData, type Target, toCompletionItem } from './convert.ts';
import { answer } from './run.ts';
import { locate, type Session } from './session.ts';

/**
 * Nothing that stands inside words, such as the slash of a path or an apiVersion: VS Code leaves the list that is open as it
 * is until the answer arrives, so that Enter accepts an item that no longer fits. Not the colon: the value may go on below,
 * and nothing may follow a colon directly.
 */
export function triggers({ opensOnNewLine }: LanguageOptions): string[] {
  return [' ', '"', "'", '*', ...(opensOnNewLine === true ? ['\n'] : [])];
}

/** Milliseconds after an edit in which an editor asks by itself; a person asks later. */
const hand = 400;

export function routeCompletion(session: Session): void {
  const { connection, log, texts } = session;
  // The items of the latest response; the client resolves their documentation one by one.
  let shown: readonly Completion[] = [];
  let responses = 0;
  connection.onCompletion(
    answer('completion', log, null, ({ textDocument, position, context }) => {
      const at = locate(session, textDocument.uri, position);
      if (!at) return null;
      const asked = context?.triggerKind === CompletionTriggerKind.Invoked && texts.sinceEdit() > hand;
      responses += 1;
      const { items, list } = listOf(session, at.cursor, at.target, { asked, response: responses });
      shown = items;
      return list;
    }),
  );
  connection.onCompletionResolve((item) => {
    const { response, index } = (item.data ?? {}) as Partial<ItemData>;
    const found = response === responses && index !== undefined ? shown[index] : undefined;
    return found ? { ...item, ...documented(found) } : item;
  });
}

interface Listed {
  /** In the order of the list. */
  readonly items: readonly Completion[];
  readonly list: CompletionList;
}

/** `asked`: the user asked for suggestions; `response` is the number of the response, by which items are resolved. */
export function listOf(
  { client, snippets }: Session,
  cursor: Cursor,
  target: Target,
  { asked, response }: { readonly asked: boolean; readonly response: number },
): Listed {
  const { document, offset, start } = cursor;
  const { items, isIncomplete } = offered(complete(cursor, client.snippets ? snippets() : noSnippets, client.layout), {
    before: document.text.slice(0, offset),
    asked,
    selectsFirst: client.selectsFirst,
  });
  return {
    items,
    list: {
      isIncomplete,
      items: items.map((item, index) => toCompletionItem(item, start, target, { response, index })),
    },
  };
}
