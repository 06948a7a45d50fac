// Faults of the engine's process: C27, C40 to C42. The cluster server runs as a child process, driven as by the extension.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { heartbeat } from '../../../client/src/heartbeat.ts';
import { Restarts } from '../../../client/src/restarts.ts';
import { idOf } from '../../../server/src/explorer/row-id.ts';
import { protocolVersion, type Row } from '../../../server/src/protocol.ts';
import { writePlugin } from '../../testbed/exec-plugins.ts';
import { type Bed, create, type Fault, flux, kustomization, remove } from './bed.ts';
import { execOf } from './credentials.ts';
import { type Access, adminUser, configText, until } from './engine.ts';
import { children, isRunning } from './leaks.ts';

export const processFaults: readonly Fault[] = [
  {
    id: 'C27',
    title: 'machine sleeps and its connections are dropped',
    slow: true,
    async run(bed) {
      const proxy = await bed.http();
      const tcp = await bed.tcp();
      bed.nothingToCompare('the store is in the child: its rows are compared');
      const folder = scratch(bed);
      const server = startServer(bed, folder, {
        one: { server: `https://127.0.0.1:${tcp.port}` },
        two: { server: `https://127.0.0.1:${proxy.port}` },
      });
      await server.open('one', 'two');
      await until(
        'live',
        async () => (await server.state('one')) === 'ready' && (await server.state('two')) === 'ready',
        20,
      );
      const before = await server.fluxNames('one');
      assert.equal(before.length > 0, true);
      server.process.kill('SIGSTOP');
      await sleep(1000);
      tcp.deafen();
      await create(bed.server, flux, kustomization('while-asleep'));
      bed.after(() => remove(bed.server, `${flux}/while-asleep`));
      // Long enough for the clock to jump by more than any pause of a busy machine. `SLEEP=3600` is an hour, after which the
      // server no longer keeps the missed events, and lists are required.
      const asleep = Number(process.env.SLEEP ?? 31);
      await sleep((asleep - 1) * 1000);
      const from = tcp.accepted;
      const lists = () => proxy.requests.filter(({ url }) => /sendInitialEvents|limit=500/.test(url)).length;
      const listed = lists();
      server.process.kill('SIGCONT');
      const recovered = await until(
        'the changes during the sleep',
        async () => (await server.fluxNames('one')).includes('while-asleep'),
        20,
      );
      assert.ok(recovered <= 5_000, `${recovered.toFixed(0)} ms`);
      const relisted = lists() - listed;
      const kept = asleep < 240;
      if (kept) assert.equal(relisted, 0, 'resumed without relisting');
      const kinds = new Set(
        proxy.requests.filter(({ url }) => /watch=true/.test(url)).map(({ url }) => url.split('?')[0]),
      );
      assert.ok(relisted <= kinds.size, `${relisted} lists for ${kinds.size} kinds`);
      await server.stop();
      return {
        recovered,
        requests: tcp.accepted - from,
        note: `new connections counted; after ${asleep} s, ${relisted} lists of ${kinds.size} kinds`,
      };
    },
  },
  {
    id: 'C40',
    title: 'cluster server killed, or stopped, then started again',
    slow: true,
    async run(bed) {
      bed.nothingToCompare('the store is in the child: its rows are compared');
      const folder = scratch(bed);
      const contexts = { one: { server: bed.server.url } };
      const restarts = new Restarts();
      const first = startServer(bed, folder, contexts);
      await first.open('one');
      await until('live', async () => (await first.state('one')) === 'ready', 20);
      const before = await first.fluxNames('one');
      first.process.kill('SIGKILL');
      const began = performance.now();
      await first.ended;
      const noticed = performance.now() - began;
      const wait = restarts.next(Date.now());
      assert.ok(wait !== undefined && wait <= 1000);
      await sleep(wait);
      const second = startServer(bed, folder, contexts);
      await second.open('one');
      await until('live again', async () => (await second.state('one')) === 'ready', 20);
      assert.deepEqual(await second.fluxNames('one'), before, 'the same rows are shown again');
      const recovered = performance.now() - began;
      // A stopped process neither ends nor responds.
      let lost = false;
      const stop = heartbeat(second.heartbeat, () => {
        lost = true;
      });
      bed.after(stop);
      second.process.kill('SIGSTOP');
      const hung = await until('the hang is noticed', () => lost, 30);
      second.process.kill('SIGKILL');
      await second.ended;
      const again = [1, 2, 3, 4, 5].map(() => restarts.next(Date.now()));
      assert.equal(again.at(-1), undefined, 'after five crashes within three minutes the user is asked');
      return { noticed, recovered, note: `hang noticed in ${(hung / 1000).toFixed(0)} s` };
    },
  },
  {
    id: 'C41',
    title: 'two windows, and one that is reloaded',
    async run(bed) {
      bed.nothingToCompare('the stores are in the children: their rows are compared');
      const folder = scratch(bed);
      const plugin = writePlugin(folder, 'slow-token', { kind: 'token', token: adminUser.token, takes: 1500 });
      const contexts = { one: { server: bed.server.url, user: { exec: execOf(plugin.command) } } };
      const before = children().length;
      const servers = [startServer(bed, folder, contexts), startServer(bed, folder, contexts)];
      await Promise.all(servers.map((server) => server.open('one')));
      for (const server of servers) await until('live', async () => (await server.state('one')) === 'ready', 20);
      assert.ok(plugin.most() <= 1, `${plugin.most()} concurrent runs of the plugin`);
      const asked = servers.map(({ questions }) => questions()).reduce((sum, count) => sum + count, 0);
      assert.ok(asked <= 2, `asked ${asked} times`);
      // A reload: the window's server ends with its pipe, another one takes over, and the user isn't asked again.
      await servers[0]!.stop();
      const third = startServer(bed, folder, contexts);
      const began = performance.now();
      await third.open('one');
      await until('live', async () => (await third.state('one')) === 'ready', 20);
      const recovered = performance.now() - began;
      assert.equal(third.questions(), 0, 'consent is remembered');
      assert.deepEqual(await third.fluxNames('one'), await servers[1]!.fluxNames('one'));
      await third.stop();
      await servers[1]!.stop();
      await until('no process left', () => children().length === before, 5);
      return {
        recovered,
        note: `${plugin.runs()} runs of the plugin, never two at once; the user was asked ${asked} times`,
      };
    },
  },
  {
    id: 'C42',
    title: 'read-only disk: consent cannot be stored',
    async run(bed) {
      const plugin = writePlugin(scratch(bed), 'token', { kind: 'token', token: adminUser.token });
      // No user can create a folder below a device.
      const env = { PATH: process.env.PATH, HOME: '/dev/null', XDG_STATE_HOME: '/dev/null/state', TMPDIR: '/dev/null' };
      const user = { exec: execOf(plugin.command) };
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port, { access: { user }, env });
      assert.equal(engine.questions.length, 1);
      const again = await bed.live(proxy.port, { access: { user }, env });
      assert.equal(again.questions.length, 1, 'asked again, since consent could not be stored');
      return { requests: engine.asked.length };
    },
  },
];

interface Server {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  open(...contexts: readonly string[]): Promise<void>;
  state(context: string): Promise<string>;
  fluxNames(context: string): Promise<readonly string[]>;
  readonly heartbeat: () => Promise<unknown>;
  questions(): number;
  stop(): Promise<void>;
}

function startServer(bed: Bed, folder: string, contexts: Readonly<Record<string, Access>>): Server {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, configText(contexts), { mode: 0o600 });
  const main = join(import.meta.dirname, '../../../server/src/cluster/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', main], {
    env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  bed.after(() => child.kill('SIGKILL'));
  const connection: MessageConnection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  child.stdin.on('error', () => undefined);
  connection.onError(() => undefined);
  let questions = 0;
  connection.onRequest('consent', () => {
    questions++;
    return { accepted: true };
  });
  connection.listen();
  const ask = <T>(method: string, params: object) => connection.sendRequest<T>(method, params);
  const rows = (id?: string) => ask<readonly Row[]>('rows', { view: id === undefined ? 'clusters' : 'delivery', id });
  return {
    process: child,
    ended,
    async open(...names) {
      await ask('initialize', { protocolVersion, trusted: true, readOnlyContexts: [], kubeconfig });
      await ask('open', { contexts: names });
    },
    state: async (context) => (await rows()).find(({ label }) => label === context)!.state,
    async fluxNames(context) {
      const branch = (await rows(idOf({ context }))).find(({ label }) => label === 'Flux');
      if (!branch) return [];
      const tops = await rows(branch.id);
      const below = await Promise.all(tops.filter((row) => row.branch).map((row) => rows(row.id)));
      return [...tops, ...below.flat()].map(({ ref }) => ref?.name ?? '').sort();
    },
    heartbeat: () => ask('summary', {}),
    questions: () => questions,
    async stop() {
      connection.dispose();
      child.stdin.end();
      await until('its end', () => !isRunning(child.pid!), 5);
    },
  };
}

function scratch(bed: Bed): string {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-servers-'));
  bed.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
