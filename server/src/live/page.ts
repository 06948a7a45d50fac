// The page of an object: what one wants to know first (state, what its controller has seen, who holds it, conditions, owners, what
// happened when, who changed what), as lines to read above its YAML.
import { kindName } from '../kube/identity.ts';
import { oneLine } from '../syntax/shown.ts';
import { conditionsOf, wordsOf } from './conditions.ts';
import { age, descriptionOf, knownHealth } from './describe.ts';
import { fields, text } from './fields.ts';
import { desiredOf, managersOf } from './managed.ts';
import type { LiveObject } from './object.ts';
import { provenFailure, type Trouble } from './troubles.ts';

export interface ObjectEvent {
  /** `Warning` or `Normal`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339; empty if the event has no time. */
  readonly last: string;
  /** The controller that reports it. */
  readonly source: string;
}

export interface PageInput {
  readonly context: string;
  /** As the server sent it. */
  readonly raw: unknown;
  readonly object: LiveObject;
  /** The latest first; a sentence if they can't be read. */
  readonly events: readonly ObjectEvent[] | string;
  /** Milliseconds since the epoch, on the cluster's clock. */
  readonly now: number;
  /** What is wrong with it, which its pods may tell though its own words don't. */
  readonly trouble?: Pick<Trouble, 'state' | 'headline' | 'sentence' | 'next'> | undefined;
}

/** Lines of each part; further ones are counted. */
const most = { conditions: 20, moments: 25, managers: 10, owners: 5 } as const;

export function pageLines({ context, raw, object, events, now, trouble }: PageInput): readonly string[] {
  const { groupKind, namespace, name, owners } = object;
  const own = { state: knownHealth(object).state, description: descriptionOf(object, now) };
  const failure = provenFailure(own.state, () => trouble);
  const { state, description } = failure
    ? { state: 'failed', description: `${oneLine(failure.headline)}, ${own.description}` }
    : own;
  const owned = owners.map(({ groupKind: kind, name: owner }) => `${kindName(kind)} ${owner}`);
  return [
    `${kindName(groupKind)} ${[namespace, name].filter(Boolean).join('/')} on ${oneLine(context)}`,
    ...(state === 'none' && description === 'none'
      ? []
      : [state === 'none' ? description : stateLine(state, description)]),
    ...desiredLines(raw, now),
    ...(owned.length === 0 ? [] : [`owned by ${listed(owned, most.owners).join(', ')}`]),
    ...part('What is wrong', trouble ? [oneLine(trouble.sentence), `  ${oneLine(trouble.next)}`] : [], most.conditions),
    ...part('Conditions', conditionLines(object, now), most.conditions),
    ...part('Timeline', timelineLines(raw, object, events, now), most.moments),
    ...part('Changed by', managerLines(raw, now), most.managers),
  ];
}

function stateLine(state: string, description: string): string {
  return description === '' || description === state ? state : `${state}: ${description}`;
}

function desiredLines(raw: unknown, now: number): readonly string[] {
  const { generation, observed, isObserved, held } = desiredOf(raw);
  const seen =
    isObserved === false ? [`generation ${generation} is not observed yet, only ${observed}, by its controller`] : [];
  if (!held) return seen;
  const why = held.is === 'suspended' ? suspensionOf(raw) : '';
  const by = [
    held.by === undefined ? '' : `by ${oneLine(held.by)}`,
    held.since === undefined ? '' : `${age(held.since, now)} ago`,
  ];
  return [...seen, [`${held.is} with ${held.path}`, ...by, why].filter(Boolean).join(', ')];
}

function suspensionOf(raw: unknown): string {
  const reason = oneLine(text(fields(raw, 'metadata', 'annotations'), 'capstan/suspend-reason') ?? '', 300);
  return reason === '' ? '' : `because: ${reason}`;
}

function conditionLines({ status }: LiveObject, now: number): readonly string[] {
  const rows = [...conditionsOf(status).values()].map((condition) => [
    ...[oneLine(condition.type, 60), condition.status, age(condition.since, now)],
    oneLine(
      [condition.reason, wordsOf(condition)]
        .filter((part, at, all) => part !== '' && all.indexOf(part) === at)
        .join(': '),
      300,
    ),
  ]);
  return aligned(rows);
}

interface Moment {
  /** RFC 3339. */
  readonly time: string;
  /** Behind the age: a mark, what happened, how often, and words about it. */
  readonly cells: readonly [string, string, string, string];
}

/** Events, changes of conditions and of the object itself, the latest first. */
function timelineLines(raw: unknown, object: LiveObject, events: PageInput['events'], now: number): readonly string[] {
  const { created, deleted, status } = object;
  const isReadable = typeof events !== 'string';
  const conditions = [...conditionsOf(status).values()].flatMap(({ type, status: is, since, reason }): Moment[] =>
    since === undefined ? [] : [{ time: since, cells: ['', `${oneLine(type, 60)} ${is}`, '', oneLine(reason, 100)] }],
  );
  // What controllers write into the status is said by conditions and events.
  const changes = managersOf(raw).flatMap(({ manager, operation, subresource, time, fields: paths }): Moment[] => {
    const isOwn = time !== undefined && subresource === '';
    const words = `${oneLine(manager, 80)}: ${oneLine(listed(paths, 3).join(', '), 200)}`;
    return isOwn ? [{ time, cells: ['', operation === 'Apply' ? 'Applied' : 'Updated', '', words] }] : [];
  });
  const moments = [
    ...(isReadable ? events.map(momentOf) : []),
    ...[...conditions, ...changes],
    ...(created === undefined ? [] : [{ time: created, cells: ['', 'Created', '', ''] as const }]),
    ...(deleted === undefined ? [] : [{ time: deleted, cells: ['', 'Deletion asked for', '', ''] as const }]),
  ].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  return [
    ...(isReadable ? [] : [`events ${oneLine(events)}`]),
    ...aligned(moments.map(({ time, cells }) => [age(time, now), ...cells])),
  ];
}

function momentOf({ type, reason, message, count, last, source }: ObjectEvent): Moment {
  const words = oneLine(`${message}${source === '' ? '' : ` (${source})`}`, 400);
  return {
    time: last,
    cells: [type === 'Warning' ? '!' : '', oneLine(reason, 60), count > 1 ? `x${count}` : '', words],
  };
}

export function eventLines(events: readonly ObjectEvent[], now: number): readonly string[] {
  return aligned(events.map(momentOf).map(({ time, cells }) => [age(time, now), ...cells]));
}

function managerLines(raw: unknown, now: number): readonly string[] {
  const rows = managersOf(raw).map(({ manager, operation, subresource, time, fields: paths }) => [
    ...[oneLine(manager, 80), `${operation}${subresource === '' ? '' : ` of ${oneLine(subresource)}`}`, age(time, now)],
    oneLine(listed(paths, 3).join(', '), 200),
  ]);
  return aligned(rows);
}

function part(title: string, lines: readonly string[], limit: number): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...listed(lines, limit).map((line) => `  ${line}`)];
}

/** The first of them, and how many more there are. */
function listed(all: readonly string[], limit: number): readonly string[] {
  return all.length <= limit ? all : [...all.slice(0, limit), `and ${all.length - limit} more`];
}

/** Columns as wide as their longest cell, the last one as it is. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!)))
      .filter((_, at) => at === row.length - 1 || widths[at]! > 0)
      .join('  ')
      .trimEnd(),
  );
}
