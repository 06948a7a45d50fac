// Tests shells and forwarded ports against a real API server, which proxies to a kubelet that serves streams as a runtime does;
// kubectl is asked the same.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, connect as tcp } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { openShell } from '../../server/src/engine/streams/shell.ts';
import { transportTo } from '../../server/src/engine/transport/fixture.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { podsOf, ready, setStatus } from '../testbed/kubelet.ts';
import { type StreamingNode, startNode } from '../testbed/kubelet-streams.ts';
import { capstan, start, startCapstan } from './capstan.ts';
import { create } from './faults/bed.ts';

const missing = [...missingPrograms('kubernetes'), ...missingPrograms('kubelet-streams')];
if (missing.length > 0)
  console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')} kubelet-streams\`)`);

describe.skipIf(missing.length > 0)('streams of pods', () => {
  let server: ControlPlane;
  let node: StreamingNode;
  const ends: (() => void)[] = [];

  beforeAll(async () => {
    server = await startControlPlane({ users: { reader: [], shouter: [] } });
    node = await startNode(server, 'node-1');
    await create(server, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await pod('web', 'web');
    await pod('bare', 'distroless');
    await pod('unscheduled', 'web', {});
    await role('reader', ['get']);
    await role('shouter', ['create']);
  }, 120_000);
  afterAll(async () => {
    for (const end of ends) end();
    await node?.stop();
    await server?.stop();
  });

  async function pod(name: string, container: string, where: object = { nodeName: 'node-1' }, port = 0) {
    const ports = port === 0 ? [] : [{ name: 'http', containerPort: port }];
    const spec = { ...where, containers: [{ name: container, image: 'image', ports }] };
    const metadata = { name, namespace: 'shop', labels: { app: name.split('-')[0]! } };
    await create(server, '/api/v1/namespaces/shop/pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec });
    const own = (await podsOf(server, 'shop')).find((one) => one.metadata.name === name)!;
    if ('nodeName' in where) await setStatus(server, own, ready(own));
  }

  /** May read pods and do this to their streams. */
  async function role(name: string, verbs: readonly string[]) {
    const [path, apiVersion] = ['/apis/rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1'];
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['pods/exec', 'pods/portforward'], verbs },
    ];
    await create(server, `${path}/clusterroles`, { apiVersion, kind: 'ClusterRole', metadata: { name }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }];
    const binding = { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects };
    await create(server, `${path}/clusterrolebindings`, binding);
  }

  function as(user: string): string {
    const config = parse(readFileSync(server.kubeconfig, 'utf8'));
    config.users[0].user = { token: `${user}-token` };
    const file = join(server.folder, user);
    writeFileSync(file, stringify(config));
    return file;
  }

  const line = (text: string, kubeconfig = server.kubeconfig) => {
    const [own, command] = text.split(' -- ');
    const flags = ['-n', 'shop', '--context', 'admin', '--kubeconfig', kubeconfig];
    return [...own!.split(' '), ...flags, ...(command === undefined ? [] : ['--', ...command.split(' ')])];
  };
  const kubectl = (args: string) =>
    start(program('kubernetes', 'kubectl'), ['-n', 'shop', '--kubeconfig', server.kubeconfig, ...args.split(' ')]);

  /** A server in the pod, which answers each connection with what it got, in capitals. */
  async function inPod(): Promise<number> {
    const listening = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => socket.write(data.toString().toUpperCase()));
    }).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    ends.push(() => listening.close());
    return (listening.address() as AddressInfo).port;
  }

  function said(port: number, text: string): Promise<string> {
    return new Promise((done, failed) => {
      const socket = tcp(port, '127.0.0.1', () => socket.write(text));
      let all = '';
      socket.on('data', (data) => {
        all += data.toString();
        if (all.length >= text.length) socket.destroy();
      });
      socket.on('error', failed);
      socket.on('close', () => done(all));
    });
  }

  test('a command has its output and exit code, and what can’t run is said', async () => {
    const ran = await capstan(line('shell pod/web -- sh'));
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const bare = await capstan(line('shell pod/bare'));
    expect([bare.code, bare.stderr]).toEqual([1, expect.stringContaining('has no such program')]);
    expect(bare.stderr).toContain('"sh": executable file not found in $PATH');
    const none = await capstan(line('shell pod/web -c other'));
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('no container other; it has web')]);
    const waiting = await capstan(line('shell pod/unscheduled -- sh'));
    const theirs = await kubectl('exec unscheduled -- sh').ended;
    expect(waiting.code).toBe(1);
    expect(waiting.stderr).toContain('pod unscheduled does not have a host assigned');
    expect(theirs.stderr).toContain('pod unscheduled does not have a host assigned');
    const gone = await capstan(line('shell pod/never -- sh'));
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('Pod never no longer exists')]);
    expect(node.asked.filter((one) => one.startsWith('exec web'))[0]).toBe('exec web web tty=false ["sh"]');
  });

  test('a shell has the size of its terminal, an exit code, and says that its connection was lost', async () => {
    const own = new AbortController();
    const transport = transportTo(server.url, { authorization: `Bearer ${server.token}` });
    ends.push(() => transport.close());
    const web = { namespace: 'shop', name: 'web', containers: ['web'], main: 'web' };
    let text = '';
    const out = async (data: Buffer) => void (text += data.toString());
    const open = async () => {
      const query = { container: undefined, command: [], size: { columns: 111, rows: 33 } };
      const opened = await openShell(transport, web, query, { out, error: out }, own.signal);
      if (!opened.ok) throw new Error(opened.failure.message);
      return opened.value;
    };
    const first = await open();
    await until('the prompt', undefined, async () => text.includes('web $ '));
    first.write('hello\r');
    await until('the answer', undefined, async () => text.includes('ran: hello\r\n'));
    first.write('size\r');
    await until('the size', undefined, async () => text.includes('111 x 33'));
    first.resize({ columns: 60, rows: 20 });
    await until('the other size', undefined, async () => {
      first.write('size\r');
      return text.includes('60 x 20');
    });
    first.write('exit 7\r');
    expect(await first.ended).toEqual({ is: 'exited', code: 7 });

    const broken = await startNode(server, 'node-2');
    await pod('lost', 'web', { nodeName: 'node-2' });
    const query = { container: undefined, command: [], size: { columns: 80, rows: 24 } };
    const lost = await openShell(transport, { ...web, name: 'lost' }, query, { out, error: out }, own.signal);
    if (!lost.ok) throw new Error(lost.failure.message);
    await broken.stop();
    const end = await lost.value.ended;
    expect(end).toMatchObject({ is: 'failed' });
    const after = await openShell(transport, { ...web, name: 'lost' }, query, { out, error: out }, own.signal);
    // The API server accepts the WebSocket before it connects to the kubelet, and says in it that it couldn't.
    const said = after.ok ? await after.value.ended : { is: 'failed', message: after.failure.message };
    expect(said).toMatchObject({ is: 'failed', message: expect.stringMatching(/connection refused/) });
  }, 60_000);

  test('a forwarded port takes any number of connections, as kubectl’s does, until it is interrupted', async () => {
    const port = await inPod();
    await pod('api-1', 'web', { nodeName: 'node-1' }, port);
    const own = startCapstan(line(`port-forward pod/api-1 0:http :1`));
    await own.lines(2);
    own.interrupt();
    const { code, stdout, stderr } = await own.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Forwarding from 127.0.0.1:\\d+ to port ${port} of pod api-1\n`));

    const running = startCapstan(line(`port-forward pod/api-1 0:${port}`));
    await running.lines(1);
    const local = Number(/127\.0\.0\.1:(\d+)/.exec(running.printed())![1]);
    const theirs = kubectl(`port-forward pod/api-1 :${port}`);
    await theirs.lines(1);
    const kubectls = Number(/127\.0\.0\.1:(\d+)/.exec(theirs.printed())![1]);
    const long = 'x'.repeat(3 << 20);
    for (const text of ['one', long]) expect(await said(local, text)).toBe(await said(kubectls, text));
    expect((await Promise.all(['a', 'b', 'c'].map((text) => said(local, text)))).join('')).toBe('ABC');
    expect(node.asked.filter((one) => one === `forward api-1 [${port}]`).length).toBeGreaterThanOrEqual(5);
    const again = await capstan(line(`port-forward pod/api-1 ${local}:${port}`));
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`port ${local} of this machine is in use`)]);
    theirs.interrupt();
    running.interrupt();
    await Promise.all([theirs.ended, running.ended]);
  }, 60_000);

  test('of a Service it is a ready pod; a port that nobody listens on, and a pod that is replaced, are said', async () => {
    const port = await inPod();
    await pod('shopapi-1', 'web', { nodeName: 'node-1' }, port);
    const service = { selector: { app: 'shopapi' }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] };
    const metadata = { name: 'shopapi', namespace: 'shop' };
    await create(server, '/api/v1/namespaces/shop/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: service,
    });
    const running = startCapstan(line('port-forward service/shopapi 0:80'));
    await running.lines(1);
    expect(running.printed()).toContain(`to port ${port} of pod shopapi-1`);
    const local = Number(/127\.0\.0\.1:(\d+)/.exec(running.printed())![1]);
    expect(await said(local, 'one')).toBe('ONE');
    await pod('shopapi-2', 'web', { nodeName: 'node-1' }, port);
    await server.request('DELETE', '/api/v1/namespaces/shop/pods/shopapi-1?gracePeriodSeconds=0');
    expect(await said(local, 'two')).toBe('TWO');
    await server.request('DELETE', '/api/v1/namespaces/shop/pods/shopapi-2?gracePeriodSeconds=0');
    expect(await said(local, 'three')).toBe('');
    running.interrupt();
    expect((await running.ended).stderr).toContain('no pod of Service shop/shopapi is running');

    const silent = startCapstan(line('port-forward pod/web 0:1'));
    await silent.lines(1);
    expect(await said(Number(/127\.0\.0\.1:(\d+)/.exec(silent.printed())![1]), 'one')).toBe('');
    silent.interrupt();
    expect((await silent.ended).stderr).toContain('failed to connect to localhost:1 inside namespace');
  }, 60_000);

  test('without both permissions nothing is opened, as the server would refuse it too', async () => {
    const before = node.asked.length;
    for (const [user, verb] of [
      ['reader', 'create'],
      ['shouter', 'get'],
    ] as const)
      for (const [act, resource] of [
        ['shell pod/web', 'pods/exec'],
        ['port-forward pod/web 0:80', 'pods/portforward'],
      ] as const) {
        const { code, stderr } = await capstan(line(act, as(user)));
        expect([code, stderr]).toEqual([
          1,
          expect.stringContaining(`admin: you have no permission to ${verb} ${resource} in namespace shop.`),
        ]);
        const transport = transportTo(server.url, { authorization: `Bearer ${user}-token` });
        const web = { namespace: 'shop', name: 'web', containers: ['web'], main: 'web' };
        const out = async () => undefined;
        const query = { container: undefined, command: [], size: { columns: 80, rows: 24 } };
        const sent = await openShell(transport, web, query, { out, error: out }, new AbortController().signal);
        transport.close();
        expect(sent).toMatchObject({ ok: false, failure: { kind: 'forbidden' } });
      }
    expect(node.asked.length).toBe(before);
  }, 60_000);
});
