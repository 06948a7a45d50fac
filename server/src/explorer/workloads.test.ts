import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Api, configFor, startApi } from '../engine/fixture.ts';
import { Explorer } from './explorer.ts';
import { idOf } from './row-id.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function opened(): Promise<{ api: Api; explorer: Explorer; changed: string[] }> {
  const api = await startApi();
  const folder = mkdtempSync(join(tmpdir(), 'capstan-workloads-'));
  ends.push(
    () => api.stop(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  const file = join(folder, 'config');
  writeFileSync(file, configFor(api.url));
  const changed: string[] = [];
  const explorer = new Explorer({
    ...{ selection: { explicit: file }, env: {}, readOnlyContexts: [], userAgent: 'test', terminal: false },
    ...{ ask: async () => true, remember: false, log: () => undefined },
    onChanged: (_, ids) => changed.push(...ids.map(String)),
  });
  ends.push(() => explorer.dispose());
  explorer.fleet.open(['c']);
  while (explorer.fleet.session('c')?.state.is !== 'live' || explorer.fleet.session('c')?.store.size !== 1)
    await sleep(10);
  return { api, explorer, changed };
}

const deployment = 'apps/Deployment|shop|web';
const idOfObject = (key: string) => idOf({ context: 'c', branch: 'workload', node: ['object', key] });
const below = async (explorer: Explorer, id: string) => await explorer.rowsSoon({ view: 'workloads', id });
const words = (rows: readonly { label: string; description: string; state: string }[]) =>
  rows.map(({ label, description, state }) => `${state} ${label}: ${description}`);

function replicaSet(revision: number, image: string, replicas: number, name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...{ name, namespace: 'shop', uid: name, resourceVersion: `${revision}`, generation: 1 },
      annotations: { 'deployment.kubernetes.io/revision': `${revision}` },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u1', controller: true }],
    },
    spec: { replicas, template: { spec: { containers: [{ name: 'web', image }] } } },
    status: { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas },
  };
}

function pod(name: string, owner: string, ready: string, resourceVersion = '5'): object {
  const containerStatuses = [{ name: 'web', ready: ready === 'True', restartCount: 0, state: { running: {} } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{ name, namespace: 'shop', uid: name, resourceVersion },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }], containerStatuses },
  };
}

test('revisions and pods of a Deployment are followed while it is expanded, and released after', async () => {
  const { api, explorer, changed } = await opened();
  api.owned.replicasets.push(
    replicaSet(3, 'r.example/web:2.14.0', 1, 'web-7d9f'),
    replicaSet(2, 'r.example/web:2.13.0', 0, 'web-5c'),
  );
  api.owned.pods.push(pod('web-7d9f-x2x4', 'web-7d9f', 'False'));
  const [context] = explorer.rows({ view: 'workloads' });
  expect(context).toMatchObject({ label: 'c', branch: true });
  expect(api.followed()).toEqual([]);
  const [namespace] = await below(explorer, context!.id);
  const [web] = await below(explorer, namespace!.id);
  expect(web).toMatchObject({ label: 'Deployment web', branch: true, id: idOfObject(deployment) });
  expect(api.followed()).toEqual([]);

  const revisions = await below(explorer, web!.id);
  expect(words(revisions)).toEqual([
    'ready ReplicaSet 7d9f: revision 3, web 2.13.0 → 2.14.0, 1/1 available',
    expect.stringMatching(/^none ReplicaSet 5c: revision 2, web 2.13.0/),
  ]);
  expect(api.followed()).toEqual(['pods app=web', 'replicasets app=web']);
  const [first] = await below(explorer, revisions[0]!.id);
  expect(first).toMatchObject({ label: 'Pod x2x4', state: 'progressing', branch: false });

  changed.length = 0;
  api.owned.pods.splice(0, 1, pod('web-7d9f-x2x4', 'web-7d9f', 'True', '6'));
  api.push('pods');
  while (!changed.includes(revisions[0]!.id)) await sleep(10);
  expect(words(explorer.rows({ view: 'workloads', id: revisions[0]!.id }))).toEqual(['ready Pod x2x4: 1/1']);

  explorer.release('workloads', [web!.id, revisions[0]!.id]);
  while (api.followed().length > 0) await sleep(10);
  expect(words(await below(explorer, namespace!.id))).toEqual(words([web!]));
});

test('pods that may not be listed are a row that says so, beside what may', async () => {
  const { api, explorer } = await opened();
  api.pods = 403;
  api.owned.replicasets.push(replicaSet(1, 'web:1', 1, 'web-1'));
  const rows = await below(explorer, idOfObject(deployment));
  expect(words(rows)).toEqual([
    'ready ReplicaSet 1: revision 1, web 1, 1/1 available',
    'denied Pods: no permission to list them',
  ]);
});

test('nothing is followed after the context is closed', async () => {
  const { api, explorer } = await opened();
  await below(explorer, idOfObject(deployment));
  expect(api.followed()).toHaveLength(2);
  await explorer.fleet.close(['c']);
  while (api.followed().length > 0) await sleep(10);
  expect(explorer.rows({ view: 'workloads' })).toEqual([]);
});

test('below a row of a filtered view, and below a pinned one, is what is below it in the tree, by ids of their own', async () => {
  const { api, explorer, changed } = await opened();
  api.owned.replicasets.push(replicaSet(1, 'web:1', 1, 'web-1'));
  api.owned.pods.push(pod('web-1-a', 'web-1', 'True'));
  explorer.pin([{ context: 'c', ref: { cluster: '', groupKind: 'apps/Deployment', namespace: 'shop', name: 'web' } }]);
  const pinned = explorer.rows({ view: 'workloads' })[0]!;
  explorer.filter('clusters', 'web');
  explorer.filter('workloads', '');
  const inTree = await below(explorer, idOfObject(deployment));
  const belowPin = await below(explorer, pinned.id);
  expect(words(belowPin)).toEqual(words(inTree));
  const pods = await below(explorer, belowPin[0]!.id);
  expect(pods.map(({ ref }) => ref?.name)).toEqual(['web-1-a']);
  // What is expanded in two places is shown in both, and followed once.
  expect(api.followed().length).toBe(2);
  explorer.filter('workloads', 'web');
  const [flat] = explorer.rows({ view: 'workloads' });
  const belowFlat = await below(explorer, flat!.id);
  expect(words(belowFlat)).toEqual(words(inTree));
  const ids = [...inTree, ...belowPin, ...belowFlat, ...pods, flat!, pinned].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  changed.length = 0;
  api.owned.pods[0] = pod('web-1-a', 'web-1', 'False', '9');
  api.push('pods');
  while (!changed.includes(belowPin[0]!.id)) await sleep(10);
});
