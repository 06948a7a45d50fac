// Faults of the API server and its etcd: C1 to C6.
import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authority } from '../../testbed/certificates.ts';
import { act } from '../act.ts';
import { type Bed, create, equal, type Fault, flux, fluxKind, kustomization, patch, settled } from './bed.ts';
import { type Engine, lists, lowestCount, until, writeConfig } from './engine.ts';

export const serverFaults: readonly Fault[] = [
  {
    id: 'C1',
    title: 'API server restarts, 10 s outage',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const engine = await bed.live(own.port, { of: own });
      const lowest = lowestCount(engine.session());
      const from = engine.asked.length;
      await own.stopApiServer('SIGTERM');
      const noticed = await until('stale', () => engine.is('stale'), 5);
      assert.match(engine.row().description, /^last seen .*next attempt at|^last seen/);
      await sleep(10_000);
      await own.startApiServer();
      const recovered = await until('live again', () => engine.is('live'), 20);
      assert.ok(recovered <= 5000, `live ${recovered} ms after the server was ready, must be at most 5 s`);
      const asked = engine.asked.slice(from);
      await create(own, flux, kustomization('after-restart'));
      await equal(engine.session(), own);
      assert.equal(lists(asked).length, 0, 'no relist while the resource version is valid');
      assert.equal(lowest() > 0, true, 'the tree never empties');
      return { noticed, recovered, requests: asked.length, note: '0 relists' };
    },
  },
  {
    id: 'C2',
    title: 'API server killed, 3 min outage',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const proxy = await bed.tcp(own);
      const engine = await bed.live(proxy.port, { of: own });
      const lowest = lowestCount(engine.session());
      const from = proxy.accepted;
      await own.stopApiServer('SIGKILL');
      const noticed = await until('stale', () => engine.is('stale'), 5);
      await sleep(180_000);
      const requests = proxy.accepted - from;
      assert.ok(requests <= 15, `${requests} connects in 3 min, must be at most 15`);
      const { description, actions } = engine.row();
      assert.match(description, /next attempt at \d\d:\d\d:\d\d/);
      assert.ok(actions.includes('retryContext'));
      await own.startApiServer();
      engine.fleet.retry('one');
      const recovered = await until('live by "Retry now"', () => engine.is('live'), 10);
      assert.ok(lowest() > 0, 'the tree never empties');
      return { noticed, recovered, requests, note: 'connects counted' };
    },
  },
  {
    id: 'C3',
    title: 'etcd is down',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const engine = await bed.live(own.port, { of: own });
      const lowest = lowestCount(engine.session());
      const from = engine.asked.length;
      const began = performance.now();
      await own.stopEtcd('SIGKILL');
      const ref = { cluster: '', groupKind: fluxKind, namespace: 'fleet', name: 'apps-1' };
      const written = await act(
        engine.session(),
        { ref, verb: 'suspend' },
        { readOnly: false, onProgress: () => undefined },
      );
      assert.equal(written.outcome, 'failed', written.message);
      assert.match(written.message, /etcd|storage|time|connect/i, `not the server’s own text: ${written.message}`);
      const noticed = await until(
        'the row shows that etcd is unhealthy',
        () => /unhealthy: etcd/.test(engine.row().description),
        60,
        () => engine.row().description,
      );
      const since = performance.now() - began;
      await sleep(5000);
      const requests = engine.asked.length - from;
      assert.ok(requests < 40, `${requests} requests in ${(since / 1000 + 5).toFixed(0)} s`);
      assert.ok(lowest() > 0, 'known objects are kept');
      own.startEtcd();
      const recovered = await until(
        'healthy again',
        () => engine.is('live') && !/unhealthy/.test(engine.row().description),
        60,
        () => engine.row().description,
      );
      await create(own, flux, kustomization('after-etcd'));
      return { noticed, recovered, requests };
    },
  },
  {
    id: 'C4',
    title: 'history compacted: 410 from the server as status, as event, on a page',
    async run(bed) {
      const recovered = await compacted(bed);
      const proxy = await bed.http();
      const engine = await bed.live(proxy.port);
      const relisted = async (what: string, breakIt: () => void) => {
        const from = engine.asked.length;
        breakIt();
        await until(`relisted after ${what}`, () => lists(engine.asked.slice(from)).length > 0, 10);
        await create(bed.server, flux, kustomization(`after-${what}`));
        await equal(engine.session(), bed.server);
        const count = lists(engine.asked.slice(from)).length;
        assert.equal(count, 1, `${count} lists after ${what}`);
        assert.ok(engine.is('live'));
      };
      const expired = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
      await relisted('event', () => {
        const line = JSON.stringify({ type: 'ERROR', object: { ...expired, message: 'too old resource version' } });
        assert.equal(proxy.intoWatches(/kustomizations\?/, line), 1);
      });
      await relisted('status', () => {
        proxy.fault({ url: /kustomizations\?(?!.*sendInitialEvents).*watch=true/, status: 410, times: 1 });
        proxy.endWatches(/kustomizations\?/);
      });
      await expiredPage(bed);
      return { recovered, requests: 1, note: '1 relist for each' };
    },
  },
  {
    id: 'C5',
    title: 'server restored from a backup: versions go backward',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      await own.stopApiServer();
      await own.stopEtcd();
      cpSync(join(own.folder, 'etcd'), join(own.folder, 'backup'), { recursive: true });
      own.startEtcd();
      await own.startApiServer();
      const engine = await bed.live(own.port, { of: own });
      for (let index = 0; index < 20; index++) await create(own, flux, kustomization(`lost-${index}`));
      await equal(engine.session(), own);
      const from = engine.asked.length;
      await own.stopApiServer();
      await own.stopEtcd();
      rmSync(join(own.folder, 'etcd'), { recursive: true });
      renameSync(join(own.folder, 'backup'), join(own.folder, 'etcd'));
      own.startEtcd();
      await own.startApiServer();
      await until('live again', () => engine.is('live'), 40);
      const began = performance.now();
      await equal(engine.session(), own, 60);
      const asked = engine.asked.slice(from);
      const most = Math.max(
        ...[...new Set(lists(asked).map(pathOf))].map(
          (path) => lists(asked).filter((one) => pathOf(one) === path).length,
        ),
      );
      assert.ok(most <= 2, `${most} lists of one kind`);
      return { recovered: performance.now() - began, requests: asked.length };
    },
  },
  {
    id: 'C6',
    title: 'serving certificate and authority rotated',
    slow: true,
    async run(bed) {
      const [first, second] = [authority('first'), authority('second')];
      const own = await bed.controlPlane();
      const show = async (by: typeof first) => {
        const { certificate, key } = by.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1'] });
        await own.stopApiServer();
        writeFileSync(own.certificate, certificate);
        writeFileSync(own.key, key);
        await own.startApiServer();
      };
      await show(first);
      const access = (by: typeof first) => ({
        one: {
          server: own.url,
          cluster: { 'certificate-authority-data': Buffer.from(by.certificate).toString('base64') },
        },
      });
      const engine = bed.engine(access(first), { of: own });
      engine.open('one');
      await until(
        'live',
        () => engine.is('live'),
        10,
        () => engine.row().description,
      );
      await settled(engine.session());
      const from = engine.asked.length;
      await show(second);
      const noticed = await until(
        'the untrusted certificate is reported',
        () => /not signed by the certificate authority of the kubeconfig/.test(engine.row().description),
        30,
        () => engine.row().description,
      );
      assert.doesNotMatch(JSON.stringify(engine.row()), /skip|insecure/i, 'no bypass is offered');
      const requests = engine.asked.length - from;
      writeConfig(engine.kubeconfig, access(second));
      const recovered = await until(
        'live with the new authority',
        () => engine.is('live'),
        10,
        () => engine.row().description,
      );
      assert.ok(recovered <= 5000, `${recovered} ms after the file changed`);
      return { noticed, recovered, requests };
    },
  },
];

/** Objects change while the engine is disconnected, and etcd compacts their history: the server itself returns 410. */
async function compacted(bed: Bed): Promise<number> {
  const own = await bed.controlPlane();
  const proxy = await bed.tcp(own);
  const engine = await bed.live(proxy.port, { of: own });
  await proxy.set({ mode: 'refuse' });
  for (let index = 0; index < 10; index++) await patch(own, `${flux}/apps-${index}`, { spec: { path: `./${index}` } });
  await own.request('DELETE', `${flux}/apps-11`);
  const revision = await etcd(own.etcdUrl, 'kv/range', { key: 'AA==' });
  await etcd(own.etcdUrl, 'kv/compaction', {
    revision: (revision as { header: { revision: string } }).header.revision,
    physical: true,
  });
  // The server's own cache of recent changes is lost with it.
  await own.stopApiServer();
  await own.startApiServer();
  const from = engine.asked.length;
  const began = performance.now();
  await proxy.set({ mode: 'pass' });
  await until('live again', () => engine.is('live'), 40);
  await equal(engine.session(), own);
  const paths = lists(engine.asked.slice(from)).map(pathOf);
  assert.equal(paths.length, new Set(paths).size, 'at most one relist per kind');
  assert.ok(paths.length > 0, 'the server returns 410');
  return performance.now() - began;
}

/** A server without streaming lists whose continue token expires between pages. */
async function expiredPage(bed: Bed): Promise<void> {
  const proxy = await bed.http();
  proxy.fault({ url: /sendInitialEvents/, status: 422 });
  proxy.fault({
    url: /kustomizations\?limit=500/,
    times: 1,
    status: 200,
    body: JSON.stringify({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'KustomizationList',
      metadata: { continue: 'expired', resourceVersion: '1' },
      items: [],
    }),
  });
  proxy.fault({ url: /kustomizations\?.*continue=expired/, times: 1, status: 410 });
  const engine: Engine = await bed.live(proxy.port);
  await equal(engine.session(), bed.server);
  const pages = proxy.requests.filter(({ url }) => /kustomizations\?/.test(url) && !/watch=/.test(url));
  assert.equal(pages.length, 3, 'first page, expired page, complete list');
}

async function etcd(url: string, method: string, body: object): Promise<unknown> {
  const answer = await fetch(`${url}/v3/${method}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 200, `etcd ${method}`);
  return answer.json();
}

function pathOf({ path }: { readonly path: string }): string {
  return path.split('?')[0]!;
}
