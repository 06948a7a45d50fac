// The routes of verbs that change text: formatting.
import type { FormattingOptions, Range, ServerCapabilities, TextEdit } from 'vscode-languageserver/node';
import { format } from '../features/formatting/formatting.ts';
import { toEdit } from './convert.ts';
import { answer } from './run.ts';
import { type Session, targetOf } from './session.ts';

export const editingCapabilities: ServerCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
};

export function routeEditing(session: Session): void {
  const { connection, log, programs } = session;
  const formatted = (uri: string, { tabSize }: FormattingOptions, range?: Range): TextEdit[] | null => {
    const target = targetOf(session, uri);
    if (!target) return null;
    const { program, path } = programs.placeOf(uri);
    const span = range && linesOf(range);
    const edits = format(program.workspace, path, { step: stepOf(tabSize), ...(span && { span }) });
    return edits.map((edit) => toEdit(edit, 0, target));
  };
  connection.onDocumentFormatting(
    answer('formatting', log, null, ({ textDocument: { uri }, options }) => formatted(uri, options)),
  );
  connection.onDocumentRangeFormatting(
    answer('rangeFormatting', log, null, ({ textDocument: { uri }, options, range }) => formatted(uri, options, range)),
  );
}

/** A range that ends at the start of a line doesn't include that line. */
function linesOf({ start, end }: Range): { readonly first: number; readonly last: number } {
  return { first: start.line, last: end.character === 0 && end.line > start.line ? end.line - 1 : end.line };
}

/** YAML is never indented with tabs, so `insertSpaces` makes no difference; two columns for what isn't a usual size. */
function stepOf(tabSize: number): number {
  return Number.isInteger(tabSize) && tabSize >= 1 && tabSize <= 8 ? tabSize : 2;
}
