// Much at once: a hundred thousand objects in a hundred contexts, and the tree of one cluster with ten thousand machines.

import { childrenOf, objectNode } from '../../server/src/live/children.ts';
import { nodeWords } from '../../server/src/live/node.ts';
import { objectKey, trim } from '../../server/src/live/object.ts';
import { sourceOfSnapshot } from '../../server/src/live/source.ts';
import { treeOf } from '../../server/src/live/tree.ts';
import { startEngine, until } from '../live/faults/engine.ts';
import { residentMemory } from './resident.ts';
import { figure, generated } from './scaling.ts';

const contexts = 100;

/** Of a thousand objects each. */
export async function many(): Promise<void> {
  console.log('\n100,000 objects in 100 contexts');
  const api = await generated({ clusters: 50, machines: 850, flux: 100 });
  const server = `https://127.0.0.1:${api.port}`;
  const names = Array.from({ length: contexts }, (_, index) => `context-${index}`);
  const engine = startEngine(Object.fromEntries(names.map((name) => [name, { server }])), { pageSize: 500 });
  const began = performance.now();
  engine.open(...names);
  await until('a first row', () => names.some((name) => engine.session(name).count > 0), 30);
  figure('first row', (performance.now() - began) / 1000, 's', 1);
  await until('live', () => names.every((name) => engine.is('live', name)), 120);
  figure('all live', (performance.now() - began) / 1000, 's', 10);
  await engine.dispose();
  const { now, peak } = await residentMemory(server, names);
  figure('resident memory of the cluster server', now, 'MiB', 700);
  console.log(`  ${peak.toFixed(0)} MiB at the peak`);
  api.stop();
}

/** As the command line prints it, and as rows. */
export async function tree(): Promise<void> {
  console.log('\nthe tree of a cluster with 10,000 machines in 100 pools');
  const group = 'cluster.x-k8s.io/v1beta2';
  const labels = { 'cluster.x-k8s.io/cluster-name': 'one' };
  const object = (kind: string, name: string, owner: string | undefined, status: object) => ({
    ...{ apiVersion: group, kind, status },
    metadata: {
      ...{ name, namespace: 'fleet', uid: `${kind}/${name}`, generation: 1, labels },
      ...(owner && {
        ownerReferences: [
          ...[
            { apiVersion: group, kind: owner.split('/')[0], name: owner.split('/')[1], uid: owner, controller: true },
          ],
        ],
      }),
    },
  });
  const ready = {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Available', status: 'True' },
    ],
  };
  const cluster = object('Cluster', 'one', undefined, ready);
  const pools = Array.from({ length: 100 }, (_, pool) => [
    object('MachineDeployment', `pool-${pool}`, 'Cluster/one', ready),
    object('MachineSet', `pool-${pool}-a`, `MachineDeployment/pool-${pool}`, ready),
    ...Array.from({ length: 100 }, (_, index) =>
      object('Machine', `pool-${pool}-${index}`, `MachineSet/pool-${pool}-a`, index % 50 === 0 ? {} : ready),
    ),
  ]);
  const objects = [cluster, ...pools.flat()];
  const times = { tree: [] as number[], rows: [] as number[] };
  let shown = 0;
  for (let round = 0; round < 40; round++) {
    // As it is read anew each time.
    const read = objects.map((one) => trim(one)!);
    const snapshot = { objects: new Map(read.map((one) => [objectKey(one), one])), absent: new Map() };
    const root = read[0]!;
    const began = performance.now();
    const source = sourceOfSnapshot('cluster-api', snapshot, root);
    shown = count(treeOf(root, source, Date.now()));
    times.tree.push(performance.now() - began);
    const from = performance.now();
    for (const child of childrenOf(objectNode(root), source)) nodeWords(child, Date.now());
    times.rows.push(performance.now() - from);
  }
  figure(`all ${shown.toLocaleString('en')} of its objects`, median(times.tree), 'ms', 100);
  figure('its first rows', median(times.rows), 'ms', 100);
}

function count({ children }: { readonly children: readonly unknown[] }): number {
  return 1 + children.reduce<number>((sum, child) => sum + count(child as { children: readonly unknown[] }), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
