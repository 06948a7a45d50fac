// Six clusters of the in-memory provider of Cluster API, at ten moments each while they are created, scaled, upgraded, paused
// and deleted: `capstan tree` has the objects of `clusterctl describe` under the same parents with the same conditions, and
// nothing that isn't ready there is well here. Of the upgrade, every state that the engine shows is held against the machines.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TreeNode } from '../../../server/src/cli/output.ts';
import { Fleet } from '../../../server/src/engine/session/fleet.ts';
import { conditionsOf } from '../../../server/src/live/conditions.ts';
import { knownHealth } from '../../../server/src/live/describe.ts';
import { text } from '../../../server/src/live/fields.ts';
import { keyOf } from '../../../server/src/live/object.ts';
import { missingPrograms, provide } from '../../testbed/cache.ts';
import { type ClusterApi, missingForClusterApi, startClusterApi } from '../../testbed/cluster-api.ts';
import { type ControlPlane, startControlPlane, until } from '../../testbed/controlplane.ts';
import { capstan } from '../capstan.ts';
import { clusterClass, clusterOf, machineDeployment, plainCluster, slowDeployment } from './cluster-objects.ts';
import { type Described, flat, nodes, read, sorted } from './described.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForClusterApi()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('cluster-api')}\`)`);

const moments = 10;
/** Milliseconds between two moments. */
const gap = 5_000;

const mergePatch = 'application/merge-patch+json';
const [from, to] = ['v1.34.0', 'v1.35.0'];

let controlPlane: ControlPlane;
let clusterApi: ClusterApi;
let fleet: Fleet;

const path = (kind: string, name: string) => `/apis/cluster.x-k8s.io/v1beta2/namespaces/default/${kind}/${name}`;

async function patch(name: string, spec: object): Promise<void> {
  const { status } = await controlPlane.request('PATCH', path('clusters', name), { spec }, mergePatch);
  expect(status).toBe(200);
}

const apply = (...objects: readonly object[]) =>
  controlPlane.apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'));

async function machinesOf(cluster: string): Promise<readonly string[]> {
  const args = ['get', 'machines', '-l', `cluster.x-k8s.io/cluster-name=${cluster}`, '-o', 'name'];
  return (await controlPlane.kubectl(args)).stdout.trim().split('\n');
}

const workers = (replicas: number) => ({
  topology: { workers: { machineDeployments: [{ class: 'worker', name: 'md-0', replicas }] } },
});

/** What is done to each cluster, by the moment before which it is. */
const histories: Readonly<Record<string, Readonly<Record<number, () => Promise<unknown>>>>> = {
  scaled: {
    0: () => apply(clusterOf('scaled', { controlPlane: 1, workers: [1] })),
    5: () => patch('scaled', workers(3)),
    8: () => patch('scaled', workers(1)),
  },
  upgraded: {
    0: () => apply(clusterOf('upgraded', { version: from, controlPlane: 3, workers: [5] })),
    7: () => patch('upgraded', { topology: { version: to } }),
  },
  plain: {
    0: () => apply(...plainCluster('plain'), machineDeployment('plain-workers', 'machine', 'plain')),
    7: async () => controlPlane.kubectl(['delete', (await machinesOf('plain'))[0]!, '--wait=false']),
  },
  slow: {
    0: () => apply(clusterOf('slow', { controlPlane: 1, workers: [1] })),
    3: () => controlPlane.apply(slowDeployment('slow')),
  },
  paused: {
    0: () => apply(clusterOf('paused', { controlPlane: 1, workers: [2] })),
    4: () => patch('paused', { paused: true }),
    7: () => patch('paused', { paused: false }),
  },
  deleted: {
    0: () => apply(clusterOf('deleted', { controlPlane: 1, workers: [1, 1] })),
    6: async () => {
      const hook = 'pre-drain.delete.hook.machine.cluster.x-k8s.io/backup=';
      await controlPlane.kubectl(['annotate', ...(await machinesOf('deleted')), hook]);
      await controlPlane.kubectl(['delete', 'cluster', 'deleted', '--wait=false']);
    },
  },
};

beforeAll(async () => {
  if (missing.length > 0) return;
  controlPlane = await startControlPlane({ controllerManager: true });
  clusterApi = await startClusterApi(controlPlane);
  fleet = new Fleet({
    ...{ selection: { explicit: controlPlane.kubeconfig }, env: {}, readOnlyContexts: [], userAgent: 'capstan-test' },
    ...{ terminal: false, ask: async () => true, remember: false, log: () => undefined, onChange: sample },
  });
  fleet.open(['admin']);
  await fleet.session('admin')!.settled(AbortSignal.timeout(20_000));
  await apply(...clusterClass());
}, 120_000);
afterAll(async () => {
  await fleet?.dispose();
  await clusterApi?.stop();
  await controlPlane?.stop();
});

/** What the engine shows of the upgrade whenever anything changes, and what the machines are then. */
const samples: { readonly at: number; readonly state: string; readonly isDone: boolean }[] = [];

function sample(): void {
  const objects = fleet.session('admin')?.store;
  const cluster = objects?.get(keyOf('cluster.x-k8s.io/Cluster', 'default', 'upgraded'));
  if (!objects || !cluster || text(cluster.spec, 'topology', 'version') !== to) return;
  const machines = [...objects.all()].filter(
    ({ groupKind, labels }) =>
      groupKind === 'cluster.x-k8s.io/Machine' && labels['cluster.x-k8s.io/cluster-name'] === 'upgraded',
  );
  const isUpgraded = machines.every(
    ({ spec, status, deleted }) =>
      deleted === undefined &&
      text(spec, 'version') === to &&
      conditionsOf(status).get('Ready')?.status === 'True' &&
      conditionsOf(status).get('UpToDate')?.status !== 'False',
  );
  samples.push({ at: Date.now(), state: knownHealth(cluster).state, isDone: isUpgraded && machines.length === 8 });
}

/** clusterctl shows pools once one of them has a machine (cmd/clusterctl/client/tree/discovery.go); we show them from the start. */
function withoutEmptyPools(rows: readonly Described[]): readonly Described[] {
  const isPool = ({ kind }: Pick<Described, 'kind'>) => /^Machine(Deployment|Set|Pool)$/.test(kind);
  const hasWorkers = rows.some(
    ({ kind, parent }) => kind === 'Machine' && /^Machine(Deployment|Set|Pool)\//.test(parent),
  );
  return hasWorkers ? rows : rows.filter((row) => !isPool(row));
}

interface Both {
  readonly ours: readonly Described[];
  readonly theirs: readonly Described[];
  /** Undefined once the cluster is gone for both. */
  readonly tree?: TreeNode;
}

/** Read one after the other, so that both are read again if the cluster has changed in between. */
async function readBoth(name: string): Promise<Both> {
  let both: Both | undefined;
  for (let tries = 0; tries < 12; tries++) {
    const flags = ['--kubeconfig', controlPlane.kubeconfig, '--format', 'json'];
    const described = await clusterApi.clusterctl([
      ...['describe', 'cluster', name, '--echo', '--grouping=false', '--show-machinesets'],
    ]);
    const { stdout } = await capstan(['tree', `cluster/${name}`, ...flags]);
    if (described.code !== 0 && stdout === '') both = { ours: [], theirs: [] };
    if (described.code !== 0 || stdout === '') continue;
    const tree = JSON.parse(stdout) as TreeNode;
    both = { ours: withoutEmptyPools(sorted(flat(tree))), theirs: sorted(read(described.stdout)), tree };
    if (JSON.stringify(both.ours) === JSON.stringify(both.theirs)) break;
    await sleep(300);
  }
  if (!both) throw new Error(`${name} can't be read`);
  return both;
}

/** Objects that clusterctl calls not ready and we call well, or the other way round. */
function contradictions({ theirs, tree }: Both): readonly string[] {
  if (!tree) return [];
  const states = new Map(nodes(tree).map(({ kind, name, state }) => [`${kind}/${name}`, state]));
  return theirs.flatMap(({ kind, name, status }) => {
    const state = states.get(`${kind}/${name}`) ?? 'none';
    const isWrong =
      (status === 'False' && /^(ready|none)$/.test(state)) || (status === 'True' && /^(failed|unknown)$/.test(state));
    return isWrong ? [`${kind}/${name} is ${status}, and ${state}`] : [];
  });
}

describe.skipIf(missing.length > 0)('clusters', () => {
  test(`${Object.keys(histories).length} at ${moments} moments`, { timeout: 900_000 }, async () => {
    const counts = { moments: 0, objects: 0 };
    for (let moment = 0; moment < moments; moment++) {
      for (const history of Object.values(histories)) await history[moment]?.();
      await sleep(gap);
      for (const name of Object.keys(histories)) {
        const both = await readBoth(name);
        expect(both.ours, `${name} at moment ${moment}`).toEqual(both.theirs);
        expect(contradictions(both), `${name} at moment ${moment}`).toEqual([]);
        counts.moments += 1;
        counts.objects += both.theirs.length;
        if (name !== 'deleted') expect(both.tree).toBeDefined();
      }
    }
    console.log(`clusters: ${counts.moments} moments with ${counts.objects} objects agree with clusterctl`);
    expect(counts.moments).toBe(moments * Object.keys(histories).length);
  });

  test('an upgrade of three and five machines is done when it is', { timeout: 400_000 }, async () => {
    expect(samples).not.toEqual([]);
    await until('the machines', undefined, async () => samples.at(-1)?.isDone === true, 300);
    await until('the upgrade', undefined, async () => samples.at(-1)?.state === 'ready', 20);
    const early = samples.filter(({ state, isDone }) => state === 'ready' && !isDone);
    expect(early).toEqual([]);
    const done = samples.find(({ isDone }) => isDone)!.at;
    const ready = samples.find(({ state }) => state === 'ready')!.at;
    console.log(`upgrade: ${samples.length} samples, said to be done ${ready - done} ms after the machines were`);
    expect(samples.filter(({ state }) => state === 'failed')).toEqual([]);
  });
});
