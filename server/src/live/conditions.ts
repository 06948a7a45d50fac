// Conditions of any object, in the shape of metav1.Condition. Cluster API keeps two generations of conditions: v1beta1
// objects have the newer ones at status.v1beta2.conditions, v1beta2 objects the older ones at
// status.deprecated.v1beta1.conditions (kubernetes-sigs/cluster-api,
// docs/proposals/20240916-improve-status-in-CAPI-resources.md).
import { type Fields, list, number, text } from './fields.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339: when the status last changed. */
  readonly since?: string;
  readonly observedGeneration?: number;
  /** Only in Cluster API's older conditions. */
  readonly severity?: string;
}

export type Conditions = ReadonlyMap<string, Condition>;

/** What was asked for last: of one object they are asked for several times in a row, to keep those of all takes much memory. */
let last: { readonly status: Fields; readonly conditions: Conditions } | undefined;

/** The newest generation of conditions that the object has. */
export function conditionsOf(status: Fields): Conditions {
  if (last?.status !== status) last = { status, conditions: conditionsIn(status) };
  return last.conditions;
}

function conditionsIn(status: Fields): Conditions {
  const newer = list(status, 'v1beta2', 'conditions');
  if (newer.length > 0) return read(newer);
  const own = list(status, 'conditions');
  return own.length > 0 ? read(own) : read(list(status, 'deprecated', 'v1beta1', 'conditions'));
}

export function isTrue(conditions: Conditions, type: string): boolean {
  return conditions.get(type)?.status === 'True';
}

export function isFalse(conditions: Conditions, type: string): boolean {
  return conditions.get(type)?.status === 'False';
}

/** One line for a row: the message or, if it is empty, the reason as words. */
export function wordsOf({ message, reason }: Condition): string {
  // Cluster API writes nested lists: a heading, then its items.
  const line = message
    .split('\n')
    .map((part) => part.trim().replace(/^\* /, ''))
    .filter((part) => part !== '')
    .join('; ')
    .replaceAll(/:; /g, ': ');
  return line === '' ? spaced(reason) : line;
}

/** `WaitingForInfrastructure` as words. */
export function spaced(reason: string): string {
  return reason.replace(
    /([a-z0-9])([A-Z])/g,
    (_match, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function read(items: readonly unknown[]): Conditions {
  const conditions = new Map<string, Condition>();
  for (const item of items) {
    const type = text(item, 'type');
    const status = text(item, 'status');
    if (!type) continue;
    const condition: Writable<Condition> = {
      type,
      status: status === 'True' || status === 'False' ? status : 'Unknown',
      reason: text(item, 'reason') ?? '',
      message: text(item, 'message') ?? '',
    };
    const since = text(item, 'lastTransitionTime');
    if (since !== undefined) condition.since = since;
    const observedGeneration = number(item, 'observedGeneration');
    if (observedGeneration !== undefined) condition.observedGeneration = observedGeneration;
    const severity = text(item, 'severity');
    if (severity !== undefined) condition.severity = severity;
    conditions.set(type, condition);
  }
  return conditions;
}
