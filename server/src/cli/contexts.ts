// `capstan contexts`: lists the contexts of the kubeconfig without contacting any cluster.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contextList, loadKubeConfig } from '../engine/kubeconfig/kubeconfig.ts';
import { oneLine } from '../syntax/shown.ts';
import { reportProblem, selectionOf } from './clusters/flags.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import { table } from './table.ts';

const usage = `Usage: capstan contexts [--kubeconfig FILE] [--format text|json]

Lists the contexts of FILE, $KUBECONFIG or ~/.kube/config. Contacts no cluster.

Exit: 0 listed, 1 the kubeconfig has problems and no contexts, 2 wrong usage or FILE doesn't exist.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    kubeconfig: { type: 'string' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let values: { kubeconfig?: string; format?: string; help?: boolean };
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return misused(io, 'contexts', misuse(error), usage);
  }
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json') {
    return misused(io, 'contexts', `--format must be text or json, not "${format}"`, usage);
  }
  const selection = selectionOf(io, values.kubeconfig);
  const config = loadKubeConfig(selection);
  const listed = contextList(config);
  for (const problem of listed.problems) reportProblem(io, 'contexts', problem);
  if (format === 'json') io.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
  else if (listed.contexts.length > 0) {
    const head = ['CURRENT', 'NAME', 'CLUSTER', 'SERVER', 'USER', 'NAMESPACE'];
    const rows = listed.contexts.map(({ name, cluster, server, user, namespace }) => [
      name === listed.current ? '*' : '',
      ...[name, cluster, server ?? '', user ?? '', namespace ?? ''].map((cell) => oneLine(cell, 1000)),
    ]);
    io.stdout.write(table([head, ...rows]));
  }
  if (listed.contexts.length > 0) return 0;
  return selection.explicit !== undefined && !existsSync(selection.explicit) ? 2 : 1;
}
