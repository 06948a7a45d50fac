// Tests with the real Cluster API: a cluster of the in-memory provider from creation through failures to deletion; compares
// the rows and the tree with `clusterctl describe` of the same objects.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TreeNode } from '../../server/src/cli/output.ts';
import { Fleet } from '../../server/src/engine/session/fleet.ts';
import { conditionsOf } from '../../server/src/live/conditions.ts';
import { knownHealth } from '../../server/src/live/describe.ts';
import { keyOf, type LiveObject } from '../../server/src/live/object.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ClusterApi, missingForClusterApi, startClusterApi } from '../testbed/cluster-api.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { clusterClass, clusterOf, machineDeployment, slowDeployment } from './agree/cluster-objects.ts';
import { type Described, flat, nodes, read, sorted } from './agree/described.ts';
import { capstan, startCapstan } from './capstan.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForClusterApi()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('cluster-api')}\`)`);

describe.skipIf(missing.length > 0)('Cluster API', () => {
  let controlPlane: ControlPlane;
  let clusterApi: ClusterApi;
  let fleet: Fleet;
  /** All states of each object that the engine has shown, in order. */
  const seen = new Map<string, { readonly object: LiveObject; readonly state: string; readonly reason: string }[]>();

  beforeAll(async () => {
    controlPlane = await startControlPlane({ controllerManager: true });
    clusterApi = await startClusterApi(controlPlane);
    fleet = new Fleet({
      selection: { explicit: controlPlane.kubeconfig },
      env: {},
      readOnlyContexts: [],
      userAgent: 'capstan-test',
      terminal: false,
      ask: async () => true,
      remember: false,
      log: () => undefined,
      onChange: record,
    });
    fleet.open(['admin']);
    await fleet.session('admin')!.settled(AbortSignal.timeout(20_000));
    await controlPlane.apply(
      clusterClass()
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    );
  }, 120_000);
  afterAll(async () => {
    await fleet?.dispose();
    await clusterApi?.stop();
    await controlPlane?.stop();
  });

  function record(): void {
    for (const object of fleet.session('admin')!.store.all()) {
      const name = `${object.groupKind.split('/')[1]}/${object.name}`;
      const states = seen.get(name) ?? [];
      seen.set(name, states);
      if (states.at(-1)?.object !== object) states.push({ object, ...knownHealth(object) });
    }
  }

  function cluster(name: string): LiveObject | undefined {
    record();
    return fleet.session('admin')!.store.get(keyOf('cluster.x-k8s.io/Cluster', 'default', name));
  }

  function stateOf(name: string): string {
    const object = cluster(name);
    return object === undefined ? 'gone' : knownHealth(object).state;
  }

  const flags = () => ['--kubeconfig', controlPlane.kubeconfig, '--context', 'admin'];

  async function tree(name: string): Promise<TreeNode> {
    return JSON.parse((await capstan(['tree', `cluster/${name}`, ...flags(), '--format', 'json'])).stdout) as TreeNode;
  }

  /** Both show the same objects under the same parents, with the same conditions; retried while the cluster changes. */
  async function expectAgreement(name: string): Promise<readonly Described[]> {
    let [ours, theirs]: (readonly Described[])[] = [[], []];
    for (let tries = 0; tries < 10; tries++) {
      const args = ['describe', 'cluster', name, '--echo', '--grouping=false', '--show-machinesets'];
      const described = await clusterApi.clusterctl(args);
      expect(described.stderr).toBe('');
      theirs = sorted(read(described.stdout));
      ours = sorted(flat(await tree(name)));
      if (JSON.stringify(ours) === JSON.stringify(theirs)) break;
      await new Promise((done) => setTimeout(done, 1000));
    }
    expect(ours).toEqual(theirs);
    return theirs!;
  }

  test('a cluster is created, and nothing is reported as done before it is', { timeout: 180_000 }, async () => {
    await controlPlane.apply(clusterOf('demo', { controlPlane: 3, workers: [2] }));
    await until('the cluster', undefined, async () => cluster('demo') !== undefined);
    const name = await eventually('its control plane', () => {
      const reference = cluster('demo')?.spec.controlPlaneRef as { readonly name?: string } | undefined;
      return reference?.name;
    });
    const rollout = startCapstan(['rollout', `kubeadmcontrolplane/${name}`, ...flags()]);
    await until('a ready cluster', undefined, async () => stateOf('demo') === 'ready', 150);
    const { code, stdout, stderr } = await rollout.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n').at(-1)).toBe(`control plane "${name}" successfully rolled out`);

    const states = seen.get('Cluster/demo')!;
    expect(states.length).toBeGreaterThan(3);
    expect(states[0]!.state).not.toBe('ready');
    for (const [what, history] of seen) {
      for (const { object, state, reason } of history) {
        const conditions = conditionsOf(object.status);
        const summary = conditions.get(/Machine\/|Dev/.test(what) ? 'Ready' : 'Available');
        const said = `${what} ${state} (${reason}), ${JSON.stringify(summary)}`;
        // During creation nothing has failed, ready objects are ready, and only what its controller calls unknown is unknown.
        expect(state, said).not.toBe('failed');
        if (state === 'ready' && summary) expect(summary.status, said).toBe('True');
        if (state === 'unknown' && summary) expect(summary.status, said).toBe('Unknown');
      }
      expect(history.at(-1)!.state, what).toBe('ready');
    }
    // Kinds that are only referenced are followed like the others.
    const kinds = [...fleet.session('admin')!.kinds.keys()];
    for (const kind of ['DevCluster', 'DevMachine']) expect(kinds).toContain(`infrastructure.cluster.x-k8s.io/${kind}`);
    expect(kinds).toContain('controlplane.cluster.x-k8s.io/KubeadmControlPlane');
  });

  test('its tree agrees with clusterctl, and status shows it', async () => {
    const described = await expectAgreement('demo');
    expect(described.filter(({ kind }) => kind === 'Machine')).toHaveLength(5);
    expect(described.filter(({ kind }) => kind === 'KubeadmConfig')).toHaveLength(5);
    const { code, stdout } = await capstan(['tree', 'cluster/demo', ...flags()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✔ Cluster\/demo {2}v1\.35\.0 class in-memory\n/);
    expect(stdout).toMatch(
      /✔ control plane: KubeadmControlPlane\/\S+ {2}3\/3 v1\.35\.0\n {4}✔ 3 machines ready {2}v1\.35\.0\n/,
    );
    const status = await capstan(['status', ...flags()]);
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/✔ demo {2}v1\.35\.0 class in-memory/);
    expect(status.stdout).toContain('2 machines ready');
  });

  test('a rollout is done when the machines are replaced', async () => {
    await controlPlane.apply(machineDeployment('quick', 'machine'));
    const flagsOf = ['rollout', 'machinedeployment/quick', '--timeout=60s', ...flags()];
    expect((await capstan(flagsOf)).code).toBe(0);
    const machines = async () => {
      const args = ['get', 'machines', '-l', 'pool=quick', '-o', 'jsonpath={.items[*].metadata.name}'];
      return (await controlPlane.kubectl(args)).stdout.split(' ');
    };
    const [old] = await machines();
    const path = '/apis/cluster.x-k8s.io/v1beta2/namespaces/default/machinedeployments/quick';
    const spec = { template: { spec: { infrastructureRef: { name: 'other-machine' } } } };
    const { status } = await controlPlane.request('PATCH', path, { spec }, 'application/merge-patch+json');
    expect(status).toBe(200);
    // Right after the change, everything is still reported as up to date.
    const { code, stdout } = await capstan(flagsOf);
    expect([code, stdout.match(/successfully rolled out/g)?.length]).toEqual([0, 1]);
    const now = await machines();
    expect(now).toHaveLength(1);
    expect(now).not.toContain(old);
    const act = (line: string) => capstan([...line.split(' '), '--wait', '--timeout=60s', ...flags()]);
    expect((await act('restart machinedeployment/quick')).stdout).toContain('was restarted on');
    const [after] = await machines();
    expect(now).not.toContain(after);
    expect((await act(`delete machine/${after}`)).stdout).toContain('is deleted on');
    expect(await machines()).not.toContain(after);
  });

  test('machines that do not start delay only their deployment', async () => {
    await controlPlane.apply(slowDeployment());
    const stuck = (node: TreeNode): boolean => node.kind === 'DevMachine' && /WaitingForStartup/.test(node.reason);
    await until('a machine that waits', undefined, async () => nodes(await tree('demo')).some(stuck));
    const described = await expectAgreement('demo');
    expect(described.filter(({ status }) => status === 'False').map(({ kind }) => kind)).toEqual([
      'Cluster',
      'DevMachine',
      'Machine',
      'MachineDeployment',
    ]);
    const all = nodes(await tree('demo'));
    const states = new Map(all.map(({ kind, name, state }) => [`${kind}/${name}`, state]));
    expect(states.get('MachineDeployment/slow')).toBe('progressing');
    // An object that is not ready in clusterctl is never shown as healthy, and vice versa.
    for (const { kind, name, status } of described) {
      if (status === 'False') expect(['progressing', 'failed']).toContain(states.get(`${kind}/${name}`));
      if (status === 'True') expect(states.get(`${kind}/${name}`)).toBe('ready');
    }
    const rollout = await capstan(['rollout', 'machinedeployment/slow', '--timeout=1s', ...flags()]);
    expect([rollout.code, rollout.stdout]).toEqual([
      1,
      'Waiting for machine deployment "slow" rollout to finish: 0 of 1 updated replicas are available...\n',
    ]);
    expect(rollout.stderr).toContain('error: timed out waiting for the condition');
    // The reason is the machine's own message.
    expect(rollout.stderr).toMatch(/^capstan: machine slow-\S+ is not ready: .*VMProvisioned: WaitingForStartup/m);
    expect((await capstan(['tree', 'cluster/demo', ...flags()])).code).toBe(1);
  });

  test('references to missing objects are shown', async () => {
    const reference = (group: string, kind: string) => ({
      apiGroup: `${group}.cluster.x-k8s.io`,
      kind,
      name: 'nowhere',
    });
    await controlPlane.apply({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'broken', namespace: 'default' },
      spec: {
        infrastructureRef: reference('infrastructure', 'DevCluster'),
        controlPlaneRef: reference('controlplane', 'KubeadmControlPlane'),
      },
    });
    const { children } = await tree('broken');
    expect(children.map(({ kind, name, role, state, reason }) => [kind, name, role, state, reason])).toEqual([
      ['DevCluster', 'nowhere', 'infrastructure', 'failed', 'not found'],
      ['KubeadmControlPlane', 'nowhere', 'control plane', 'failed', 'not found'],
    ]);
  });

  test('paused, resumed, deleted', async () => {
    const pause = async (paused: boolean) => {
      const path = '/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/demo';
      await controlPlane.request('PATCH', path, { spec: { paused } }, 'application/merge-patch+json');
    };
    await pause(true);
    await until('paused', undefined, async () => stateOf('demo') === 'suspended', 10);
    await pause(false);
    await until('resumed', undefined, async () => stateOf('demo') !== 'suspended', 10);
    const deleting = controlPlane.kubectl(['delete', 'cluster', 'demo', '--timeout=100s']);
    await until('being deleted', undefined, async () => stateOf('demo') === 'deleting', 10);
    await until('gone', undefined, async () => stateOf('demo') === 'gone', 100);
    expect((await deleting).code).toBe(0);
    const ends = seen.get('Cluster/demo')!.filter(({ state }) => state === 'deleting');
    expect(ends.map(({ reason }) => reason).join('\n')).toMatch(/waiting for|deleting|to be deleted/i);
    expect(ends.every(({ object }) => object.deleted !== undefined)).toBe(true);
  });
});

/** Polls ten times a second and returns the first value. */
async function eventually<T>(what: string, ask: () => T | undefined): Promise<T> {
  let found: T | undefined;
  await until(what, undefined, async () => (found = ask()) !== undefined);
  return found!;
}
