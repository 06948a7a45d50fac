// Faults of the network and of the data on it: C8, C9, C25, C26, C28, C29, C36.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../../server/src/explorer/row-id.ts';
import { authority } from '../../testbed/certificates.ts';
import { startForwardProxy } from '../../testbed/forward-proxy.ts';
import { type Bed, create, equal, type Fault, flux, kustomization, patch, settled } from './bed.ts';
import { lists, lowestCount, until } from './engine.ts';

export const networkFaults: readonly Fault[] = [
  {
    id: 'C8',
    title: 'slow server: 20 s to the first byte, 1 kB/s',
    slow: true,
    async run(bed) {
      const proxy = await bed.http();
      proxy.fault({ url: /kustomizations\?/, delay: 20_000, times: 2 });
      proxy.fault({ url: /machines\?/, bytesPerSecond: 1000 });
      const direct = await bed.tcp();
      const engine = bed.engine({
        slow: { server: `https://127.0.0.1:${proxy.port}` },
        quick: { server: `https://127.0.0.1:${direct.port}` },
      });
      engine.open('slow', 'quick');
      const other = await until('the other context live', () => engine.is('live', 'quick'), 5);
      const noticed = await until('progress', () => /listing, \d+ so far/.test(engine.row('slow').description), 10);
      assert.ok(engine.is('syncing', 'slow'));
      const began = performance.now();
      await engine.fleet.close(['slow']);
      const cancelled = performance.now() - began;
      assert.ok(cancelled <= 100, `closing took ${cancelled.toFixed(0)} ms`);
      engine.open('slow');
      const recovered = await until('the slow one live', () => engine.is('live', 'slow'), 60);
      return {
        noticed,
        recovered,
        requests: proxy.requests.length,
        note: `other context live in ${(other / 1000).toFixed(1)} s, canceled in ${cancelled.toFixed(0)} ms`,
      };
    },
  },
  {
    id: 'C9',
    title: 'throttled: 429 with and without Retry-After',
    async run(bed) {
      const proxy = await bed.http();
      const asked = { url: /kustomizations\?/, status: 429, times: 1, headers: { 'retry-after': '4' } };
      const unasked = { url: /machines\?/, status: 429, times: 2 };
      proxy.fault(asked);
      proxy.fault(unasked);
      const engine = bed.engine({ one: { server: `https://127.0.0.1:${proxy.port}` } });
      engine.open('one');
      const noticed = await until(
        'throttled is said',
        () =>
          engine
            .rows(idOf({ context: 'one' }))
            .some(({ description }) => /throttled.*next attempt at/.test(description)),
        5,
        () => JSON.stringify(engine.rows(idOf({ context: 'one' })).map(({ description }) => description)),
      );
      assert.ok(engine.is('live') || engine.is('syncing'), 'not offline');
      const times = () => proxy.requests.filter(({ url }) => asked.url.test(url)).map(({ at }) => at);
      await until('asked again', () => times().length >= 2, 10);
      const [first = 0, second = 0] = times();
      assert.ok(second - first >= 4000, `retried after ${second - first} ms`);
      const recovered = await until(
        'all kinds live',
        () => [...engine.session().kinds.values()].every(({ state }) => state.synced && !state.failure),
        10,
      );
      return { noticed, recovered, requests: times().length, note: `gap ${second - first} ms for Retry-After: 4` };
    },
  },
  {
    id: 'C25',
    title: 'partition: black hole in both directions for 2 min',
    slow: true,
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const lowest = lowestCount(engine.session());
      const from = engine.asked.length;
      await proxy.set({ mode: 'blackhole' });
      const noticed = await until('stale', () => engine.is('stale'), 90);
      assert.match(engine.row().description, /^last seen \d\d:\d\d/);
      await create(bed.server, flux, kustomization('behind-the-partition'));
      await sleep(120_000 - noticed);
      const requests = engine.asked.length - from;
      await proxy.set({ mode: 'pass' });
      const recovered = await until('live', () => engine.is('live'), 30);
      assert.ok(recovered <= 10_000, `${recovered} ms`);
      await equal(engine.session(), bed.server);
      assert.ok(lowest() > 0, 'the tree never empties');
      assert.equal(lists(engine.asked.slice(from)).length, 0, 'resumed without relisting');
      return { noticed, recovered, requests };
    },
  },
  {
    id: 'C26',
    title: 'half open: the peer disappears silently',
    slow: true,
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const from = engine.asked.length;
      proxy.deafen();
      await create(bed.server, flux, kustomization('half-open'));
      const began = performance.now();
      const noticed = await until('another connection', () => engine.asked.length > from, 60);
      await equal(engine.session(), bed.server);
      const recovered = performance.now() - began;
      assert.ok(engine.is('live'), 'the failure is not shown');
      assert.equal(lists(engine.asked.slice(from)).length, 0, 'resumed without relisting');
      return { noticed, recovered: recovered - noticed, requests: engine.asked.length - from };
    },
  },
  {
    id: 'C28',
    title: 'GOAWAY, stream limit, connection cut by a balancer',
    async run(bed) {
      const proxy = await bed.http({ maxStreams: 5 });
      const tcp = await bed.tcp();
      const limited = await bed.live(proxy.port);
      const direct = await bed.live(tcp.port);
      const kinds = limited.session().kinds.size + 1;
      assert.ok(proxy.sockets <= Math.ceil(kinds / 5) + 1, `${proxy.sockets} connections for ${kinds} watches`);
      const sockets = proxy.sockets;
      const from = limited.asked.length;
      const before = direct.asked.length;
      const began = performance.now();
      for (let round = 0; round < 5; round++) {
        await patch(bed.server, `${flux}/apps-${round}`, { spec: { path: `./round-${round}` } });
        if (round % 2 === 0) proxy.goaway();
        else tcp.reset();
        await patch(bed.server, `${flux}/apps-${round}`, { spec: { path: `./round-${round}b` } });
        const answer = await limited.session().transport!.text({ path: '/version' });
        assert.ok(answer.ok, 'a new request after GOAWAY');
        await equal(limited.session(), bed.server);
        await equal(direct.session(), bed.server);
      }
      assert.ok(limited.is('live') && direct.is('live'), 'the failure is not shown');
      assert.equal(lists(limited.asked.slice(from)).length, 0, 'no relist');
      return {
        recovered: (performance.now() - began) / 5,
        requests: direct.asked.length - before,
        note: `${sockets} connections for ${kinds} watches, 5 streams each`,
      };
    },
  },
  {
    id: 'C29',
    title: 'proxies: 407, dead, SOCKS, NO_PROXY, wrong authority',
    async run(bed) {
      return proxies(bed);
    },
  },
  {
    id: 'C36',
    title: 'watch lines cut, empty, unknown, ERROR without code',
    async run(bed) {
      const proxy = await bed.http();
      const engine = await bed.live(proxy.port);
      const from = engine.asked.length;
      const began = performance.now();
      const broken = [
        () => proxy.endWatches(/kustomizations\?/, '{"type":"MODIFIED","object":{"apiV'),
        () => proxy.intoWatches(/kustomizations\?/, ''),
        () => proxy.intoWatches(/kustomizations\?/, '{"type":"PERHAPS","object":{}}'),
        () => proxy.intoWatches(/kustomizations\?/, '{"type":"ERROR","object":{"kind":"Status"}}'),
        () => proxy.intoWatches(/kustomizations\?/, '{"type":"MODIFIED","object":{"apiV'),
        () => proxy.intoWatches(/kustomizations\?/, 'null'),
      ];
      for (const [round, breakIt] of broken.entries()) {
        await until('a watch to break', () => breakIt() === 1, 10);
        await patch(bed.server, `${flux}/apps-${round}`, { spec: { path: `./line-${round}` } });
        await equal(engine.session(), bed.server, 30);
      }
      const said = engine.log.filter((line) => /watch event|kustomizations: /.test(line)).length;
      assert.ok(said >= 3, `only ${said} of the broken lines are in the log`);
      assert.ok(engine.is('live'));
      return {
        recovered: (performance.now() - began) / broken.length,
        requests: engine.asked.length - from,
        note: `${lists(engine.asked.slice(from)).length} relists`,
      };
    },
  },
];

async function proxies(bed: Bed) {
  const user = { name: 'jo', password: 'c0rporate-secret' };
  const plain = await startForwardProxy({ kind: 'connect' });
  const locked = await startForwardProxy({ kind: 'connect', user });
  const socks = await startForwardProxy({ kind: 'socks', user });
  const dying = await startForwardProxy({ kind: 'connect' });
  for (const proxy of [plain, locked, socks, dying]) bed.after(() => proxy.stop());
  const { url } = bed.server;
  const wrong = Buffer.from(authority('another').certificate).toString('base64');
  const through = (proxy: string, ca?: string) => ({
    server: url,
    cluster: {
      'proxy-url': proxy,
      ...(ca ? { 'certificate-authority-data': ca } : { 'insecure-skip-tls-verify': true }),
    },
  });
  const engine = bed.engine({
    plain: through(`http://127.0.0.1:${plain.port}`),
    refused: through(`http://127.0.0.1:${locked.port}`),
    allowed: through(`http://${user.name}:${user.password}@127.0.0.1:${locked.port}`),
    socks: through(`socks5://${user.name}:${user.password}@127.0.0.1:${socks.port}`),
    dying: through(`http://127.0.0.1:${dying.port}`),
    'wrong direct': { server: url, cluster: { 'certificate-authority-data': wrong } },
    'wrong connect': through(`http://127.0.0.1:${plain.port}`, wrong),
    'wrong socks': through(`socks5://${user.name}:${user.password}@127.0.0.1:${socks.port}`, wrong),
  });
  const began = performance.now();
  engine.open(...engine.fleet.config.contexts.keys());
  for (const context of ['plain', 'allowed', 'socks', 'dying']) {
    await until(
      `${context} live`,
      () => engine.is('live', context),
      20,
      () => engine.row(context).description,
    );
    await settled(engine.session(context));
  }
  for (const context of ['wrong direct', 'wrong connect', 'wrong socks']) {
    await until(`${context} fails`, () => engine.is('unreachable', context), 10);
    assert.match(engine.row(context).description, /not signed by the certificate authority/);
  }
  await until('the 407 is shown', () => engine.is('unreachable', 'refused'), 10);
  const { description } = engine.row('refused');
  assert.match(description, new RegExp(`the proxy http://127.0.0.1:${locked.port} requires a username and password`));
  const noticed = performance.now() - began;
  await dying.stop();
  await until('the dead proxy is shown', () => engine.is('stale', 'dying'), 20);
  assert.match(engine.row('dying').description, new RegExp(`the proxy http://127.0.0.1:${dying.port} cannot be used`));
  assert.ok(plain.tunnels > 0 && locked.tunnels > 0 && socks.tunnels > 0);
  assert.ok(![...engine.log, JSON.stringify(engine.rows())].join().includes(user.password));
  await engine.fleet.close(['dying']);
  await excluded(bed, dying.port);
  return { noticed, requests: engine.asked.length };
}

/** A dead proxy from the environment, with and without the server in NO_PROXY. */
async function excluded(bed: Bed, port: number): Promise<void> {
  const server = `https://localhost.localdomain:${bed.server.port}`;
  const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, PATH: process.env.PATH, HOME: '/nonexistent' };
  const asking = bed.engine({ one: { server } }, { env });
  asking.open('one');
  await until('the proxy is used', () => asking.is('unreachable'), 20);
  assert.match(asking.row().description, /the proxy/);
  const excluding = bed.engine({ one: { server } }, { env: { ...env, NO_PROXY: '.localdomain' } });
  excluding.open('one');
  await until('a response', () => !excluding.is('connecting'), 20);
  assert.doesNotMatch(excluding.row().description, /the proxy/);
  await sleep(0);
}
