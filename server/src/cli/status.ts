// `capstan status`: prints the fleet, delivery and rollout status of contexts as the explorer shows it, with the causes of what
// is not ready.
import { setTimeout as sleep } from 'node:timers/promises';
import { redactValue } from '../engine/redact.ts';
import { causesOf, sickWorkloads } from '../engine/session/causes.ts';
import type { Session } from '../engine/session/session.ts';
import type { Explorer } from '../explorer/explorer.ts';
import { kindName } from '../kube/identity.ts';
import { knownHealth } from '../live/describe.ts';
import { withCauses } from '../live/diagnosis.ts';
import type { StateOf } from '../live/node.ts';
import { objectKey } from '../live/object.ts';
import { branchOf } from '../live/parents.ts';
import { causeReport } from '../live/reports.ts';
import { oneLine } from '../syntax/shown.ts';
import { isWellState } from './clusters/marks.ts';
import { eachContext, type Opened, parseContextsAnd, type WantedContexts } from './clusters/sessions.ts';
import { passes, type StatusFilter } from './clusters/status-filter.ts';
import { type Causes, changeLine, headOf, nameOf, tableLines, treeLines, worstFirst } from './clusters/status-text.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';
import type { ContextStatus, ObjectStatus, StatusChange } from './output.ts';
import { type Line, writeLines } from './terminal.ts';

const usage = `Usage: capstan status --context NAME... | --all-contexts [-n NAMESPACE] [--kind KIND]... [--failed] [-w]
                      [-o wide|json|name] [--kubeconfig FILE] [--timeout 30s]

Shows the Cluster API, Flux and workload status of clusters, the worst first. Without --context, uses the current context.

  --context NAME        a context; may be repeated, and * matches any characters
  --all-contexts        every context of the kubeconfig
  -n, --namespace NAME  only objects of the namespace; -A, the default, means all
  --kind KIND           only objects of the kind, such as kustomization; may be repeated
  --failed              only what failed or isn't ready yet
  -o wide               a table: one line for each object, with its state, since when, its age and the reason
  -o json               the same as --format json
  -o name               KIND/NAME of each object
  -w, --watch           follow changes: a terminal shows the current state, a file gets a line for each change
  --timeout TIME        how long to wait for a cluster to respond (default 30s)

Colours follow NO_COLOR and FORCE_COLOR.

Exit: 0 all reached and what is shown is healthy, 1 something failed, is not ready yet or could not be reached, 2 wrong usage.
`;

type Form = '' | 'wide' | 'json' | 'name';

interface Wanted {
  readonly contexts: WantedContexts;
  readonly filter: StatusFilter;
  readonly form: Form;
  readonly watch: boolean;
}

/** A context as it is shown. */
interface Look {
  readonly opened: Opened;
  readonly status: ContextStatus;
  readonly causes: Causes;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'status', wanted, usage);
  const { contexts, filter, form, watch } = wanted;
  const looks: Look[] = [];
  const code = await eachContext('status', contexts, io, {
    show: async (opened, explorer) => {
      const { session } = opened;
      const causes: Causes = session ? await causesIn(session, contexts.timeout) : new Map();
      const look = lookAt(opened, causes, filter);
      looks.push(look);
      if (form !== 'json' && !(watch && io.stdout.terminal)) print(look, explorer, wanted, io);
      return opened.isWhole && isWell(look.status) ? 0 : 1;
    },
    follow: watch ? (now, explorer) => followed(looks, now, explorer, wanted, io) : undefined,
  });
  if (form === 'json' && !watch && looks.length > 0) {
    const statuses = looks.map(({ status }) => status);
    io.stdout.write(`${JSON.stringify(redactValue(statuses), null, 2)}\n`);
  }
  return code;
}

function causesIn(session: Session, timeout: number): Promise<Causes> {
  return causesOf(session, sickWorkloads(session), AbortSignal.timeout(timeout));
}

function lookAt(opened: Opened, causes: Causes, filter: StatusFilter): Look {
  const objects = objectsOf(opened.session, causes, filter);
  return { opened, status: { ...opened.status, objects }, causes };
}

function objectsOf(session: Session | undefined, causes: Causes, filter: StatusFilter): readonly ObjectStatus[] {
  if (!session) return [];
  return [...session.store.all()]
    .filter(({ groupKind }) => branchOf(groupKind) !== undefined)
    .flatMap((object): readonly ObjectStatus[] => {
      const found = causes.get(objectKey(object)) ?? [];
      const { reason } = knownHealth(object);
      const { state, since } = withCauses(object, knownHealth(object), found);
      if (!passes(filter, { ...object, state })) return [];
      return [
        {
          apiVersion: object.apiVersion,
          kind: kindName(object.groupKind),
          ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
          name: object.name,
          ...{ state, reason: oneLine(reason, 1000) },
          ...(since === undefined ? {} : { since }),
          ...(object.created === undefined ? {} : { created: object.created }),
          ...(found.length === 0 ? {} : { causes: found.map(causeReport) }),
        },
      ];
    })
    .sort(worstFirst);
}

function isWell({ state, objects }: ContextStatus): boolean {
  return state === 'ready' && objects.every((object) => isWellState(object.state));
}

function print(look: Look, explorer: Explorer, wanted: Wanted, io: Io): void {
  const { status } = look;
  if (wanted.form !== 'name') {
    writeLines(io.stdout, linesOf(look, explorer, wanted));
    return;
  }
  // Standard output has names and nothing else.
  if (status.state !== 'ready') writeLines(io.stderr, [headOf(status)]);
  writeLines(
    io.stdout,
    status.objects.map((object) => ({ indent: 0, pieces: [{ text: nameOf(object) }] })),
  );
}

function linesOf({ opened, status, causes }: Look, explorer: Explorer, { form, filter }: Wanted): readonly Line[] {
  const { session, context } = opened;
  const head = headOf(status);
  if (!session || status.state !== 'ready') return [head];
  const now = Date.now() + session.clockSkew;
  if (form === 'wide') return [head, ...tableLines(status, now)];
  return [head, ...treeLines(session, explorer.expanded(context, stateWith(causes)), causes, filter)];
}

/** With what was found about an object. */
function stateWith(causes: Causes): StateOf {
  return (object) => withCauses(object, knownHealth(object), causes.get(objectKey(object)) ?? []).state;
}

// ---------------------------------------------------------------------------------------------------------------
// Following

/** Milliseconds between two looks at what the watches brought. */
const pause = 1000;
/** Looks after which the causes are asked for again. */
const asking = 10;

async function followed(
  first: readonly Look[],
  now: () => readonly Opened[],
  explorer: Explorer,
  wanted: Wanted,
  io: Io,
): Promise<number> {
  const { contexts, filter } = wanted;
  let looks = first;
  let known = statesOf(first);
  const { terminal } = io.stdout;
  if (terminal) draw(looks, explorer, wanted, io);
  else if (wanted.form === 'json')
    for (const { status } of first)
      for (const object of status.objects) writeChange(io, { time: timeNow(), context: status.context, ...object });
  for (let round = 1; !io.stop?.aborted; round++) {
    await sleep(pause, undefined, io.stop ? { signal: io.stop } : {}).catch(() => undefined);
    looks = await Promise.all(
      now().map(async (opened, index) => {
        const { session } = opened;
        const isAsking = session !== undefined && round % asking === 0;
        const causes = isAsking ? await causesIn(session, contexts.timeout) : (looks[index]?.causes ?? new Map());
        return lookAt(opened, causes, filter);
      }),
    );
    if (terminal) draw(looks, explorer, wanted, io);
    else {
      const states = statesOf(looks);
      report(known, states, wanted, io);
      known = states;
    }
  }
  return looks.every(({ opened, status }) => opened.isWhole && isWell(status)) ? 0 : 1;
}

/** In place of what the terminal shows (ECMA-48: cursor home, erase); no more lines than it has. */
function draw(looks: readonly Look[], explorer: Explorer, wanted: Wanted, io: Io): void {
  const lines = looks.flatMap((look) => linesOf(look, explorer, wanted));
  io.stdout.write('\u001b[H\u001b[2J\u001b[3J', 'exact');
  writeLines(io.stdout, lines, { onScreen: true });
}

interface State {
  readonly context: string;
  readonly object: ObjectStatus;
}

function statesOf(looks: readonly Look[]): ReadonlyMap<string, State> {
  return new Map(
    looks.flatMap(({ status: { context, objects } }) =>
      objects.map((object) => {
        const { apiVersion, kind, namespace, name } = object;
        return [JSON.stringify([context, apiVersion, kind, namespace, name]), { context, object }] as const;
      }),
    ),
  );
}

function report(before: ReadonlyMap<string, State>, after: ReadonlyMap<string, State>, { form }: Wanted, io: Io): void {
  const time = timeNow();
  const said = ({ state, reason, causes }: ObjectStatus) => `${state} ${reason} ${causes?.[0]?.sentence}`;
  const write = ({ context, object }: State, isGone: boolean) => {
    if (form === 'json') writeChange(io, { time, context, ...object, ...(isGone ? { isGone: true } : {}) });
    else if (form === 'name') writeLines(io.stdout, [{ indent: 0, pieces: [{ text: nameOf(object) }] }]);
    else writeLines(io.stdout, [changeLine(context, object, time, isGone)]);
  };
  for (const [key, state] of after) {
    const old = before.get(key);
    if (!old || said(old.object) !== said(state.object)) write(state, false);
  }
  for (const [key, state] of before) if (!after.has(key)) write(state, true);
}

function writeChange(io: Io, change: StatusChange): void {
  io.stdout.write(`${JSON.stringify(redactValue(change))}\n`);
}

function timeNow(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

function parse(args: readonly string[]): Wanted | string {
  const own = {
    namespace: { type: 'string', short: 'n' },
    'all-namespaces': { type: 'boolean', short: 'A' },
    kind: { type: 'string', multiple: true },
    failed: { type: 'boolean' },
    output: { type: 'string', short: 'o' },
    watch: { type: 'boolean', short: 'w' },
  } as const;
  const parsed = parseContextsAnd(own, args);
  if (typeof parsed === 'string') return parsed;
  const { wanted: contexts, values } = parsed;
  const { namespace, kind = [], failed = false, output = '', watch = false } = values;
  if (!['', 'wide', 'json', 'name'].includes(output)) return `-o must be wide, json or name, not "${output}"`;
  if (contexts.json && !['', 'json'].includes(output))
    return `-o ${output} must not be set together with --format json`;
  if (values['all-namespaces'] && namespace) return '-A must not be set together with -n';
  return {
    contexts,
    filter: { namespace: namespace || undefined, kinds: kind.map((one) => one.toLowerCase()), failed },
    form: contexts.json ? 'json' : (output as Form),
    watch,
  };
}
