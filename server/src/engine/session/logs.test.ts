import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { trim } from '../../live/object.ts';
import { transportTo } from '../transport/fixture.ts';
import { loggedPods, readLogs } from './logs.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const pod = (name: string, at = '2026-01-01T00:00:00Z', containers = ['web']) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: name, creationTimestamp: at },
  spec: { containers: containers.map((container) => ({ name: container })) },
});
const deployment = trim({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'd' },
  spec: { selector: { matchLabels: { app: 'web' } } },
})!;

async function started(pods: object[], log: (query: URLSearchParams, response: ServerResponse, name: string) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://a');
    const name = /pods\/([^/]+)\/log$/.exec(url.pathname)?.[1];
    if (name === undefined) {
      const one = pods.find((known) => url.pathname.endsWith(`/${(known as ReturnType<typeof pod>).metadata.name}`));
      return response.end(JSON.stringify(one ?? { items: pods }));
    }
    asked.push(`${name}?${url.searchParams}`);
    log(url.searchParams, response, name);
    return undefined;
  }).listen(0);
  await once(server, 'listening');
  const transport = transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  ends.push(
    () => transport.close(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
  const said: string[] = [];
  const sink = {
    line: (of: string, text: string) => said.push(`${of}: ${text}`),
    note: (is: string, text: string) => said.push(`${is} ${text}`),
  };
  return { transport, asked, said, sink };
}

const once500 = { previous: false, follow: false, tail: 500 };
const never = new AbortController().signal;

test('the last lines of a pod are read, bounded, with secrets hidden', async () => {
  const { transport, asked, said, sink } = await started([pod('a')], (_, response) => {
    response.end('up\ntoken=abcdef123456\n\u001b[31mred\n');
  });
  await readLogs(transport, trim(pod('a'))!, { ...once500, tail: 1e9, previous: true }, sink, never);
  expect(said).toEqual(['a: up', 'a: token=[redacted]', expect.not.stringContaining('\u001b')]);
  expect(asked).toEqual(['a?container=web&tailLines=5000&limitBytes=8388608&previous=true']);
});

test('of a workload the newest pods are read, and one that cannot be is said beside the others', async () => {
  const pods = [pod('old'), pod('new', '2026-02-01T00:00:00Z')];
  const { transport, said, sink } = await started(pods, (_, response, name) => {
    if (name === 'old')
      response.writeHead(403).end(JSON.stringify({ kind: 'Status', code: 403, message: 'no pods/log' }));
    else response.end('hello\n');
  });
  const found = await loggedPods(transport, deployment);
  expect(found.ok && found.value.map(({ name }) => name)).toEqual(['new', 'old']);
  await readLogs(transport, deployment, once500, sink, never);
  expect([...said].sort()).toEqual(['failure Pod old, container web: no pods/log', 'new: hello']);
});

test('a container that a pod has not is a failure, without a request', async () => {
  const { transport, asked, said, sink } = await started([pod('a')], (_, response) => response.end());
  await readLogs(transport, trim(pod('a'))!, { ...once500, container: 'sidecar' }, sink, never);
  expect([said, asked]).toEqual([['failure Pod a has no container sidecar.'], []]);
});

test('a log is followed until it is stopped, and a lost connection is said', async () => {
  let open: ServerResponse | undefined;
  const { transport, said, sink } = await started([pod('a')], (query, response) => {
    expect(query.get('follow')).toBe('true');
    open = response;
    response.write('1\n');
  });
  const own = new AbortController();
  const reading = readLogs(transport, trim(pod('a'))!, { ...once500, follow: true }, sink, own.signal);
  await vi.waitFor(() => expect(said).toEqual(['a: 1']), { timeout: 20_000 });
  open!.write('2\n');
  await vi.waitFor(() => expect(said).toEqual(['a: 1', 'a: 2']), { timeout: 20_000 });
  own.abort();
  await reading;
  expect(said).toEqual(['a: 1', 'a: 2']);

  const again = readLogs(transport, trim(pod('a'))!, { ...once500, follow: true }, sink, never);
  await vi.waitFor(() => expect(said.length).toBe(3), { timeout: 20_000 });
  open!.destroy();
  await again;
  expect(said[3]).toMatch(/^failure Pod a, container web: the connection .* was lost/);
});
