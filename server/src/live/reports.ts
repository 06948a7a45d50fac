// The JSON that `capstan status` and `capstan problems` print: plain data about contexts, their objects and what is wrong.
import { kindName } from '../kube/identity.ts';
import { oneLine } from '../syntax/shown.ts';
import { type Diagnosis, nextStep } from './diagnosis.ts';
import type { HealthState } from './health-state.ts';
import type { LiveObject } from './object.ts';
import type { Trouble } from './troubles.ts';

/** `capstan status --format json` prints an array of these, one per context. */
export interface ContextStatus {
  readonly context: string;
  readonly state: HealthState;
  readonly sentence: string;
  readonly version?: string;
  readonly objects: readonly ObjectStatus[];
}

export interface ObjectStatus {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly state: HealthState;
  readonly reason: string;
  /** RFC 3339: when the state began, if known. */
  readonly since?: string;
  /** RFC 3339: creation time of the object. */
  readonly created?: string;
  /** Why it isn't ready, as far as its pods and events or its machines show; absent if nothing was found. */
  readonly causes?: readonly CauseReport[];
}

export interface CauseReport {
  readonly cause: string;
  readonly sentence: string;
  /** The cluster's own message. */
  readonly evidence: string;
  readonly next: string;
  /** RFC 3339. */
  readonly since?: string;
  /** uid of an affected object. */
  readonly uid?: string;
}

/** `capstan problems --format json` prints an array of these, one per context. */
export interface ContextProblems {
  readonly context: string;
  readonly state: HealthState;
  readonly sentence: string;
  /** The worst first; each cause once. */
  readonly problems: readonly ProblemReport[];
}

export interface ProblemReport {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Absent if the object does not exist. */
  readonly uid?: string;
  readonly state: HealthState;
  readonly cause: string;
  readonly sentence: string;
  readonly next: string;
  /** RFC 3339. */
  readonly since?: string;
  /** Objects that are not well because of it. */
  readonly followers: readonly { readonly kind: string; readonly namespace?: string; readonly name: string }[];
}

export function causeReport(diagnosis: Diagnosis): CauseReport {
  const { cause, sentence, evidence, since, uid } = diagnosis;
  return {
    ...{ cause, sentence, evidence, next: nextStep(diagnosis) },
    ...(since === undefined ? {} : { since }),
    ...(uid === undefined ? {} : { uid }),
  };
}

export function problemReport({
  object,
  groupKind,
  namespace,
  name,
  state,
  cause,
  sentence,
  next,
  since,
  followers,
}: Trouble): ProblemReport {
  return {
    ...named({ groupKind, name, ...(namespace === undefined ? {} : { namespace }) }),
    ...(object === undefined ? {} : { uid: object.uid }),
    ...{ state, cause, sentence: oneLine(sentence, 1000), next },
    ...(since === undefined ? {} : { since }),
    followers: followers.map(named),
  };
}

function named({ groupKind, namespace, name }: Pick<LiveObject, 'groupKind' | 'name' | 'namespace'>) {
  return { kind: kindName(groupKind), ...(namespace === undefined ? {} : { namespace }), name };
}
