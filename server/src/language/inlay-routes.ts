// The route of inlay hints.
import type { ServerCapabilities } from 'vscode-languageserver/node';
import { inlayHints } from '../features/inlay.ts';
import { answer } from './run.ts';
import { fleetKnown, type Session, targetOf } from './session.ts';
import { offsetAt, rangeAt } from './texts.ts';

export const inlayCapabilities: ServerCapabilities = { inlayHintProvider: true };

/** With `isShown: false`, the user has switched the hints off. */
export function routeInlayHints(session: Session, isShown: boolean): void {
  const { connection, log, programs } = session;
  connection.languages.inlayHint.on(
    answer('inlayHint', log, [], async ({ textDocument: { uri }, range }) => {
      const { program, path } = programs.placeOf(uri);
      await fleetKnown(session, uri);
      const target = targetOf(session, uri);
      if (!target || !isShown) return [];
      const { lines, encoding } = target;
      const span = { start: offsetAt(lines, range.start, encoding), end: offsetAt(lines, range.end, encoding) };
      return inlayHints(program.workspace, path, span).map(({ offset, label }) => ({
        position: rangeAt(lines, offset, offset, encoding).start,
        label,
        paddingLeft: true,
      }));
    }),
  );
}
