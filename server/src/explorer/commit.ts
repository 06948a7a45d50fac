// Where a commit is in the open clusters, as a sentence and as a page: for each cluster what has it, what waits for what, and what
// failed.
import { presentable } from '../engine/redact.ts';
import type { FollowedCommit } from '../engine/session/commit.ts';
import type { Session } from '../engine/session/session.ts';
import { sessionWords } from '../engine/session/session-words.ts';
import { kindName } from '../kube/identity.ts';
import { type CommitState, type CommitStep, isSettled } from '../live/commit.ts';
import { oneLine } from '../syntax/shown.ts';

export interface CommitInCluster {
  readonly context: string;
  /** `unknown`: the cluster isn't reached. `none`: it takes nothing from the repository. */
  readonly state: CommitState | 'unknown' | 'none';
  readonly sentence: string;
  readonly steps: readonly CommitStep[];
}

export async function commitIn(session: Session, commit: FollowedCommit): Promise<CommitInCluster> {
  const { context, state: connection } = session;
  if (connection.is !== 'live') {
    const sentence = presentable(oneLine(sessionWords(connection, 0, Date.now()).sentence || 'not connected', 500));
    return { context, state: 'unknown', sentence, steps: [] };
  }
  const steps = await commit.steps([...session.store.all()]);
  return { context, ...summaryOf(steps), steps };
}

function summaryOf(steps: readonly CommitStep[]): Pick<CommitInCluster, 'state' | 'sentence'> {
  if (steps.length === 0) return { state: 'none', sentence: 'no source of this repository' };
  const of = (state: CommitState) => steps.filter((step) => step.state === state);
  const count = `${of('ready').length} of ${steps.length} ready`;
  // The first is what the others wait for.
  const [failed, suspended, waiting] = [of('failed'), of('suspended'), of('progressing')];
  if (!isSettled(steps)) return { state: 'progressing', sentence: `${count}; ${stepWords(waiting[0]!)}` };
  if (failed.length > 0) return { state: 'failed', sentence: `${count}; ${stepWords(failed[0]!)}` };
  if (suspended.length > 0) return { state: 'suspended', sentence: `${count}; ${stepWords(suspended[0]!)}` };
  return { state: 'ready', sentence: count };
}

export function stepWords({ object, words }: CommitStep): string {
  const said = words === '' ? '' : `: ${oneLine(words)}`;
  return presentable(`${nameWords(object)}${said}`, 500);
}

function nameWords({ groupKind, namespace, name }: CommitStep['object']): string {
  return `${kindName(groupKind)} ${[namespace, name].filter(Boolean).join('/')}`;
}

export interface CommitPage {
  /** Nothing more happens by itself. */
  readonly isOver: boolean;
  /** Every cluster that takes something from the repository has it. */
  readonly isReady: boolean;
  readonly sentence: string;
  readonly text: string;
}

export function commitPage({ commit }: FollowedCommit, clusters: readonly CommitInCluster[]): CommitPage {
  const short = commit.slice(0, 7);
  const following = clusters.filter(({ state }) => state !== 'none');
  const ready = following.filter(({ state }) => state === 'ready').length;
  const isOver = following.every(({ state }) => state !== 'progressing' && state !== 'unknown');
  const worst = ['failed', 'suspended', 'unknown', 'progressing'].flatMap((wanted) =>
    following.filter(({ state }) => state === wanted),
  )[0];
  const sentence =
    following.length === 0
      ? `No open cluster takes anything from the repository of ${short}.`
      : `${short} is ready on ${ready} of ${following.length} clusters${worst ? `; ${worst.context}: ${worst.sentence}` : ''}`;
  const isReady = following.length > 0 && ready === following.length;
  return { isOver, isReady, sentence, text: [sentence, '', ...clusters.flatMap(clusterLines)].join('\n') };
}

const marks: Readonly<Record<CommitInCluster['state'], string>> = {
  ready: '✔',
  progressing: '…',
  failed: '✘',
  suspended: '‖',
  unknown: '?',
  none: '–',
};

/** In the order of delivery, but what is ready last. */
function clusterLines({ context, state, sentence, steps }: CommitInCluster): readonly string[] {
  const order: readonly CommitState[] = ['failed', 'suspended', 'progressing', 'ready'];
  const lines = order.flatMap((one) => steps.filter((step) => step.state === one));
  return [
    `${marks[state]} ${context}  ${sentence}`,
    ...lines.map((step) => `    ${marks[step.state]} ${stepWords(step)}`),
    '',
  ];
}
