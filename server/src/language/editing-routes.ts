// The routes of verbs that change text: formatting and rename, of names and of files.
import {
  type FormattingOptions,
  LSPErrorCodes,
  type PrepareRenameResult,
  type Range,
  type RenameFilesParams,
  ResponseError,
  type ServerCapabilities,
  type TextEdit,
  WillRenameFilesRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { format } from '../features/formatting/formatting.ts';
import { formatOnEnter } from '../features/formatting/on-enter.ts';
import type { FileEdit } from '../features/rename/edit.ts';
import { editsForMoves } from '../features/rename/files.ts';
import { prepareRename, rename } from '../features/rename/rename.ts';
import { LineIndex } from '../syntax/lines.ts';
import { toEdit } from './convert.ts';
import type { Place } from './programs.ts';
import { answer } from './run.ts';
import { fleetKnown, locate, type Session, targetOf } from './session.ts';
import { rangeAt } from './texts.ts';

export const editingCapabilities: ServerCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n' },
  renameProvider: { prepareProvider: true },
  workspace: { fileOperations: { willRename: { filters: [{ scheme: 'file', pattern: { glob: '**/*' } }] } } },
};

export function routeEditing(session: Session): void {
  const { connection, log, programs } = session;
  routeMoves(session);
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
  connection.onDocumentOnTypeFormatting(
    answer('onTypeFormatting', log, null, ({ textDocument: { uri }, position, options }) => {
      const target = targetOf(session, uri);
      if (!target) return null;
      const { program, path } = programs.placeOf(uri);
      const edits = formatOnEnter(program.workspace, path, target.lines, position.line, stepOf(options.tabSize));
      return edits.map((edit) => toEdit(edit, 0, target));
    }),
  );
  connection.onPrepareRename(
    answer<PrepareRequest, PrepareRenameResult | ResponseError | null>('prepareRename', log, null, (request) => {
      const at = locate(session, request.textDocument.uri, request.position);
      const found = at && prepareRename(at.cursor);
      if (!found) return null;
      if ('refused' in found) return refusal(found.refused);
      const { lines, encoding } = at.target;
      return { range: rangeAt(lines, found.start, found.end, encoding), placeholder: found.name };
    }),
  );
  connection.onRenameRequest(
    answer<PrepareRequest & { newName: string }, WorkspaceEdit | ResponseError | null>(
      'rename',
      log,
      null,
      async (request) => {
        const { uri } = request.textDocument;
        await fleetKnown(session, uri);
        const at = locate(session, uri, request.position);
        if (!at) return null;
        const { program } = programs.placeOf(uri);
        const found = rename(at.cursor, request.newName);
        if ('refused' in found) return refusal(found.refused);
        if (!program.scanned && !found.isLocal)
          return refusal('The files of the workspace are still being read. Try again in a moment.');
        return toWorkspaceEdit(session, program, found.edits);
      },
    ),
  );
}

/** What lists the files follows them, within one root. */
function routeMoves(session: Session): void {
  const { connection, log, programs } = session;
  connection.onRequest(
    WillRenameFilesRequest.type,
    answer<RenameFilesParams, WorkspaceEdit | null>('willRenameFiles', log, null, async ({ files }) => {
      const moves = files.map(({ oldUri, newUri }) => ({
        from: programs.placeOf(oldUri),
        to: programs.placeOf(newUri),
      }));
      const [program, ...others] = new Set(moves.flatMap(({ from, to }) => [from.program, to.program]));
      if (!program || others.length > 0) return null;
      await program.ready;
      const paths = moves.map(({ from, to }) => ({ from: from.path, to: to.path }));
      const edits = editsForMoves(program.workspace, paths);
      return edits.length === 0 ? null : toWorkspaceEdit(session, program, edits);
    }),
  );
}

interface PrepareRequest {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

function refusal(message: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** With the versions of open documents, so that the client refuses an edit of a text that has changed since. */
function toWorkspaceEdit(session: Session, program: Place['program'], edits: readonly FileEdit[]): WorkspaceEdit {
  const { programs, texts, client, versioned } = session;
  const files = [...new Set(edits.map(({ path }) => path))].map((path) => {
    const uri = programs.uriOf({ program, path });
    const target = { ...client, lines: new LineIndex(program.workspace.file(path)?.text ?? '') };
    const own = edits.filter((edit) => edit.path === path).map((edit) => toEdit(edit, 0, target));
    return { uri, version: texts.get(uri)?.version ?? null, own };
  });
  if (!versioned) return { changes: Object.fromEntries(files.map(({ uri, own }) => [uri, own])) };
  return { documentChanges: files.map(({ uri, version, own }) => ({ textDocument: { uri, version }, edits: own })) };
}

/** A range that ends at the start of a line doesn't include that line. */
function linesOf({ start, end }: Range): { readonly first: number; readonly last: number } {
  return { first: start.line, last: end.character === 0 && end.line > start.line ? end.line - 1 : end.line };
}

/** YAML is never indented with tabs, so `insertSpaces` makes no difference; two columns for what isn't a usual size. */
function stepOf(tabSize: number): number {
  return Number.isInteger(tabSize) && tabSize >= 1 && tabSize <= 8 ? tabSize : 2;
}
