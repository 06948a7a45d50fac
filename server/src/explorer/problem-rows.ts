// The view of problems: over all open contexts, each cause once, the worst first, what waits because of it below; and the
// contexts that can't be reached. Rows keep their place while their state stays the same.
import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import { type GroupKind, kindName } from '../kube/identity.ts';
import { compareNames } from '../kube/natural.ts';
import { age, descriptionOf, knownHealth } from '../live/describe.ts';
import { type LiveObject, type ObjectKey, objectKey } from '../live/object.ts';
import type { Trouble } from '../live/troubles.ts';
import type { Row, Summary } from '../protocol.ts';
import { oneLine, wordsInMarkdown } from '../syntax/shown.ts';
import { contextRow } from './context-rows.ts';
import { type ProblemPlace, problemIdOf } from './row-id.ts';
import { actionsOf, type LazyRow, type RowScope, refOf, serverNow } from './rows.ts';
import type { Ground, View } from './view.ts';

export const problems: View = (ground, now) => {
  const { fleet } = ground;
  const contexts = [...fleet.sessions.values()].filter(isLost).map((session) => ({
    ...{ rank: rankOf('unknown'), weight: Number.POSITIVE_INFINITY, name: session.context },
    row: (): Row => ({ ...contextRow(session.context, session, now), branch: false }),
  }));
  // What only takes time is no problem: it is in the views of what progresses.
  const causes = allTroubles(ground)
    .filter(({ trouble }) => trouble.state !== 'progressing')
    .map(({ session, trouble }) => ({
      ...{
        rank: rankOf(trouble.state),
        weight: weightOf(session, trouble),
        name: `${trouble.name} ${session.context}`,
      },
      row: () => troubleRow({ session, readOnly: fleet.isReadOnly(session.context), now }, trouble),
    }));
  return [...contexts, ...causes]
    .sort((a, b) => a.rank - b.rank || (a.weight === b.weight ? compareNames(a.name, b.name) : b.weight - a.weight))
    .map(({ row }) => row);
};

/** What waits because of a cause. */
export function rowsBelowProblem(scope: RowScope, { problems }: Ground, { cause }: ProblemPlace): readonly LazyRow[] {
  const trouble = problems.of(scope.session).find((one) => objectKey(one) === cause);
  return (trouble?.followers ?? []).map((follower) => () => followerRow(scope, cause, follower));
}

export function problemSummary(ground: Ground): Summary['problems'] {
  const sessions = [...ground.fleet.sessions.values()].filter(({ state }) => state.is !== 'gone');
  const count =
    sessions.filter(isLost).length +
    allTroubles(ground).filter(({ trouble: { state } }) => state !== 'progressing' && state !== 'suspended').length;
  const connecting = sessions.filter(({ state: { is } }) => is === 'connecting' || is === 'syncing').length;
  const open = sessions.length === 1 ? '1 open context' : `${sessions.length} open contexts`;
  const found =
    count === 0 ? `Nothing is wrong in ${open}.` : `${count === 1 ? '1 problem' : `${count} problems`} in ${open}.`;
  return {
    count,
    sentence:
      connecting === 0 ? found : `Reading ${connecting === sessions.length ? open : `${connecting} of ${open}`}.`,
  };
}

interface Found {
  readonly session: Session;
  readonly trouble: Trouble;
}

/** Two contexts may lead to the same cluster: its troubles are shown once, under the first. */
function allTroubles({ fleet, problems }: Ground): readonly Found[] {
  const clusters = new Set<string>();
  return [...fleet.sessions.values()].flatMap((session) => {
    const { state, clusterId } = session;
    if (state.is === 'gone' || (clusterId !== '' && clusters.has(clusterId))) return [];
    clusters.add(clusterId);
    return problems.of(session).map((trouble) => ({ session, trouble }));
  });
}

const lost = new Set(['stale', 'unreachable', 'denied', 'auth-needed']);

function isLost({ state }: Session): boolean {
  return lost.has(state.is);
}

const ranks = ['failed', 'unknown', 'deleting', 'suspended'];

function rankOf(state: Trouble['state']): number {
  return ranks.indexOf(state);
}

/** The number of followers when the trouble was first shown in its state. */
const weights = new WeakMap<Session, Map<ObjectKey, { readonly state: string; readonly weight: number }>>();

function weightOf(session: Session, trouble: Trouble): number {
  const { state, followers } = trouble;
  // Objects that were not listed yet don't follow anything.
  if (session.state.is !== 'live') return followers.length;
  let known = weights.get(session);
  if (!known) weights.set(session, (known = new Map()));
  const key = objectKey(trouble);
  const before = known.get(key);
  if (before?.state === state) return before.weight;
  known.set(key, { state, weight: followers.length });
  return followers.length;
}

function troubleRow(scope: RowScope, trouble: Trouble): Row {
  const { session, readOnly } = scope;
  const { object, groupKind, name, state, headline, followers } = trouble;
  const { context } = session;
  return {
    id: problemIdOf({ context, cause: objectKey(trouble) }),
    label: titleOf(groupKind, name),
    description: redact(
      [
        [headline, waitingWords(followers.length), ageWords(trouble, scope)].filter(Boolean).join(', '),
        [oneLine(context), trouble.namespace].filter(Boolean).join(' / '),
      ].join('  '),
    ),
    state: object && session.isBehind(groupKind) ? 'unknown' : state,
    tooltip: redact(tooltipOf(scope, trouble)),
    branch: followers.length > 0,
    actions: object ? actionsOf(session, object, readOnly) : [],
    kind: groupKind,
    context,
    ...(object ? { ref: refOf(session, object) } : {}),
  };
}

function followerRow(scope: RowScope, cause: ObjectKey, object: LiveObject): Row {
  const { session, readOnly } = scope;
  const { context } = session;
  return {
    id: problemIdOf({ context, cause, follower: objectKey(object) }),
    label: titleOf(object.groupKind, object.name),
    description: redact([object.namespace, descriptionOf(object, serverNow(scope))].filter(Boolean).join('  ')),
    state: knownHealth(object).state,
    tooltip: '',
    branch: false,
    actions: actionsOf(session, object, readOnly),
    kind: object.groupKind,
    context,
    ref: refOf(session, object),
  };
}

function titleOf(groupKind: GroupKind, name: string): string {
  return oneLine(`${kindName(groupKind)} ${name}`);
}

function waitingWords(count: number): string {
  return count === 0 ? '' : `${count} waiting`;
}

/** Nothing in the first minute: a row that changes every second can't be read. */
function ageWords({ since }: Trouble, scope: RowScope): string {
  const now = serverNow(scope);
  return since !== undefined && now - Date.parse(since) < 120_000 ? '' : age(since, now);
}

/** Followers beyond this number are only counted. */
const named = 8;

function tooltipOf(scope: RowScope, { groupKind, namespace, name, sentence, next, since, followers }: Trouble): string {
  const names = followers.slice(0, named).map((one) => `${kindName(one.groupKind)} ${one.name}`);
  const rest = followers.length - names.length;
  const began = since === undefined ? '' : `since ${age(since, serverNow(scope))}`;
  return [
    `**${wordsInMarkdown(kindName(groupKind))}** ${wordsInMarkdown([namespace, name].filter(Boolean).join('/'))} on ${wordsInMarkdown(scope.session.context)}`,
    [wordsInMarkdown(sentence), began].filter(Boolean).join(', '),
    wordsInMarkdown(next),
    ...(names.length === 0
      ? []
      : [`Waiting: ${wordsInMarkdown(names.join(', '))}${rest > 0 ? ` and ${rest} more` : ''}`]),
  ].join('\n\n');
}
