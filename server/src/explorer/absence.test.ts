import { expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import type { Watched } from '../engine/watch/kinds.ts';
import { Store } from '../engine/watch/store.ts';
import type { GroupKind } from '../kube/identity.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { absenceOf } from './absence.ts';
import { childRows, rowOf } from './rows.ts';

const kind = 'infrastructure.cluster.x-k8s.io/AWSCluster';
const synced = { synced: true, failures: 0 };

function absence(watched: object | undefined, served = true, store = new Store({ onBatch: () => undefined })) {
  const kinds = new Map<GroupKind, Watched>(watched ? [[kind, watched as Watched]] : []);
  const discovery = { stale: [], resources: new Map(served ? [[kind, {}]] : []) } as never;
  return absenceOf({ kinds, discovery, store }, kind, 'apps');
}

test('what a cluster names is missing only where all of the kind is known', () => {
  expect(absence({ state: synced })).toBe('not there');
  expect(absence({ state: synced, namespace: 'apps' })).toBe('not there');
  expect(absence({ state: synced, namespace: 'other' })).toBe('you may not list it');
  expect(absence({ state: { synced: false, failures: 1, failure: { kind: 'forbidden' } } })).toBe(
    'you may not list it',
  );
  expect(absence({ state: { synced: true, failures: 4, failure: { kind: 'server' } } })).toBe('not known yet');
  expect(absence(undefined)).toBe('not known yet');
  expect(absence(undefined, false)).toBe('its kind is not served');
});

test('what is counted and not kept is not missing', () => {
  const store = new Store({ onBatch: () => undefined, limit: 0 });
  store.put(
    trim({ apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'AWSCluster', metadata: { name: 'a' } })!,
  );
  expect(absence({ state: synced }, true, store)).toBe('counted only');
  store.close();
});

test('a control plane stands once in the tree, also while no owner is written into it', () => {
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
  const rows = (id: string) => childRows(scope, id).map(rowOf);
  const top = rows('c/cluster-api');
  expect(top.map(({ label }) => label)).toEqual(['a']);
  expect(rows(top[0]!.id).map(({ label }) => label)).toEqual(['Control plane']);
  store.close();
});
