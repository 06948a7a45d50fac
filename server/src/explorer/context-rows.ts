// The rows of contexts and, below an open context, the rows of its branches.
import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import type { SessionState } from '../engine/session/session-state.ts';
import { sessionWords } from '../engine/session/session-words.ts';
import type { GroupKind } from '../kube/identity.ts';
import type { HealthState } from '../live/health-state.ts';
import { ownState, type StateOf, troubleWords } from '../live/node.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import type { Row, RowState } from '../protocol.ts';
import { oneLine, wordsInMarkdown } from '../syntax/shown.ts';
import { idOf } from './row-id.ts';
import { countedIn } from './session-source.ts';
import { limitWords, listWords, watchWords } from './words.ts';

/** `isChecked`: whether the server's certificate is verified (not with `insecure-skip-tls-verify`). */
export function contextRow(context: string, session: Session | undefined, now: number, isChecked = true): Row {
  const state: SessionState = session?.state ?? { is: 'idle' };
  const { sentence: status, action } = sessionWords(state, session?.count ?? 0, now);
  const sentence = [status, isChecked ? '' : 'certificate not verified'].filter(Boolean).join(', ');
  const open = state.is !== 'idle' && state.is !== 'gone';
  const broken = 'why' in state ? state.why : undefined;
  return {
    id: idOf({ context }),
    label: oneLine(context),
    description: oneLine(redact(sentence)),
    state: contextStates[state.is],
    tooltip: [
      `**${wordsInMarkdown(context)}**`,
      wordsInMarkdown(redact(sentence)),
      wordsInMarkdown(redact(broken?.remedy ?? '')),
    ]
      .filter(Boolean)
      .join('\n\n'),
    // Known objects remain visible while the server is unreachable or the user has to sign in again.
    branch: open && session !== undefined && branchesOf(session).includes('cluster-api'),
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

/** The branches of which the server serves at least one kind, in order. */
export function branchesOf({ kinds }: Session): readonly Branch[] {
  const served = new Set([...kinds.keys()].map(branchOf));
  return (Object.keys(labels) as Branch[]).filter((branch) => served.has(branch));
}

export function branchRow(session: Session, branch: Branch, now: number, stateOf: StateOf = ownState): Row {
  const { context, store } = session;
  const kinds = new Map([...session.kinds].filter(([groupKind]) => branchOf(groupKind) === branch));
  const { denied, listOnly, troubled } = watchWords([...kinds.values()], now);
  const namespaces = new Set([...kinds.values()].flatMap(({ namespace }) => namespace ?? []));
  const counted = countedIn(session, branch);
  const total = [...kinds.keys()].reduce((sum, groupKind) => sum + store.countOf(groupKind), 0);
  const notes = [
    total === 1 ? '1 object' : `${total} objects`,
    ...(counted > 0 ? [`${counted} over the object limit`] : []),
    ...troubleWords(statesIn(store, kinds, stateOf)),
    ...(namespaces.size > 0 ? [`namespace ${[...namespaces].join(', ')} only`] : []),
    ...(denied.length > 0 ? [`no permission to list ${listWords(denied)}`] : []),
    ...(listOnly.length > 0 ? [`no permission to watch ${listWords(listOnly)}`] : []),
    ...troubled.slice(0, 1),
  ];
  return {
    id: idOf({ context, branch }),
    label: labels[branch],
    description: notes.join(', '),
    state: denied.length === kinds.size ? 'denied' : 'none',
    tooltip: [
      ...troubled.map(wordsInMarkdown),
      ...denied.map((kind) => `${kind}: no permission to list and watch`),
      ...listOnly.map((kind) => `${kind}: no permission to watch, so it is listed every few minutes`),
      ...(counted > 0 ? [limitWords(store.limit)] : []),
    ].join('\n\n'),
    branch: total > 0,
    actions: [],
    kind: 'folder',
    context,
  };
}

/** Of what isn't well. */
function* statesIn(
  store: Session['store'],
  kinds: ReadonlyMap<GroupKind, unknown>,
  stateOf: StateOf,
): Iterable<HealthState> {
  for (const object of store.unwell().values()) if (kinds.has(object.groupKind)) yield stateOf(object);
}
