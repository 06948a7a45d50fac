import { connect, createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { portForward } from '../../live/actions/streams.ts';
import { frame, type PodsApi, pod, podTarget, startPodsApi } from './fixture.ts';
import { Forward, type ForwardOptions } from './forward.ts';
import { permittedPod, portIn } from './pod.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function started(names = ['web']) {
  const api = await startPodsApi();
  for (const name of names) api.pods.push(pod(name));
  const target = podTarget(api, names[0]!);
  ends.push(
    () => target.close(),
    () => api.stop(),
  );
  return { api, target };
}

async function forwarding(target: ReturnType<typeof podTarget>, more: Partial<ForwardOptions> = {}) {
  const forward = await Forward.start({
    transport: () => target.transport,
    pod: () => permittedPod(target, portForward),
    ...{ port: '8080', local: 0, onChange: () => undefined },
    ...more,
  });
  if (!forward.ok) throw new Error(forward.failure.message);
  ends.push(() => forward.value.stop());
  return forward.value;
}

/** Answers each message in capitals, after the ports that every channel begins with. */
function echo(api: PodsApi): void {
  api.serve = (peer) => {
    for (const channel of [0, 1]) peer.send(frame(channel, Buffer.from([0x90, 0x1f])));
    peer.on('message', (data) => peer.send(frame(0, data.subarray(1).toString().toUpperCase())));
  };
}

/** What comes back until the connection ends, or is as long as what was sent. */
function said(port: number, text: string, isHalf = false): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (isHalf ? socket.end(text) : socket.write(text)));
    let all = '';
    socket.on('data', (data) => {
      all += data.toString();
      if (all.length >= text.length) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(all));
  });
}

test('each connection has its own to the pod, and the port isn’t part of what arrives', async () => {
  const { api, target } = await started();
  echo(api);
  const forward = await forwarding(target);
  expect(forward.local).toBeGreaterThan(0);
  const long = 'x'.repeat(3 << 20);
  expect(await Promise.all([said(forward.local, 'one'), said(forward.local, long)])).toEqual([
    'ONE',
    long.toUpperCase(),
  ]);
  expect(await said(forward.local, 'half', true)).toBe('HALF');
  expect(api.asked).toEqual(Array(3).fill('/api/v1/namespaces/shop/pods/web/portforward?ports=8080'));
  // The local end may still wait for an answer after it sends no more.
  await vi.waitFor(() => expect(forward.connections).toBe(0), { timeout: 60_000 });
});

test('what the pod refuses is said, until a connection works again', async () => {
  const { api, target } = await started();
  api.serve = (peer) => {
    for (const channel of [0, 1]) peer.send(frame(channel, Buffer.from([0x90, 0x1f])));
    peer.send(frame(1, 'error forwarding port 8080: connection refused'));
    peer.close();
  };
  const forward = await forwarding(target);
  expect(await said(forward.local, 'one')).toBe('');
  await vi.waitFor(() => expect(forward.problem).toBe('error forwarding port 8080: connection refused'));
  echo(api);
  expect(await said(forward.local, 'two')).toBe('TWO');
  expect(forward.problem).toBe('');
});

test('after a pod is gone, the next connection goes to the one that took its place', async () => {
  const { api, target } = await started(['web-1']);
  echo(api);
  const service = { ...target.resource, kind: 'Deployment', group: 'apps', plural: 'deployments' };
  const chosen = { ...podTarget(api, 'web-1'), resource: service };
  ends.push(() => chosen.close());
  const forward = await forwarding(target, {
    pod: async () => {
      const [first] = api.pods as { metadata: { name: string } }[];
      return permittedPod({ ...target, name: first?.metadata.name ?? 'none' }, portForward);
    },
  });
  expect(forward.pod).toBe('web-1');
  api.pods[0] = pod('web-2');
  api.refuse = (path) => (path.includes('web-1') ? { status: 404, message: 'pods "web-1" not found' } : undefined);
  expect(await said(forward.local, 'one')).toBe('ONE');
  expect([forward.pod, forward.problem]).toEqual(['web-2', '']);
  api.pods.length = 0;
  api.refuse = () => ({ status: 404, message: 'not found' });
  expect(await said(forward.local, 'two')).toBe('');
  await vi.waitFor(() => expect(forward.problem).toBe('Pod none no longer exists'));
});

test('it listens on loopback only, ends when it is stopped, and says that a port is in use', async () => {
  const { api, target } = await started();
  echo(api);
  const forward = await forwarding(target);
  const taken = await Forward.start({
    transport: () => target.transport,
    pod: () => permittedPod(target, portForward),
    ...{ port: '8080', local: forward.local, onChange: () => undefined },
  });
  expect(taken).toMatchObject({ ok: false, failure: { message: `port ${forward.local} of this machine is in use` } });
  // Whoever listens on all addresses couldn't, if it did.
  const other = createServer().listen(forward.local, '127.0.0.2');
  await vi.waitFor(() => expect(other.listening).toBe(true));
  other.close();
  const socket = connect(forward.local, '127.0.0.1', () => socket.write('one'));
  socket.on('error', () => undefined);
  socket.resume();
  await vi.waitFor(() => expect(forward.connections).toBe(1));
  const closed = new Promise((done) => socket.once('close', done));
  forward.stop();
  await closed;
  await vi.waitFor(() => expect(forward.connections).toBe(0));
  expect(await said(forward.local, 'two')).toBe('');
});

test('a port is a number, or a name that a container declares; of a Service, one of its ports', () => {
  const ports = [{ container: 'web', name: 'http', port: 8080 }];
  const own = { namespace: 'shop', name: 'web', uid: '', containers: ['web'], main: 'web', ports, targets: new Map() };
  expect(portIn(own, '9000')).toEqual({ ok: true, value: 9000 });
  expect(portIn(own, 'http')).toEqual({ ok: true, value: 8080 });
  expect(portIn(own, 'https')).toMatchObject({
    failure: { message: 'pod web declares no port https; it declares http' },
  });
  expect(portIn(own, '70000')).toMatchObject({ ok: false });
  const service = { ...own, targets: new Map([['80', 'http']]) };
  expect(portIn(service, '80')).toEqual({ ok: true, value: 8080 });
  expect(portIn(service, '8080')).toMatchObject({ failure: { message: 'the Service has no port 8080; it has 80' } });
});
