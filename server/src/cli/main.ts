// Entry of dist/cli-files.js and dist/cli-clusters.js, one of which dist/cli.js (boot.ts) runs: finds the verb and passes it the
// remaining arguments. Verbs load on demand, so that only those that contact clusters load the cluster client.
import process from 'node:process';
import { isMainThread, workerData } from 'node:worker_threads';
import { forTerminal } from '../syntax/shown.ts';
import type { Io, Output } from './io.ts';
import { allVerbs, verbNamed } from './load.ts';
import type { Verb } from './verbs.ts';

/** The minimum for the cluster client: the first version with access to the system's certificate authorities. */
const oldest = [22, 19] as const;

if (isMainThread) void main(process.argv.slice(2));
else if (workerData === 'capstan lint') void import('./file-verbs.ts').then((verbs) => verbs.runSecondThread());

async function main([name, ...args]: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process;
  // The reader may close the pipe early (`capstan lint | head`). That must not turn a failure into success: exit with
  // the verb's own code.
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(process.exitCode ?? 1);
    stderr.write(`capstan: standard output can't be written (${code})\n`);
    process.exit(2);
  });
  // There is nowhere left to report this.
  stderr.on('error', () => undefined);
  try {
    const cwd = currentFolder();
    if (cwd === undefined) {
      stderr.write('capstan: the current folder no longer exists; change to another\n');
      process.exitCode = 2;
      return;
    }
    const io = { stdout: safe(stdout), stderr: safe(stderr), env, cwd, program: new URL(import.meta.url) };
    process.exitCode = await dispatch(name, args, io);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    safe(stderr).write(`capstan ${name}: internal error, please report it:\n${text}\n`);
    process.exitCode = 2;
  }
}

/** The only place that writes to a stream of the process: everything that verbs print passes through it. */
function safe(stream: NodeJS.WriteStream): Output {
  return {
    write: (text, as) => stream.write(as === 'exact' || typeof text !== 'string' ? text : forTerminal(text)),
    get terminal() {
      if (!stream.isTTY) return undefined;
      // By NO_COLOR, FORCE_COLOR and TERM, as Node decides it.
      return { columns: stream.columns, rows: stream.rows, colours: stream.hasColors() };
    },
  };
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

async function dispatch(name: string | undefined, args: readonly string[], io: Io): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    io.stdout.write(usage(await allVerbs()));
    return 0;
  }
  if (name === '--version' || name === '-v') {
    const { version } = await import('../../../package.json');
    io.stdout.write(`capstan ${version}\n`);
    return 0;
  }
  const verb = await verbNamed(name);
  if (!verb) {
    const help = usage(await allVerbs());
    io.stderr.write(name === undefined ? help : `capstan: unknown verb "${name}"\n\n${help}`);
    return 2;
  }
  const wantsHelp = args.includes('--help') || args.includes('-h');
  if (verb.clusters && !wantsHelp && isOld(process.versions.node)) {
    io.stderr.write(
      `capstan ${name}: contacting clusters requires Node ${oldest.join('.')} or newer, not ${process.version}. Install a newer version, or run node_modules/.bin/node dist/cli.js.\n`,
    );
    return 2;
  }
  return (await verb.load())(args, io);
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

function usage(all: Readonly<Record<string, Verb>>): string {
  const lines = Object.entries(all).map(([name, { line }]) => `  ${name.padEnd(23)}${line}`);
  return `Usage: capstan VERB [ARGUMENTS]\n\n${lines.join('\n')}\n\nRun “capstan VERB --help” for details.\n`;
}
