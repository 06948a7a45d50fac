// Entry of dist/cli.js, the `capstan` program: finds the verb and gives it the rest of the line. Verbs load on demand,
// so that only those that talk to clusters load what clusters need.
import process from 'node:process';

/** What a verb may touch; tests give their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

type Verb = (args: readonly string[], io: Io) => Promise<number>;

const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  lsp: async () => {
    const { serve } = await import('../language/server.ts');
    return () => new Promise(() => serve(process.stdin, process.stdout));
  },
};

void run(process.argv.slice(2));

async function run([name = '', ...args]: readonly string[]): Promise<void> {
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!load) {
    process.stderr.write(`capstan: unknown command "${name}"; known: ${Object.keys(verbs).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const verb = await load();
  const { stdout, stderr, env } = process;
  process.exitCode = await verb(args, { stdout, stderr, env, cwd: process.cwd() });
}
