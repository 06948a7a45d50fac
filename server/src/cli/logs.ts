// `capstan logs`: the logs of a pod, or of the newest pods of a workload, printed or followed, with secrets hidden.
import { parseArgs } from 'node:util';
import { presentable } from '../engine/redact.ts';
import { mostLines, mostPods, readLogs } from '../engine/session/logs.ts';
import { showLogs } from '../live/actions/pages.ts';
import { namedObject } from './clusters/flags.ts';
import { type WantedObject, withObject } from './clusters/one-object.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan logs KIND/NAME [-n NAMESPACE] [-c CONTAINER] [-f] [--previous] [--tail 1000]
       [--context NAME] [--kubeconfig FILE]

Prints the logs of a pod, or of the newest ${mostPods} pods of a workload, each line after the name of its pod. Lines that look
like secrets are hidden. With -f, new lines and the pods of a rollout are followed until the command is stopped.

  -c, --container NAME   by default the first container, or the one that the annotation of kubectl names
  -f, --follow           follow the logs
  -p, --previous         of the run before the last restart
  --tail N               the last lines of each container, ${mostLines} at most (default 1000)

Exit: 0 printed, 1 a log could not be read, 2 wrong usage.
`;

interface Wanted extends WantedObject {
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail: number;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'logs', wanted, usage);
  return withObject('logs', wanted, io, async (object, { transport }, fail) => {
    const offer = showLogs.offeredFor(object);
    if (offer.is === 'refused') return fail(offer.why);
    let code = 0;
    const isWorkload = object.groupKind !== '/Pod';
    const sink = {
      line: (pod: string, text: string) => void io.stdout.write(`${isWorkload ? `${pod}  ` : ''}${text}\n`),
      note: (is: 'failure' | 'fact', text: string) => {
        if (is === 'failure') code = 1;
        io.stderr.write(`capstan logs: ${presentable(text)}\n`);
      },
    };
    await readLogs(transport, object, wanted, sink, new AbortController().signal);
    return code;
  });
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    container: { type: 'string', short: 'c' },
    follow: { type: 'boolean', short: 'f' },
    previous: { type: 'boolean', short: 'p' },
    tail: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const named = namedObject(positionals, 'pod');
    if (typeof named === 'string') return named;
    const tail = values.tail ?? '1000';
    if (!/^\d{1,9}$/.test(tail)) return `--tail must be a whole number, not "${tail}"`;
    const { namespace, context, kubeconfig, container, follow = false, previous = false } = values;
    return { ...named, namespace, context, kubeconfig, container, follow, previous, tail: Number(tail) };
  } catch (error) {
    return misuse(error);
  }
}
