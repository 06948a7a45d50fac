// `capstan lsp --stdio`: the language server for any editor.
import type { Io } from './main.ts';

/** Resolves only on wrong usage: the server ends the process when its client says exit. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (args.some((arg) => arg !== '--stdio')) {
    io.stderr.write(
      'Usage: capstan lsp --stdio\n\nServes the Language Server Protocol on standard input and output.\n',
    );
    return args.includes('--help') ? 0 : 2;
  }
  const { serve } = await import('../language/server.ts');
  return new Promise(() => serve(process.stdin, process.stdout));
}
