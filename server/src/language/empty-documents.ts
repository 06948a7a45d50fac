// Prepares the first list of the empty documents of a file, in slices, so that it is there as soon as somebody types.
import { mayBeEmpty, noSnippets, preparingObjects } from '../features/completion/completion.ts';
import { cursorAt } from '../features/cursor.ts';
import { unless } from '../syntax/steps.ts';
import { inSlices } from './run.ts';
import type { Session } from './session.ts';

/** Ends when the workspace changes: it is called again then, once the hand rests. */
export async function emptyDocumentsPrepared({ programs, client, snippets }: Session, uri: string): Promise<void> {
  const { program, path } = programs.placeOf(uri);
  const { workspace } = program;
  const { edition } = workspace;
  const file = workspace.file(path);
  for (const { start, document } of file?.documents ?? []) {
    if (!mayBeEmpty(document.text)) continue;
    if (workspace.edition !== edition) return;
    const end = start + document.text.length;
    // The end of one document is the beginning of the next.
    const cursor = cursorAt(workspace, path, end === file!.text.length ? end : end - 1);
    if (!cursor) continue;
    const steps = preparingObjects(cursor, client.snippets ? snippets() : noSnippets, client.layout);
    await inSlices(unless(() => workspace.edition !== edition, steps));
  }
}
