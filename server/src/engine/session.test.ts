import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Fleet } from './fleet.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Api {
  readonly url: string;
  /** Status of every list and watch of workloads, of 401 of everything; 200: one Deployment. */
  lists: number;
  /** Of the namespace that tells clusters apart. */
  identity: number;
  /** What the rules of the user say. */
  rules: string;
  /** Ends the watches that are open. */
  cut(): void;
}

/** As much of an API server as a session asks for: three kinds of workloads, one object. */
async function startApi(): Promise<Api> {
  const watches = new Set<ServerResponse>();
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
  const verbs = ['get', 'list', 'watch', 'patch'];
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '5', generation: 1 },
    spec: { replicas: 0 },
    status: { observedGeneration: 1 },
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://a');
    const json = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    const refuse = (code: number) => json({ kind: 'Status', code, message: `said ${code}` }, code);
    if (api.lists === 401) return refuse(401);
    if (url.pathname === '/version') return json({ gitVersion: 'v1.36.0' });
    if (url.pathname === '/readyz') return response.end('ok');
    if (url.pathname === '/api') return json({ kind: 'APIGroupDiscoveryList', items: [] });
    if (url.pathname === '/apis') {
      const resources = kinds.map((kind) => ({
        resource: `${kind.toLowerCase()}s`,
        responseKind: { kind },
        scope: 'Namespaced',
        verbs,
      }));
      const items = [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', resources }] }];
      return json({ kind: 'APIGroupDiscoveryList', items });
    }
    if (url.pathname.endsWith('/kube-system'))
      return api.identity === 200 ? json({ metadata: { uid: 'cluster-uid' } }) : refuse(api.identity);
    if (url.pathname.endsWith('selfsubjectrulesreviews')) return json({ status: { resourceRules: [api.rules] } });
    if (!url.pathname.startsWith('/apis/apps')) return refuse(403);
    if (api.lists !== 200) return refuse(api.lists);
    watches.add(response);
    response.writeHead(200);
    if (url.searchParams.get('sendInitialEvents')) {
      if (url.pathname.endsWith('/deployments')) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      const metadata = { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } };
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    } else response.flushHeaders();
  });
  server.listen(0);
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const api: Api = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists: 200,
    identity: 200,
    rules: 'none',
    cut() {
      for (const watch of watches) watch.end();
      watches.clear();
    },
  };
  return api;
}

function configFor(server: string): string {
  return JSON.stringify({
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'secret-token' } }],
  });
}

function open(server: string): { readonly fleet: Fleet; write(config: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-session-'));
  const file = join(folder, 'config');
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(file, configFor(server));
  const nothing = () => undefined;
  const fleet = new Fleet({
    selection: { explicit: file },
    env: {},
    readOnlyContexts: [],
    userAgent: 'test',
    terminal: false,
    ask: async () => true,
    remember: false,
    log: nothing,
    onChanged: nothing,
    onSummary: nothing,
  });
  ends.push(() => fleet.dispose());
  fleet.open(['c']);
  return { fleet, write: (config) => writeFileSync(file, config) };
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(10);
}

const is = (fleet: Fleet) => fleet.session('c')?.state.is;
const row = (fleet: Fleet) => fleet.rows(undefined).find(({ label }) => label === 'c')!;

test('a context that may list again is live after the retry, not refused by what was said before', async () => {
  const api = await startApi();
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

test('a kind whose watch goes on failing is no longer shown as it was', async () => {
  const api = await startApi();
  const { fleet } = open(api.url);
  await until(() => is(fleet) === 'live' && fleet.session('c')!.store.size === 1);
  const object = () => fleet.rows('c/workload/ns%3Ashop')[0]!;
  expect(object().state).toBe('ready');
  api.lists = 500;
  api.cut();
  await until(() => object().state === 'unknown');
  const [branch] = fleet.rows('c');
  expect(branch?.description).toMatch(/Deployment: not up to date: said 500/);
  expect(is(fleet)).toBe('live');
});

test('what is known stays shown while a person has to sign in again', async () => {
  const api = await startApi();
  const { fleet } = open(api.url);
  await until(() => is(fleet) === 'live' && fleet.session('c')!.store.size === 1);
  api.lists = 401;
  api.cut();
  await until(() => is(fleet) === 'denied');
  expect(row(fleet)).toMatchObject({ branch: true, actions: ['signIn', 'closeContext'] });
  expect(fleet.rows('c/workload/ns%3Ashop')[0]?.state).toBe('unknown');
});

test('a cluster that could not say which one it is in time is asked again', async () => {
  const api = await startApi();
  api.identity = 500;
  const { fleet } = open(api.url);
  await until(() => is(fleet) === 'live');
  expect(fleet.session('c')!.clusterId).toBe('');
});

test('a context that has left the kubeconfig can be put away, and counts for nothing', async () => {
  const api = await startApi();
  const { fleet, write } = open(api.url);
  await until(() => is(fleet) === 'live');
  expect(fleet.summary().sentence).toBe('1 context, all well');
  write('{contexts: [], clusters: [], users: []}');
  await until(() => is(fleet) === 'gone');
  expect(row(fleet)).toMatchObject({ description: 'no longer in the kubeconfig', actions: ['closeContext'] });
  expect(fleet.summary()).toMatchObject({ open: 0, sentence: 'No context is open' });
  await fleet.close(['c']);
  expect(fleet.rows(undefined)).toEqual([]);
});

test('a context whose user has gone says so, and opening it does too', async () => {
  const api = await startApi();
  const { fleet, write } = open(api.url);
  await until(() => is(fleet) === 'live');
  write(configFor(api.url).replace('"users":[{"name":"u"', '"users":[{"name":"v"'));
  await until(() => is(fleet) === 'gone');
  expect(row(fleet).description).toMatch(/names user "u", which is not there/);
  expect(fleet.open(['c'])).toMatchObject({ ok: false, failure: { kind: 'config' } });
  write(configFor(api.url));
  await until(() => is(fleet) === 'live');
});

test('names and words of others are shown as text', async () => {
  const { fleet, write } = open('http://127.0.0.1:1');
  write(JSON.stringify({ contexts: [{ name: 'a\u001b[31m\n[x](http://y)\u202e', context: { cluster: 'c' } }] }));
  await until(() => fleet.config.contexts.size === 1 && !fleet.config.contexts.has('c'));
  const [shown] = fleet.rows(undefined);
  expect(shown?.label).toBe('a [x](http://y)\ufffd');
  expect(shown?.tooltip).toContain('\\[x\\]\\(http://y\\)');
});
