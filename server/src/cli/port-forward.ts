// `capstan port-forward`: ports of a pod, or of a pod of a workload or a Service, on the loopback address of this machine.
import { parseArgs } from 'node:util';
import { presentable } from '../engine/redact.ts';
import { Forward } from '../engine/streams/forward.ts';
import { portForward } from '../live/actions/streams.ts';
import { namedObject, reportProblem } from './clusters/flags.ts';
import type { WantedObject } from './clusters/one-object.ts';
import { withPod } from './clusters/pod.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan port-forward KIND/NAME [LOCAL:]PORT... [-n NAMESPACE] --context NAME [--kubeconfig FILE]

Forwards ports of a pod to this machine until it is stopped; nobody else can reach them, because it listens on loopback only. Of a
workload or a Service it is the newest ready pod; if that is gone, the next connection goes to another one.

  PORT            a number, or the name of a port that a container declares; of a Service, one of its ports
  LOCAL:PORT      the port of this machine, if it is another one; 0 or “:PORT” for any that is free
  --context NAME  required, never defaults to the current one

Exit: 0 stopped, 1 nothing could be forwarded, 2 wrong usage.
`;

interface Wanted extends WantedObject {
  readonly ports: readonly { readonly local: number | undefined; readonly remote: string }[];
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'port-forward', wanted, usage);
  return withPod('port-forward', portForward, wanted, io, async ({ connection, again, record }) => {
    const started: Forward[] = [];
    const end = stopped(io.stop);
    try {
      for (const { local, remote } of wanted.ports) {
        let said = '';
        const forward = await Forward.start({
          transport: () => connection.transport,
          pod: again,
          port: remote,
          local,
          onChange: () => {
            const problem = started.find((one) => one.problem !== '' && one.problem !== said)?.problem;
            if (problem === undefined) return;
            said = problem;
            io.stderr.write(`capstan port-forward: ${presentable(problem)}\n`);
          },
        });
        if (!forward.ok) {
          reportProblem(io, 'port-forward', forward.failure);
          return 1;
        }
        started.push(forward.value);
        const { pod, port } = forward.value;
        io.stdout.write(`Forwarding from 127.0.0.1:${forward.value.local} to port ${port} of pod ${pod}\n`);
        record(`port ${port} on 127.0.0.1:${forward.value.local}`);
      }
      await end;
      return 0;
    } finally {
      for (const forward of started) forward.stop();
    }
  });
}

function stopped(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, end);
      done();
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
    stop?.addEventListener('abort', end, { once: true });
    if (stop?.aborted) end();
  });
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const [first = '', ...rest] = positionals;
    const named = namedObject([first], 'pod');
    if (typeof named === 'string') return named;
    if (rest.length === 0) return 'a port is required';
    const ports = rest.map(portOf);
    const wrong = ports.find((port) => typeof port === 'string');
    if (typeof wrong === 'string') return wrong;
    if (!values.context) return '--context is required';
    const { namespace, context, kubeconfig } = values;
    return { ...named, namespace, context, kubeconfig, ports: ports as Wanted['ports'] };
  } catch (error) {
    return misuse(error);
  }
}

function portOf(text: string): Wanted['ports'][number] | string {
  const [, local, remote] = /^(?:(\d{0,5}):)?([a-z\d][a-z\d-]*)$/.exec(text) ?? [];
  if (remote === undefined || Number(local) > 65_535) return `a port is PORT or LOCAL:PORT, not "${text}"`;
  return { remote, local: local === undefined ? undefined : Number(local) };
}
