// `npm run scale`: measures the engine with many contexts, objects, changes and hours against simulated API servers, next to
// `kubectl get` on the same server. Each figure is printed with its limit; exits 1 if one is exceeded.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { idOf } from '../../server/src/explorer/row-id.ts';
import type { Row } from '../../server/src/protocol.ts';
import { type Access, type Engine, startEngine, until, writeConfig } from '../live/faults/engine.ts';
import { missingPrograms, program } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import { startTcpProxy } from '../testbed/tcp-proxy.ts';
import { answers } from './answers.ts';
import { residentMemory } from './resident.ts';
import { figure, figuresOutside, type Generated, generated } from './scaling.ts';
import { many, tree } from './wide.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const only = process.argv.slice(2);
const parts: Readonly<Record<string, () => Promise<void>>> = { contexts, many, objects, updates, tree, answers, hours };
for (const [name, part] of Object.entries(parts)) {
  if (only.length > 0 && !only.includes(name)) continue;
  // What the part before left isn't collected in this one.
  collect();
  await part();
}
const outside = figuresOutside();
console.log(outside === 0 ? '\nall figures within their bounds' : `\n${outside} figures out of bounds`);
process.exit(outside === 0 ? 0 : 1);

/** A hundred contexts, ten of them dead. */
async function contexts(): Promise<void> {
  console.log('\n100 contexts, 10 of them dead');
  const api = await generated({ clusters: 10, machines: 50, flux: 20 });
  const silent = await startTcpProxy({ port: api.port });
  await silent.set({ mode: 'blackhole' });
  const dead = (index: number): Access => ({
    server: index % 2 === 0 ? 'https://127.0.0.1:9' : `https://127.0.0.1:${silent.port}`,
  });
  const alive = Array.from({ length: 90 }, (_, index) => `alive-${index}`);
  const engine = startEngine({
    ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`dead-${index}`, dead(index)])),
    ...Object.fromEntries(alive.map((name) => [name, { server: `https://127.0.0.1:${api.port}` }])),
  });
  engine.open(...engine.fleet.config.contexts.keys());
  const took = await until('90 live', () => alive.every((name) => engine.is('live', name)), 60);
  const { sockets, requests } = await api.state();
  figure('until the other 90 are usable', took / 1000, 's', 5);
  figure('connections of each', sockets / 90, '', 4);
  await sleep(3000);
  const before = (await api.state()).requests;
  await sleep(15_000);
  const idle = ((await api.state()).requests - before) / 15 / 90;
  figure('requests per second of an idle context', idle, '', 1);
  console.log(`  ${requests} requests up to that point`);
  await engine.dispose();
  await silent.stop();
  api.stop();
}

/** One management cluster of a thousand. */
async function objects(): Promise<void> {
  console.log('\n1,000 Clusters, 10,000 Machines, 2,000 Flux objects');
  const api = await generated({ clusters: 1000, machines: 10_000, flux: 2000 });
  const server = `https://127.0.0.1:${api.port}`;
  const kubectl = await kubectlTime(server);
  collect();
  const times: number[] = [];
  for (let round = 0; round < 4; round++) {
    const engine = startEngine({ one: { server } }, { pageSize: 500 });
    const began = performance.now();
    engine.open('one');
    await until('first objects', () => engine.session().count > 0, 30);
    const progress = performance.now() - began;
    await until('live', () => engine.is('live'), 60);
    const rows = painted(engine);
    const took = performance.now() - began;
    times.push(took);
    if (round === 3) {
      collect();
      figure('first rows', progress / 1000, 's', 2);
      figure('all listed, rows of every branch', Math.min(...times) / 1000, 's', 2);
      console.log(`  heap ${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(0)} MiB, ${rows} rows painted`);
    }
    await engine.dispose();
  }
  const { now, peak } = await residentMemory(server);
  figure('resident memory of the cluster server', now, 'MiB', 250);
  console.log(`  ${peak.toFixed(0)} MiB at the peak`);
  if (kubectl === undefined) console.log('  kubectl is not built, so it is not compared');
  else
    figure(
      `list to rows against kubectl get (${kubectl.toFixed(2)} s)`,
      Math.min(...times) / 1000 / kubectl,
      'times',
      2,
    );
  api.stop();
}

/** Five hundred changes a second. */
async function updates(): Promise<void> {
  console.log('\n500 updates a second for 30 s, 13,000 objects');
  const api = await generated({ clusters: 1000, machines: 10_000, flux: 2000 });
  const { engine, told } = painting(`https://127.0.0.1:${api.port}`);
  await until('live', () => engine.is('live'), 60);
  painted(engine);
  await api.obey({ do: 'update', rate: 500, seconds: 5 });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const from = told.length;
  const done = (await api.obey({ do: 'update', rate: 500, seconds: 30 })) as number;
  delay.disable();
  figure('event-loop delay p99', delay.percentile(99) / 1e6, 'ms', 20);
  figure('changes reported per second', (told.length - from) / 30, '', 5);
  figure('updates lost', await lost(engine, api), '', 0);
  console.log(`  ${(done / 30).toFixed(0)} updates per second done, longest pause ${(delay.max / 1e6).toFixed(0)} ms`);
  await engine.dispose();
  api.stop();
}

/** Eight hours of watch timeouts, connection failures and compactions, compressed into minutes. */
async function hours(): Promise<void> {
  console.log(
    '\n8 hours in compressed time: 64 watch timeouts, 48 broken connections, 16 compactions, 100 updates a second',
  );
  const api = await generated({ clusters: 200, machines: 2000, flux: 400 });
  const { engine } = painting(`https://127.0.0.1:${api.port}`);
  await until('live', () => engine.is('live'), 60);
  painted(engine);
  const heaps: number[] = [];
  const rounds = 16;
  for (let round = 0; round < rounds; round++) {
    const churn = api.obey({ do: 'update', rate: 100, seconds: 7 });
    for (let part = 0; part < 4; part++) {
      await api.obey({ do: 'endWatches' });
      await sleep(600);
      if (part < 3) await api.obey({ do: 'reset' });
      await sleep(1000);
    }
    await api.obey({ do: 'compact' });
    await churn;
    await until('live', () => engine.is('live'), 40);
    await until('nothing lost', async () => (await lost(engine, api)) === 0, 40);
    collect();
    heaps.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
  const half = heaps.length / 2;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [early, late] = [mean(heaps.slice(2, half)), mean(heaps.slice(half))];
  figure('heap of the second half relative to the first', late / early, 'times', 1.05);
  figure('updates lost', await lost(engine, api), '', 0);
  console.log(`  heap ${heaps.map((heap) => heap.toFixed(1)).join(' ')} MiB`);
  await engine.dispose();
  api.stop();
}

/** Requests the rows of every initially expanded branch; returns their number. */
function painted(engine: Engine): number {
  const below = (rows: readonly Row[]): number =>
    rows.reduce(
      (sum, row) => sum + (row.kind === 'folder' && row.branch ? below(engine.rows(row.id)) : 0),
      rows.length,
    );
  engine.rows();
  const branches = engine.rows(idOf({ context: 'one' }));
  return branches.reduce((sum, row) => sum + engine.rows(row.id).length, branches.length + below([]));
}

/** Requests changed rows again and writes them for the editor, as the server does for its views and the status bar. */
function painting(server: string): { readonly engine: Engine; readonly told: readonly number[] } {
  const told: number[] = [];
  const engine: Engine = startEngine(
    { one: { server } },
    {
      pageSize: 500,
      onChanged(_view, ids) {
        told.push(performance.now());
        for (const id of ids) JSON.stringify(engine.rows(id ?? undefined));
      },
      onSummary: (summary) => void JSON.stringify(summary),
    },
  );
  engine.open('one');
  return { engine, told };
}

/** Number of objects that differ from the server's, after a second for the last updates to arrive. */
async function lost(engine: Engine, api: Generated): Promise<number> {
  await sleep(1000);
  const held = new Set(
    [...engine.session().store.all()].map(({ uid, resourceVersion }) => `${uid} ${resourceVersion}`),
  );
  return (await api.state()).objects.filter((one) => !held.has(one)).length;
}

/** Seconds of the best of three runs with cached discovery; undefined without kubectl. */
async function kubectlTime(server: string): Promise<number | undefined> {
  if (missingPrograms('kubernetes', ['kubectl']).length > 0) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'capstan-scale-'));
  const kubeconfig = join(home, 'config');
  writeConfig(kubeconfig, { one: { server } });
  const kinds =
    'clusters.cluster.x-k8s.io,machines.cluster.x-k8s.io,kustomizations.kustomize.toolkit.fluxcd.io,gitrepositories.source.toolkit.fluxcd.io';
  const times: number[] = [];
  for (let round = 0; round < 4; round++) {
    const began = performance.now();
    const args = ['--kubeconfig', kubeconfig, 'get', kinds, '-A'];
    const { code, stdout, stderr } = await runProgram(program('kubernetes', 'kubectl'), args, '', { HOME: home });
    if (code !== 0 || stdout.split('\n').length < 13_000) throw new Error(`kubectl get: ${stderr.slice(0, 300)}`);
    if (round > 0) times.push((performance.now() - began) / 1000);
  }
  rmSync(home, { recursive: true, force: true });
  return Math.min(...times);
}
