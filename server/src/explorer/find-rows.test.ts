import { afterEach, expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import { Store } from '../engine/watch/store.ts';
import { trim } from '../live/object.ts';
import { foundRows, pathOf } from './find-rows.ts';
import { placeOf } from './row-id.ts';
import { rowOf, rowsBelow } from './rows.ts';
import { Sought } from './sought.ts';
import type { Ground } from './view.ts';

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

function session(context: string): Session {
  const store = new Store({ onBatch: () => undefined });
  open.push(store);
  const put = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}) =>
    store.put(
      trim({ apiVersion, kind, metadata: { name, namespace: 'shop', uid: `${kind}${name}`, ...metadata }, ...rest })!,
    );
  put('apps/v1', 'Deployment', 'checkout');
  put('cluster.x-k8s.io/v1beta2', 'Cluster', 'aws', {}, { namespace: 'fleet' });
  const labels = { 'cluster.x-k8s.io/cluster-name': 'aws' };
  put('cluster.x-k8s.io/v1beta2', 'MachineDeployment', 'md', {}, { namespace: 'fleet', labels });
  const resources = new Map([
    ['apps/Deployment', { kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'] }],
    [
      'cluster.x-k8s.io/MachineDeployment',
      { kind: 'MachineDeployment', plural: 'machinedeployments', shortNames: ['md'] },
    ],
  ]);
  const kinds = new Map(store.kinds().map((kind) => [kind, { resource: { verbs: [] }, state: { synced: true } }]));
  const rest = { kinds, clusterId: '', clockSkew: 0, isBehind: () => false, state: { is: 'live' } };
  return { context, store, discovery: { resources, stale: [] }, ...rest } as unknown as Session;
}

function ground(...sessions: readonly Session[]): Ground {
  const all = new Map(sessions.map((one) => [one.context, one]));
  return {
    sought: new Sought(),
    problems: { about: () => undefined },
    fleet: { sessions: all, session: (name: string) => all.get(name), isReadOnly: () => false },
  } as unknown as Ground;
}

test('objects of all open contexts are found, by short names too', () => {
  const all = ground(session('prod'), session('dev'));
  const found = (query: string) => foundRows(all, query, 10, 0).rows.map(({ context, label }) => `${context} ${label}`);
  expect(found('deploy check')).toEqual(['dev Deployment checkout', 'prod Deployment checkout']);
  expect(found('prod checkout')).toEqual(['prod Deployment checkout']);
  expect(found('md prod')[0]).toBe('prod MachineDeployment md');
  expect(found('nothing of it')).toEqual([]);
  expect(foundRows(all, '', 3, 0).rows).toHaveLength(3);
});

test('the path of an object leads through the rows of the tree', () => {
  const prod = session('prod');
  const scope = { session: prod, readOnly: false, now: 0 };
  for (const { ref } of foundRows(ground(prod), '', 10, 0).rows) {
    const { view, ids: path } = pathOf(prod, ref!);
    expect(view).toBe(ref!.groupKind.startsWith('apps/') ? 'workloads' : 'clusters');
    for (const [index, id] of path.entries()) {
      const next = path[index + 1];
      const below = rowsBelow(scope, placeOf(id)!).map(rowOf);
      if (next !== undefined) expect(below.map((row) => row.id)).toContain(next);
    }
    expect(path.length).toBeGreaterThanOrEqual(3);
  }
  expect(pathOf(prod, { cluster: '', groupKind: 'apps/Deployment', namespace: 'shop', name: 'gone' }).ids).toEqual([]);
});

test('with an action, only objects that offer it are found', () => {
  const all = ground(session('prod'));
  const offering = (action: 'showLogs' | 'showRollout') =>
    foundRows(all, '', 10, 0, action).rows.map(({ label }) => label);
  expect(offering('showLogs')).toEqual(['Deployment checkout']);
  expect(offering('showRollout')).toContain('MachineDeployment md');
});

test('pods and instances of a kind that the query names are listed by name, and found once they are', async () => {
  const asked: string[] = [];
  const one = session('prod');
  const served = (kind: string, plural: string, group: string, verbs = ['list']) => ({
    ...{ group, version: 'v1', versions: ['v1'], kind, plural, singular: kind.toLowerCase() },
    ...{ namespaced: true, shortNames: [], verbs },
  });
  const resources = new Map([
    ['/Pod', served('Pod', 'pods', '')],
    ['example.com/SampleDB', served('SampleDB', 'sampledbs', 'example.com')],
    ['/Secret', served('Secret', 'secrets', '')],
  ]);
  const transport = {
    json: async ({ path, accept }: { path: string; accept: string }) => {
      asked.push(path);
      expect(accept).toContain('PartialObjectMetadataList');
      const name = path.includes('sampledbs') ? 'orders-database' : 'checkout-7d9f-x2x4';
      return { ok: true, value: { items: [{ metadata: { name, namespace: 'shop', uid: name } }] } };
    },
  };
  Object.assign(one, { transport, discovery: { resources, stale: [] } });
  const all = ground(one);
  const found = (query: string) => foundRows(all, query, 10, 0);
  expect(found('').isPending).toBe(false);
  expect(found('x2x4')).toEqual({ rows: [], isPending: true });
  await new Promise((done) => setTimeout(done, 20));
  expect(found('x2x4')).toMatchObject({ rows: [{ label: 'Pod checkout-7d9f-x2x4', state: 'none' }], isPending: false });
  expect(asked).toEqual(['/api/v1/pods?limit=500']);
  found('sampledb orders');
  await new Promise((done) => setTimeout(done, 20));
  expect(found('sampledb orders').rows[0]).toMatchObject({
    label: 'SampleDB orders-database',
    ref: { namespace: 'shop' },
  });
  expect(asked.some((path) => path.includes('secrets'))).toBe(false);
});
