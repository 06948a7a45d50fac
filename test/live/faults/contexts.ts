// Faults of many contexts and of the kubeconfig: C19 to C22.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contextList, loadKubeConfig } from '../../../server/src/engine/kubeconfig/kubeconfig.ts';
import { program } from '../../testbed/cache.ts';
import { runProgram } from '../../testbed/controlplane.ts';
import { type Bed, equal, type Fault, settled } from './bed.ts';
import { type Access, configText, type Engine, until, writeConfig } from './engine.ts';

export const contextFaults: readonly Fault[] = [
  {
    id: 'C19',
    title: '50 contexts, 10 of them dead',
    slow: true,
    async run(bed) {
      const proxy = await bed.tcp();
      const server = `https://127.0.0.1:${proxy.port}`;
      const silent = await bed.tcp();
      await silent.set({ mode: 'blackhole' });
      const notTls = createServer((socket) => socket.on('error', () => undefined).end('no TLS here\r\n'));
      await new Promise<void>((done) => notTls.listen(0, '127.0.0.1', () => done()));
      bed.after(() => notTls.close());
      const { port } = notTls.address() as { port: number };
      const dead: Readonly<Record<string, Access>> = {
        refused: { server: 'https://127.0.0.1:9' },
        silent: { server: `https://127.0.0.1:${silent.port}` },
        unknown: { server: 'https://no-such-host.invalid' },
        'no tls': { server: `https://127.0.0.1:${port}` },
        'wrong token': { server, user: { token: 'expired' } },
      };
      const alive = Array.from({ length: 40 }, (_, index) => [`alive ${index}`, { server }] as const);
      const engine = bed.engine({
        ...Object.fromEntries(
          Object.entries(dead).flatMap(([name, one]) => [
            [`${name} 1`, one],
            [`${name} 2`, one],
          ]),
        ),
        ...Object.fromEntries(alive),
      });
      const contexts = [...engine.fleet.config.contexts.keys()];
      assert.equal(contexts.length, 50);
      const painting = performance.now();
      engine.open(...contexts);
      assert.equal(engine.rows().length, 50);
      const paint = performance.now() - painting;
      assert.ok(paint <= 500, `first paint took ${paint.toFixed(0)} ms`);
      const recovered = await until(
        '40 live',
        () => alive.every(([name]) => engine.is('live', name)),
        20,
        () => `${alive.filter(([name]) => engine.is('live', name)).length} are`,
      );
      assert.ok(recovered <= 3000, `all live after ${recovered.toFixed(0)} ms, must be at most 3 s`);
      const noticed = await until(
        'dead contexts have their reasons',
        () =>
          Object.keys(dead).every((name) =>
            ['unreachable', 'denied'].some((is) => engine.is(is as 'denied', `${name} 1`)),
          ),
        15,
      );
      for (const [, live] of alive.entries()) await settled(engine.session(live[0]));
      assert.ok(proxy.live <= 40 * 2 + 4, `${proxy.live} connections for 40 contexts`);
      const sockets = proxy.live;
      await engine.fleet.close(['silent 1', 'silent 2']);
      await silent.set({ mode: 'pass' });
      return {
        noticed,
        recovered,
        requests: engine.asked.length,
        note: `first paint ${paint.toFixed(0)} ms, ${sockets} connections for 40 live contexts`,
      };
    },
  },
  {
    id: 'C20',
    title: 'context deleted from the kubeconfig while open',
    async run(bed) {
      const [leaving, staying] = [await bed.tcp(), await bed.tcp()];
      const contexts = {
        leaving: { server: `https://127.0.0.1:${leaving.port}` },
        staying: { server: `https://127.0.0.1:${staying.port}` },
      };
      const engine = bed.engine(contexts);
      engine.open('leaving', 'staying');
      for (const name of ['leaving', 'staying']) await until('live', () => engine.is('live', name), 10);
      await settled(engine.session('staying'));
      const session = engine.session('staying');
      const from = engine.asked.length;
      writeConfig(engine.kubeconfig, { staying: contexts.staying });
      const noticed = await until('gone', () => engine.is('gone', 'leaving'), 5);
      assert.match(engine.row('leaving').description, /no longer in the kubeconfig/);
      await until('its connections closed', () => leaving.live === 0, 5);
      await sleep(1000);
      assert.equal(engine.session('staying'), session, 'the other context is unaffected');
      assert.ok(engine.is('live', 'staying'));
      writeConfig(engine.kubeconfig, contexts);
      const recovered = await until(
        'live again',
        () => engine.is('live', 'leaving'),
        10,
        () => engine.row('leaving').description,
      );
      return { noticed, recovered, requests: engine.asked.length - from };
    },
  },
  {
    id: 'C21',
    title: 'kubeconfig replaced, truncated, retargeted, unreadable, invalid',
    async run(bed) {
      return rewritten(bed);
    },
  },
  {
    id: 'C22',
    title: 'kubeconfig list: same names, missing, spaces, BOM, not UTF-8',
    async run(bed) {
      const engine = bed.engine({ one: { server: bed.server.url } });
      const { folder } = engine;
      const write = (name: string, text: string | Buffer) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const entry = (name: string, server: string) => configText({ [name]: { server } });
      const first = write('with space', entry('one', bed.server.url));
      const second = write(
        'second',
        entry('one', 'https://second.invalid').replace('"current-context":"one"', '"current-context":"two"'),
      );
      const third = write(
        'bom',
        Buffer.concat([Buffer.from('\ufeff'), Buffer.from(entry('three', 'https://three.invalid'))]),
      );
      const crlf = write(
        'crlf',
        'apiVersion: v1\r\nkind: Config\r\nclusters:\r\n- name: four\r\n  cluster: {server: "https://four.invalid"}\r\ncontexts:\r\n- name: four\r\n  context: {cluster: four, user: ""}\r\n',
      );
      const missing = join(folder, 'missing');
      const list = [missing, first, second, third, crlf].join(':');
      const theirs = await runProgram(program('kubernetes', 'kubectl'), ['config', 'view', '-o', 'json'], '', {
        KUBECONFIG: list,
      });
      assert.equal(theirs.code, 0, theirs.stderr);
      const view = JSON.parse(theirs.stdout);
      const ours = contextList(loadKubeConfig({ list }));
      assert.deepEqual(
        ours.contexts.map(({ name, server }) => [name, server]),
        view.contexts.map(({ name, context }: { name: string; context: { cluster: string } }) => [
          name,
          view.clusters.find((one: { name: string }) => one.name === context.cluster)?.cluster.server,
        ]),
      );
      assert.equal(ours.current, view['current-context']);
      const binary = write('binary', Buffer.from([0x61, 0xff, 0xfe, 0x00]));
      const broken = loadKubeConfig({ list: [binary, first].join(':') });
      assert.ok(broken.contexts.has('one'), 'an invalid file does not hide the others');
      assert.match(broken.problems[0]!.message, /binary is not UTF-8/);
      engine.open('one');
      await until('live', () => engine.is('live'), 10);
      return { requests: engine.asked.length, note: `${ours.contexts.length} contexts, as in kubectl` };
    },
  },
];

async function rewritten(bed: Bed) {
  const contexts = { one: { server: bed.server.url }, two: { server: bed.server.url } };
  const engine: Engine = bed.engine(contexts);
  engine.open('one', 'two');
  for (const name of ['one', 'two']) {
    await until('live', () => engine.is('live', name), 10);
    await settled(engine.session(name));
  }
  const file = engine.kubeconfig;
  const sessions = () => ['one', 'two'].map((name) => engine.session(name));
  const before = sessions();
  const from = engine.asked.length;
  const whole = configText(contexts);
  const steady = async (what: string, time = 1000) => {
    const end = Date.now() + time;
    while (Date.now() < end) {
      assert.deepEqual(sessions(), before, `${what}: no context restarts`);
      for (const session of before) assert.ok(session.store.size > 0 && session.state.is === 'live', what);
      await sleep(50);
    }
  };
  writeFileSync(`${file}.new`, whole);
  renameSync(`${file}.new`, file);
  await steady('replaced by rename');
  writeFileSync(file, '');
  await sleep(800);
  writeFileSync(file, whole);
  await steady('truncated, then written');
  const targets = [join(engine.folder, 'a'), join(engine.folder, 'b')] as const;
  for (const target of targets) writeFileSync(target, whole);
  rmSync(file);
  symlinkSync(targets[0], file);
  await steady('symlink');
  symlinkSync(targets[1], `${file}.link`);
  renameSync(`${file}.link`, file);
  await steady('symlink turned', 4000);
  rmSync(file);
  // Unreadable for any user: root may read any file, but no one can read a folder as a file.
  mkdirSync(file);
  await steady('unreadable', 1500);
  rmSync(file, { recursive: true });
  writeFileSync(file, 'contexts: [');
  await steady('briefly invalid', 1500);
  writeFileSync(file, whole);
  await steady('whole again');
  assert.equal(engine.fleet.contexts().problems.length, 0, 'no banner for a brief problem');
  writeFileSync(file, 'contexts: [');
  const began = performance.now();
  await until('the problem is reported', () => engine.fleet.contexts().problems.length > 0, 10);
  const noticed = performance.now() - began;
  assert.match(engine.fleet.contexts().problems[0]!.message, /is not valid YAML/);
  await steady('invalid for long');
  assert.equal(engine.asked.length - from < 20, true, 'no requests because of it');
  // Only changed contexts are restarted.
  writeConfig(file, { ...contexts, two: { server: bed.server.url, namespace: 'fleet' } });
  const recovered = await until(
    'two restarted',
    () => engine.session('two') !== before[1] && engine.is('live', 'two'),
    10,
  );
  assert.equal(engine.session('one'), before[0], 'one is unaffected');
  await settled(engine.session('two'));
  await equal(engine.session('two'), bed.server);
  return { noticed, recovered, requests: engine.asked.length - from };
}
