// `capstan status`: prints the fleet, delivery and rollout status of contexts as the explorer shows it, with the causes of what
// is not ready.

import { presentable, redactValue } from '../engine/redact.ts';
import { causesOf } from '../engine/session/causes.ts';
import type { Session } from '../engine/session/session.ts';
import type { Explorer } from '../explorer/explorer.ts';
import { kindName } from '../kube/identity.ts';
import { knownHealth } from '../live/describe.ts';
import { type Diagnosis, diagnosisLine, nextStep, withCauses } from '../live/diagnosis.ts';
import { keyOf, type ObjectKey, objectKey } from '../live/object.ts';
import { branchOf } from '../live/parents.ts';
import { causeReport } from '../live/reports.ts';
import type { Row } from '../protocol.ts';
import { oneLine } from '../syntax/shown.ts';
import { marks } from './clusters/marks.ts';
import { eachContext, type Opened, parseContexts } from './clusters/sessions.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';
import type { ContextStatus, ObjectStatus } from './output.ts';

const usage = `Usage: capstan status --context NAME... | --all-contexts [--kubeconfig FILE] [--timeout 30s] [--format text|json]

Shows the Cluster API, Flux and workload status of clusters. Without --context, uses the current context.

  --context NAME   a context; may be repeated, and * matches any characters
  --all-contexts   every context of the kubeconfig
  --timeout TIME   how long to wait for a cluster to respond (default 30s)

Exit: 0 all reached and healthy, 1 something failed, is not ready yet or could not be reached, 2 wrong usage.
`;

type Causes = ReadonlyMap<ObjectKey, readonly Diagnosis[]>;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parseContexts(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') {
    return misused(io, 'status', wanted, usage);
  }
  const statuses: ContextStatus[] = [];
  const code = await eachContext('status', wanted, io, async (opened, explorer) => {
    const { session, context } = opened;
    const causes: Causes = session ? await causesOf(session, AbortSignal.timeout(wanted.timeout)) : new Map();
    const status = { ...opened.status, objects: objectsOf(session, causes) };
    statuses.push(status);
    if (!wanted.json) io.stdout.write(session ? textOf(explorer, context, status, causes) : `${headOf(status)}\n`);
    return opened.isWhole && isWell(status) ? 0 : 1;
  });
  if (wanted.json && statuses.length > 0) io.stdout.write(`${JSON.stringify(redactValue(statuses), null, 2)}\n`);
  return code;
}

function objectsOf(session: Session | undefined, causes: Causes): readonly ObjectStatus[] {
  if (!session) return [];
  return [...session.store.all()]
    .filter(({ groupKind }) => branchOf(groupKind) !== undefined)
    .map((object): ObjectStatus => {
      const found = causes.get(objectKey(object)) ?? [];
      const { reason } = knownHealth(object);
      const { state, since } = withCauses(object, knownHealth(object), found);
      return {
        apiVersion: object.apiVersion,
        kind: kindName(object.groupKind),
        ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
        name: object.name,
        ...{ state, reason: oneLine(reason, 1000) },
        ...(since === undefined ? {} : { since }),
        ...(object.created === undefined ? {} : { created: object.created }),
        ...(found.length === 0 ? {} : { causes: found.map(causeReport) }),
      };
    })
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ kind, namespace = '', name }: ObjectStatus): string {
  return `${kind}|${namespace}|${name}`;
}

function isWell({ state, objects }: ContextStatus): boolean {
  return state === 'ready' && objects.every((object) => ['ready', 'suspended', 'none'].includes(object.state));
}

/** The explorer's rows, with every row expanded that has something to report, and below each the causes that were found. */
function textOf(explorer: Explorer, context: string, status: ContextStatus, causes: Causes): string {
  const rows = status.state === 'ready' ? explorer.expanded(context) : [];
  const lines = rows.flatMap(({ row, depth }) => {
    const indent = '  '.repeat(depth + 1);
    const found = (row.ref && causes.get(keyOf(row.ref.groupKind, row.ref.namespace, row.ref.name))) ?? [];
    const object =
      row.ref && explorer.fleet.session(context)?.store.get(keyOf(row.ref.groupKind, row.ref.namespace, row.ref.name));
    const state = object && found.length > 0 ? withCauses(object, knownHealth(object), found).state : row.state;
    return [
      `${indent}${marks[state]} ${lineOf(row)}`,
      ...found.map((cause) => `${indent}    ${presentable(`${diagnosisLine(cause)}. ${nextStep(cause)}`)}`),
    ];
  });
  return `${[headOf(status), ...lines].join('\n')}\n`;
}

export function headOf({ state, context, sentence }: Opened['status']): string {
  return `${marks[state]} ${oneLine(context, 1000)}  ${sentence}`;
}

function lineOf({ label, description }: Row): string {
  return description === '' ? label : `${label}  ${description}`;
}
