// The routes of quick fixes and of fixing everything in a file or in the workspace. The edits of the latter are computed
// when the client resolves the action.
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type ServerCapabilities,
  type TextEdit,
} from 'vscode-languageserver/node';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { type FixAll, fixAll, fixAllActions, type Wanted } from '../features/fixes/fix-all.ts';
import { LineIndex } from '../syntax/lines.ts';
import { toCodeAction, toEdit } from './convert.ts';
import { answer, inSlices } from './run.ts';
import { type Session, targetOf } from './session.ts';
import { offsetAt } from './texts.ts';

export interface FixClient {
  /** An edit of an action can be a snippet (LSP 3.18). */
  readonly snippets: boolean;
  /** The client asks for the edit of an action when it is chosen. */
  readonly resolves: boolean;
}

export function fixClientOf({ workspace, textDocument }: ClientCapabilities): FixClient {
  const { documentChanges, snippetEditSupport } = workspace?.workspaceEdit ?? {};
  return {
    snippets: documentChanges === true && snippetEditSupport === true,
    resolves: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
  };
}

const everything = `${CodeActionKind.SourceFixAll}.capstan`;

export function fixCapabilities({ resolves }: FixClient): ServerCapabilities {
  return {
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, everything], resolveProvider: resolves },
  };
}

/** The data of an action without edits. */
interface Unresolved extends Wanted {
  readonly uri: string;
  readonly in: FixAll['in'];
}

export function routeFixes(session: Session, { snippets, resolves }: FixClient): void {
  const { connection, log, programs, client } = session;
  connection.onCodeAction(
    answer('codeAction', log, null, async ({ textDocument: { uri }, range, context }) => {
      const target = targetOf(session, uri);
      if (!target) return null;
      if (isWanted(context.only, everything) && context.only) {
        const action: CodeAction = { title: 'Fix everything that is certain', kind: everything };
        return [await withEdit(session, action, { uri, in: 'file' }, resolves)];
      }
      if (!isWanted(context.only, CodeActionKind.QuickFix)) return [];
      const { program, path } = programs.placeOf(uri);
      const [start, end] = [range.start, range.end].map((one) => offsetAt(target.lines, one, client.encoding));
      const actions = codeActions(program.workspace, path, start!, end!, { snippets });
      // Without resolving, everything would be fixed again for every request.
      const all = resolves ? fixAllActions(program.workspace, actions, diagnose(program.workspace, path)) : [];
      return [
        ...actions.map((action) => toCodeAction(action, uri, target)),
        ...all.map(({ title, rule, in: scope }) => ({
          title,
          kind: CodeActionKind.QuickFix,
          data: { uri, in: scope, ...(rule && { rule }) } satisfies Unresolved,
        })),
      ];
    }),
  );
  connection.onCodeActionResolve(async (action) => {
    const data = action.data as Unresolved | undefined;
    return data ? withEdit(session, action, data, false) : action;
  });
}

/** Whether the client asks for a kind: `source.fixAll` includes `source.fixAll.capstan`. */
function isWanted(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}

async function withEdit(
  { programs, client }: Session,
  action: CodeAction,
  wanted: Unresolved,
  later: boolean,
): Promise<CodeAction> {
  if (later) return { ...action, data: wanted };
  const { program, path } = programs.placeOf(wanted.uri);
  const { workspace } = program;
  const paths = wanted.in === 'file' ? [path] : [...workspace.files()].map((file) => file.path);
  const changes: Record<string, TextEdit[]> = {};
  for (const one of paths) {
    const lines = new LineIndex(workspace.file(one)?.text ?? '');
    await inSlices(
      fixAll(workspace, one, wanted, (edits) => {
        const uri = one === path ? wanted.uri : programs.uriOf({ program, path: one });
        changes[uri] = edits.map((edit) => toEdit(edit, 0, { ...client, lines }));
      }),
    );
  }
  return { ...action, edit: { changes } };
}
