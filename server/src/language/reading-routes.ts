// The routes of verbs that show what belongs together without changing text: highlights, selection ranges, links and
// semantic tokens.
import {
  DocumentHighlightKind,
  type Range,
  type SelectionRange,
  type SemanticTokens,
  SemanticTokensBuilder,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { highlights } from '../features/highlights.ts';
import { links } from '../features/links.ts';
import { selections } from '../features/selection.ts';
import { type SemanticToken, tokenModifiers, tokenTypes } from '../features/semantic-token.ts';
import { semanticTokens } from '../features/semantic-tokens.ts';
import type { Target } from './convert.ts';
import { answer } from './run.ts';
import { locate, type Session, targetOf } from './session.ts';
import { offsetAt, rangeAt } from './texts.ts';

export const readingCapabilities: ServerCapabilities = {
  documentHighlightProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: { delta: true },
    range: true,
  },
};

export function routeReading(session: Session): void {
  const { connection, log, programs } = session;
  connection.onDocumentHighlight(
    answer('documentHighlight', log, null, ({ textDocument: { uri }, position }) => {
      const at = locate(session, uri, position);
      if (!at) return null;
      const { lines, encoding } = at.target;
      return highlights(at.cursor).map(({ start, end, kind }) => ({
        range: rangeAt(lines, start, end, encoding),
        kind: kind === 'write' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      }));
    }),
  );
  connection.onSelectionRanges(
    answer('selectionRange', log, null, ({ textDocument: { uri }, positions }) =>
      positions.map((position): SelectionRange => {
        const at = locate(session, uri, position);
        const empty: SelectionRange = { range: { start: position, end: position } };
        if (!at) return empty;
        const { lines, encoding } = at.target;
        const outwards = selections(at.cursor).toReversed();
        return (
          outwards.reduce<SelectionRange | undefined>(
            (parent, { start, end }) => ({ range: rangeAt(lines, start, end, encoding), ...(parent && { parent }) }),
            undefined,
          ) ?? empty
        );
      }),
    ),
  );
  connection.onDocumentLinks(
    answer('documentLink', log, null, async ({ textDocument: { uri } }) => {
      const { program, path } = programs.placeOf(uri);
      await program.ready;
      const target = targetOf(session, uri);
      if (!target) return null;
      return links(program.workspace, path).map((link) => ({
        range: rangeAt(target.lines, link.start, link.end, target.encoding),
        target: 'url' in link ? link.url : programs.uriOf({ program, path: link.path }),
      }));
    }),
  );
  /** By document: the tokens that were sent last, from which the next ones differ a little. */
  const sent = new Map<string, SemanticTokensBuilder>();
  const builderOf = (uri: string): SemanticTokensBuilder => {
    const builder = sent.get(uri) ?? new SemanticTokensBuilder();
    sent.delete(uri);
    sent.set(uri, builder);
    for (const [oldest] of sent) if (sent.size > mostSent) sent.delete(oldest);
    return builder;
  };
  const pushTokens = async (builder: SemanticTokensBuilder, uri: string, range?: Range): Promise<void> => {
    const { program, path } = programs.placeOf(uri);
    await program.ready;
    const target = targetOf(session, uri);
    if (!target) return;
    const [start, end] = range ? [range.start, range.end].map((at) => offsetAt(target.lines, at, target.encoding)) : [];
    const span = start === undefined || end === undefined ? undefined : { start, end };
    push(builder, semanticTokens(program.workspace, path, span), target);
  };
  connection.languages.semanticTokens.on(
    answer('semanticTokens', log, { data: [] }, async ({ textDocument: { uri } }): Promise<SemanticTokens> => {
      sent.delete(uri);
      const builder = builderOf(uri);
      await pushTokens(builder, uri);
      return builder.build();
    }),
  );
  connection.languages.semanticTokens.onDelta(
    answer('semanticTokensDelta', log, { data: [] }, async ({ textDocument: { uri }, previousResultId }) => {
      const builder = builderOf(uri);
      builder.previousResult(previousResultId);
      await pushTokens(builder, uri);
      return builder.buildEdits();
    }),
  );
  connection.languages.semanticTokens.onRange(
    answer('semanticTokensRange', log, { data: [] }, async ({ textDocument: { uri }, range }) => {
      const builder = new SemanticTokensBuilder();
      await pushTokens(builder, uri, range);
      return { data: builder.build().data };
    }),
  );
}

/** More documents are rarely shown at a time; of others, all tokens are sent again. */
const mostSent = 16;

function push(builder: SemanticTokensBuilder, tokens: readonly SemanticToken[], { lines, encoding }: Target): void {
  for (const { start, end, type, modifier } of tokens) {
    const range = rangeAt(lines, start, end, encoding);
    const { line, character } = range.start;
    const bits = modifier === undefined ? 0 : 1 << tokenModifiers.indexOf(modifier);
    builder.push(line, character, range.end.character - character, tokenTypes.indexOf(type), bits);
  }
}
