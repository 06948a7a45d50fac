// How long the command line takes for a small cluster, beside kubectl on the same server: `status`, `get` and `problems`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms, program } from '../testbed/cache.ts';
import { runProgram, startControlPlane, until } from '../testbed/controlplane.ts';
import { figure } from './scaling.ts';

const rounds = 9;
const cli = join(import.meta.dirname, '../../dist/cli.js');

/** What each is compared with is what one would ask kubectl for the same. */
const pairs: readonly (readonly [ours: readonly string[], theirs: readonly string[]])[] = [
  [
    ['get', 'deployments', '-A'],
    ['get', 'deployments', '-A'],
  ],
  [['status'], ['get', 'deployments,statefulsets,daemonsets', '-A']],
  [['problems'], ['get', 'deployments,statefulsets,daemonsets,pods,jobs,nodes,namespaces', '-A']],
];

export async function answers(): Promise<void> {
  console.log('\nthe command line on a cluster with 90 objects, beside kubectl');
  if (missingPrograms('kubernetes').length > 0) return console.log('  kubernetes is not built, so it is not compared');
  const controlPlane = await startControlPlane({ controllerManager: true });
  const home = mkdtempSync(join(tmpdir(), 'capstan-answers-'));
  try {
    await controlPlane.apply({
      apiVersion: 'v1',
      kind: 'List',
      items: Array.from({ length: 90 }, (_, at) => idle(at)),
    });
    // What isn't well is asked about further.
    await until('its controllers', undefined, async () => {
      const { stdout } = await controlPlane.kubectl(['get', 'deployments', '-o', 'jsonpath={..observedGeneration}']);
      return stdout.trim().split(' ').length === 90;
    });
    const flags = ['--kubeconfig', controlPlane.kubeconfig];
    const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
    for (const [ours, theirs] of pairs) {
      const times: [number[], number[]] = [[], []];
      // In turns, so that noise affects both; the first makes what both keep.
      for (let round = 0; round <= rounds; round++) {
        const took = [
          await timed(process.execPath, [cli, ...ours, ...flags], env),
          await timed(program('kubernetes', 'kubectl'), [...theirs, ...flags], env),
        ];
        if (round > 0) for (const [at, one] of took.entries()) times[at]!.push(one);
      }
      const [mine, kubectl] = times.map((all) => all.toSorted((a, b) => a - b)[all.length >> 1]!) as [number, number];
      figure(
        `${ours[0]} (${mine.toFixed(0)} ms) against kubectl (${kubectl.toFixed(0)} ms)`,
        mine / kubectl,
        'times',
        2,
      );
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
    await controlPlane.stop();
  }
}

async function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await runProgram(command, args, '', env);
  if (code > 1) throw new Error(`${args.join(' ')}: ${stderr.slice(0, 300)}`);
  return performance.now() - began;
}

function idle(at: number): object {
  const labels = { app: `web-${at}` };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `web-${at}`, namespace: 'default' } },
    spec: {
      ...{ replicas: 0, selector: { matchLabels: labels } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    },
  };
}
