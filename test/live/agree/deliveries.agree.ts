// Six Kustomizations of the real Flux, while they are delivered, changed, suspended and fail: `capstan tree` has the objects of
// `flux tree` under the same parents, no row is well over what `flux get` or kubectl calls failed, and none is failed where
// they are well. Every kind with objects is printed as kubectl prints it.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TreeNode } from '../../../server/src/cli/output.ts';
import { missingPrograms, provide } from '../../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../../testbed/flux.ts';
import { type GitServer, startGitServer } from '../../testbed/git-server.ts';
import { playKubelet } from '../../testbed/kubelet.ts';
import { capstan } from '../capstan.ts';
import { compareColumns } from './columns.ts';
import { applied, files, fluxTree, gitRepository, ourTree, yaml } from './delivery-objects.ts';
import { nodes } from './described.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForFlux()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')}\`)`);

let controlPlane: ControlPlane;
let flux: Flux;
let git: GitServer;
let kubelet: { stop(): Promise<void> } | undefined;

const flags = () => ['--kubeconfig', controlPlane.kubeconfig];

beforeAll(async () => {
  if (missing.length > 0) return;
  controlPlane = await startControlPlane({ controllerManager: true });
  flux = await startFlux(controlPlane);
  git = await startGitServer(controlPlane.folder);
  git.commit('fleet', { ...files('one'), ...more(2) });
  await controlPlane.apply(
    yaml(
      gitRepository('fleet', git.url('fleet')),
      applied('root', './root'),
      applied('workloads', './workloads'),
      applied('awaited', './awaited', { wait: true, timeout: '15s', dependsOn: [{ name: 'workloads' }] }),
      applied('broken', './broken'),
      applied('waiting', './apps', { dependsOn: [{ name: 'broken' }] }),
    ),
  );
  await until('the workloads', undefined, async () => (await readyOf('workloads')) === 'True');
  kubelet = playKubelet(controlPlane, 'shop');
}, 180_000);
afterAll(async () => {
  await kubelet?.stop();
  await git?.stop();
  await flux?.stop();
  await controlPlane?.stop();
});

const deliveries = ['root', 'apps', 'workloads', 'awaited', 'broken', 'waiting'];

async function readyOf(name: string, what: 'status' | 'reason' = 'status'): Promise<string> {
  const get = ['get', 'kustomization', name, '-n', 'flux-system', '-o'];
  const { stdout } = await controlPlane.kubectl([...get, `jsonpath={.status.conditions[?(@.type=="Ready")].${what}}`]);
  return stdout;
}

/** A namespace with workloads, a Job that fails, a claim that nothing binds, and what a Kustomization can't wait for. */
function more(replicas: number): Readonly<Record<string, string>> {
  const metadata = (name: string) => ({ name, namespace: 'shop' });
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } };
  const apps = (kind: string, name: string, spec: object) => ({
    ...{ apiVersion: 'apps/v1', kind, metadata: metadata(name) },
    spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec },
  });
  const claim = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: metadata('data') },
    spec: {
      ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'none' },
      resources: { requests: { storage: '1Gi' } },
    },
  };
  return {
    'workloads/all.yaml': yaml(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      apps('Deployment', 'web', { replicas }),
      apps('StatefulSet', 'store', { replicas: 1, serviceName: 'store' }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('settings'), data: { replicas: `${replicas}` } },
      { apiVersion: 'v1', kind: 'Service', metadata: metadata('web'), spec: { ports: [{ port: 80 }] } },
    ),
    'awaited/all.yaml': yaml(claim, { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('beside') }),
  };
}

interface Seen {
  readonly tree: TreeNode;
  readonly theirs: readonly string[];
}

async function readBoth(name: string): Promise<Seen> {
  let seen: Seen | undefined;
  for (let tries = 0; tries < 8; tries++) {
    const { code, stdout } = await flux.flux(['tree', 'kustomization', name, '-n', 'flux-system', '-o', 'json']);
    const ours = await capstan(['tree', `ks/${name}`, '-n', 'flux-system', ...flags(), '--format', 'json']);
    if (code !== 0 || ours.stdout === '') continue;
    seen = { tree: JSON.parse(ours.stdout) as TreeNode, theirs: fluxTree(JSON.parse(stdout)) };
    if (ourTree(seen.tree).join('\n') === seen.theirs.join('\n')) break;
    await sleep(500);
  }
  if (!seen) throw new Error(`${name} can't be read`);
  return seen;
}

/** All six, now; the states of the roots, and of everything below them that isn't well. */
async function compareAll(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of deliveries) {
    const { tree, theirs } = await readBoth(name);
    expect(ourTree(tree)).toEqual(theirs);
    const ready = await readyOf(name);
    if (ready === 'True') expect([name, tree.state]).not.toEqual([name, 'failed']);
    else expect([name, tree.state]).not.toEqual([name, 'ready']);
    for (const { kind, name: one, state } of nodes(tree)) if (state !== 'none') found.set(`${kind}/${one}`, state);
    counts.trees += 1;
    counts.objects += theirs.length;
  }
  return found;
}

const counts = { trees: 0, objects: 0 };

const inShop = (kind: string, name: string) => ['-n', 'shop', kind, name];

describe.skipIf(missing.length > 0)('deliveries', () => {
  test('as they are applied', async () => {
    await until('the Deployment', undefined, async () => {
      const { stdout } = await controlPlane.kubectl([
        'get',
        ...inShop('deployment', 'web'),
        '-o',
        'jsonpath={.status.availableReplicas}',
      ]);
      return stdout === '2';
    });
    await until(
      'what waits in vain',
      undefined,
      async () => (await readyOf('awaited', 'reason')) === 'HealthCheckFailed',
    );
    const states = await compareAll();
    expect(states.get('Deployment/web')).toBe('ready');
    expect(states.get('PersistentVolumeClaim/data')).not.toBe('ready');
    expect(states.get('Kustomization/awaited')).toBe('failed');
    expect(states.get('Kustomization/broken')).toBe('failed');
    expect(states.get('Kustomization/waiting')).toBe('progressing');
  });

  test('one that is suspended, and what is deleted by hand', async () => {
    await controlPlane.kubectl([
      'patch',
      'ks/apps',
      '-n',
      'flux-system',
      '--type=merge',
      '-p',
      '{"spec":{"suspend":true}}',
    ]);
    await controlPlane.kubectl(['delete', ...inShop('configmap', 'settings')]);
    await controlPlane.kubectl(['delete', ...inShop('service', 'web')]);
    const states = await compareAll();
    expect(states.get('Kustomization/apps')).toBe('suspended');
    for (const gone of ['ConfigMap/settings', 'Service/web']) expect(states.get(gone)).toBe('failed');
  });

  test('a change that is delivered, and one by hand', async () => {
    git.commit('fleet', { ...files('two'), ...more(3) });
    expect((await flux.flux(['reconcile', 'ks', 'workloads', '--with-source', '-n', 'flux-system'])).code).toBe(0);
    const states = await compareAll();
    for (const back of ['ConfigMap/settings', 'Service/web']) expect(states.get(back)).not.toBe('failed');
    await controlPlane.kubectl(['scale', ...inShop('deployment', 'web'), '--replicas=0']);
    await compareAll();
    console.log(`deliveries: ${counts.trees} trees with ${counts.objects} objects agree with flux`);
  });

  test('every kind that has objects', { timeout: 600_000 }, async () => {
    const { kinds, lines, different } = await compareColumns(controlPlane);
    expect(different).toEqual([]);
    console.log(`columns: ${lines} lines of ${kinds} kinds with objects, plain and wide, agree with kubectl`);
  });
});
