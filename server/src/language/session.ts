// What the routes of one client share, and how a request's document and position become a feature's input.
import type { Connection, Position } from 'vscode-languageserver/node';
import type { Snippet } from '../features/completion/snippets.ts';
import { type Cursor, cursorAt } from '../features/cursor.ts';
import type { Target } from './convert.ts';
import type { Diagnostics } from './diagnostics.ts';
import { prepared } from './prepared.ts';
import type { Programs } from './programs.ts';
import { offsetAt, type Texts } from './texts.ts';

export interface Session {
  readonly connection: Connection;
  readonly programs: Programs;
  readonly texts: Texts;
  readonly diagnostics: Diagnostics;
  readonly log: (message: string) => void;
  readonly client: Omit<Target, 'lines'>;
  /** The client understands edits of documents with versions. */
  readonly versioned: boolean;
  /** Ours; read when they are first needed. */
  readonly snippets: () => readonly Snippet[];
}

/**
 * Resolves when it is known what clusters get, so that a verb that asks doesn't stop all others; at once while the files are
 * being read, when nothing of it is known.
 */
export async function fleetKnown({ programs }: Session, uri: string): Promise<void> {
  const { program } = programs.placeOf(uri);
  await program.ready;
  if (program.workspace.isWhole) await prepared(program.workspace, program.working);
}

/** Undefined if the document isn't open. */
export function targetOf({ texts, client, programs }: Session, uri: string): Target | undefined {
  programs.working(uri);
  const text = texts.get(uri);
  return text && { ...client, lines: text.lines };
}

export function locate(
  session: Session,
  uri: string,
  position: Position,
): { readonly cursor: Cursor; readonly target: Target } | undefined {
  const target = targetOf(session, uri);
  if (!target) return undefined;
  const { program, path } = session.programs.placeOf(uri);
  const cursor = cursorAt(program.workspace, path, offsetAt(target.lines, position, target.encoding));
  return cursor && { cursor, target };
}
