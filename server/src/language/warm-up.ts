// Completes in the first document before anyone asks: the first completion reads the schemas of its kind and runs code that
// isn't compiled yet, which takes as long as twenty later ones.
import { complete } from '../features/completion/completion.ts';
import { cursorAt } from '../features/cursor.ts';
import type { Session } from './session.ts';

/** Milliseconds after the files of the root are known, so that the first diagnostics go first. */
const after = 150;

/** Parts of the text at which to complete, as shares of its lines; each in a turn of its own, so that requests go first. */
const places = [0.3, 0.6, 0.9];

/** Call with the first document that is opened. */
export async function warmUp({ programs, texts, snippets, client }: Session, uri: string): Promise<void> {
  const { program, path } = programs.placeOf(uri);
  await program.ready;
  for (const place of places) {
    await new Promise((done) => void setTimeout(done, after).unref());
    const lines = texts.get(uri)?.lines.text.split('\n');
    if (lines === undefined) return;
    const offset = lines.slice(0, Math.ceil(lines.length * place)).join('\n').length;
    const cursor = cursorAt(program.workspace, path, offset);
    if (cursor) complete(cursor, client.snippets ? snippets() : []);
  }
}
