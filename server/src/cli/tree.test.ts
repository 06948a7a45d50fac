// Checks that the explorer's rows, `capstan status` and `capstan tree` show the same tree: for any objects, the store of a
// session and a snapshot result in the same children in the same order with the same text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import { Store } from '../engine/watch/store.ts';
import { idOf, type Place, placeOf } from '../explorer/row-id.ts';
import { expandedRows, type RowScope, rowOf, rowsBelow } from '../explorer/rows.ts';
import { absenceOf } from '../explorer/session-source.ts';
import { type GroupKind, kindName } from '../kube/identity.ts';
import { objectNode } from '../live/children.ts';
import { inventoryOf } from '../live/inventory.ts';
import { type LiveObject, type ObjectKey, objectKey, trim } from '../live/object.ts';
import { partsOf } from '../live/parts.ts';
import type { Absence, Target } from '../live/source.ts';
import { sourceOfTree, type TreeNode, treeOf } from '../live/tree.ts';
import type { Row } from '../protocol.ts';
import { marks } from './clusters/marks.ts';
import { linesOf } from './tree.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

// ---------------------------------------------------------------------------------------------------------------
// Objects in many states, some named and missing, some of kinds that are denied, not served or not watched

const core = 'cluster.x-k8s.io';
const watched: readonly GroupKind[] = [
  ...['Cluster', 'MachineDeployment', 'MachinePool', 'MachineSet', 'Machine', 'MachineHealthCheck'].map(
    (kind): GroupKind => `${core}/${kind}`,
  ),
  `controlplane.${core}/KubeadmControlPlane`,
  `infrastructure.${core}/AWSCluster`,
  `infrastructure.${core}/AWSMachine`,
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
  'apps/Deployment',
];
const denied: GroupKind = `infrastructure.${core}/DeniedMachine`;
const notServed: GroupKind = `infrastructure.${core}/GoneMachine`;

type Fields = Readonly<Record<string, unknown>>;

function live(apiVersion: string, kind: string, name: string, rest: Fields = {}, metadata: Fields = {}): LiveObject {
  const at = { name, namespace: 'apps', uid: `${kind}-${name}`, resourceVersion: '1', generation: 1 };
  return trim({ apiVersion, kind, metadata: { ...at, ...metadata }, ...rest })!;
}

const condition = (type: string, status: string) => ({
  conditions: [{ type, status, reason: 'BecauseOf', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }],
});
const readiness = fc
  .constantFrom('True', 'True', 'True', 'False', 'Unknown')
  .map((status) => condition('Ready', status));
const deletion = fc.constantFrom<Fields>({}, {}, {}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['f'] });
const labels = { 'cluster.x-k8s.io/cluster-name': 'demo' };
const ownedBy = (apiVersion: string, kind: string, name: string) => ({
  labels,
  ownerReferences: [{ apiVersion, kind, name, uid: 'u', controller: true }],
});
const reference = (group: string, kind: string, name: string) => ({ apiGroup: `${group}.${core}`, kind, name });

/** A machine with its infrastructure, which may be missing, and its bootstrap configuration, which isn't watched. */
const machine = fc
  .record({
    status: readiness,
    infrastructure: fc.constantFrom('AWSMachine', 'AWSMachine', kindName(denied), kindName(notServed)),
    infrastructureStatus: fc.option(readiness, { freq: 6 }),
    version: fc.constantFrom('v1.35.0', 'v1.36.0'),
    metadata: deletion,
  })
  .map((made) => (name: string, owner: Fields): readonly LiveObject[] => {
    const { infrastructure, infrastructureStatus, version } = made;
    const spec = {
      version,
      infrastructureRef: reference('infrastructure', infrastructure, name),
      bootstrap: { configRef: reference('bootstrap', 'KubeadmConfig', name) },
    };
    const own = live(`${core}/v1beta2`, 'Machine', name, { spec, status: made.status }, { ...owner, ...made.metadata });
    if (infrastructure !== 'AWSMachine' || infrastructureStatus === null) return [own];
    const metadata = ownedBy(`${core}/v1beta2`, 'Machine', name);
    return [
      own,
      live(`infrastructure.${core}/v1beta2`, 'AWSMachine', name, { status: infrastructureStatus }, metadata),
    ];
  });

const machines = (prefix: string, owner: Fields) =>
  fc
    .array(machine, { maxLength: 12 })
    .map((made) => made.flatMap((objects, at) => objects(`${prefix}-${at + 1}`, owner)));

const cluster = fc
  .record({
    metadata: deletion,
    infrastructure: fc.option(readiness),
    isOwned: fc.boolean(),
    controlPlane: fc.option(readiness),
    controlPlaneMachines: machines('demo-cp', ownedBy(`controlplane.${core}/v1beta2`, 'KubeadmControlPlane', 'demo')),
    sets: fc.integer({ min: 0, max: 2 }),
    first: machines('demo-md-a', ownedBy(`${core}/v1beta2`, 'MachineSet', 'demo-md-a')),
    second: machines('demo-md-b', ownedBy(`${core}/v1beta2`, 'MachineSet', 'demo-md-b')),
    stray: machines('stray', { labels }),
    pool: fc.boolean(),
    healthCheck: fc.boolean(),
  })
  .map((made) => {
    const deployment = ownedBy(`${core}/v1beta2`, 'MachineDeployment', 'demo-md');
    const owned = made.isOwned ? ownedBy(`${core}/v1beta2`, 'Cluster', 'demo') : {};
    const spec = {
      infrastructureRef: reference('infrastructure', 'AWSCluster', 'demo'),
      controlPlaneRef: reference('controlplane', 'KubeadmControlPlane', 'demo'),
    };
    const poolSpec = {
      template: { spec: { infrastructureRef: reference('infrastructure', 'AWSMachinePool', 'demo-pool') } },
    };
    return [
      live(`${core}/v1beta2`, 'Cluster', 'demo', { spec, status: condition('Available', 'True') }, made.metadata),
      ...(made.infrastructure
        ? [live(`infrastructure.${core}/v1beta2`, 'AWSCluster', 'demo', { status: made.infrastructure }, owned)]
        : []),
      ...(made.controlPlane
        ? [
            live(
              `controlplane.${core}/v1beta2`,
              'KubeadmControlPlane',
              'demo',
              { spec: { replicas: 3, version: 'v1.36.0' }, status: made.controlPlane },
              owned,
            ),
          ]
        : []),
      ...made.controlPlaneMachines,
      live(`${core}/v1beta2`, 'MachineDeployment', 'demo-md', { spec: { replicas: 3 }, status: {} }, { labels }),
      ...(made.sets > 0 ? [live(`${core}/v1beta2`, 'MachineSet', 'demo-md-a', {}, deployment), ...made.first] : []),
      ...(made.sets > 1 ? [live(`${core}/v1beta2`, 'MachineSet', 'demo-md-b', {}, deployment), ...made.second] : []),
      ...made.stray,
      ...(made.pool ? [live(`${core}/v1beta2`, 'MachinePool', 'demo-pool', { spec: poolSpec }, { labels })] : []),
      ...(made.healthCheck ? [live(`${core}/v1beta2`, 'MachineHealthCheck', 'demo', {}, { labels })] : []),
    ];
  });

/** Kustomizations that deliver later ones, existing objects, missing objects, and objects of kinds that aren't watched. */
const delivery = fc
  .array(
    fc.record({
      is: fc.constantFrom('kustomize.toolkit.fluxcd.io/v1 Kustomization', 'helm.toolkit.fluxcd.io/v2 HelmRelease'),
      status: readiness,
      metadata: deletion,
      remote: fc.constantFrom(false, false, false, true),
      delivers: fc.subarray(['web', 'api', 'gone', 'settings', 'itself', 'next', 'last']),
      labelled: fc.subarray(['web', 'api', 'worker', 'next']),
    }),
    { maxLength: 4 },
  )
  .map((all) => {
    const objects = new Map<string, { readonly name: string; labels: Record<string, string> }>();
    for (const name of ['web', 'api', 'worker']) objects.set(name, { name, labels: {} });
    const idAt = (at: number) => {
      const [apiVersion = '', kind = ''] = all[at]!.is.split(' ');
      return { id: `apps_d${at}_${apiVersion.split('/')[0]}_${kind}`, v: 'v1' };
    };
    const marked = (at: number) => {
      const group = all[at]!.is.split('/')[0]!;
      return { [`${group}/name`]: `d${at}`, [`${group}/namespace`]: 'apps' };
    };
    const deliverers = all.map(({ is, status, metadata, remote, delivers, labelled }, at) => {
      const entries = delivers.flatMap((name) => {
        if (name === 'settings') return [{ id: 'apps_settings__ConfigMap', v: 'v1' }];
        if (name === 'itself') return [idAt(at)];
        if (name === 'next' || name === 'last') {
          const other = name === 'next' ? at + 1 : all.length - 1;
          return other > at && other < all.length ? [idAt(other)] : [];
        }
        return [{ id: `apps_${name}_apps_Deployment`, v: 'v1' }];
      });
      for (const name of labelled) Object.assign(objects.get(name)?.labels ?? {}, marked(at));
      const before = all[at - 1]?.labelled.includes('next') ? marked(at - 1) : {};
      const [apiVersion = '', kind = ''] = is.split(' ');
      const spec = remote ? { kubeConfig: { secretRef: { name: 'edge' } } } : {};
      return live(
        ...[apiVersion, kind, `d${at}`],
        { spec, status: { ...status, inventory: { entries } } },
        { ...metadata, labels: before },
      );
    });
    return [
      ...deliverers,
      ...[...objects.values()].map(({ name, labels }) =>
        live('apps/v1', 'Deployment', name, { spec: { replicas: 1 }, status: { observedGeneration: 1 } }, { labels }),
      ),
    ];
  });

const everything = fc
  .tuple(cluster, delivery)
  .map((parts) => parts.flat())
  .chain((objects) => fc.shuffledSubarray(objects, { minLength: objects.length }));

// ---------------------------------------------------------------------------------------------------------------
// The same objects in a session's store and in a snapshot

function sessionOf(objects: readonly LiveObject[]) {
  const store = new Store({ onBatch: () => undefined });
  for (const object of objects) store.put(object);
  const kind = (groupKind: GroupKind, state: object) =>
    [groupKind, { state, resource: { kind: kindName(groupKind), verbs: [] } }] as const;
  const kinds = new Map([
    ...watched.map((groupKind) => kind(groupKind, { synced: true, failures: 0 })),
    kind(denied, { synced: false, failures: 1, failure: { kind: 'forbidden', message: '' } }),
  ]);
  const served = [...watched, denied, '/ConfigMap', `bootstrap.${core}/KubeadmConfig`];
  const discovery = { stale: [], resources: new Map(served.map((groupKind) => [groupKind, {}])) };
  const session = { context: 'c', clusterId: 'id', clockSkew: 0, store, kinds, discovery, isBehind: () => false };
  return session as unknown as Session;
}

function snapshotOf(objects: readonly LiveObject[], session: Session) {
  const named = objects.flatMap((object): readonly (Target & { readonly key: ObjectKey })[] => [
    ...partsOf(object).map((part) => ({ ...part, namespace: 'apps' })),
    ...inventoryOf(object).entries,
  ]);
  const absent = new Map<ObjectKey, Absence>(named.map((target) => [target.key, absenceOf(session, target)]));
  return { objects: new Map(objects.map((object) => [objectKey(object), object])), absent };
}

// ---------------------------------------------------------------------------------------------------------------
// Rows and lines as text that can be compared

interface Shown {
  readonly depth: number;
  readonly mark: string;
  /** `Kind/name`, or the name of a group. */
  readonly what: string;
  readonly words: string;
}

function whatOf({ id, label }: Row): string {
  const [is = '', ...keys] = placeOf(id)?.node ?? [];
  if (!['object', 'repeated', 'absent'].includes(is)) return label;
  const [groupKind = '/', , name = ''] = keys.at(-1)!.split('|');
  return `${kindName(groupKind as GroupKind)}/${name}`;
}

function shownOf(row: Row, depth: number): Shown {
  const what = whatOf(row);
  const named = what.replace('/', ' ');
  // The label of a cluster's part is its role; its name is in the description.
  const words = row.description.startsWith(named)
    ? row.description.slice(named.length).replace(/^:? /, '')
    : row.description;
  return { depth, mark: marks[row.state].trim(), what, words };
}

interface Quieted {
  readonly shown: Shown;
  /** Left out by `capstan tree`. */
  readonly quiet: boolean;
}

/** Every row below, each requested by its id: apart from pages, what a user sees after expanding everything. */
function expanded(scope: RowScope, place: Place, depth: number, above?: Row): readonly Quieted[] {
  return rowsBelow(scope, place)
    .map(rowOf)
    .flatMap((row) => {
      const isWell = row.state === 'ready' || row.state === 'none';
      // Applies below a machine and below machines that are folded into one row.
      const quiet = above?.kind === `${core}/Machine` && isWell;
      const below = expanded(scope, placeOf(row.id)!, depth + 1, row);
      expect(row.branch, `${row.label} is a branch if rows are below it`).toBe(below.length > 0);
      return [{ shown: shownOf(row, depth), quiet }, ...below.map((one) => ({ ...one, quiet: quiet || one.quiet }))];
    });
}

function lineOf(line: string): Shown {
  const [, indent = '', mark = '', label = '', words = ''] = /^( *)(?:([^\w\s]) )?(\S.*?)(?: {2}(.*))?$/.exec(line)!;
  const what = label.replace(/^(infrastructure|control plane): /, '').replace(/^(\w+\/)apps\//, '$1');
  // An object without a mark leaves its column blank; a group has no column.
  const blank = mark === '' && what.includes('/') ? 2 : 0;
  return { depth: (indent.length - blank) / 2, mark, what, words };
}

const keyOf = ({ what, mark, words }: Shown) => `${what} ${mark} ${words}`;

function flat(node: TreeNode): readonly string[] {
  const { kind, name, state, description, children } = node;
  const own = keyOf({ depth: 0, mark: marks[state].trim(), what: `${kind}/${name}`, words: description });
  return [own, ...children.flatMap(flat)];
}

const isTop = ({ groupKind }: LiveObject) => /\/(Cluster|Kustomization|HelmRelease)$/.test(groupKind);

test('fully expanded rows and `capstan tree` show the same children in the same order with the same text', () => {
  let compared = 0;
  fc.assert(
    fc.property(everything, (objects) => {
      const session = sessionOf(objects);
      const scope: RowScope = { session, readOnly: true, now };
      const snapshot = snapshotOf(objects, session);
      for (const root of objects.filter(isTop)) {
        const branch = root.groupKind.startsWith(core) ? 'cluster-api' : 'flux';
        const place: Place = { context: 'c', branch, node: ['object', objectKey(root)] };
        const rows = expanded(scope, place, 1);
        const source = sourceOfTree(root, snapshot)!;
        const [, ...lines] = linesOf(objectNode(root), source, 'folded', now).map(({ indent, pieces }) => {
          return `${' '.repeat(indent)}${pieces.map(({ text }) => text).join('')}`;
        });
        expect(lines.map(lineOf)).toEqual(rows.filter(({ quiet }) => !quiet).map(({ shown }) => shown));
        const data = new Set(flat(treeOf(root, source, now)));
        const missing = rows.filter(({ shown }) => shown.what.includes('/') && !data.has(keyOf(shown)));
        expect(missing.map(({ shown }) => keyOf(shown))).toEqual([]);
        compared += rows.length;
      }
      session.store.close();
    }),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(1000);
});

test('`capstan status` shows each row with something to report once', () => {
  fc.assert(
    fc.property(everything, (objects) => {
      const session = sessionOf(objects);
      const scope: RowScope = { session, readOnly: true, now };
      const ids = expandedRows(scope).map(({ row }) => row.id);
      expect(new Set(ids).size).toBe(ids.length);
      const branches = (['cluster-api', 'flux', 'workload'] as const).map((branch) => ({ context: 'c', branch }));
      const every = new Set(branches.flatMap((place) => [idOf(place), ...rowIds(scope, place)]));
      expect(ids.filter((id) => !every.has(id))).toEqual([]);
      session.store.close();
    }),
    { numRuns: 50 },
  );
});

function rowIds(scope: RowScope, place: Place): readonly string[] {
  return rowsBelow(scope, place)
    .map(rowOf)
    .flatMap(({ id }) => [id, ...rowIds(scope, placeOf(id)!)]);
}

test('every object appears once in the branch it belongs to, whatever it refers to', () => {
  fc.assert(
    fc.property(everything, (objects) => {
      const session = sessionOf(objects);
      const scope: RowScope = { session, readOnly: true, now };
      for (const branch of ['cluster-api', 'flux', 'workload'] as const) {
        const ids = rowIds(scope, { context: 'c', branch });
        expect(ids.length, branch).toBe(new Set(ids).size);
        const placed = new Set(ids);
        const own = objects.filter(({ groupKind }) =>
          branch === 'workload'
            ? groupKind === 'apps/Deployment'
            : groupKind.includes(branch === 'flux' ? 'fluxcd' : core),
        );
        const lost = own.filter((object) => {
          const id = idOf({ context: 'c', branch, node: ['object', objectKey(object)] });
          return object.groupKind !== `${core}/MachineSet` && !placed.has(id);
        });
        expect(lost.map(objectKey), branch).toEqual([]);
      }
      session.store.close();
    }),
    { numRuns: 100 },
  );
});
