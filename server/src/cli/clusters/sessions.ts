// Opens the contexts that a verb names, in one process with the engine: for verbs that show the objects of several contexts.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import packageJson from '../../../../package.json' with { type: 'json' };
import type { Failure } from '../../engine/failure.ts';
import { matches } from '../../engine/kubeconfig/context-pattern.ts';
import { presentable } from '../../engine/redact.ts';
import type { Session } from '../../engine/session/session.ts';
import type { SessionState } from '../../engine/session/session-state.ts';
import { sessionWords } from '../../engine/session/session-words.ts';
import { isBehind } from '../../engine/watch/reflector-state.ts';
import { Explorer } from '../../explorer/explorer.ts';
import { listWords } from '../../explorer/words.ts';
import { oneLine } from '../../syntax/shown.ts';
import type { Io } from '../io.ts';
import { type Flags, misuse } from '../misuse.ts';
import type { ContextStatus } from '../output.ts';
import { commonFlags, reportProblem, selectionOf } from './flags.ts';

export interface WantedContexts {
  readonly contexts: readonly string[];
  readonly all: boolean;
  readonly kubeconfig: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** A context after it has responded or the time is up. */
export interface Opened {
  readonly context: string;
  /** Absent if the context could not be opened. */
  readonly session: Session | undefined;
  readonly status: Omit<ContextStatus, 'objects'>;
  /** Whether all kinds are listed, except those that the user may not list. */
  readonly isWhole: boolean;
}

export interface Shown {
  /** Called for each context in order; resolves to 0 or 1. */
  readonly show: (opened: Opened, explorer: Explorer) => Promise<number>;
  /** Called once all are shown: follows what the contexts are now, until it resolves to the exit code. */
  readonly follow?: ((now: () => readonly Opened[], explorer: Explorer) => Promise<number>) | undefined;
}

/** Resolves to the highest exit code. */
export async function eachContext(verb: string, wanted: WantedContexts, io: Io, shown: Shown): Promise<number> {
  const explorer = new Explorer({
    selection: selectionOf(io, wanted.kubeconfig),
    env: io.env,
    readOnlyContexts: ['*'],
    userAgent: `capstan/${packageJson.version}`,
    terminal: process.stdin.isTTY === true,
    // Naming a context on the command line consents to its credential plugin, as with kubectl.
    ask: async () => true,
    remember: false,
    follows: shown.follow !== undefined,
    log: () => undefined,
  });
  try {
    return await openEach(verb, explorer, wanted, io, shown);
  } finally {
    await explorer.dispose();
  }
}

async function openEach(
  verb: string,
  explorer: Explorer,
  wanted: WantedContexts,
  io: Io,
  { show, follow }: Shown,
): Promise<number> {
  const { fleet } = explorer;
  const { config } = fleet;
  const chosen = choose(wanted, [...config.contexts.keys()], config.current);
  // A problem with one context is shown on that context's line.
  for (const problem of config.problems) if (problem.context === undefined) reportProblem(io, verb, problem);
  // Without a readable kubeconfig there are no contexts to report, and its problems are reported already.
  if (config.contexts.size === 0 && config.problems.length > 0 && !wanted.json) return 1;
  if (chosen.length === 0) {
    const message =
      wanted.contexts.length > 0
        ? `no context matches ${wanted.contexts.join(', ')}`
        : 'the kubeconfig has no current context';
    if (config.problems.length === 0 || wanted.contexts.length > 0)
      reportProblem(io, verb, { message, remedy: 'Name one with --context, or use --all-contexts.' });
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
  const openedNow = (context: string): Opened => {
    const session = fleet.session(context);
    // If the server fails to list a kind, its objects are unknown and the cluster isn't healthy. Kinds that the user may not
    // list are ignored.
    const isWhole = !session || unlistedOf(session).every(({ failure }) => failure.kind === 'forbidden');
    return { context, session, status: statusOf(context, session, refused.get(context), wanted.timeout), isWhole };
  };
  let code = 0;
  for (const context of chosen) {
    await fleet.session(context)?.settled(late);
    code = Math.max(code, await show(openedNow(context), explorer));
  }
  return follow ? follow(() => chosen.map(openedNow), explorer) : code;
}

function choose(
  { contexts, all }: WantedContexts,
  known: readonly string[],
  current: string | undefined,
): readonly string[] {
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
): Opened['status'] {
  if (!session) return { context, state: 'unknown', sentence: sayable(refused ?? 'not open') };
  const { state } = session;
  const now = Date.now();
  const waiting = state.is === 'connecting' || state.is === 'syncing';
  const reached = state.is === 'live';
  const sentence = waiting
    ? `did not respond within ${timeout / 1000} s`
    : reached
      ? state.version
      : [sessionWords(state, 0, now).sentence, remedyOf(state)].filter(Boolean).join('. ');
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

/** A sentence may quote the kubeconfig and the server, which are untrusted. */
function sayable(sentence: string): string {
  return presentable(oneLine(sentence, 1000));
}

const contextOptions = {
  context: { type: 'string', multiple: true },
  'all-contexts': { type: 'boolean' },
  kubeconfig: { type: 'string' },
  timeout: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `help` if it is asked for; any other string is the problem with the arguments. */
export function parseContexts(args: readonly string[]): WantedContexts | string {
  const parsed = parseContextsAnd({}, args);
  return typeof parsed === 'string' ? parsed : parsed.wanted;
}

/** With the values of the verb's own options. */
export function parseContextsAnd<O extends NonNullable<ParseArgsConfig['options']>>(
  own: O,
  args: readonly string[],
): { readonly wanted: WantedContexts; readonly values: Flags<O>['values'] } | string {
  try {
    const parsed = parseArgs({ args: [...args], options: { ...own, ...contextOptions }, allowPositionals: true });
    const values = parsed.values as Flags<typeof contextOptions>['values'];
    const { positionals } = parsed;
    if (values.help) return 'help';
    const common = commonFlags(values, '30s');
    if (typeof common === 'string') return common;
    // `--context A B` names two contexts.
    const contexts = [...(values.context ?? []), ...positionals].filter((name) => name !== '');
    if (positionals.length > 0 && (values.context ?? []).length === 0)
      return `unexpected argument "${positionals[0]}"; name contexts with --context`;
    if (values['all-contexts'] && contexts.length > 0) return '--all-contexts must not be set together with --context';
    const all = values['all-contexts'] === true;
    return {
      wanted: { contexts, all, kubeconfig: values.kubeconfig, ...common },
      values: parsed.values as unknown as Flags<O>['values'],
    };
  } catch (error) {
    return misuse(error);
  }
}
