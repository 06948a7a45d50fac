import { afterEach, describe, expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import type { Watched } from '../engine/watch/kinds.ts';
import { Store } from '../engine/watch/store.ts';
import type { GroupKind } from '../kube/identity.ts';
import { type LiveObject, trim } from '../live/object.ts';
import type { Branch } from '../live/parents.ts';
import { idOf, placeOf } from './row-id.ts';
import { rowOf, rowsBelow } from './rows.ts';
import { absenceOf, sourceFor } from './session-source.ts';

const kind = 'infrastructure.cluster.x-k8s.io/AWSCluster';
const synced = { synced: true, failures: 0 };

function absence(watched: object | undefined, served = true, store = new Store({ onBatch: () => undefined })) {
  const kinds = new Map<GroupKind, Watched>(watched ? [[kind, watched as Watched]] : []);
  const discovery = { stale: [], resources: new Map(served ? [[kind, {}]] : []) } as never;
  return absenceOf({ kinds, discovery, store }, { groupKind: kind, namespace: 'apps', name: 'a' });
}

test('an object is not found only if the whole kind is listed', () => {
  expect(absence({ state: synced })).toBe('not found');
  expect(absence({ state: synced, namespace: 'apps' })).toBe('not found');
  expect(absence({ state: synced, namespace: 'other' })).toBe('not allowed');
  expect(absence({ state: { synced: false, failures: 1, failure: { kind: 'forbidden' } } })).toBe('not allowed');
  expect(absence({ state: { synced: true, failures: 4, failure: { kind: 'server' } } })).toBe('not known');
  expect(absence(undefined)).toBe('not known');
  expect(absence(undefined, false)).toBe('not served');
});

test('an object of a kind that is not watched is not observed', () => {
  const discovery = { stale: [], resources: new Map([['/ConfigMap', {}]]) } as never;
  const session = { kinds: new Map(), discovery, store: new Store({ onBatch: () => undefined }) };
  const settings = { groupKind: '/ConfigMap', namespace: 'apps', name: 'settings' } as const;
  expect(absenceOf(session, settings)).toBe('not observed');
  expect(absenceOf(session, { ...settings, groupKind: '/Nothing' })).toBe('not served');
});

test('an object of a kind over the object limit is not kept, rather than not found', () => {
  const store = new Store({ onBatch: () => undefined, limit: 0 });
  store.put(
    trim({ apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'AWSCluster', metadata: { name: 'a' } })!,
  );
  expect(absence({ state: synced }, true, store)).toBe('not kept');
  store.close();
});

test('a control plane appears once in the tree even before its owner is set', () => {
  const store = new Store({ onBatch: () => undefined });
  const put = (apiVersion: string, ofKind: string, spec: object): LiveObject => {
    const object = trim({ apiVersion, kind: ofKind, metadata: { name: 'a', namespace: 'apps', uid: ofKind }, spec })!;
    store.put(object);
    return object;
  };
  const group = 'controlplane.cluster.x-k8s.io';
  const ref = { apiGroup: group, kind: 'KubeadmControlPlane', name: 'a' };
  put('cluster.x-k8s.io/v1beta2', 'Cluster', { controlPlaneRef: ref });
  put(`${group}/v1beta2`, 'KubeadmControlPlane', {});
  const session = { context: 'c', clusterId: '', clockSkew: 0, store, kinds: new Map(), isBehind: () => false };
  const scope = { session: session as unknown as Session, readOnly: false, now: 0 };
  const rows = (id: string) => rowsBelow(scope, placeOf(id)!).map(rowOf);
  const top = rows(idOf({ context: 'c', branch: 'cluster-api' }));
  expect(top.map(({ label }) => label)).toEqual(['a']);
  expect(rows(top[0]!.id).map(({ label }) => label)).toEqual(['Control plane']);
  store.close();
});

describe('the forest of a branch', () => {
  const open: Store[] = [];
  afterEach(() => {
    for (const store of open.splice(0)) store.close();
  });

  function opened() {
    const store = new Store({ onBatch: () => undefined });
    open.push(store);
    const session = { context: 'c', store, kinds: new Map() } as unknown as Session;
    let version = 0;
    const put = (apiVersion: string, ofKind: string, name: string, rest: object = {}, metadata: object = {}): void => {
      const own = { name, namespace: 'apps', uid: name, resourceVersion: String(++version) };
      store.put(trim({ apiVersion, kind: ofKind, metadata: { ...own, ...metadata }, ...rest })!);
    };
    return { store, session, put };
  }

  const below = (session: Session, branch: Branch, key: string) =>
    sourceFor(session, branch)
      .children(key)
      .map(({ object }) => object.name);

  test('is cached while only the state of objects changes, and the state is current', () => {
    const { session, put } = opened();
    const labels = { 'cluster.x-k8s.io/cluster-name': 'a' };
    put('cluster.x-k8s.io/v1beta2', 'Cluster', 'a');
    put('cluster.x-k8s.io/v1beta2', 'Machine', 'm', { status: { phase: 'Pending' } }, { labels });
    const source = sourceFor(session, 'cluster-api');
    const phase = () => source.children('cluster.x-k8s.io/Cluster|apps|a')[0]?.object.status.phase;
    expect(phase()).toBe('Pending');
    put('cluster.x-k8s.io/v1beta2', 'Machine', 'm', { status: { phase: 'Running' } }, { labels });
    expect(sourceFor(session, 'cluster-api')).toBe(source);
    expect(phase()).toBe('Running');
    put('cluster.x-k8s.io/v1beta2', 'Machine', 'n', {}, { labels });
    expect(sourceFor(session, 'cluster-api')).not.toBe(source);
    expect(below(session, 'cluster-api', 'cluster.x-k8s.io/Cluster|apps|a')).toEqual(['m', 'n']);
  });

  test('follows a changed reference', () => {
    const { session, put } = opened();
    const group = 'infrastructure.cluster.x-k8s.io';
    const spec = (name: string) => ({ spec: { infrastructureRef: { apiGroup: group, kind: 'AWSCluster', name } } });
    put(`${group}/v1beta2`, 'AWSCluster', 'first');
    put(`${group}/v1beta2`, 'AWSCluster', 'second');
    put('cluster.x-k8s.io/v1beta2', 'Cluster', 'a', spec('first'));
    expect(below(session, 'cluster-api', 'cluster.x-k8s.io/Cluster|apps|a')).toEqual(['first']);
    put('cluster.x-k8s.io/v1beta2', 'Cluster', 'a', spec('second'));
    expect(below(session, 'cluster-api', 'cluster.x-k8s.io/Cluster|apps|a')).toEqual(['second']);
    expect(
      sourceFor(session, 'cluster-api')
        .roots()
        .map(({ object }) => object.name),
    ).toEqual(['a', 'first']);
  });

  test('follows an inventory with new entries', () => {
    const { session, put } = opened();
    const status = (...names: readonly string[]) => ({
      status: { inventory: { entries: names.map((name) => ({ id: `apps_${name}_apps_Deployment`, v: 'v1' })) } },
    });
    put('apps/v1', 'Deployment', 'web');
    put('apps/v1', 'Deployment', 'api');
    put('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'k', status('web'));
    expect(below(session, 'flux', 'kustomize.toolkit.fluxcd.io/Kustomization|apps|k')).toEqual(['web']);
    put('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'k', status('web', 'api'));
    expect(below(session, 'flux', 'kustomize.toolkit.fluxcd.io/Kustomization|apps|k')).toEqual(['api', 'web']);
  });
});
