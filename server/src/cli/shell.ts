// `capstan shell`: a shell or a command in a container, on this terminal or between pipes.
import { parseArgs } from 'node:util';
import { presentable } from '../engine/redact.ts';
import { openShell, type Shell, type ShellEnd } from '../engine/streams/shell.ts';
import { shell } from '../live/actions/streams.ts';
import { namedObject, reportProblem } from './clusters/flags.ts';
import type { WantedObject } from './clusters/one-object.ts';
import { withPod } from './clusters/pod.ts';
import type { Io, Output } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan shell KIND/NAME [-n NAMESPACE] [-c CONTAINER] --context NAME [--kubeconfig FILE] [-- COMMAND...]

Opens a shell in a container of a pod, or of the newest ready pod of a workload: bash if the image has it, else sh. With a
command after “--”, it runs instead. On a terminal it has a terminal; between pipes its input and output are those of capstan.

  -c, --container NAME   by default the first container, or the one that the annotation of kubectl names
  --context NAME         required, never defaults to the current one
  -T, --no-terminal      pipes, also on a terminal

Exit: that of the shell or the command, 1 it could not be run or the connection was lost, 2 wrong usage.
`;

interface Wanted extends WantedObject {
  readonly container: string | undefined;
  readonly command: readonly string[];
  readonly pipes: boolean;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'shell', wanted, usage);
  return withPod('shell', shell, wanted, io, async ({ connection: { transport }, pod, record }) => {
    const isTerminal = !wanted.pipes && process.stdin.isTTY === true && io.stdout.terminal !== undefined;
    const { container, command } = wanted;
    const query = isTerminal ? { container, command, size: sizeOf(io.stdout) } : { container, command };
    const output = { out: writerTo(io.stdout), error: writerTo(io.stderr) };
    const opened = await openShell(transport, pod, query, output, io.stop ?? new AbortController().signal);
    if (!opened.ok) {
      reportProblem(io, 'shell', opened.failure);
      return 1;
    }
    record(`container ${opened.value.container}`);
    const end = await attended(opened.value, isTerminal, io.stdout);
    if (end.is === 'exited') return end.code;
    io.stderr.write(`capstan shell: ${presentable(end.message)}\n`);
    return 1;
  });
}

/** Passes on what is typed until the shell has ended; keys that would end this process go to the shell. */
async function attended(opened: Shell, isTerminal: boolean, out: Output): Promise<ShellEnd> {
  const { stdin } = process;
  const typed = (data: Buffer) => opened.write(data);
  const resized = () => opened.resize(sizeOf(out));
  if (isTerminal) {
    stdin.setRawMode(true);
    process.on('SIGWINCH', resized);
  }
  stdin.on('data', typed);
  stdin.once('end', opened.end);
  try {
    return await opened.ended;
  } finally {
    stdin.off('data', typed);
    stdin.off('end', opened.end);
    stdin.pause();
    process.off('SIGWINCH', resized);
    if (isTerminal) stdin.setRawMode(false);
  }
}

/** What a container prints is for the terminal, or for the next program, byte for byte. */
function writerTo(output: Output): (data: Buffer) => Promise<void> {
  return async (data) => void output.write(data);
}

function sizeOf({ terminal }: Output) {
  return { columns: terminal?.columns ?? 80, rows: terminal?.rows ?? 24 };
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    container: { type: 'string', short: 'c' },
    'no-terminal': { type: 'boolean', short: 'T' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const at = args.indexOf('--');
  const [own, command] = at === -1 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
  try {
    const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true });
    if (values.help) return 'help';
    const named = namedObject(positionals, 'pod');
    if (typeof named === 'string') return named;
    if (!values.context) return '--context is required';
    const { namespace, context, kubeconfig, container } = values;
    return { ...named, namespace, context, kubeconfig, container, command, pipes: values['no-terminal'] === true };
  } catch (error) {
    return misuse(error);
  }
}
