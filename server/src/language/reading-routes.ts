// The routes of verbs that show what belongs together without changing text: highlights, selection ranges, links and
// semantic tokens.
import {
  DocumentHighlightKind,
  type Range,
  type SelectionRange,
  type SemanticTokens,
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
    full: true,
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
  const tokens = async (uri: string, range?: Range): Promise<SemanticTokens> => {
    const { program, path } = programs.placeOf(uri);
    await program.ready;
    const target = targetOf(session, uri);
    if (!target) return { data: [] };
    const [start, end] = range ? [range.start, range.end].map((at) => offsetAt(target.lines, at, target.encoding)) : [];
    const span = start === undefined || end === undefined ? undefined : { start, end };
    return { data: encoded(semanticTokens(program.workspace, path, span), target) };
  };
  connection.languages.semanticTokens.on(
    answer('semanticTokens', log, { data: [] }, ({ textDocument: { uri } }) => tokens(uri)),
  );
  connection.languages.semanticTokens.onRange(
    answer('semanticTokensRange', log, { data: [] }, ({ textDocument: { uri }, range }) => tokens(uri, range)),
  );
}

/** Five numbers for each token, its place relative to the one before. */
function encoded(tokens: readonly SemanticToken[], { lines, encoding }: Target): number[] {
  const data: number[] = [];
  let above = { line: 0, character: 0 };
  for (const { start, end, type, modifier } of tokens) {
    const range = rangeAt(lines, start, end, encoding);
    const { line, character } = range.start;
    const bits = modifier === undefined ? 0 : 1 << tokenModifiers.indexOf(modifier);
    const column = line === above.line ? character - above.character : character;
    data.push(line - above.line, column, range.end.character - character, tokenTypes.indexOf(type), bits);
    above = range.start;
  }
  return data;
}
