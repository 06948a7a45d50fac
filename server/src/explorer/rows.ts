// The rows of the explorer: the nodes of a cluster's trees with labels, tooltips and actions. Each call computes the
// children of one row from the current state of the store.
import { redact } from '../engine/redact.ts';
import { followedKinds } from '../engine/session/followed.ts';
import type { Session } from '../engine/session/session.ts';
import { type GroupKind, kindName, type LiveRef } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { offerOf } from '../live/actions/action.ts';
import { actions } from '../live/actions/list.ts';
import { childrenOf, hasChildren, nodeAt, objectNode, topNodes } from '../live/children.ts';
import { tooltipOf } from '../live/describe.ts';
import {
  type AbsentNode,
  type GroupNode,
  groupName,
  type Node,
  nodeHealth,
  nodeId,
  nodeWords,
  type ObjectNode,
  type StateOf,
} from '../live/node.ts';
import { keyOf, type LiveObject } from '../live/object.ts';
import { branchOf } from '../live/parents.ts';
import { remembered } from '../live/remembered.ts';
import type { ObjectSource } from '../live/source.ts';
import { clusterKind, roleNames } from '../live/tree.ts';
import { provenFailure, type Trouble } from '../live/troubles.ts';
import type { Row, RowAction } from '../protocol.ts';
import { oneLine, wordsInMarkdown } from '../syntax/shown.ts';
import { branchesOf, branchRow } from './context-rows.ts';
import { followedIn, scopesOf } from './followed.ts';
import { belowIdOf, idOf, type Place } from './row-id.ts';
import { sourceFor } from './session-source.ts';
import { limitWords } from './words.ts';

export interface RowScope {
  readonly session: Session;
  readonly readOnly: boolean;
  readonly now: number;
  /** The cluster that the applier applies to, if it is another one that is open. */
  readonly elsewhere?: (applier: LiveObject) => RowScope | undefined;
  /** For lines of text, which have neither tooltips nor actions. */
  readonly isText?: true;
  /** The states that are counted; of objects themselves, if nothing else is known of any. */
  readonly stateOf?: StateOf;
  /** What is known to be wrong with an object beyond its own status, such as with its pods. */
  readonly troubleOf?: (object: LiveObject) => Trouble | undefined;
}

/** Computed when it is shown, since only one page of thousands of children is. */
export type LazyRow = Row | (() => Row);

export function rowOf(row: LazyRow): Row {
  return typeof row === 'function' ? row() : row;
}

/** The rows below a place in the session's cluster; none if the place no longer exists. */
export function rowsBelow(scope: RowScope, { branch, node }: Place): readonly LazyRow[] {
  const { session, now } = scope;
  if (branch === undefined) return branchesOf(session).map((own) => branchRow(session, own, now, scope.stateOf));
  const source = sourceFor(session, branch);
  const rows = nodesBelow(source, node).map((child) => () => nodeRow(scope, child, source));
  return [...rows, ...unreadRows(scope, { context: session.context, branch, ...(node && { node }) })];
}

/** What can't be listed below the place, so that nothing is missing silently. */
function unreadRows({ session }: RowScope, place: Place): readonly Row[] {
  return (followedIn(session)?.failuresOf(scopesOf(session, place)) ?? []).map(({ kind, failure }) => ({
    id: idOf({ ...place, node: ['unread', ...(place.node ?? []), kind] }),
    label: `${kind}s`,
    description: failure.kind === 'forbidden' ? 'no permission to list them' : oneLine(redact(failure.message)),
    state: failure.kind === 'forbidden' ? 'denied' : 'unknown',
    tooltip: wordsInMarkdown(redact(failure.message)),
    branch: false,
    actions: [],
    kind: 'folder',
    context: session.context,
  }));
}

function nodesBelow(source: ObjectSource, id: Place['node']): readonly Node[] {
  if (id === undefined) return topNodes(source);
  const node = nodeAt(id, source);
  return node === undefined ? [] : childrenOf(node, source);
}

export interface ExpandedRow {
  readonly row: Row;
  /** 0 directly below the context. */
  readonly depth: number;
}

/** All rows below a context, without quiet nodes and unavailable objects without a state. */
export function expandedRows(scope: RowScope): readonly ExpandedRow[] {
  const below = (nodes: readonly Node[], source: ObjectSource, depth: number): readonly ExpandedRow[] =>
    nodes
      .filter((node) => !node.quiet && (node.is !== 'absent' || nodeWords(node, scope.now).state !== 'none'))
      .flatMap((node) => [
        { row: nodeRow(scope, node, source), depth },
        ...below(childrenOf(node, source), source, depth + 1),
      ]);
  const { session, now } = scope;
  return branchesOf(session).flatMap((branch) => {
    const source = sourceFor(session, branch);
    return [{ row: branchRow(session, branch, now, scope.stateOf), depth: 0 }, ...below(topNodes(source), source, 1)];
  });
}

export function nodeRow(scope: RowScope, node: Node, source: ObjectSource): Row {
  switch (node.is) {
    case 'object':
      return objectRow(scope, node, source);
    case 'absent':
      return absentRow(scope, node, source);
    case 'group':
      return groupRow(scope, node, source);
  }
}

interface MadeRow {
  readonly row: Row;
  readonly at: number;
  readonly made: string;
}

/** Objects are immutable, so a row is reused until its visible age or its place changes. */
const objectRows = remembered<MadeRow>();
const visibleAge = 5_000;

function objectRow(scope: RowScope, node: ObjectNode, source: ObjectSource): Row {
  const { session, readOnly, now, isText } = scope;
  const { object, role } = node;
  const branch = hasChildren(node, source);
  const id = idOf({ context: session.context, branch: source.branch, node: nodeId(node) });
  const isOld = session.isBehind(object.groupKind);
  const { state } = nodeHealth(node);
  const made = `${id} ${session.clusterId} ${isOld} ${readOnly} ${branch} ${role} ${state} ${node.before?.uid} ${isText}`;
  const known = objectRows.get(object);
  if (known?.made === made && now - known.at < visibleAge) return withTrouble(scope, object, known.row);
  const row: Row = {
    id,
    ...titleOf(scope, node, source),
    state: isOld && state !== 'none' ? 'unknown' : state,
    tooltip: isText ? '' : redact(tooltipOf(object, serverNow(scope))),
    branch,
    actions: isText ? [] : actionsOf(session, object, readOnly),
    kind: object.groupKind,
    context: session.context,
    ref: refOf(session, object),
  };
  objectRows.set(object, { row, at: now, made });
  return withTrouble(scope, object, row);
}

/** What progresses by its own words may have failed by those of its pods. */
export function withTrouble<T extends Pick<Row, 'state' | 'description'>>(
  { troubleOf }: RowScope,
  object: LiveObject,
  row: T,
): T {
  const failure = provenFailure(row.state, () => troubleOf?.(object));
  if (!failure) return row;
  return { ...row, state: 'failed', description: redact(`${failure.headline}, ${row.description}`) };
}

/** An object that was applied to another open cluster: its row there, with all that is below it, in the place where it is named. */
function remoteRow(scope: RowScope, node: AbsentNode, source: ObjectSource): Row | undefined {
  const there = node.why === 'elsewhere' && node.above ? scope.elsewhere?.(node.above) : undefined;
  const object = there?.session.store.get(keyOf(node.groupKind, node.namespace, node.name));
  const branch = object && branchOf(object.groupKind);
  if (!there || !object || branch === undefined) return undefined;
  const row = nodeRow(there, objectNode(object), sourceFor(there.session, branch));
  const where = node.namespace === undefined ? '' : `${oneLine(node.namespace)}/`;
  return {
    ...row,
    id: belowIdOf(idOf({ context: scope.session.context, branch: source.branch, node: nodeId(node) }), row.id),
    label: `${kindName(node.groupKind)} ${where}${oneLine(node.name)}`,
    description: [`on ${oneLine(there.session.context)}`, row.description].filter(Boolean).join(', '),
  };
}

/** A referenced object that is unavailable. If its kind is served but not watched, it can still be opened. */
function absentRow(scope: RowScope, node: AbsentNode, source: ObjectSource): Row {
  const remote = remoteRow(scope, node, source);
  if (remote) return remote;
  const { session, now } = scope;
  const isServed = node.why === 'not observed';
  return {
    id: idOf({ context: session.context, branch: source.branch, node: nodeId(node) }),
    ...titleOf(scope, node, source),
    state: nodeWords(node, now).state,
    tooltip: '',
    branch: false,
    actions: isServed ? ['showObject'] : [],
    kind: node.groupKind,
    context: session.context,
    ...(isServed ? { ref: refOf(session, node) } : {}),
  };
}

function groupRow({ session, now, stateOf }: RowScope, node: GroupNode, source: ObjectSource): Row {
  const { context, store } = session;
  const { state, description } = nodeWords(node, now, stateOf);
  return {
    id: idOf({ context, branch: source.branch, node: nodeId(node) }),
    label: groupName(node),
    description,
    state,
    tooltip: node.group === 'counted' ? limitWords(store.limit) : '',
    branch: hasChildren(node, source),
    actions: [],
    kind: node.group === 'ready' ? machineKind : 'folder',
    context,
  };
}

const machineKind: GroupKind = 'cluster.x-k8s.io/Machine';

/** The label of a cluster's part is its role, that of any other object its name. */
function titleOf(
  scope: RowScope,
  node: ObjectNode | AbsentNode,
  source: ObjectSource,
): Pick<Row, 'label' | 'description'> {
  const { groupKind, namespace, name } = node.is === 'object' ? node.object : node;
  const { description } = nodeWords(node, serverNow(scope));
  if (node.role !== undefined && node.above?.groupKind === clusterKind) {
    const role = roleNames[node.role];
    const named = `${kindName(groupKind)} ${name}${node.is === 'absent' && description !== '' ? ':' : ''}`;
    return {
      label: `${role.charAt(0).toUpperCase()}${role.slice(1)}`,
      description: oneLine(redact(`${named} ${description}`)),
    };
  }
  // The kind is shown where siblings may have different kinds.
  const isKindShown =
    source.branch !== 'cluster-api' ||
    groupKind === 'cluster.x-k8s.io/MachineHealthCheck' ||
    roleOf(groupKind) !== undefined ||
    node.is === 'absent';
  const isElsewhere = source.branch === 'flux' && namespace !== undefined && namespace !== 'flux-system';
  return {
    label: `${isKindShown ? `${kindName(groupKind)} ` : ''}${isElsewhere ? `${namespace}/` : ''}${shortName(node)}`,
    description: redact(description),
  };
}

/** What distinguishes a revision or a pod: its name without the one of its owner, which is above it. */
function shortName(node: ObjectNode | AbsentNode): string {
  const { groupKind, name } = node.is === 'object' ? node.object : node;
  const owner = node.above && named.has(groupKind) ? `${node.above.name}-` : '';
  return owner !== '' && name.length > owner.length && name.startsWith(owner) ? name.slice(owner.length) : name;
}

/** Kinds whose names begin with the name of their owner. */
const named: ReadonlySet<GroupKind> = new Set([followedKinds.pods, followedKinds.replicaSets, followedKinds.jobs]);

export function refOf(
  { clusterId }: Session,
  { groupKind, namespace, name }: Pick<LiveObject, 'groupKind' | 'namespace' | 'name'>,
): LiveRef {
  return { cluster: clusterId, groupKind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** The current time on the server's clock, which sets the timestamps. */
export function serverNow({ session, now }: RowScope): number {
  return now + session.clockSkew;
}

export function actionsOf(session: Session, object: LiveObject, readOnly: boolean): readonly RowAction[] {
  const place = {
    context: session.context,
    readOnly,
    // Of kinds that are followed, or asked for, there is no watch.
    verbs:
      (session.kinds.get(object.groupKind)?.resource ?? session.discovery?.resources.get(object.groupKind))?.verbs ??
      [],
  };
  return actions.flatMap((action) => {
    const offer = offerOf(action, object, place);
    // What can be done in Git is answered with the file.
    return offer.is === 'offered' || (offer.is === 'refused' && offer.inGit) ? [action.verb] : [];
  });
}
