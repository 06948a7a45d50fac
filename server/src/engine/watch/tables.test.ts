// Follows a table over the ends of watches: what changed meanwhile is found by the next list.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { TableRow } from '../../live/table.ts';
import { transportTo } from '../transport/fixture.ts';
import type { Collection } from './discovery.ts';
import { followTable, readTable } from './tables.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const databases: Collection = {
  group: 'example.com',
  version: 'v1',
  kind: 'Database',
  plural: 'databases',
  namespaced: true,
};
const query = { namespace: 'db', wantsObjects: false, wide: false };

/** Name, engine and version of an object. */
type Stored = readonly [name: string, engine: string, resourceVersion: string];

function table(objects: readonly Stored[], hasColumns: boolean, resourceVersion = ''): object {
  const columnDefinitions = [
    { name: 'Name', priority: 0 },
    { name: 'Size', priority: 1 },
    { name: 'Engine', priority: 0 },
  ];
  const rows = objects.map(([name, engine, version]) => ({
    cells: [name, 3, engine],
    object: { metadata: { name, namespace: 'db', resourceVersion: version } },
  }));
  return { kind: 'Table', metadata: { resourceVersion }, ...(hasColumns && { columnDefinitions }), rows };
}

/** A server of what `stored` has now; watches are left open for the test. */
async function serving(first: readonly Stored[]) {
  const state = { stored: first, status: 200, asked: [] as string[], watch: undefined as ServerResponse | undefined };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://a');
    state.asked.push(searchParams.get('watch') ? `watch ${searchParams.get('resourceVersion')}` : 'list');
    if (state.status !== 200)
      return response.writeHead(state.status).end(JSON.stringify({ kind: 'Status', message: 'not allowed' }));
    if (!searchParams.get('watch')) return response.end(JSON.stringify(table(state.stored, true, '10')));
    state.watch = response;
    return response.writeHead(200).flushHeaders();
  }).listen(0);
  await once(server, 'listening');
  const transport = transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  ends.push(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  const send = (event: object) => state.watch!.write(`${JSON.stringify(event)}\n`);
  return { state, transport, send };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

async function following(first: readonly Stored[]) {
  const api = await serving(first);
  const start = await readTable(api.transport, databases, query, AbortSignal.timeout(5_000));
  if (!start.ok) throw new Error(start.failure.message);
  const seen: string[] = [];
  const stop = new AbortController();
  const changed = ({ cells }: TableRow, isGone: boolean) => seen.push(`${cells.join(' ')}${isGone ? ' gone' : ''}`);
  const ended = followTable(api.transport, databases, query, start.value, stop.signal, changed);
  await until(() => api.state.watch !== undefined);
  return { ...api, seen, stop, ended };
}

test('changes are rows with the columns of the list, whose definitions a watch doesn’t repeat', async () => {
  const { state, send, seen, stop, ended } = await following([['a', 'one', '1']]);
  send({ type: 'MODIFIED', object: table([['a', 'two', '11']], false) });
  send({ type: 'ADDED', object: table([['b', 'one', '12']], true) });
  send({ type: 'DELETED', object: table([['a', 'two', '13']], false) });
  await until(() => seen.length === 3);
  stop.abort();
  expect(await ended).toBeUndefined();
  expect(seen).toEqual(['a two', 'b one', 'a two gone']);
  expect(state.asked).toEqual(['list', 'watch 10']);
});

test('what changed while nothing was watched is found, and the rest isn’t said again', async () => {
  const { state, send, seen, stop, ended } = await following([
    ['a', 'one', '1'],
    ['b', 'one', '2'],
    ['c', 'one', '3'],
  ]);
  state.stored = [
    ['b', 'two', '12'],
    ['c', 'one', '3'],
    ['d', 'one', '13'],
  ];
  const old = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  send({ type: 'ERROR', object: old });
  const before = state.watch;
  await until(() => state.watch !== before);
  send({ type: 'ADDED', object: table([['d', 'one', '13']], false) });
  send({ type: 'MODIFIED', object: table([['c', 'two', '14']], false) });
  await until(() => seen.length === 4);
  stop.abort();
  expect(await ended).toBeUndefined();
  expect(seen).toEqual(['b two', 'd one', 'a one gone', 'c two']);
});

test('it ends with a failure that waiting doesn’t mend', async () => {
  const { state, seen, ended } = await following([['a', 'one', '1']]);
  state.status = 403;
  state.watch!.end();
  expect(await ended).toMatchObject({ kind: 'forbidden' });
  expect(seen).toEqual([]);
});
