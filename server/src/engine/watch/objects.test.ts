import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { success } from '../failure.ts';
import { transportTo } from '../transport/fixture.ts';
import type { Transport } from '../transport/transport.ts';
import type { Collection } from './discovery.ts';
import { deleteObject, listObjects, patchObject, readObject } from './objects.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Asked {
  readonly line: string;
  readonly type: string | undefined;
  readonly length: string | undefined;
  readonly body: string;
}

/** Starts a server that sends the same response to every request and records the requests. */
async function serving(answer: unknown): Promise<{ transport: Transport; asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push({
      line: `${request.method} ${request.url}`,
      type: request.headers['content-type'],
      length: request.headers['content-length'],
      body: await bodyOf(request),
    });
    response.end(JSON.stringify(answer));
  }).listen(0);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = transportTo(url);
  ends.push(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { transport, asked };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += piece;
  return body;
}

const deployments: Collection = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
const roles: Collection = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};
const clusters: Collection = {
  group: 'cluster.x-k8s.io',
  version: 'v1beta2',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: true,
};

const ofTomorrow = {
  metadata: {
    name: 'web',
    namespace: 'shop',
    creationTimestamp: '2026-01-02T03:04:05Z',
    fieldOfTomorrow: 'a',
    managedFields: [{ manager: 'm', time: '2026-01-02T03:04:05Z', fieldsV1: { 'f:spec': {} } }],
  },
  spec: { replicas: 1, fieldOfTomorrow: { deep: [1, null] }, template: { spec: { fieldOfTomorrow: true } } },
  status: { conditions: [{ type: 'Ready', lastTransitionTime: '2026-01-02T03:04:05.000001Z', fieldOfTomorrow: 1 }] },
};

test.each([
  ['a built-in kind', { apiVersion: 'apps/v1', kind: 'Deployment', ...ofTomorrow }, deployments],
  ['a custom kind', { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', ...ofTomorrow }, clusters],
])('%s keeps fields that the client’s models do not know, and times as written', async (_, sent, kind) => {
  const { transport, asked } = await serving(sent);
  const name = { namespace: 'shop', name: 'web' };
  expect(await readObject(transport, kind, name)).toEqual(success(sent));
  const written = await patchObject(transport, kind, name, {}, { dryRun: true, fieldManager: 'test' });
  expect(written).toEqual(success(sent));
  expect(asked).toHaveLength(2);
});

test('a list keeps its items as they are and requests the next page', async () => {
  const sent = { apiVersion: 'apps/v1', kind: 'DeploymentList', metadata: { continue: 'a/b c' }, items: [ofTomorrow] };
  const { transport, asked } = await serving(sent);
  const query = { namespace: 'shop', labelSelector: 'app in (a,b)', page: 'a/b c' };
  expect(await listObjects(transport, deployments, query)).toEqual(success(sent));
  await listObjects(transport, deployments, { labelSelector: '', fieldSelector: 'type=Warning' });
  const urls = asked.map(({ line }) => new URL(line.slice(4), 'http://a'));
  expect(urls.map(({ pathname, searchParams }) => [pathname, Object.fromEntries(searchParams)])).toEqual([
    ['/apis/apps/v1/namespaces/shop/deployments', { labelSelector: 'app in (a,b)', limit: '500', continue: 'a/b c' }],
    ['/apis/apps/v1/deployments', { fieldSelector: 'type=Warning', limit: '500' }],
  ]);
});

test('names keep their case, and a cluster-wide object has no namespace', async () => {
  const { transport, asked } = await serving({});
  await readObject(transport, roles, { namespace: 'shop', name: 'system:Node/Reader' });
  await readObject(transport, deployments, { namespace: 'Shop', name: 'Web' });
  expect(asked.map(({ line }) => line)).toEqual([
    'GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3ANode%2FReader',
    'GET /apis/apps/v1/namespaces/Shop/deployments/Web',
  ]);
});

test('a name of dots is refused, so that it reaches no other path', async () => {
  const { transport, asked } = await serving({});
  for (const name of ['.', '..'])
    expect(await readObject(transport, deployments, { namespace: 'shop', name })).toMatchObject({
      ok: false,
      failure: { kind: 'invalid' },
    });
  expect(asked).toEqual([]);
});

test('a merge patch names its object and field manager, and keeps nulls and fields that no model knows', async () => {
  const { transport, asked } = await serving({});
  const patch = { metadata: { uid: 'u1', annotations: { a: null } }, spec: { suspend: true, extra: { b: null } } };
  const name = { namespace: 'shop', name: 'web' };
  for (const kind of [clusters, deployments])
    await patchObject(transport, kind, name, patch, { dryRun: false, fieldManager: 'capstan', serverTimeout: 20 });
  const [{ line, type, body } = asked[0]!] = asked;
  expect([line, type]).toEqual([
    'PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/shop/clusters/web?fieldManager=capstan&timeout=20s',
    'application/merge-patch+json',
  ]);
  expect(asked[1]!.body).toBe(body);
  expect(JSON.parse(body)).toEqual({
    metadata: { namespace: 'shop', name: 'web', uid: 'u1', annotations: { a: null } },
    spec: { suspend: true, extra: { b: null } },
  });
});

test('a dry run of a deletion is one by its query and by its body, whichever of them arrives', async () => {
  const { transport, asked } = await serving({ kind: 'Status', status: 'Success' });
  const named = { namespace: 'shop', name: 'web' };
  await deleteObject(transport, deployments, named, 'u1', { dryRun: true });
  await deleteObject(transport, deployments, named, 'u1', { dryRun: false });
  const [dry, real] = asked;
  expect(dry!.line).toBe('DELETE /apis/apps/v1/namespaces/shop/deployments/web?dryRun=All');
  expect(JSON.parse(dry!.body)).toEqual({ preconditions: { uid: 'u1' }, dryRun: ['All'] });
  expect(dry!.length).toBe(`${dry!.body.length}`);
  expect(real!.line).toBe('DELETE /apis/apps/v1/namespaces/shop/deployments/web');
  expect(JSON.parse(real!.body)).toEqual({ preconditions: { uid: 'u1' } });
});
