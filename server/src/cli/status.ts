// `capstan status`: prints the fleet, delivery and rollout status of contexts as the explorer shows it.
import { parseArgs } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Failure } from '../engine/failure.ts';
import { matches } from '../engine/kubeconfig/context-pattern.ts';
import { presentable } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import type { SessionState } from '../engine/session/session-state.ts';
import { sessionWords } from '../engine/session/session-words.ts';
import { isBehind } from '../engine/watch/reflector-state.ts';
import { Explorer } from '../explorer/explorer.ts';
import { listWords } from '../explorer/words.ts';
import { kindName } from '../kube/identity.ts';
import { knownHealth } from '../live/describe.ts';
import { branchOf } from '../live/parents.ts';
import type { ContextStatus, ObjectStatus, Row } from '../protocol.ts';
import { oneLine } from '../syntax/shown.ts';
import { commonFlags, reportProblem, selectionOf } from './clusters/flags.ts';
import { marks } from './clusters/marks.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan status --context NAME... | --all-contexts [--kubeconfig FILE] [--timeout 30s] [--format text|json]

Shows the Cluster API, Flux and workload status of clusters. Without --context, uses the current context.

  --context NAME   a context; may be repeated, and * matches any characters
  --all-contexts   every context of the kubeconfig
  --timeout TIME   how long to wait for a cluster to respond (default 30s)

Exit: 0 all reached and healthy, 1 something failed, is not ready yet or could not be reached, 2 wrong usage.
`;

interface Wanted {
  readonly contexts: readonly string[];
  readonly all: boolean;
  readonly kubeconfig: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') {
    return misused(io, 'status', wanted, usage);
  }
  const explorer = new Explorer({
    selection: selectionOf(io, wanted.kubeconfig),
    env: io.env,
    readOnlyContexts: ['*'],
    userAgent: `capstan/${packageJson.version}`,
    terminal: process.stdin.isTTY === true,
    // Naming a context on the command line consents to its credential plugin, as with kubectl.
    ask: async () => true,
    remember: false,
    log: () => undefined,
  });
  try {
    return await show(explorer, wanted, io);
  } finally {
    await explorer.dispose();
  }
}

async function show(explorer: Explorer, wanted: Wanted, io: Io): Promise<number> {
  const { fleet } = explorer;
  const { config } = fleet;
  const chosen = choose(wanted, [...config.contexts.keys()], config.current);
  // A problem with one context is shown on that context's line.
  for (const problem of config.problems) if (problem.context === undefined) reportProblem(io, 'status', problem);
  // Without a readable kubeconfig there are no contexts to report, and its problems are reported already.
  if (config.contexts.size === 0 && config.problems.length > 0 && !wanted.json) return 1;
  if (chosen.length === 0) {
    const message =
      wanted.contexts.length > 0
        ? `no context matches ${wanted.contexts.join(', ')}`
        : 'the kubeconfig has no current context';
    if (config.problems.length === 0 || wanted.contexts.length > 0)
      reportProblem(io, 'status', { message, remedy: 'Name one with --context, or use --all-contexts.' });
    return config.contexts.size === 0 ? 1 : 2;
  }
  const refused = new Map<string, string>();
  for (const context of chosen) {
    const opened = fleet.open([context]);
    if (!opened.ok) {
      const { message, remedy } = opened.failure;
      refused.set(context, [message, remedy].filter(Boolean).join('. '));
    }
  }
  const late = AbortSignal.timeout(wanted.timeout);
  const statuses: ContextStatus[] = [];
  // If the server fails to list a kind, its objects are unknown and the cluster isn't healthy. Kinds that the user may not
  // list are ignored.
  let isWhole = true;
  for (const context of chosen) {
    const session = fleet.session(context);
    await session?.settled(late);
    const status = statusOf(context, session, refused.get(context), wanted.timeout);
    statuses.push(status);
    isWhole &&= !session || unlistedOf(session).every(({ failure }) => failure.kind === 'forbidden');
    if (!wanted.json) io.stdout.write(session ? textOf(explorer, context, status) : `${headOf(status)}\n`);
  }
  if (wanted.json) io.stdout.write(`${JSON.stringify(statuses, null, 2)}\n`);
  return isWhole && statuses.every(isWell) ? 0 : 1;
}

function choose({ contexts, all }: Wanted, known: readonly string[], current: string | undefined): readonly string[] {
  if (all) return known;
  if (contexts.length === 0) return current === undefined ? [] : [current];
  const named = contexts.flatMap((wanted) => {
    if (!wanted.includes('*') || known.includes(wanted)) return [wanted];
    return known.filter((name) => matches(wanted, name));
  });
  return [...new Set(named)];
}

function statusOf(
  context: string,
  session: Session | undefined,
  refused: string | undefined,
  timeout: number,
): ContextStatus {
  if (!session) return { context, state: 'unknown', sentence: sayable(refused ?? 'not open'), objects: [] };
  const { state } = session;
  const now = Date.now();
  const waiting = state.is === 'connecting' || state.is === 'syncing';
  const reached = state.is === 'live';
  const sentence = waiting
    ? `did not respond within ${timeout / 1000} s`
    : reached
      ? state.version
      : [sessionWords(state, 0, now).sentence, remedyOf(state)].filter(Boolean).join('. ');
  const objects = [...session.store.all()]
    .filter(({ groupKind }) => branchOf(groupKind) !== undefined)
    .map((object): ObjectStatus => {
      const { state: own, reason } = knownHealth(object);
      return {
        apiVersion: object.apiVersion,
        kind: kindName(object.groupKind),
        ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
        name: object.name,
        state: own,
        reason: oneLine(reason, 1000),
        ...(object.created === undefined ? {} : { created: object.created }),
      };
    });
  objects.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const unlisted = unlistedOf(session);
  const denied = unlisted.filter(({ failure }) => failure.kind === 'forbidden').map(({ kind }) => kind);
  const notes = [
    ...(denied.length > 0 ? [`no permission to list ${listWords(denied)}`] : []),
    ...unlisted.flatMap(({ kind, failure }) =>
      failure.kind === 'forbidden' ? [] : [oneLine(`${kind}: ${failure.message}`)],
    ),
  ];
  return {
    context,
    state: reached ? 'ready' : state.is === 'denied' || state.is === 'auth-needed' ? 'denied' : 'unknown',
    sentence: [sayable(sentence), ...(reached ? notes : [])].join('; '),
    ...('version' in state && state.version !== '' ? { version: state.version } : {}),
    objects,
  };
}

/** Kinds whose current objects aren't known. */
function unlistedOf({ kinds }: Session): readonly { readonly kind: string; readonly failure: Failure }[] {
  return [...kinds.values()].flatMap(({ state, resource }) =>
    state.failure && (!state.synced || isBehind(state)) ? [{ kind: resource.kind, failure: state.failure }] : [],
  );
}

function remedyOf(state: SessionState): string {
  if (!('why' in state)) return '';
  return state.why.remedy ?? (state.why.kind === 'unauthorized' ? 'Sign in again, then retry.' : '');
}

function sortKey({ kind, namespace = '', name }: ObjectStatus): string {
  return `${kind}|${namespace}|${name}`;
}

function isWell({ state, objects }: ContextStatus): boolean {
  return state === 'ready' && objects.every((object) => ['ready', 'suspended', 'none'].includes(object.state));
}

/** The explorer's rows, with every row expanded that has something to report. */
function textOf(explorer: Explorer, context: string, status: ContextStatus): string {
  const rows = status.state === 'ready' ? explorer.expanded(context) : [];
  const lines = rows.map(({ row, depth }) => `${'  '.repeat(depth + 1)}${marks[row.state]} ${lineOf(row)}`);
  return `${[headOf(status), ...lines].join('\n')}\n`;
}

function headOf({ state, context, sentence }: ContextStatus): string {
  return `${marks[state]} ${oneLine(context, 1000)}  ${sentence}`;
}

/** A sentence may quote the kubeconfig and the server, which are untrusted. */
function sayable(sentence: string): string {
  return presentable(oneLine(sentence, 1000));
}

function lineOf({ label, description }: Row): string {
  return description === '' ? label : `${label}  ${description}`;
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    context: { type: 'string', multiple: true },
    'all-contexts': { type: 'boolean' },
    kubeconfig: { type: 'string' },
    timeout: { type: 'string' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const common = commonFlags(values, '30s');
    if (typeof common === 'string') return common;
    // `--context A B` names two contexts.
    const contexts = [...(values.context ?? []), ...positionals].filter((name) => name !== '');
    if (positionals.length > 0 && (values.context ?? []).length === 0)
      return `unexpected argument "${positionals[0]}"; name contexts with --context`;
    if (values['all-contexts'] && contexts.length > 0) return '--all-contexts must not be set together with --context';
    return {
      contexts,
      all: values['all-contexts'] === true,
      kubeconfig: values.kubeconfig,
      ...common,
    };
  } catch (error) {
    return misuse(error);
  }
}
