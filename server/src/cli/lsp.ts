// `capstan lsp --stdio`: runs the language server for any editor.
import type { Io } from './io.ts';
import { misused } from './misuse.ts';

const usage = 'Usage: capstan lsp --stdio\n\nServes the Language Server Protocol on standard input and output.\n';

/** Resolves only for help and wrong usage; otherwise the server ends the process when its client sends `exit`. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout.write(usage);
    return 0;
  }
  const other = args.find((arg) => arg !== '--stdio');
  if (other !== undefined) {
    return misused(io, 'lsp', `unexpected argument "${other}"`, usage);
  }
  await import('../language/main.ts');
  return new Promise(() => undefined);
}
