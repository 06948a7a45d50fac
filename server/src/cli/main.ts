// Entry of dist/cli-program.js, which dist/cli.js (boot.ts) runs: finds the verb and passes it the remaining arguments. Verbs load on
// demand, so that only those that contact clusters load the cluster client.
import process from 'node:process';
import { isMainThread, workerData } from 'node:worker_threads';
import { forTerminal } from '../syntax/shown.ts';
import type { Io, Output } from './io.ts';

/** Resolves to the exit code: 0 success, 1 problems or not ready, 2 wrong usage or crash. */
type Run = (args: readonly string[], io: Io) => Promise<number>;

interface Verb {
  readonly line: string;
  /** Contacts clusters, which requires a Node as new as VS Code's. */
  readonly clusters?: true;
  readonly load: () => Promise<Run>;
}

const verbs: Readonly<Record<string, Verb>> = {
  lint: { line: 'check manifests as the API server would', load: async () => (await import('./lint.ts')).run },
  build: { line: 'print manifests as Flux would apply them', load: async () => (await import('./build.ts')).run },
  diff: { line: 'print what a change does to clusters', load: async () => (await import('./diff.ts')).run },
  migrate: { line: 'move manifests to newer API versions', load: async () => (await import('./migrate.ts')).run },
  graph: { line: 'print objects and how they are connected', load: async () => (await import('./graph.ts')).run },
  explain: { line: 'describe a kind or a field', load: async () => (await import('./explain.ts')).run },
  charts: { line: 'list the charts of releases, or fetch them', load: async () => (await import('./charts.ts')).run },
  schemas: { line: 'list known releases, or import one', load: async () => (await import('./schemas.ts')).run },
  contexts: {
    line: 'list the contexts of the kubeconfig; contacts no cluster',
    load: async () => (await import('./contexts.ts')).run,
  },
  status: {
    line: 'show fleet, delivery and rollout status',
    clusters: true,
    load: async () => (await import('./status.ts')).run,
  },
  problems: {
    line: 'show what is wrong, each cause once, with what to do',
    clusters: true,
    load: async () => (await import('./problems.ts')).run,
  },
  get: {
    line: 'list objects of any kind with the columns of kubectl get',
    clusters: true,
    load: async () => (await import('./get.ts')).run,
  },
  tree: {
    line: 'show a cluster or a delivery with everything below it',
    clusters: true,
    load: async () => (await import('./tree.ts')).run,
  },
  rollout: {
    line: 'follow a rollout as kubectl does',
    clusters: true,
    load: async () => (await import('./rollout.ts')).run,
  },
  logs: {
    line: 'print or follow the logs of a pod or a workload',
    clusters: true,
    load: async () => (await import('./logs.ts')).run,
  },
  events: {
    line: 'show the events about an object',
    clusters: true,
    load: async () => (await import('./events.ts')).run,
  },
  shell: {
    line: 'open a shell, or run a command, in a container of a pod',
    clusters: true,
    load: async () => (await import('./shell.ts')).run,
  },
  'port-forward': {
    line: 'forward ports of a pod to this machine',
    clusters: true,
    load: async () => (await import('./port-forward.ts')).run,
  },
  kubeconfig: {
    line: 'write the kubeconfig of a workload cluster to a file',
    clusters: true,
    load: async () => (await import('./kubeconfig.ts')).run,
  },
  edit: {
    line: 'change the fields of an object in your editor',
    clusters: true,
    load: async () => (await import('./edit.ts')).run,
  },
  actions: {
    line: 'show what was changed in clusters from here',
    load: async () => (await import('./actions.ts')).run,
  },
  lsp: { line: 'run the language server (--stdio)', load: async () => (await import('./lsp.ts')).run },
};

/** The verbs that change clusters, built from the list of actions; loaded when one is named or all are listed. */
async function changeVerbs(): Promise<Readonly<Record<string, Verb>>> {
  const [{ changes }, { commandName }] = await Promise.all([
    import('../live/actions/list.ts'),
    import('../live/actions/action.ts'),
  ]);
  const verbsOf = changes.map((action): [string, Verb] => [
    commandName(action.verb),
    {
      line: action.summary,
      clusters: true,
      load: async () => {
        const { run } = await import('./act.ts');
        return (args, io) => run(action, args, io);
      },
    },
  ]);
  return Object.fromEntries(verbsOf);
}

/** The minimum for the cluster client: the first version with access to the system's certificate authorities. */
const oldest = [22, 19] as const;

if (isMainThread) void main(process.argv.slice(2));
else if (workerData === 'capstan lint') void import('./lint/worker.ts').then((worker) => worker.runSecondThread());

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
    io.stdout.write(usage(await changeVerbs()));
    return 0;
  }
  if (name === '--version' || name === '-v') {
    const { version } = await import('../../../package.json');
    io.stdout.write(`capstan ${version}\n`);
    return 0;
  }
  const own = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  const changes = own ? {} : await changeVerbs();
  const verb = own ?? (name !== undefined && Object.hasOwn(changes, name) ? changes[name] : undefined);
  if (!verb) {
    io.stderr.write(name === undefined ? usage(changes) : `capstan: unknown verb "${name}"\n\n${usage(changes)}`);
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

function usage(changes: Readonly<Record<string, Verb>>): string {
  const { lsp, ...others } = verbs;
  const lines = Object.entries({ ...others, ...changes, lsp: lsp! }).map(
    ([name, { line }]) => `  ${name.padEnd(23)}${line}`,
  );
  return `Usage: capstan VERB [ARGUMENTS]\n\n${lines.join('\n')}\n\nRun “capstan VERB --help” for details.\n`;
}
