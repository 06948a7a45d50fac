// `capstan reconcile`, `suspend`, `resume` and every other change in live/actions: runs the explorer's action on one
// object with the same checks, prints the preview, and reports the observed outcome.
import { parseArgs } from 'node:util';
import { auditTo } from '../engine/actions/audit.ts';
import { commit, type Preparing, prepare } from '../engine/actions/run.ts';
import { type Target, whatOf } from '../engine/actions/target.ts';
import { changeWords } from '../engine/actions/write.ts';
import { presentable } from '../engine/redact.ts';
import { findResource } from '../engine/watch/discovery.ts';
import { apiVersionOf } from '../kube/identity.ts';
import { type Change, commandName } from '../live/actions/action.ts';
import type { ChangeVerb } from '../live/actions/list.ts';
import { type Connection, connect } from './clusters/connect.ts';
import { commonFlags, namedObject, reportProblem } from './clusters/flags.ts';
import { targetIn } from './clusters/target.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import type { ActionReport } from './output.ts';

/** Milliseconds to wait for the server to respond; `--timeout` applies to the controller. */
const connectTimeout = 30_000;

export interface WantedAct {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly context: string;
  readonly kubeconfig: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly json: boolean;
}

export async function run(action: Change<ChangeVerb>, args: readonly string[], io: Io): Promise<number> {
  const verb = commandName(action.verb);
  const wanted = parseAct(action, args);
  if (wanted === 'help') {
    io.stdout.write(usageOf(action));
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, verb, wanted, usageOf(action));
  const connection = await connect(verb, wanted, io, AbortSignal.timeout(connectTimeout));
  if (!connection) return 1;
  try {
    return await actOn(connection, action, wanted, io);
  } finally {
    connection.transport.close();
  }
}

/** Prints the preview and the outcome; resolves to the exit code. */
export async function actOn(
  { context, namespace, transport, discovery }: Connection,
  action: Change<ChangeVerb>,
  { kind, name, values, dryRun, wait, timeout, json }: WantedAct,
  io: Io,
): Promise<number> {
  const { verb } = action;
  const resource = findResource(discovery, kind);
  if (!resource) {
    reportProblem(io, commandName(verb), {
      message: `context "${context}": the server has no kind "${kind}"`,
      remedy: '',
    });
    return 1;
  }
  const scope = resource.namespaced ? namespace : undefined;
  const target = targetIn({ context, transport, discovery }, resource, scope, name);
  const preparing = await prepare(target, action, values);
  const isReady = preparing.is === 'ready';
  if (isReady && !json) io.stdout.write(textOf(preparing, target, dryRun));
  const onProgress = (message: string) =>
    io.stderr.write(`capstan ${commandName(verb)}: ${presentable(message, 800)}\n`);
  const result = !isReady
    ? resultOf(preparing)
    : dryRun
      ? ({ outcome: 'previewed', message: 'Nothing was changed (dry run).' } as const)
      : await commit(preparing.prepared, { onProgress, patience: wait ? timeout : 0, audit: auditTo(io.env) });
  const message = presentable(result.message);
  const report: ActionReport = {
    context,
    verb,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    ...(scope === undefined ? {} : { namespace: scope }),
    name,
    outcome: result.outcome,
    message,
    changes: isReady ? preparing.prepared.changes : [],
  };
  if (json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else (result.outcome === 'failed' ? io.stderr : io.stdout).write(`${message}\n`);
  return result.outcome === 'failed' || (result.outcome === 'requested' && wait) ? 1 : 0;
}

function resultOf(preparing: Exclude<Preparing, { is: 'ready' }>) {
  if (preparing.is === 'over') return preparing.result;
  const flags = preparing.parameters.map(({ name }) => `--${name}`);
  return { outcome: 'failed', message: `${flags.join(' and ')} is required.` } as const;
}

function textOf({ prepared }: Extract<Preparing, { is: 'ready' }>, target: Target, dryRun: boolean): string {
  const head = `${whatOf(target)} on ${target.context}${dryRun ? ' (dry run)' : ''}`;
  return [head, ...prepared.changes.map((change) => `  ${presentable(changeWords(change), 800)}`), ''].join('\n');
}

function usageOf({ verb, summary, parameters }: Change): string {
  const own = parameters.map(({ name, optional }) => (optional ? ` [--${name} VALUE]` : ` --${name} VALUE`)).join('');
  const flags = [
    ...parameters.map(({ name, title }) => [`--${name} VALUE`, title.toLowerCase()] as const),
    ['--context NAME', 'the context to change; required, never defaults to the current one'],
    ['--dry-run', 'show what would change without changing anything'],
    ['--wait', 'wait until the controller has acted, for at most --timeout (default 1m)'],
  ] as const;
  return `Usage: capstan ${commandName(verb)} KIND/NAME${own} [-n NAMESPACE] --context NAME [--kubeconfig FILE] [--dry-run]
       [--wait] [--timeout 1m] [--format text|json]

Changes a cluster to ${summary}.
A dry run on the server first shows what will change; an object that was replaced in the meantime is not changed.

${flags.map(([flag, text]) => `  ${flag.padEnd(20)}${text}\n`).join('')}
Exit: 0 done (without --wait: accepted by the server), 1 refused, failed, or not done in time with --wait, 2 wrong usage.
`;
}

/** `help` if it is asked for; any other string is the problem with the arguments. */
export function parseAct(action: Change, args: readonly string[]): WantedAct | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    'dry-run': { type: 'boolean' },
    wait: { type: 'boolean' },
    timeout: { type: 'string' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const own = Object.fromEntries(action.parameters.map(({ name }) => [name, { type: 'string' } as const]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...own, ...options },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const named = namedObject(positionals);
    if (typeof named === 'string') return named;
    if (!values.context) return '--context is required';
    const given: Record<string, string> = {};
    for (const { name: parameter, problem, optional } of action.parameters) {
      const value = (values as Readonly<Record<string, unknown>>)[parameter] ?? (optional ? '' : undefined);
      if (typeof value !== 'string') return `--${parameter} is required`;
      const wrong = problem(value);
      if (wrong !== undefined) return wrong;
      given[parameter] = value;
    }
    const common = commonFlags(values, '1m');
    if (typeof common === 'string') return common;
    const { namespace, context, kubeconfig, wait = false } = values;
    return {
      ...named,
      namespace,
      context,
      kubeconfig,
      values: given,
      dryRun: values['dry-run'] ?? false,
      wait,
      ...common,
    };
  } catch (error) {
    return misuse(error);
  }
}
