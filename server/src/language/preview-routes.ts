// The routes of what clusters get of a file: the preview and the code lenses that open it.
import { RequestType, type ServerCapabilities } from 'vscode-languageserver/node';
import { lenses, preview } from '../features/preview.ts';
import type { LanguageOptions, LanguageRequests } from '../protocol.ts';
import { LineIndex } from '../syntax/lines.ts';
import { oneLine } from '../syntax/shown.ts';
import { answer } from './run.ts';
import { fleetKnown, locate, type Session, targetOf } from './session.ts';
import { rangeAt } from './texts.ts';

type Previewed = LanguageRequests['capstan/preview'];

const previewRequest = new RequestType<Previewed['params'], Previewed['result'], void>('capstan/preview');

/** Lenses run a command of the client. */
export function previewCapabilities({ previewCommand }: LanguageOptions): ServerCapabilities {
  return previewCommand === undefined ? {} : { codeLensProvider: {} };
}

export function routePreview(session: Session, { previewCommand }: LanguageOptions): void {
  const { connection, log, programs, client } = session;
  connection.onRequest(
    previewRequest,
    answer('preview', log, null, async ({ uri, position, cluster }): Promise<Previewed['result']> => {
      const { program, path } = programs.placeOf(uri);
      await fleetKnown(session, uri);
      const at = locate(session, uri, position);
      const found = at && preview(program.workspace, path, at.cursor.start + at.cursor.offset, cluster);
      if (!found) return null;
      const sources = [...new Set(found.lines.flatMap((line) => (line ? [line.file] : [])))];
      const indexes = new Map(
        sources.map((file, index) => {
          return [file, { index, lines: new LineIndex(program.workspace.file(file)?.text ?? '') }] as const;
        }),
      );
      const lines = found.lines.map((line): readonly [number, number] | null => {
        const source = line && indexes.get(line.file);
        return source
          ? [source.index, rangeAt(source.lines, line.offset, line.offset, client.encoding).start.line]
          : null;
      });
      const uris = sources.map((file) => programs.uriOf({ program, path: file }));
      return { cluster: found.cluster, clusters: found.clusters, text: found.text, sources: uris, lines };
    }),
  );
  if (previewCommand === undefined) return;
  connection.onCodeLens(
    answer('codeLens', log, null, async ({ textDocument: { uri } }) => {
      const { program, path } = programs.placeOf(uri);
      await fleetKnown(session, uri);
      const target = targetOf(session, uri);
      if (!target) return null;
      return lenses(program.workspace, path).map(({ offset, title }) => {
        const range = rangeAt(target.lines, offset, offset, target.encoding);
        return {
          range,
          command: { title: oneLine(title), command: previewCommand, arguments: [{ uri, position: range.start }] },
        };
      });
    }),
  );
}
