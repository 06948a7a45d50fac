import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Api, configFor, startApi } from '../engine/fixture.ts';
import { readKubeConfigFile } from '../engine/kubeconfig/file.ts';
import { type Fleet, openSession } from '../engine/session/fleet.ts';
import { servedBy } from '../engine/session/served.ts';
import { Explorer } from './explorer.ts';
import { idOf, type Place } from './row-id.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function started(): Promise<Api> {
  const api = await startApi();
  ends.push(() => api.stop());
  return api;
}

interface Opened {
  readonly explorer: Explorer;
  readonly fleet: Fleet;
  write(config: string): void;
}

function open(server: string): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-session-'));
  const file = join(folder, 'config');
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(file, configFor(server));
  const explorer = new Explorer({
    selection: { explicit: file },
    env: {},
    readOnlyContexts: [],
    userAgent: 'test',
    terminal: false,
    ask: async () => true,
    remember: false,
    log: () => undefined,
  });
  const { fleet } = explorer;
  ends.push(() => explorer.dispose());
  fleet.open(['c']);
  return { explorer, fleet, write: (config) => writeFileSync(file, config) };
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(10);
}

const is = (fleet: Fleet) => fleet.session('c')?.state.is;
const shop: Place = { context: 'c', branch: 'workload', node: ['namespace', 'shop'] };
const rows = (explorer: Explorer, place?: Place) =>
  explorer.rows({ view: 'clusters', ...(place && { id: idOf(place) }) });
const row = (explorer: Explorer) => rows(explorer).find(({ label }) => label === 'c')!;

test('a context that regains permission to list is live after a retry, without a stale denial', async () => {
  const api = await started();
  api.lists = 403;
  const { fleet } = open(api.url);
  await until(() => is(fleet) === 'denied');
  api.lists = 200;
  const seen: unknown[] = [];
  fleet.retry('c');
  await until(() => {
    seen.push(is(fleet));
    return is(fleet) === 'live';
  });
  expect(seen).not.toContain('denied');
  await until(() => fleet.session('c')!.store.size === 1);
  expect([...fleet.session('c')!.kinds.values()].map(({ namespace }) => namespace)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('objects of a kind whose watch keeps failing have an unknown state', async () => {
  const api = await started();
  const { explorer, fleet } = open(api.url);
  await until(() => is(fleet) === 'live' && fleet.session('c')!.store.size === 1);
  const object = () => rows(explorer, shop)[0]!;
  expect(object().state).toBe('ready');
  api.lists = 500;
  api.cut();
  await until(() => object().state === 'unknown');
  const [branch] = explorer.rows({ view: 'workloads' });
  expect(branch?.description).toMatch(/Deployment: not up to date: said 500/);
  expect(is(fleet)).toBe('live');
});

test('known objects remain visible while the user has to sign in again', async () => {
  const api = await started();
  const { explorer, fleet } = open(api.url);
  await until(() => is(fleet) === 'live' && fleet.session('c')!.store.size === 1);
  api.lists = 401;
  api.cut();
  await until(() => is(fleet) === 'denied');
  expect(row(explorer)).toMatchObject({ branch: false, actions: ['signIn', 'closeContext'] });
  expect(explorer.rows({ view: 'workloads' })).toMatchObject([{ branch: true }]);
  expect(rows(explorer, shop)[0]?.state).toBe('unknown');
});

test('a filter keeps the top-level rows that fit, and reports the change to whoever looks', async () => {
  const api = await started();
  api.lists = 403;
  const { explorer, fleet } = open(api.url);
  await until(() => is(fleet) === 'denied');
  const labels = () => explorer.rows({ view: 'problems' }).map(({ label }) => label);
  expect(labels()).toEqual(['c']);
  explorer.filter('problems', 'kind:Deployment');
  expect(labels()).toEqual([]);
  explorer.filter('problems', 'is:denied');
  expect(labels()).toEqual(['c']);
  explorer.filter('problems', '');
  expect(labels()).toEqual(['c']);
});

test('a cluster whose identification failed is live without an id', async () => {
  const api = await started();
  api.identity = 500;
  const { fleet } = open(api.url);
  await until(() => is(fleet) === 'live');
  expect(fleet.session('c')!.clusterId).toBe('');
});

test('a context that is no longer in the kubeconfig can be closed and is not part of the summary', async () => {
  const api = await started();
  const { explorer, fleet, write } = open(api.url);
  await until(() => is(fleet) === 'live');
  expect(explorer.summary().sentence).toBe('1 context, no problems');
  write('{contexts: [], clusters: [], users: []}');
  await until(() => is(fleet) === 'gone');
  expect(row(explorer)).toMatchObject({ description: 'no longer in the kubeconfig', actions: ['closeContext'] });
  expect(explorer.summary()).toMatchObject({ open: 0, sentence: 'No context is open' });
  expect(openSession(fleet, 'c')).toMatchObject({
    ok: false,
    failure: { message: 'context "c" is no longer in the kubeconfig' },
  });
  await fleet.close(['c']);
  expect(rows(explorer)).toEqual([]);
});

test('a context whose user is missing reports it, as does opening the context', async () => {
  const api = await started();
  const { explorer, fleet, write } = open(api.url);
  await until(() => is(fleet) === 'live');
  write(configFor(api.url).replace('"users":[{"name":"u"', '"users":[{"name":"v"'));
  await until(() => is(fleet) === 'gone');
  expect(row(explorer).description).toMatch(/refers to user "u", which does not exist/);
  expect(fleet.open(['c'])).toMatchObject({ ok: false, failure: { kind: 'config' } });
  write(configFor(api.url));
  await until(() => is(fleet) === 'live');
});

test('names from a kubeconfig are shown as plain text', async () => {
  const { explorer, fleet, write } = open('http://127.0.0.1:1');
  write(JSON.stringify({ contexts: [{ name: 'a\u001b[31m\n[x](http://y)\u202e', context: { cluster: 'c' } }] }));
  await until(() => fleet.config.contexts.size === 1 && !fleet.config.contexts.has('c'));
  const [shown] = rows(explorer);
  expect(shown?.label).toBe('a [x](http://y)\ufffd');
  expect(shown?.tooltip).toContain('\\[x\\]\\(http://y\\)');
});

test('requesting an object reports whether its context is not connected or its kind no longer served', async () => {
  const api = await started();
  const ref = { cluster: '', groupKind: 'apps/Deployment', namespace: 'shop', name: 'web' } as const;
  const { fleet } = open(api.url);
  const session = fleet.session('c')!;
  expect(servedBy(session, ref)).toMatchObject({ ok: false, failure: { message: 'c is not connected (connecting)' } });
  await until(() => is(fleet) === 'live');
  expect(servedBy(session, ref)).toMatchObject({ ok: true });
  const gone = { ...ref, groupKind: 'cluster.x-k8s.io/Cluster' } as const;
  expect(servedBy(session, gone)).toMatchObject({
    ok: false,
    failure: { message: 'c no longer serves Cluster: its CRD is missing' },
  });
});

test('an empty tls-server-name is ignored, as by kubectl', () => {
  const text = '{clusters: [{name: c, cluster: {server: "https://c", tls-server-name: ""}}]}';
  expect(readKubeConfigFile('/k', Buffer.from(text)).clusters.get('c')).not.toHaveProperty('tlsServerName');
});

test('with permission to list but not to watch, objects are shown and the missing permission is reported', async () => {
  const api = await started();
  api.watches = 403;
  const { explorer, fleet } = open(api.url);
  const [kinds, store] = [fleet.session('c')!.kinds, fleet.session('c')!.store];
  await until(() => is(fleet) === 'live' && [...kinds.values()].every(({ state }) => state.failure !== undefined));
  expect(store.size).toBe(1);
  expect([...kinds.values()].map(({ namespace }) => namespace)).toEqual([undefined, undefined, undefined]);
  expect(explorer.rows({ view: 'workloads' })[0]?.description).toMatch(
    /^1 object, no permission to watch (StatefulSet|Deployment|DaemonSet),/,
  );
  expect(rows(explorer, shop)[0]?.state).toBe('ready');
});

test('a pinned object is the first row of its view while its context is open, and says if it is missing', async () => {
  const api = await started();
  const { explorer, fleet } = open(api.url);
  await until(() => is(fleet) === 'live' && fleet.session('c')!.store.size === 1);
  const pin = (name: string, context = 'c') => ({
    context,
    ref: { cluster: '', groupKind: 'apps/Deployment', namespace: 'shop', name } as const,
  });
  const top = () => explorer.rows({ view: 'workloads' });
  const before = top();
  explorer.pin([pin('web'), pin('gone'), pin('web', 'closed')]);
  expect(top().map(({ label, state }) => `${label} ${state}`)).toEqual([
    'Deployment web ready',
    'Deployment gone failed',
    ...before.map(({ label, state }) => `${label} ${state}`),
  ]);
  expect(top().map(({ branch }) => branch)).toEqual([true, false, true]);
  expect(top()[0]).toMatchObject({ actions: expect.arrayContaining(['unpin', 'showObject']) });
  expect(new Set(top().map(({ id }) => id)).size).toBe(top().length);
  expect(explorer.rows({ view: 'delivery' })).toEqual([]);
  explorer.pin([]);
  expect(top()).toEqual(before);
});
