// `capstan status` for people: the explorer's rows as a tree, the worst first, or a table of objects, and what changes.
import { presentable } from '../../engine/redact.ts';
import type { Session } from '../../engine/session/session.ts';
import type { ExpandedRow } from '../../explorer/rows.ts';
import { ageInColumns } from '../../live/columns.ts';
import { knownHealth } from '../../live/describe.ts';
import { type Diagnosis, diagnosisLine, nextStep, withCauses } from '../../live/diagnosis.ts';
import { keyOf, type ObjectKey } from '../../live/object.ts';
import { branchOf } from '../../live/parents.ts';
import type { Row, RowState } from '../../protocol.ts';
import { oneLine } from '../../syntax/shown.ts';
import type { ContextStatus, ObjectStatus } from '../output.ts';
import { type Line, type Piece, tableOfLines } from '../terminal.ts';
import { marks, rankOf, tones } from './marks.ts';
import type { Opened } from './sessions.ts';
import { isAll, passes, type StatusFilter } from './status-filter.ts';

export type Causes = ReadonlyMap<ObjectKey, readonly Diagnosis[]>;

export function headOf({ state, context, sentence }: Opened['status']): Line {
  return {
    indent: 0,
    pieces: [
      { text: marks[state], tone: tones[state] },
      { text: ` ${oneLine(context, 1000)}`, tone: 'strong' },
      { text: `  ${sentence}` },
    ],
  };
}

interface Branch {
  readonly row: Row;
  readonly state: RowState;
  readonly causes: readonly Diagnosis[];
  readonly below: readonly Branch[];
  /** Of the worst state in it. */
  readonly rank: number;
}

/** The rows below a context; `rows`: each before those below it. */
export function treeLines(
  session: Session,
  rows: readonly ExpandedRow[],
  causes: Causes,
  filter: StatusFilter,
): readonly Line[] {
  let at = 0;
  const branchesAt = (depth: number): readonly Branch[] => {
    const found: Branch[] = [];
    while (rows[at]?.depth === depth) {
      const { row } = rows[at++]!;
      found.push(branchOfRow(session, row, branchesAt(depth + 1), causes));
    }
    return found;
  };
  const kept = isAll(filter) ? branchesAt(0) : filtered(branchesAt(0), filter);
  return kept.flatMap((branch) => linesOf(branch, 1));
}

function branchOfRow(session: Session, row: Row, below: readonly Branch[], causes: Causes): Branch {
  const key = row.ref && keyOf(row.ref.groupKind, row.ref.namespace, row.ref.name);
  const found = (key === undefined ? undefined : causes.get(key)) ?? [];
  const object = key === undefined ? undefined : session.store.get(key);
  const state = object && found.length > 0 ? withCauses(object, knownHealth(object), found).state : row.state;
  const rank = Math.min(rankOf(state), ...below.map((one) => one.rank));
  // The parts of a cluster keep their order, and so do the branches of a context.
  const isOrdered = row.ref ? branchOf(row.ref.groupKind) === 'cluster-api' : false;
  return { row, state, causes: found, below: isOrdered ? below : [...below].sort((a, b) => a.rank - b.rank), rank };
}

function filtered(branches: readonly Branch[], filter: StatusFilter): readonly Branch[] {
  return branches.flatMap((branch): readonly Branch[] => {
    const { row, state } = branch;
    const below = filtered(branch.below, filter);
    const isShown = row.ref !== undefined && passes(filter, { ...row.ref, state });
    return isShown || below.length > 0 ? [{ ...branch, below }] : [];
  });
}

/** A row without a state has no mark, and no columns for one. */
function linesOf({ row, state, causes, below }: Branch, depth: number): readonly Line[] {
  const indent = 2 * depth;
  const mark: readonly Piece[] = state === 'none' ? [] : [{ text: `${marks[state]} `, tone: tones[state] }];
  const description = row.description === '' ? [] : [{ text: `  ${row.description}` }];
  const label: Piece = row.kind === 'folder' ? { text: row.label, tone: 'strong' } : { text: row.label };
  return [
    { indent, pieces: [...mark, label, ...description] },
    ...causes.map((cause) => ({
      indent: indent + 4,
      pieces: [{ text: presentable(`${diagnosisLine(cause)}. ${nextStep(cause)}`) }],
    })),
    ...below.flatMap((one) => linesOf(one, depth + 1)),
  ];
}

/** Every object in a line of columns, the worst first. */
export function tableLines({ objects }: ContextStatus, now: number): readonly Line[] {
  if (objects.length === 0) return [];
  const head = ['NAMESPACE', 'KIND', 'NAME', 'STATE', 'SINCE', 'AGE', 'REASON'].map(
    (text): Piece => ({ text, tone: 'faint' }),
  );
  return tableOfLines([head, ...objects.map((object) => cellsOf(object, now))], 2);
}

function cellsOf(object: ObjectStatus, now: number): readonly Piece[] {
  const { kind, namespace = '', name, state, since, created, reason, causes = [] } = object;
  const aged = (time: string | undefined) => (time === undefined ? '' : ageInColumns(time, now));
  const why = causes[0]?.sentence ?? reason;
  return [
    ...[namespace, kind, name].map((text) => ({ text: presentable(text, 300) })),
    { text: `${marks[state]} ${state === 'none' ? '' : state}`.trim(), tone: tones[state] },
    ...[aged(since), aged(created)].map((text) => ({ text })),
    { text: presentable(oneLine(why, 500), 500) },
  ];
}

/** `kustomization.kustomize.toolkit.fluxcd.io/apps`, as kubectl prints names. */
export function nameOf({ apiVersion, kind, name }: ObjectStatus): string {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${presentable(name, 300)}`;
}

/** What an object became, in one line. */
export function changeLine(context: string, object: ObjectStatus, time: string, isGone: boolean): Line {
  const { kind, namespace, name, state, reason, causes = [] } = object;
  const named = `${kind} ${[namespace, name].filter(Boolean).join('/')}`;
  const words = isGone ? 'no longer exists' : [state, causes[0]?.sentence ?? reason].filter(Boolean).join(': ');
  return {
    indent: 0,
    pieces: [
      { text: `${time}  `, tone: 'faint' },
      { text: `${isGone ? '×' : marks[state]} `, tone: isGone ? 'leaving' : tones[state] },
      { text: presentable(`${context}  ${named}  ${words}`) },
    ],
  };
}

/** The worst first, then by kind, namespace and name. */
export function worstFirst(a: ObjectStatus, b: ObjectStatus): number {
  return rankOf(a.state) - rankOf(b.state) || (sortKey(a) < sortKey(b) ? -1 : 1);
}

function sortKey({ kind, namespace = '', name }: ObjectStatus): string {
  return `${kind}|${namespace}|${name}`;
}
