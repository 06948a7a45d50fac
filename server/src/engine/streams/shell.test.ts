import { afterEach, expect, test, vi } from 'vitest';
import { shell } from '../../live/actions/streams.ts';
import { frame, type PodsApi, pod, podTarget, startPodsApi } from './fixture.ts';
import { permittedPod } from './pod.ts';
import { openShell } from './shell.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const web = { namespace: 'shop', name: 'web', containers: ['web'], main: 'web' };
const size = { columns: 100, rows: 30 };

async function started() {
  const api = await startPodsApi();
  api.pods.push(pod('web'));
  const target = podTarget(api, 'web');
  ends.push(
    () => target.close(),
    () => api.stop(),
  );
  return { api, target };
}

async function opened(api: PodsApi, transport: ReturnType<typeof podTarget>['transport'], container?: string) {
  let text = '';
  const out = async (data: Buffer) => void (text += data.toString());
  const own = new AbortController();
  const result = await openShell(transport, web, { container, command: [], size }, { out, error: out }, own.signal);
  if (!result.ok) throw new Error(result.failure.message);
  return { shell: result.value, own, text: () => text, asked: () => api.asked };
}

test('what is typed goes to the container, with the size of the terminal, and what it prints comes back', async () => {
  const { api, target } = await started();
  const got: string[] = [];
  api.serve = (peer) => {
    peer.on('message', (data) => {
      got.push(`${data[0]} ${data.subarray(1)}`);
      if (data[0] === 0) peer.send(frame(1, `ran ${data.subarray(1)}`));
      if (`${data.subarray(1)}` !== 'exit\r') return;
      const causes = [{ reason: 'ExitCode', message: '3' }];
      peer.send(frame(3, JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes } })));
      peer.close();
    });
  };
  const { shell: own, text, asked } = await opened(api, target.transport);
  own.write('ls\r');
  await vi.waitFor(() => expect(text()).toBe('ran ls\r'));
  own.resize({ columns: 120, rows: 40 });
  own.write('exit\r');
  expect(await own.ended).toEqual({ is: 'exited', code: 3 });
  const of = (channel: string) => got.filter((one) => one.startsWith(channel));
  expect(of('4')).toEqual(['4 {"height":30,"width":100}', '4 {"height":40,"width":120}']);
  expect(of('0')).toEqual(['0 ls\r', '0 exit\r']);
  expect(asked()[0]).toMatch(
    /^\/api\/v1\/namespaces\/shop\/pods\/web\/exec\?stdout=true&stderr=false&stdin=true&tty=true&/,
  );
});

test('a connection that is lost, a shell that is closed and a program that isn’t there are told apart', async () => {
  const { api, target } = await started();
  api.serve = (peer) => peer.close();
  expect(await (await opened(api, target.transport)).shell.ended).toEqual({
    is: 'failed',
    message: 'The connection to pod web was lost.',
  });
  api.serve = () => undefined;
  const closed = await opened(api, target.transport);
  closed.own.abort();
  expect(await closed.shell.ended).toEqual({ is: 'failed', message: 'The shell was closed.' });
  api.serve = (peer) => {
    peer.send(
      frame(3, JSON.stringify({ status: 'Failure', message: 'exec: "sh": executable file not found in $PATH' })),
    );
    peer.close();
  };
  const none = await (await opened(api, target.transport)).shell.ended;
  expect(none).toMatchObject({ is: 'failed', message: expect.stringContaining('The image has no such program') });
});

test('a refusal has the words of the server, and channels that nobody asked for end nothing', async () => {
  const { api, target } = await started();
  api.refuse = () => ({ status: 403, message: 'pods "web" is forbidden: no exec today' });
  const answer = openShell(target.transport, web, { container: undefined, command: [], size }, none, never);
  expect(await answer).toMatchObject({ ok: false, failure: { kind: 'forbidden', message: /no exec today/ } });
  api.refuse = () => undefined;
  api.serve = (peer) => {
    for (const channel of [9, 255]) peer.send(frame(channel, 'x'));
    peer.send(frame(3, JSON.stringify({ status: 'Success' })));
    peer.close();
  };
  expect(await (await opened(api, target.transport)).shell.ended).toEqual({ is: 'exited', code: 0 });
  await expect(opened(api, target.transport, 'sidecar')).rejects.toThrow('no container sidecar; it has web');
});

const never = new AbortController().signal;
const none = { out: async () => undefined, error: async () => undefined };

test('output that can’t be delivered holds the container up', async () => {
  const { api, target } = await started();
  let sent = 0;
  const piece = Buffer.alloc(64 << 10);
  let isOver = false;
  api.serve = (peer) => {
    peer.on('close', () => (isOver = true));
    const more = () => {
      // What the sockets between take is bounded.
      for (let i = 0; i < 16 && (peer as unknown as { bufferedAmount: number }).bufferedAmount < 1 << 20; i++) {
        peer.send(frame(1, piece));
        sent += piece.length;
      }
      if (!isOver && sent < 512 << 20) setTimeout(more, 1);
    };
    more();
  };
  let release: () => void = () => undefined;
  let taken = 0;
  const out = (data: Buffer) =>
    new Promise<void>((done) => {
      taken += data.length;
      release = done;
    });
  const own = new AbortController();
  await openShell(target.transport, web, { container: undefined, command: [], size }, { out, error: out }, own.signal);
  await vi.waitFor(() => expect(sent).toBeGreaterThan(1 << 20));
  let before = -1;
  // Until nothing more is taken from the sender.
  await vi.waitFor(
    () => {
      const now = sent;
      const isStill = now === before;
      before = now;
      expect(isStill).toBe(true);
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(taken).toBeLessThan(1 << 20);
  expect(sent).toBeLessThan(64 << 20);
  release();
  own.abort();
});

test('a shell is refused before anything connects: without permission, in read-only contexts, where nothing runs', async () => {
  const { api, target } = await started();
  expect(await permittedPod(target, shell)).toMatchObject({ ok: true, value: { name: 'web', main: 'web' } });
  for (const verb of ['get', 'create']) {
    api.denied.clear();
    api.denied.add(`${verb} pods/exec`);
    expect(await permittedPod(target, shell)).toMatchObject({
      ok: false,
      failure: { message: `dev: you have no permission to ${verb} pods/exec in namespace shop.` },
    });
  }
  api.denied.clear();
  expect(await permittedPod({ ...target, readOnly: true }, shell)).toMatchObject({
    failure: { message: expect.stringContaining('dev is a read-only context') },
  });
  api.pods[0] = pod('web', { status: { phase: 'Succeeded' } });
  expect(await permittedPod(target, shell)).toMatchObject({ failure: { message: /has ended \(Succeeded\)/ } });
  api.pods.length = 0;
  expect(await permittedPod(target, shell)).toMatchObject({ failure: { message: 'Pod web no longer exists' } });
  expect(api.asked).toEqual([]);
});
