// The routes of verbs that show what belongs together without changing text: highlights, selection ranges and links.
import { DocumentHighlightKind, type SelectionRange, type ServerCapabilities } from 'vscode-languageserver/node';
import { highlights } from '../features/highlights.ts';
import { links } from '../features/links.ts';
import { selections } from '../features/selection.ts';
import { answer } from './run.ts';
import { locate, type Session, targetOf } from './session.ts';
import { rangeAt } from './texts.ts';

export const readingCapabilities: ServerCapabilities = {
  documentHighlightProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
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
}
