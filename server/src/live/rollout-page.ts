// A rollout as a text that one keeps open: kubectl's message, the pods or machines of the new and of the old revision, what holds
// it up and what to do, how long one of them usually takes, and how the counts went since one began to look.
import { kindName } from '../kube/identity.ts';
import { compareNames } from '../kube/natural.ts';
import { oneLine } from '../syntax/shown.ts';
import { age, descriptionOf, knownHealth } from './describe.ts';
import { type Diagnosis, diagnosisLine, nextStep } from './diagnosis.ts';
import { stateMarks, stateRank } from './marks.ts';
import { type Members, usualTime } from './members.ts';
import type { LiveObject } from './object.ts';
import { revisionWords } from './replica-sets.ts';
import type { Rollout } from './rollout-state.ts';

export interface RolloutInput {
  readonly object: LiveObject;
  readonly rollout: Rollout;
  readonly diagnoses: readonly Diagnosis[];
  readonly members: Members;
  /** The oldest first. */
  readonly samples: readonly Sample[];
  /** Milliseconds since the epoch, on the cluster's clock. */
  readonly now: number;
}

/** The counts at a moment. */
export interface Sample {
  /** Milliseconds since the epoch, on the clock of this machine. */
  readonly at: number;
  readonly words: string;
}

/** Further ones are counted. */
const mostMembers = 20;

export function rolloutLines({ object, rollout, diagnoses, members, samples, now }: RolloutInput): readonly string[] {
  const { wanted, others, revision } = members;
  const isUnderWay = rollout.is === 'waiting';
  const since = isUnderWay ? age(begunAt(members), now) : '';
  const what = wanted[0] ?? others[0];
  const usual = usualTime([...wanted, ...others]);
  const { reason } = knownHealth(object);
  const why =
    diagnoses.length > 0 ? diagnoses.flatMap((one) => [diagnosisLine(one), `  ${nextStep(one)}`]) : [oneLine(reason)];
  return [
    `${rollout.message}${since === '' ? '' : ` (${since})`}`,
    ...part(titleOf('New', revision), memberLines(wanted, now)),
    ...part('Old', memberLines(others, now)),
    ...(rollout.is === 'done' ? [] : part('What holds it up', why.filter(Boolean))),
    ...(usual && what
      ? [
          '',
          `A ${kindName(what.groupKind).toLowerCase()} is ready after ${spanOf(usual.median)} (median of ${usual.of})`,
        ]
      : []),
    // One alone says nothing that isn't above.
    ...part('Seen from here', samples.length < 2 ? [] : samples.map(({ at, words }) => `${timeOf(at)}  ${words}`)),
  ];
}

/** `3 new, 2 of them ready; 1 old`: what a sample keeps. */
export function countWords({ wanted, others }: Members): string {
  const ready = wanted.filter((one) => knownHealth(one).state === 'ready').length;
  return [`${wanted.length} new, ${ready} of them ready`, ...(others.length > 0 ? [`${others.length} old`] : [])].join(
    '; ',
  );
}

/** When its first member of the wanted revision was made, or the revision itself. */
function begunAt({ wanted, revision }: Members): string | undefined {
  const created = [...(revision ? [revision] : wanted)].flatMap(({ created: at }) => at ?? []);
  return created.sort()[0];
}

function titleOf(title: string, revision: LiveObject | undefined): string {
  const words = revision ? revisionWords(revision, undefined) : '';
  return words === '' ? title : `${title}: ${oneLine(words)}`;
}

/** Those that need attention first, so that none of them is among those that are only counted. */
function memberLines(members: readonly LiveObject[], now: number): readonly string[] {
  const rank = (one: LiveObject) => stateRank(knownHealth(one).state);
  const sorted = [...members].sort((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name));
  const width = Math.max(0, ...sorted.slice(0, mostMembers).map(({ name }) => name.length));
  const lines = sorted.slice(0, mostMembers).map((one) => {
    const words = [age(one.created, now).padEnd(6), oneLine(descriptionOf(one, now))].join('  ');
    return `${stateMarks[knownHealth(one).state]} ${one.name.padEnd(width)}  ${words}`.trimEnd();
  });
  const rest = sorted.length - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

function part(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function spanOf(milliseconds: number): string {
  return age(new Date(0).toISOString(), milliseconds);
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
