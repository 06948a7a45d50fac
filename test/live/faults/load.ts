// Faults by load: C30 and C31.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExplorerOptions } from '../../../server/src/explorer/explorer.ts';
import { idOf } from '../../../server/src/explorer/row-id.ts';
import type { Row } from '../../../server/src/protocol.ts';
import { type ControlPlane, runProgram } from '../../testbed/controlplane.ts';
import { type Bed, clusters, equal, type Fault, flux, settled } from './bed.ts';
import type { ChurnOptions } from './churn.ts';
import { type Engine, type startEngine, until } from './engine.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export const loadFaults: readonly Fault[] = [
  {
    id: 'C30',
    title: '5,000 objects, 500 updates a second for 60 s',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const kind = { path: flux, apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', prefix: 'churn' };
      assert.equal(await churn(own, { ...kind, do: 'create', count: 5000 }), 5000);
      const { engine, changed } = painting(bed, own);
      await until('live', () => engine.is('live'), 20);
      await settled(engine.session());
      await equal(engine.session(), own);
      paint(engine);
      const heap = () => {
        collect();
        return process.memoryUsage().heapUsed / 2 ** 20;
      };
      // The first seconds include compilation.
      const first = churn(own, { ...kind, do: 'update', count: 5000, rate: 500, seconds: 10 });
      await first;
      const before = heap();
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const from = changed.length;
      const began = performance.now();
      const updates = await churn(own, {
        ...kind,
        do: 'update',
        count: 5000,
        rate: 500,
        seconds: Number(process.env.CHURN ?? 60),
      });
      const took = (performance.now() - began) / 1000;
      delay.disable();
      const recovered = performance.now();
      await equal(engine.session(), own, 10);
      const lag = performance.now() - recovered;
      const flushes = (changed.length - from) / took;
      const p99 = delay.percentile(99) / 1e6;
      const grown = heap() - before;
      assert.ok(flushes <= 5, `${flushes.toFixed(1)} flushes a second`);
      assert.ok(p99 < 50, `event-loop delay p99 ${p99.toFixed(1)} ms`);
      assert.ok(grown < 20, `heap grew by ${grown.toFixed(1)} MiB`);
      return {
        recovered: lag,
        note: `${(updates / took).toFixed(0)} updates/s done by the server, ${flushes.toFixed(1)} flushes/s, p99 ${p99.toFixed(1)} ms, heap ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MiB`,
      };
    },
  },
  {
    id: 'C31',
    title: 'one management cluster with 10,000 Machines',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const path = clusters.replace(/clusters$/, 'machines');
      const kind = { path, apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine', prefix: 'many' };
      assert.equal(await churn(own, { ...kind, do: 'create', count: 10_000 }), 10_000);
      collect();
      const before = process.memoryUsage().heapUsed;
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const { engine } = painting(bed, own);
      const noticed = await until('progress', () => engine.session().count > 0, 10);
      const recovered = await until('live', () => engine.is('live'), 30);
      const branch = engine.rows(idOf({ context: 'one' })).find(({ label }) => label === 'Cluster API')!;
      assert.match(branch.description, /^10020 objects/);
      const rows = engine.rows(branch.id);
      assert.equal(rows.length, 501);
      const more = rows.at(-1)!;
      assert.match(more.label, /^\d+ more$/);
      assert.equal(engine.rows(more.id).length, 501);
      delay.disable();
      collect();
      const held = (process.memoryUsage().heapUsed - before) / 2 ** 20;
      assert.ok(held < 150, `${held.toFixed(0)} MiB for 10,000 Machines`);
      await settled(engine.session());
      await beyondTheLimit(bed, own, path);
      return {
        noticed,
        recovered,
        note: `first page with "${more.label}", ${held.toFixed(0)} MiB, longest pause ${(delay.max / 1e6).toFixed(0)} ms; 8,000 beyond a limit of 2,060 counted`,
      };
    },
  },
];

/** With room for a fifth of the objects: the others are counted, and kept once there is room. */
async function beyondTheLimit(bed: Bed, own: ControlPlane, machines: string): Promise<void> {
  const limit = 2060;
  const { engine } = painting(bed, own, { objectLimit: limit });
  await until('live', () => engine.is('live'), 30);
  await settled(engine.session());
  const { store } = engine.session();
  const whole = store.size + store.counted();
  assert.equal(store.size, limit);
  const row = () => engine.rows(idOf({ context: 'one' })).find(({ label }) => label === 'Cluster API')!;
  assert.match(row().description, new RegExp(`^10020 objects, ${store.counted()} over the object limit`));
  const shown = () => everyRow(engine, row().id).at(-1)!;
  assert.equal(shown().label, `${store.counted('cluster.x-k8s.io/Machine')} more`);
  const many = [...store.ofKind('cluster.x-k8s.io/Machine')].filter(({ name }) => name.startsWith('many'));
  const going = many.slice(0, 300);
  for (const { name } of going) await own.request('DELETE', `${machines}/${name}`);
  // A tenth of the limit may be free: a relist for each removed object would be too many.
  await until(
    'the next are kept',
    () => store.size > limit * 0.9,
    20,
    () => store.size,
  );
  await until('all are counted', () => store.size + store.counted() === whole - going.length, 10);
  await engine.dispose();
}

/** All rows of a branch, page by page. */
function everyRow(engine: Engine, id: string): readonly Row[] {
  const rows = engine.rows(id);
  const more = rows.at(-1);
  return more?.branch && /\+\d+$/.test(more.id) ? [...rows.slice(0, -1), ...everyRow(engine, more.id)] : rows;
}

/** An engine with an observed tree: changed rows are requested again, as the view does. */
function painting(
  bed: Bed,
  own: ControlPlane,
  more: Partial<ExplorerOptions> = {},
): { readonly engine: Engine; readonly changed: readonly number[] } {
  const changed: number[] = [];
  const options: Parameters<typeof startEngine>[1] = {
    pageSize: 500,
    ...more,
    onChanged(_view, ids) {
      changed.push(performance.now());
      for (const id of ids) engine.rows(id ?? undefined);
    },
  };
  const engine = bed.engine({ one: { server: own.url } }, { of: own, ...options });
  engine.open('one');
  return { engine, changed };
}

function paint(engine: Engine): void {
  engine.rows();
  const [branch] = engine.rows(idOf({ context: 'one' })).filter(({ label }) => label === 'Flux');
  for (const row of engine.rows(branch!.id)) if (row.branch) engine.rows(row.id);
}

async function churn(server: ControlPlane, options: Omit<ChurnOptions, 'port' | 'token'>): Promise<number> {
  const program = join(import.meta.dirname, 'churn.ts');
  const argument = JSON.stringify({ ...options, port: server.port, token: server.token });
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    program,
    argument,
  ]);
  assert.equal(code, 0, stderr);
  await sleep(0);
  return Number(stdout.trim());
}
