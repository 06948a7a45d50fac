import { afterEach, expect, test } from 'vitest';
import type { Fleet } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { Store } from '../engine/watch/store.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { remoteSession } from './remote.ts';
import { idOf, placeOf, shownAt } from './row-id.ts';
import { rowOf, rowsBelow } from './rows.ts';

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

function session(context: string, objects: readonly LiveObject[], clusterId = context): Session {
  const store = new Store({ onBatch: () => undefined });
  open.push(store);
  for (const object of objects) store.put(object);
  const kinds = new Map(store.kinds().map((kind) => [kind, { resource: { verbs: [] }, state: { synced: true } }]));
  const rest = { kinds, clusterId, clockSkew: 0, isBehind: () => false, state: { is: 'live' } };
  return { context, store, ...rest } as unknown as Session;
}

function fleet(...sessions: readonly Session[]): Fleet {
  const contexts = new Map(sessions.map(({ context }) => [context, { cluster: context }]));
  const clusters = new Map(sessions.map(({ context }) => [context, { server: `https://${context}.example:6443` }]));
  return { sessions: new Map(sessions.map((one) => [one.context, one])), config: { contexts, clusters } } as never;
}

const object = (apiVersion: string, kind: string, namespace: string, name: string, more: object = {}): LiveObject => {
  const { labels, ...rest } = more as { labels?: object };
  return trim({ apiVersion, kind, metadata: { namespace, name, uid: name, generation: 1, labels }, ...rest })!;
};
const applied = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'fleet' };
const web = (labels = {}) =>
  object('apps/v1', 'Deployment', 'shop', 'web', { labels, spec: { replicas: 1 }, status: { observedGeneration: 1 } });
const apps = (secret = 'tenant-kubeconfig') =>
  object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'fleet', 'apps', {
    spec: { kubeConfig: { secretRef: { name: secret } } },
    status: { inventory: { entries: [{ id: 'shop_web_apps_Deployment', v: 'v1' }] } },
  });
const tenant = (host: string) =>
  object('cluster.x-k8s.io/v1beta2', 'Cluster', 'fleet', 'tenant', {
    spec: { controlPlaneEndpoint: { host, port: 6443 } },
  });

test('what a Kustomization applied to another open cluster is below it, as it is there', () => {
  const management = session('manager', [apps()]);
  const shop = session('shop-prod', [web(applied)]);
  const all = fleet(management, shop);
  const place = {
    context: 'manager',
    branch: 'flux',
    node: ['object', 'kustomize.toolkit.fluxcd.io/Kustomization|fleet|apps'],
  } as const;
  const below = (them: Fleet) =>
    rowsBelow(
      {
        ...{ session: management, readOnly: false, now: 0 },
        elsewhere: (applier) => {
          const there = remoteSession(them, management, applier);
          return there && { session: there, readOnly: true, now: 0 };
        },
      },
      place,
    ).map(rowOf);
  const [row] = below(all);
  expect(row).toMatchObject({
    ...{ label: 'Deployment shop/web', context: 'shop-prod', state: 'progressing', branch: true },
    description: expect.stringMatching(/^on shop-prod, /),
    ref: { cluster: 'shop-prod', groupKind: 'apps/Deployment', namespace: 'shop', name: 'web' },
  });
  // Its own context decides whether it may be changed.
  expect(row!.actions).not.toContain('restart');
  const shown = shownAt(row!.id);
  expect(shown.of).toBe(
    idOf({ context: 'shop-prod', branch: 'workload', node: ['object', 'apps/Deployment|shop|web'] }),
  );
  expect(placeOf(shown.root!)?.context).toBe('manager');
  expect(below(fleet(management))[0]).toMatchObject({
    label: 'Deployment shop/web',
    context: 'manager',
    state: 'none',
  });
});

test('it is the cluster of the endpoint, else the one that has what was applied, else nobody knows', () => {
  const found = (...sessions: readonly Session[]) => remoteSession(fleet(...sessions), sessions[0]!, apps())?.context;
  const [a, b] = [session('a', [web(applied)]), session('b', [web(applied)])];
  expect(found(session('manager', [apps(), tenant('b.example')]), a, b)).toBe('b');
  expect(found(session('manager', [apps()]), a, session('c', [web()]))).toBe('a');
  expect(found(session('manager', [apps()]), a, b)).toBe(undefined);
  // Two contexts that are ways into one cluster are one.
  expect(found(session('manager', [apps()]), a, session('a2', [web(applied)], 'a'))).toBe('a');
  expect(found(session('manager', [apps()]), session('c', [web()]))).toBe(undefined);
  const local = object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'fleet', 'apps', { spec: {} });
  expect(remoteSession(fleet(a, b), a, local)).toBe(undefined);
});
