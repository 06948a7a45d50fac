// The view of operators: each open context, the controllers in it with their versions and health, the kinds behind each, and the
// instances of a kind with the columns that `kubectl get` shows.
import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import type { GroupKind } from '../kube/identity.ts';
import { age, descriptionOf, knownHealth } from '../live/describe.ts';
import { objectKey } from '../live/object.ts';
import { type Leader, leaderOf, type Operator, reportedOf, type ServedKind } from '../live/operators.ts';
import type { Row } from '../protocol.ts';
import { oneLine, wordsInMarkdown } from '../syntax/shown.ts';
import type { Answer, Instance, Operators } from './operators.ts';
import { type OperatorPlace, operatorIdOf } from './row-id.ts';
import { actionsOf, type LazyRow, type RowScope, refOf, serverNow } from './rows.ts';
import type { View } from './view.ts';

export const operators: View = ({ fleet: { sessions }, operators: known }) =>
  [...sessions.values()]
    .filter(({ discovery, state }) => discovery !== undefined && state.is !== 'gone')
    .map((session) => {
      const found = known.of(session);
      const { context } = session;
      const kinds = found?.ok ? found.value.reduce((sum, one) => sum + one.kinds.length, 0) : undefined;
      return folder(context, operatorIdOf({ context }), oneLine(context), kinds === undefined ? '' : kindCount(kinds));
    });

export function rowsBelowOperators(scope: RowScope, known: Operators, place: OperatorPlace): readonly LazyRow[] {
  const { session } = scope;
  const { context } = session;
  if (place.instance) return [];
  if (place.kind !== undefined) return instanceRows(scope, known, place.kind);
  const found = known.of(session);
  if (!found?.ok) return failureRows(context, place, found);
  if (place.controller === undefined)
    return found.value.map((operator) => () => operatorRow(scope, operator, known.leases(session)));
  const operator = found.value.find((one) => keyOf(one) === place.controller);
  return (operator?.kinds ?? []).map((kind) => () => kindRow(session, kind));
}

function keyOf({ controller }: Operator): string {
  return controller ? objectKey(controller.deployment) : '';
}

function operatorRow(scope: RowScope, operator: Operator, leases: readonly unknown[]): Row {
  const { session, readOnly } = scope;
  const { context } = session;
  const id = operatorIdOf({ context, controller: keyOf(operator) });
  const count = kindCount(operator.kinds.length);
  if (!operator.controller) return folder(context, id, 'No known controller', count);
  const { deployment, version, proof } = operator.controller;
  const { state } = knownHealth(deployment);
  const words = descriptionOf(deployment, serverNow(scope));
  const { release, trouble } = reportedOf(deployment, session.store.ofKind('fluxcd.controlplane.io/FluxReport')) ?? {};
  const described = [version, release, words, count].filter(Boolean).join(', ');
  return {
    ...folder(context, id, oneLine(deployment.name), redact(oneLine(described))),
    state: session.isBehind(deployment.groupKind) ? 'unknown' : state,
    tooltip: [
      `Deployment ${wordsInMarkdown(objectName(deployment.namespace, deployment.name))}, known as the controller by ${proofWords[proof]}.`,
      ...(trouble === undefined ? [] : [`Not ready, says the FluxReport: ${wordsInMarkdown(redact(trouble))}`]),
      ...leaderWords(leaderOf(deployment, leases, serverNow(scope)), serverNow(scope)),
    ].join('\n\n'),
    actions: actionsOf(session, deployment, readOnly),
    ref: refOf(session, deployment),
  };
}

function leaderWords(leader: Leader | undefined, now: number): readonly string[] {
  if (!leader) return [];
  const [pod, since, lapsed] = [wordsInMarkdown(leader.pod), age(leader.since, now), age(leader.lapsed, now)];
  if (leader.lapsed !== undefined) return [`No replica leads: the lease of ${pod} ran out ${lapsed} ago.`];
  return [`Leader: ${pod}${since === '' ? '' : `, for ${since}`}.`];
}

const proofWords = {
  provider: 'the label of its provider',
  'field manager': 'the status that it writes',
  'recommended labels': 'the labels that both have',
  'applied together': 'what applied both',
} as const;

function kindRow({ context, store, kinds }: Session, { groupKind, group, kind, versions }: ServedKind): Row {
  const count = kinds.get(groupKind)?.state.synced ? `${store.countOf(groupKind)}, ` : '';
  const id = operatorIdOf({ context, kind: groupKind });
  return folder(context, id, oneLine(kind), oneLine(`${count}${group} ${versions.join(', ')}`));
}

function instanceRows(scope: RowScope, known: Operators, kind: GroupKind): readonly LazyRow[] {
  const { session } = scope;
  const { context } = session;
  const found = known.instances(session, kind);
  if (!found?.ok) return failureRows(context, { context, kind }, found);
  const { columns, all, more } = found.value;
  const rows: readonly LazyRow[] = all.map((instance) => () => instanceRow(scope, kind, columns, instance));
  if (all.length === 0) return [note(context, { context, kind }, 'none', 'No objects of this kind')];
  return more > 0 ? [...rows, note(context, { context, kind }, 'more', `${more} more`)] : rows;
}

/** The columns beside the name, the age last; their names are in the tooltip. */
function instanceRow(
  { session, readOnly }: RowScope,
  kind: GroupKind,
  columns: readonly string[],
  { namespace, name, cells, object }: Instance,
): Row {
  const { context, clusterId } = session;
  const shown = columns.flatMap((column, index) => {
    const cell = cells[index] ?? '';
    return column === 'NAME' || cell === '' ? [] : [{ column, cell: redact(oneLine(cell)) }];
  });
  const state = object ? knownHealth(object).state : 'none';
  const table = shown.map(({ column, cell }) => `| ${wordsInMarkdown(column)} | ${wordsInMarkdown(cell)} |`);
  return {
    id: operatorIdOf({ context, kind, instance: [namespace, name] }),
    label: oneLine(name),
    description: [oneLine(namespace), shown.map(({ column, cell }) => cellWords(column, cell)).join(', ')]
      .filter(Boolean)
      .join('  '),
    state,
    tooltip: [
      `**${wordsInMarkdown(objectName(namespace, name))}**`,
      ['| column | value |', '|---|---|', ...table].join('\n'),
    ].join('\n\n'),
    branch: false,
    actions: object ? actionsOf(session, object, readOnly) : ['showObject'],
    kind,
    context,
    ref: { cluster: clusterId, groupKind: kind, ...(namespace === '' ? {} : { namespace }), name },
  };
}

/** What is no word by itself needs the name of its column. */
function cellWords(column: string, cell: string): string {
  return /^(true|false|unknown|\d+|<.*>)$/i.test(cell) ? `${column.toLowerCase()} ${cell}` : cell;
}

function failureRows(context: string, place: OperatorPlace, found: Answer<unknown> | undefined): readonly Row[] {
  if (!found) return [note(context, place, 'reading', 'Reading')];
  if (found.ok) return [];
  const { kind, message } = found.failure;
  const words = kind === 'forbidden' ? 'no permission to list them' : oneLine(redact(message));
  return [{ ...note(context, place, 'failed', words), state: kind === 'forbidden' ? 'denied' : 'unknown' }];
}

function note(context: string, place: OperatorPlace, what: string, label: string): Row {
  return { ...folder(context, `${operatorIdOf(place)}/note/${what}`, label, ''), branch: false };
}

function folder(context: string, id: string, label: string, description: string): Row {
  return { id, label, description, state: 'none', tooltip: '', branch: true, actions: [], kind: 'folder', context };
}

function kindCount(count: number): string {
  return count === 1 ? '1 kind' : `${count} kinds`;
}

function objectName(namespace: string | undefined, name: string): string {
  return [namespace, name].filter(Boolean).join('/');
}
