import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthorizationV1Api, VersionApi } from '@kubernetes/client-node/dist/gen/index.js';
import { afterEach, expect, test } from 'vitest';
import { keepSecret } from '../redact.ts';
import { transportTo } from './fixture.ts';
import { type CallOptions, call } from './http-library.ts';
import type { Transport } from './transport.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serving(listener: RequestListener): Promise<Transport> {
  const server = createServer(listener).listen(0);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = transportTo(`${url}/behind/a/prefix`, { authorization: 'Bearer of-ours' });
  ends.push(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return transport;
}

const version = (transport: Transport, options?: CallOptions) =>
  call(transport, (configuration) => new VersionApi(configuration).getCode(), options);

test('a generated client sends through the transport: its credential, user agent and path', async () => {
  const seen: unknown[] = [];
  const transport = await serving(({ method, url, headers }, response) => {
    seen.push([method, url, headers.authorization, headers['user-agent'], headers['content-type']]);
    let body = '';
    response.req.on('data', (piece) => (body += piece));
    response.req.on('end', () => {
      seen.push(body === '' ? '' : JSON.parse(body));
      response.writeHead(201).end('{ "gitVersion": "v1.36.0", "status": { "allowed": true } }');
    });
  });
  expect(await version(transport, { serverTimeout: 20 })).toMatchObject({ ok: true, value: { gitVersion: 'v1.36.0' } });
  const body = { spec: { resourceAttributes: { verb: 'patch', resource: 'pods' } } };
  const review = await call(transport, (configuration) =>
    new AuthorizationV1Api(configuration).createSelfSubjectAccessReview({ body }),
  );
  expect(review).toMatchObject({ ok: true, value: { status: { allowed: true } } });
  const path = '/behind/a/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  expect(seen).toEqual([
    ['GET', '/behind/a/prefix/version?timeout=20s', 'Bearer of-ours', 'capstan-test', undefined],
    '',
    ['POST', path, 'Bearer of-ours', 'capstan-test', 'application/json'],
    body,
  ]);
});

test.each([
  [
    403,
    '{ "kind": "Status", "code": 403, "reason": "Forbidden", "message": "pods is forbidden" }',
    { kind: 'forbidden', message: 'pods is forbidden', status: 403, reason: 'Forbidden' },
  ],
  [409, '{ "kind": "Status", "code": 409, "message": "modified" }', { kind: 'conflict', message: 'modified' }],
  [503, '<html>sorry</html>', { kind: 'server', message: 'the API server returned status 503', status: 503 }],
  [200, '<html>sign in</html>', { kind: 'server', message: expect.stringContaining('is not JSON') }],
  [200, '', { kind: 'server', message: expect.stringContaining('to /version is not JSON') }],
])('status %d with %s is a failure of our kinds', async (status, body, failure) => {
  const transport = await serving((_, response) => response.writeHead(status).end(body));
  expect(await version(transport)).toMatchObject({ ok: false, failure });
});

test('what a server quotes of a secret is redacted', async () => {
  keepSecret('hunter2-hunter2');
  const body = { kind: 'Status', code: 400, message: 'token hunter2-hunter2 is malformed' };
  const transport = await serving((_, response) => response.writeHead(400).end(JSON.stringify(body)));
  const answer = await version(transport);
  expect(answer).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test('a server that stays silent and a request given up end as they do without a client', async () => {
  const transport = await serving(() => undefined);
  expect(await version(transport, { quiet: 50 })).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  const signal = AbortSignal.timeout(50);
  expect(await version(transport, { signal })).toMatchObject({ ok: false, failure: { kind: 'aborted' } });
});

test('an error in our own call is thrown, not returned as a failure', async () => {
  const transport = await serving((_, response) => response.end('{}'));
  const broken = call(transport, (configuration) =>
    new AuthorizationV1Api(configuration).createSelfSubjectAccessReview({ body: undefined as never }),
  );
  await expect(broken).rejects.toThrow(/body/);
});
