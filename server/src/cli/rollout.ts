// `capstan rollout`: prints and exits as `kubectl rollout status` does for the kinds kubectl supports, and does the same
// for MachineDeployments and control planes. Reports what blocks a rollout on standard error.
import { parseArgs } from 'node:util';
import { redactValue } from '../engine/redact.ts';
import { commonFlags } from './clusters/flags.ts';
import { follow, type RolloutRequest } from './clusters/follow.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import type { RolloutStatus } from './output.ts';

const usage = `Usage: capstan rollout (KIND/NAME... | KIND NAME... | KIND [-l SELECTOR] | -f FILE [-R])
                       [-n NAMESPACE] [--context NAME] [--kubeconfig FILE]
                       [-w|--watch[=false]] [--timeout TIME] [--revision N] [--format text|json]

Follows a rollout as "kubectl rollout status" does, with the same standard output and exit code. Reports what blocks a
rollout on standard error. Besides deployments, daemonsets and statefulsets, it supports Cluster API clusters,
machinedeployments, machinepools and control planes of any provider, jobs, and Flux objects until they are reconciled.

  -f, --filename FILE   the objects in a file, in a folder (with -R also its subfolders), or on standard input (-)

Exit: 0 rolled out (or shown, with --watch=false), 1 failed, timed out or not found, 2 wrong usage.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const request = parse(args);
  if (request === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof request === 'string') {
    return misused(io, 'rollout', request, usage);
  }
  const statuses: RolloutStatus[] = [];
  const code = await follow(request, io, (status) => statuses.push(status));
  if (request.json) io.stdout.write(`${JSON.stringify(redactValue(statuses), null, 2)}\n`);
  return code;
}

function parse(args: readonly string[]): RolloutRequest | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    watch: { type: 'string' },
    timeout: { type: 'string' },
    revision: { type: 'string' },
    selector: { type: 'string', short: 'l' },
    filename: { type: 'string', short: 'f', multiple: true },
    recursive: { type: 'boolean', short: 'R' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    // As in Go, a boolean flag takes a value only after "=".
    const plain = args.map((arg) =>
      arg === '-w' || arg === '--watch' ? '--watch=true' : arg.startsWith('-w=') ? `--watch=${arg.slice(3)}` : arg,
    );
    const { values, positionals } = parseArgs({ args: plain, options, allowPositionals: true });
    if (values.help) return 'help';
    const files = (values.filename ?? []).flatMap((list) => list.split(','));
    if (files.length > 0 && positionals.length > 0)
      return 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well';
    const resources = files.length > 0 ? [] : resourcesOf(positionals);
    if (typeof resources === 'string') return resources;
    const selector = values.selector ?? '';
    if (selector !== '' && resources.some(({ name }) => name !== undefined))
      return 'name cannot be provided when a selector is specified';
    const watch = /^(1|t|T|true|TRUE|True)$/.test(values.watch ?? 'true');
    if (!watch && !/^(0|f|F|false|FALSE|False)$/.test(values.watch!))
      return `--watch must be true or false, not "${values.watch}"`;
    const common = commonFlags(values, '0s');
    if (typeof common === 'string') return common;
    const revision = Number(values.revision ?? 0);
    if (!Number.isSafeInteger(revision) || revision < 0)
      return `revision must be a positive integer: ${values.revision}`;
    const { namespace, context, kubeconfig } = values;
    const what = { resources, files, recursive: values.recursive === true, selector };
    return { ...what, namespace, context, kubeconfig, watch, revision, ...common };
  } catch (error) {
    return misuse(error);
  }
}

/** Accepts `deployment/web daemonset/x`, `deployment web api`, or `deployment,daemonset`; errors are kubectl's. */
function resourcesOf(words: readonly string[]): RolloutRequest['resources'] | string {
  if (words.length === 0) return 'required resource not specified';
  if (words.some((word) => word.includes('/'))) {
    const separate = words.find((word) => !word.includes('/'));
    if (separate !== undefined)
      return `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form; "${separate}" is not in that form`;
    const long = words.find((word) => word.split('/').length > 2);
    if (long !== undefined) return `arguments in resource/name form may not have more than one slash: "${long}"`;
    const half = words.find((word) => word.split('/').includes(''));
    if (half !== undefined) return `arguments in resource/name form must have a single resource and name: "${half}"`;
    return words.map((word) => ({ type: word.split('/')[0]!, name: word.split('/')[1]! }));
  }
  const [types = '', ...names] = words;
  return types.split(',').flatMap((type) => (names.length === 0 ? [{ type }] : names.map((name) => ({ type, name }))));
}
