// `capstan kubeconfig`: writes the kubeconfig of a workload cluster to a file, without showing it.
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { auditTo } from '../engine/actions/audit.ts';
import { writeKubeconfig } from '../engine/actions/kubeconfig-of.ts';
import { presentable } from '../engine/redact.ts';
import { namedObject, reportProblem } from './clusters/flags.ts';
import { type WantedObject, withObject } from './clusters/one-object.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan kubeconfig cluster/NAME [-n NAMESPACE] [-f FILE] [--force] [--context NAME] [--kubeconfig FILE]

Writes the kubeconfig of a Cluster of Cluster API to a file that only you can read (mode 0600). Its content is never shown; the
contexts and servers in it are.

  -f, --file FILE  the file to write; by default NAME.kubeconfig in the current folder
  --force          replace a file that exists

Exit: 0 written, 1 it could not be read or written, 2 wrong usage.
`;

interface Wanted extends WantedObject {
  readonly file: string;
  readonly replace: boolean;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args, io);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'kubeconfig', wanted, usage);
  return withObject('kubeconfig', wanted, io, async (object, { transport, context }, fail) => {
    const { groupKind, apiVersion, namespace, name, uid } = object;
    if (groupKind !== 'cluster.x-k8s.io/Cluster' || namespace === undefined)
      return fail(`KIND must be a Cluster of Cluster API, not ${wanted.kind}`);
    const written = await writeKubeconfig(transport, { namespace, name }, wanted);
    const message = written.ok ? `written to ${wanted.file}` : presentable(written.failure.message);
    const about = { context, verb: 'kubeconfig', apiVersion, kind: 'Cluster', namespace, name, uid, changes: [] };
    try {
      const time = new Date().toISOString();
      auditTo(io.env)({ ...about, time, outcome: written.ok ? 'handled' : 'failed', message });
    } catch (error) {
      const problem = `the action could not be recorded: ${(error as Error).message}`;
      reportProblem(io, 'kubeconfig', { message: problem, remedy: '' });
    }
    if (!written.ok) return fail(message);
    const { contexts, servers } = written.value;
    const words = `The kubeconfig of Cluster ${namespace}/${name} is in ${wanted.file}: context ${contexts.join(', ')}, server ${servers.join(', ')}`;
    io.stdout.write(`${presentable(words)}\n`);
    return 0;
  });
}

function parse(args: readonly string[], io: Io): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    file: { type: 'string', short: 'f' },
    force: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const named = namedObject(positionals, 'cluster');
    if (typeof named === 'string') return named;
    const { namespace, context, kubeconfig, file = `${named.name}.kubeconfig`, force = false } = values;
    const path = isAbsolute(file) ? file : join(io.cwd, file);
    return { ...named, namespace, context, kubeconfig, file: path, replace: force };
  } catch (error) {
    return misuse(error);
  }
}
