// The rows of contexts, and below an open one those of the branches of its objects.
import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import type { SessionState } from '../engine/session/session-state.ts';
import { sessionWords } from '../engine/session/session-words.ts';
import { escaped, knownHealth, oneLine } from '../live/describe.ts';
import { troubleWords } from '../live/node.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import type { Row, RowState } from '../protocol.ts';
import { idOf } from './row-id.ts';
import { countedIn } from './session-source.ts';
import { limitWords, listWords, watchWords } from './words.ts';

/** `isChecked`: whether the server has to show who it is (`insecure-skip-tls-verify` says it need not). */
export function contextRow(context: string, session: Session | undefined, now: number, isChecked = true): Row {
  const state: SessionState = session?.state ?? { is: 'idle' };
  const { sentence: said, action } = sessionWords(state, session?.count ?? 0, now);
  const sentence = [said, isChecked ? '' : 'certificate not checked'].filter(Boolean).join(', ');
  const open = state.is !== 'idle' && state.is !== 'gone';
  const broken = 'why' in state ? state.why : undefined;
  return {
    id: idOf({ context }),
    label: oneLine(context),
    description: oneLine(redact(sentence)),
    state: contextStates[state.is],
    tooltip: [`**${escaped(context)}**`, escaped(redact(sentence)), escaped(redact(broken?.remedy ?? ''))]
      .filter(Boolean)
      .join('\n\n'),
    // What is known stays shown, whether the server can't be reached or a person has to sign in again.
    branch: open && (['live', 'stale', 'syncing'].includes(state.is) || (session?.count ?? 0) > 0),
    actions: [...(action ? [action] : []), ...(open ? (['closeContext'] as const) : [])],
    kind: 'context',
    context,
  };
}

const contextStates: Readonly<Record<SessionState['is'], RowState>> = {
  idle: 'none',
  connecting: 'busy',
  syncing: 'busy',
  live: 'ready',
  stale: 'unknown',
  unreachable: 'unknown',
  denied: 'denied',
  'auth-needed': 'denied',
  gone: 'unknown',
};

const labels: Readonly<Record<Branch, string>> = { 'cluster-api': 'Cluster API', flux: 'Flux', workload: 'Workloads' };

/** The branches of which the server serves a kind, in order. */
export function branchesOf({ kinds }: Session): readonly Branch[] {
  const served = new Set([...kinds.keys()].map(branchOf));
  return (Object.keys(labels) as Branch[]).filter((branch) => served.has(branch));
}

export function branchRow(session: Session, branch: Branch, now: number): Row {
  const { context, store } = session;
  const kinds = new Map([...session.kinds].filter(([groupKind]) => branchOf(groupKind) === branch));
  const objects = [...kinds.keys()].flatMap((groupKind) => [...store.ofKind(groupKind)]);
  const { denied, listOnly, troubled } = watchWords([...kinds.values()], now);
  const namespaces = new Set([...kinds.values()].flatMap(({ namespace }) => namespace ?? []));
  const counted = countedIn(session, branch);
  const total = objects.length + counted;
  const said = [
    total === 1 ? '1 object' : `${total} objects`,
    ...(counted > 0 ? [`${counted} of them counted only`] : []),
    ...troubleWords(objects.map(knownHealth)),
    ...(namespaces.size > 0 ? [`namespace ${[...namespaces].join(', ')} only`] : []),
    ...(denied.length > 0 ? [`may not list ${listWords(denied)}`] : []),
    ...(listOnly.length > 0 ? [`may not watch ${listWords(listOnly)}`] : []),
    ...troubled.slice(0, 1),
  ];
  return {
    id: idOf({ context, branch }),
    label: labels[branch],
    description: said.join(', '),
    state: denied.length === kinds.size ? 'denied' : 'none',
    tooltip: [
      ...troubled.map(escaped),
      ...denied.map((kind) => `${kind}: no permission to list and watch it`),
      ...listOnly.map((kind) => `${kind}: no permission to watch it, so it is listed every few minutes`),
      ...(counted > 0 ? [limitWords(store.limit)] : []),
    ].join('\n\n'),
    branch: total > 0,
    actions: [],
    kind: 'folder',
    context,
  };
}
