// The rows of the explorer: contexts, then Cluster API, Flux and Workloads of those that are open, then objects under
// what owns or applies them. Each call answers the children of one row from the stores as they are.

import { redact } from '../engine/redact.ts';
import type { Session } from '../engine/session/session.ts';
import { nextTryWords, type SessionState, wordsOf } from '../engine/session/session-state.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import { offerOf } from '../live/actions/action.ts';
import { actions } from '../live/actions/list.ts';
import { descriptionOf, escaped, knownHealth, oneLine, tooltipOf } from '../live/describe.ts';
import { kindOf, roleOf } from '../live/family.ts';
import { text } from '../live/fields.ts';
import { byName, type Forest } from '../live/forest.ts';
import { type LiveObject, objectKey } from '../live/object.ts';
import { type Branch, branchOf } from '../live/parents.ts';
import { referenceAt } from '../live/providers.ts';
import type { Row, RowAction, RowId, RowState } from '../protocol.ts';
import { missingReference } from './absence.ts';
import { limitWords, notKeptIn, notKeptRows } from './not-kept.ts';
import { idOf, partsOf } from './row-id.ts';
import { forestFor, sorted } from './session-forest.ts';

export interface RowScope {
  readonly session: Session;
  readonly readOnly: boolean;
  readonly now: number;
}

/** `isChecked`: whether the server has to show who it is (`insecure-skip-tls-verify` says it need not). */
export function contextRow(context: string, session: Session | undefined, now: number, isChecked = true): Row {
  const state: SessionState = session?.state ?? { is: 'idle' };
  const { sentence: said, action } = wordsOf(state, session?.count ?? 0, now);
  const sentence = [said, isChecked ? '' : 'certificate not checked'].filter(Boolean).join(', ');
  const open = state.is !== 'idle' && state.is !== 'gone';
  const broken = 'why' in state ? state.why : undefined;
  return {
    id: idOf(context),
    label: oneLine(context),
    description: oneLine(redact(sentence)),
    state: contextStates[state.is],
    tooltip: [`**${escaped(context)}**`, escaped(redact(sentence)), escaped(redact(broken?.remedy ?? ''))]
      .filter(Boolean)
      .join('\n\n'),
    // What is known stays shown, whether the server can't be reached or a person has to sign in again.
    branch: open && (['live', 'stale', 'syncing'].includes(state.is) || (session?.count ?? 0) > 0),
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

const branches: readonly { readonly branch: Branch; readonly label: string }[] = [
  { branch: 'cluster-api', label: 'Cluster API' },
  { branch: 'flux', label: 'Flux' },
  { branch: 'workload', label: 'Workloads' },
];

/** Made when it is shown: of thousands of children a portion is. */
export type LazyRow = Row | (() => Row);

export function rowOf(row: LazyRow): Row {
  return typeof row === 'function' ? row() : row;
}

export function childRows(scope: RowScope, id: RowId): readonly LazyRow[] {
  const [context = '', branch, key, part] = partsOf(id);
  if (branch === undefined) return branchRows(scope, context);
  const forest = forestFor(scope.session, branch as Branch);
  if (key === undefined) return topRows(scope, branch as Branch, forest);
  if (key.startsWith('ns:'))
    return rowsOf(
      scope,
      'workload',
      forest.roots.filter(({ namespace }) => (namespace ?? '') === key.slice(3)),
      forest,
    );
  const object = scope.session.store.get(key);
  if (!object) return [];
  if (branch === 'cluster-api') return clusterApiRows(scope, object, part, forest);
  return rowsOf(scope, branch as Branch, forest.children(key), forest);
}

function branchRows({ session, now }: RowScope, context: string): readonly Row[] {
  return branches.flatMap(({ branch, label }) => {
    const kinds = [...session.kinds].filter(([groupKind]) => branchOf(groupKind) === branch);
    if (kinds.length === 0) return [];
    const objects = kinds.flatMap(([groupKind]) => [...session.store.ofKind(groupKind)]);
    const denied = kinds.flatMap(([, { state, resource }]) =>
      state.failure?.kind === 'forbidden' && !isListOnly(state) ? [resource.kind] : [],
    );
    const listOnly = kinds.flatMap(([, { state, resource }]) => (isListOnly(state) ? [resource.kind] : []));
    const troubled = kinds.flatMap(([, { state, resource, reflector }]) => {
      const { failure } = state;
      if (!failure || failure.kind === 'forbidden' || (state.synced && !isBehind(state))) return [];
      const said = failure.kind === 'throttled' ? `throttled by the server (${failure.message})` : failure.message;
      const old = state.synced ? 'not up to date: ' : '';
      return [`${resource.kind}: ${old}${oneLine(said)}${nextTryWords(reflector.retryAt ?? 0, now)}`];
    });
    const states = objects.map((object) => knownHealth(object).state);
    const failed = states.filter((state) => state === 'failed').length;
    const busy = states.filter((state) => state === 'progressing').length;
    const namespaces = new Set(kinds.flatMap(([, { namespace }]) => namespace ?? []));
    const notKept = notKeptIn(session, branch);
    const total = objects.length + notKept;
    const said = [
      total === 1 ? '1 object' : `${total} objects`,
      ...(notKept > 0 ? [`${notKept} of them counted only`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(busy > 0 ? [`${busy} progressing`] : []),
      ...(namespaces.size > 0 ? [`namespace ${[...namespaces].join(', ')} only`] : []),
      ...(denied.length > 0 ? [`may not list ${listed(denied)}`] : []),
      ...(listOnly.length > 0 ? [`may not watch ${listed(listOnly)}`] : []),
      ...(troubled.length > 0 ? [troubled[0]!] : []),
    ];
    return [
      {
        id: idOf(context, branch),
        label,
        description: said.join(', '),
        state: denied.length === kinds.length ? 'denied' : 'none',
        tooltip: [
          ...troubled.map(escaped),
          ...denied.map((kind) => `${kind}: no permission to list and watch it`),
          ...listOnly.map((kind) => `${kind}: no permission to watch it, so it is listed every few minutes`),
          ...(notKept > 0 ? [limitWords(session.store.limit)] : []),
        ].join('\n\n'),
        branch: total > 0,
        actions: [],
        kind: 'folder',
        context,
      } satisfies Row,
    ];
  });
}

function topRows(scope: RowScope, branch: Branch, forest: Forest): readonly LazyRow[] {
  const { context } = scope.session;
  const beyond = notKeptRows(scope.session, branch);
  if (branch !== 'workload') {
    // What a cluster names stands there already, also while its owner isn't written down yet.
    const named = new Set(branch === 'cluster-api' ? forest.roots.flatMap(namedKeys) : []);
    const roots = forest.roots.filter((object) => !named.has(objectKey(object)));
    return [...rowsOf(scope, branch, roots, forest), ...beyond];
  }
  const namespaces = new Map<string, LiveObject[]>();
  for (const object of forest.roots) {
    const known = namespaces.get(object.namespace ?? '');
    if (known) known.push(object);
    else namespaces.set(object.namespace ?? '', [object]);
  }
  const folders = [...namespaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, objects]) =>
      folder(idOf(context, branch, `ns:${namespace}`), namespace, summed(objects), context),
    );
  return [...folders, ...beyond];
}

/** A cluster's parts in the order they come up: control plane, workers, infrastructure, health checks. */
function clusterApiRows(
  scope: RowScope,
  object: LiveObject,
  part: string | undefined,
  forest: Forest,
): readonly LazyRow[] {
  const key = objectKey(object);
  const children = forest.children(key);
  if (part === 'ready')
    return [...machinesOf(object, forest)]
      .filter(isReady)
      .sort(byName)
      .map((machine) => objectRow(scope, 'cluster-api', machine, forest));
  if (object.groupKind !== 'cluster.x-k8s.io/Cluster') return machineRows(scope, object, forest);
  const controlPlane = referenceAt(object, 'controlPlaneRef')?.key;
  const infrastructure = referenceAt(object, 'infrastructureRef')?.key;
  const isWorker = ({ groupKind }: LiveObject) =>
    /^cluster\.x-k8s\.io\/(MachineDeployment|MachinePool|MachineSet|Machine)$/.test(groupKind);
  if (part === 'workers') return rowsOf(scope, 'cluster-api', children.filter(isWorker), forest);
  const { context } = scope.session;
  const workers = children.filter(isWorker);
  const named = (label: string, wanted: string | undefined, path: string): readonly Row[] => {
    if (wanted === undefined) return [];
    const found = scope.session.store.get(wanted);
    if (!found) return missingReference(scope.session, object, label, path);
    return [
      {
        ...objectRow(scope, 'cluster-api', found, forest),
        label,
        description: redact(
          `${kindOf(found.groupKind)} ${found.name} ${descriptionOf(found, serverNow(scope))}`.trim(),
        ),
      },
    ];
  };
  return [
    ...named('Control plane', controlPlane, 'controlPlaneRef'),
    ...(workers.length > 0
      ? [folder(idOf(context, 'cluster-api', key, 'workers'), 'Workers', summed(workers), context)]
      : []),
    ...(infrastructure === controlPlane ? [] : named('Infrastructure', infrastructure, 'infrastructureRef')),
    ...rowsOf(
      scope,
      'cluster-api',
      children.filter((child) => !isWorker(child) && ![controlPlane, infrastructure].includes(objectKey(child))),
      forest,
    ),
  ];
}

function namedKeys(object: LiveObject): readonly string[] {
  if (object.groupKind !== 'cluster.x-k8s.io/Cluster') return [];
  return ['controlPlaneRef', 'infrastructureRef'].flatMap((path) => referenceAt(object, path)?.key ?? []);
}

/** The machines of a MachineDeployment, through its MachineSets, which say nothing by themselves. */
function machinesOf(object: LiveObject, forest: Forest): readonly LiveObject[] {
  return forest.children(objectKey(object)).flatMap((child) => {
    if (object.groupKind === 'cluster.x-k8s.io/MachineDeployment' && child.groupKind === 'cluster.x-k8s.io/MachineSet')
      return forest.children(objectKey(child));
    return [child];
  });
}

function isReady(object: LiveObject): boolean {
  return object.groupKind === 'cluster.x-k8s.io/Machine' && knownHealth(object).state === 'ready';
}

/** Ready machines are one row: a hundred of them are no news. */
function machineRows(scope: RowScope, object: LiveObject, forest: Forest): readonly LazyRow[] {
  const machines = machinesOf(object, forest);
  const alike = machines.filter(isReady);
  if (alike.length < 2) return rowsOf(scope, 'cluster-api', machines, forest);
  const versions = new Set(alike.map(({ spec }) => text(spec, 'version')).filter((version) => version !== undefined));
  const { context } = scope.session;
  const group: Row = {
    ...folder(
      idOf(context, 'cluster-api', objectKey(object), 'ready'),
      `${alike.length} machines ready`,
      [...versions].join(', '),
      context,
    ),
    state: 'ready',
    kind: 'cluster.x-k8s.io/Machine',
  };
  return [
    group,
    ...rowsOf(
      scope,
      'cluster-api',
      machines.filter((machine) => !isReady(machine)),
      forest,
    ),
  ];
}

function rowsOf(scope: RowScope, branch: Branch, objects: readonly LiveObject[], forest: Forest): readonly LazyRow[] {
  return sorted(objects).map((object) => () => objectRow(scope, branch, object, forest));
}

/** Ages are counted by the clock that dated them. */
function serverNow({ session, now }: RowScope): number {
  return now + session.clockSkew;
}

interface MadeRow {
  readonly row: Row;
  readonly at: number;
  readonly made: string;
}

/** Objects never change in place: a row holds until it has aged visibly, or stands elsewhere. */
const objectRows = new WeakMap<LiveObject, MadeRow>();
const visibleAge = 5_000;

function objectRow(scope: RowScope, branch: Branch, object: LiveObject, forest: Forest): Row {
  const { session, readOnly, now } = scope;
  const hasChildren = forest.children(objectKey(object)).length > 0;
  const old = session.isBehind(object.groupKind);
  const made = `${session.context} ${session.clusterId} ${old} ${branch} ${readOnly} ${hasChildren}`;
  const known = objectRows.get(object);
  if (known?.made === made && now - known.at < visibleAge) return known.row;
  const row = newObjectRow(scope, branch, object, hasChildren);
  objectRows.set(object, { row, at: now, made });
  return row;
}

function newObjectRow(scope: RowScope, branch: Branch, object: LiveObject, hasChildren: boolean): Row {
  const { session, readOnly } = scope;
  const now = serverNow(scope);
  const key = objectKey(object);
  const { state } = knownHealth(object);
  // Beside each other stand objects of many kinds, except where the tree says which.
  const kindShown =
    branch !== 'cluster-api' ||
    object.groupKind === 'cluster.x-k8s.io/MachineHealthCheck' ||
    roleOf(object.groupKind) !== undefined;
  const namespaced =
    branch === 'flux' && object.namespace !== undefined && object.namespace !== 'flux-system'
      ? `${object.namespace}/`
      : '';
  return {
    id: idOf(session.context, branch, key),
    label: `${kindShown ? `${kindOf(object.groupKind)} ` : ''}${namespaced}${object.name}`,
    description: redact(descriptionOf(object, now)),
    state: session.isBehind(object.groupKind) && state !== 'none' ? 'unknown' : state,
    tooltip: redact(tooltipOf(object, now)),
    branch: hasChildren,
    actions: actionsOf(session, object, readOnly),
    kind: object.groupKind,
    context: session.context,
    ref: {
      cluster: session.clusterId,
      groupKind: object.groupKind,
      ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
      name: object.name,
    },
  };
}

function actionsOf(session: Session, object: LiveObject, readOnly: boolean): readonly RowAction[] {
  const place = {
    context: session.context,
    readOnly,
    verbs: session.kinds.get(object.groupKind)?.resource.verbs ?? [],
  };
  return actions.flatMap((action) => (offerOf(action, object, place).is === 'offered' ? [action.verb] : []));
}

function folder(id: RowId, label: string, description: string, context: string): Row {
  return { id, label, description, state: 'none', tooltip: '', branch: true, actions: [], kind: 'folder', context };
}

/** `12, 1 failed`. */
function summed(objects: readonly LiveObject[]): string {
  const failed = objects.filter((object) => knownHealth(object).state === 'failed').length;
  const busy = objects.filter((object) => knownHealth(object).state === 'progressing').length;
  return [
    String(objects.length),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(busy > 0 ? [`${busy} progressing`] : []),
  ].join(', ');
}

export function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more kinds` : names.join(', ');
}
