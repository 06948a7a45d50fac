// Situations in which a word about a workload was wrong once, staged on a real controller manager: what `status`, `problems` and
// `tree` say, beside kubectl. `get` is compared with kubectl's output.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextProblems, ContextStatus, TreeNode } from '../../server/src/cli/output.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Pod, playKubelet, podsOf, ready, setStatus, waiting } from '../testbed/kubelet.ts';
import { masked } from './agree/columns.ts';
import { capstan, start, startCapstan } from './capstan.ts';
import { deploymentPath, workload } from './workload.ts';

let controlPlane: ControlPlane;

const missing = missingPrograms('kubernetes');
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')}\`)`);

beforeAll(async () => {
  if (missing.length > 0) return;
  controlPlane = await startControlPlane({ controllerManager: true });
}, 90_000);
afterAll(() => controlPlane?.stop());

const mergePatch = 'application/merge-patch+json';
const flags = () => ['--kubeconfig', controlPlane.kubeconfig];

async function namespace(name: string): Promise<void> {
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await until(
    `the service account of ${name}`,
    undefined,
    async () => (await controlPlane.request('GET', path)).status === 200,
  );
}

async function statusOf(path: string, holds: (status: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
  await until(path, undefined, async () => {
    const { body } = await controlPlane.request('GET', path);
    const { metadata, status = {} } = body as {
      metadata?: { generation?: number };
      status?: Readonly<Record<string, unknown>>;
    };
    return (status.observedGeneration ?? metadata?.generation) === metadata?.generation && holds(status);
  });
}

async function row(name: string, kind = 'Deployment') {
  const { stdout } = await capstan(['status', '--format', 'json', ...flags()]);
  const [status] = JSON.parse(stdout) as readonly ContextStatus[];
  return status!.objects.find((one) => one.name === name && one.kind === kind);
}

const crashing = (pod: Pod) => ({
  ...(ready(pod) as object),
  conditions: [
    { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
    { type: 'ContainersReady', status: 'False', reason: 'ContainersNotReady' },
  ],
  containerStatuses: [
    {
      ...{ name: 'web', image: 'web', imageID: 'web', ready: false, started: false, restartCount: 7 },
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    },
  ],
});

async function all(space: string, status: (pod: Pod) => object): Promise<void> {
  for (const pod of await podsOf(controlPlane, space)) await setStatus(controlPlane, pod, status(pod));
}

describe.skipIf(missing.length > 0)('workloads', () => {
  test('a total outage after a finished rollout, also while paused; scaling it is progress', async () => {
    await namespace('outage');
    await controlPlane.apply(workload('Deployment', 'outage', 'outage', { replicas: 2 }));
    const path = deploymentPath('outage', 'outage');
    const kubelet = playKubelet(controlPlane, 'outage');
    await statusOf(path, ({ availableReplicas }) => availableReplicas === 2);
    await kubelet.stop();
    expect((await row('outage'))?.state).toBe('ready');

    // Longer than it takes a controller to react, so that the condition shows what it follows.
    await new Promise((done) => setTimeout(done, 2500));
    await controlPlane.request('PATCH', path, { spec: { replicas: 6 } }, mergePatch);
    await statusOf(
      path,
      ({ replicas, conditions }) => replicas === 6 && JSON.stringify(conditions).includes('Unavailable'),
    );
    expect((await row('outage'))?.state).toBe('progressing');
    await controlPlane.request('PATCH', path, { spec: { replicas: 2 } }, mergePatch);
    await statusOf(path, ({ replicas, availableReplicas }) => replicas === 2 && availableReplicas === 2);

    // Longer than it takes a controller to react to the scaling.
    await new Promise((done) => setTimeout(done, 11_000));
    await all('outage', crashing);
    await statusOf(path, ({ unavailableReplicas }) => unavailableReplicas === 2);
    const sick = await row('outage');
    expect([sick?.state, sick?.causes?.map(({ cause }) => cause)]).toEqual(['failed', ['out of memory']]);
    await controlPlane.request('PATCH', path, { spec: { paused: true } }, mergePatch);
    await statusOf(path, () => true);
    const paused = await row('outage');
    expect([paused?.state, paused?.reason]).toEqual(['failed', 'paused, 0/2 available']);
  });

  test('a StatefulSet that is rolled back while a pod of the bad revision blocks it', async () => {
    await namespace('blocked');
    const set = (image: string) =>
      workload('StatefulSet', 'blocked', 'blocked', { serviceName: 'web', replicas: 2 }, image);
    const path = '/apis/apps/v1/namespaces/blocked/statefulsets/blocked';
    await controlPlane.apply(set('web:1'));
    const kubelet = playKubelet(controlPlane, 'blocked');
    await statusOf(path, ({ readyReplicas }) => readyReplicas === 2);
    await kubelet.stop();
    await controlPlane.apply(set('web:bad'));
    const bad = async () =>
      (await podsOf(controlPlane, 'blocked')).find(
        ({ spec, metadata }) => spec.containers[0]?.image === 'web:bad' && !metadata.deletionTimestamp,
      );
    await until('the bad pod', undefined, async () => (await bad()) !== undefined);
    const pod = (await bad())!;
    await setStatus(controlPlane, pod, waiting(pod, 'ImagePullBackOff', 'manifest unknown'));
    await controlPlane.apply(set('web:3'));
    await statusOf(path, ({ readyReplicas }) => readyReplicas === 1);
    const { stdout } = await capstan(['problems', '--format', 'json', ...flags()]);
    const [context] = JSON.parse(stdout) as readonly ContextProblems[];
    const problem = context!.problems.find(({ name }) => name === 'blocked');
    expect(problem).toMatchObject({
      ...{ state: 'failed', cause: 'blocking pod', next: expect.stringContaining(pod.metadata.name) },
    });
  });

  test('a failed Job and a namespace that does not end are problems', async () => {
    await namespace('jobs');
    const job = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', namespace: 'jobs' } },
      spec: {
        backoffLimit: 0,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: 'web' }] } },
      },
    };
    await controlPlane.apply(job);
    await until('its pod', undefined, async () => (await podsOf(controlPlane, 'jobs')).length === 1);
    await all('jobs', () => ({
      phase: 'Failed',
      containerStatuses: [
        {
          ...{ name: 'web', image: 'web', imageID: 'web', ready: false, restartCount: 0 },
          state: { terminated: { exitCode: 3, reason: 'Error' } },
        },
      ],
    }));
    const path = '/apis/batch/v1/namespaces/jobs/jobs/migrate';
    await statusOf(path, ({ conditions }) => JSON.stringify(conditions ?? []).includes('"Failed"'));
    await namespace('ends');
    const held = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name: 'held', namespace: 'ends', finalizers: ['example.com/held'] },
    };
    await controlPlane.apply(held);
    await controlPlane.request('DELETE', '/api/v1/namespaces/ends');
    const remains = ({ conditions }: Readonly<Record<string, unknown>>) =>
      JSON.stringify(conditions ?? []).includes('example.com/held');
    await statusOf('/api/v1/namespaces/ends', remains);
    const { stdout } = await capstan(['problems', '--format', 'json', ...flags()]);
    const [context] = JSON.parse(stdout) as readonly ContextProblems[];
    const found = new Map(context!.problems.map((problem) => [`${problem.kind}/${problem.name}`, problem]));
    expect(found.get('Job/migrate')).toMatchObject({ state: 'failed', cause: 'crash' });
    expect(found.get('Namespace/ends')).toMatchObject({
      ...{ state: 'deleting', cause: 'finalizer', sentence: expect.stringContaining('example.com/held') },
    });
    const followed = await capstan(['rollout', 'job/migrate', '-n', 'jobs', ...flags()]);
    expect([followed.code, followed.stderr]).toEqual([1, expect.stringMatching(/exit code 3[\s\S]*failed/)]);
  });

  test('a tree goes down to the pods, and get prints what kubectl prints', async () => {
    await namespace('columns');
    await controlPlane.apply(workload('Deployment', 'columns', 'columns', { replicas: 2 }));
    await statusOf(deploymentPath('columns', 'columns'), ({ unavailableReplicas }) => unavailableReplicas === 2);
    const tree = await capstan(['tree', 'deployment/columns', '-n', 'columns', '--format', 'json', ...flags()]);
    const { children } = JSON.parse(tree.stdout) as TreeNode;
    expect([tree.code, children.map(({ kind, children: pods }) => [kind, pods.map((pod) => pod.kind)])]).toEqual([
      1,
      [['ReplicaSet', ['Pod', 'Pod']]],
    ]);
    const definition = {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'sampledbs.example.com' },
      },
      spec: {
        ...{
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'SampleDB', plural: 'sampledbs', singular: 'sampledb' },
        },
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true },
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [
              { name: 'Engine', type: 'string', jsonPath: '.spec.engine' },
              { name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1 },
            ],
          },
        ],
      },
    };
    await controlPlane.apply(definition);
    const path = '/apis/example.com/v1/namespaces/columns/sampledbs';
    await until('the kind', undefined, async () => (await controlPlane.request('GET', path)).status === 200);
    const database = {
      apiVersion: 'example.com/v1',
      kind: 'SampleDB',
      metadata: { name: 'main', namespace: 'columns' },
      spec: { engine: 'postgres', size: 3 },
    };
    await controlPlane.request('POST', path, database);
    for (const args of [
      ['deployments', '-n', 'columns'],
      ['rs', '-n', 'columns', '-o', 'wide'],
      ['pods', '-A'],
      ['sampledb', '-n', 'columns'],
      ['sampledb', 'main', '-n', 'columns', '-o', 'wide'],
      ['deploy', '-n', 'columns', '-o', 'name'],
      ['crd', '-l', 'no=thing'],
    ]) {
      const theirs = await start(program('kubernetes', 'kubectl'), ['get', ...args, ...flags()]).ended;
      const ours = await capstan(['get', ...args, ...flags()]);
      expect([ours.code, masked(ours.stdout)]).toEqual([theirs.code, masked(theirs.stdout)]);
    }
    const followed = ['get', 'sampledb', '-n', 'columns', '-w', ...flags()];
    const [theirs, ours] = [start(program('kubernetes', 'kubectl'), followed), startCapstan(followed)];
    await Promise.all([theirs.lines(2), ours.lines(2)]);
    const merge = (spec: object) => controlPlane.request('PATCH', `${path}/main`, { spec }, mergePatch);
    await merge({ engine: 'mysql-with-a-long-name' });
    await controlPlane.request('POST', path, { ...database, metadata: { name: 'second', namespace: 'columns' } });
    await merge({ engine: 'my' });
    await controlPlane.request('DELETE', `${path}/second`);
    await Promise.all([theirs.lines(6), ours.lines(6)]);
    for (const one of [theirs, ours]) one.interrupt();
    const expected = masked(theirs.printed());
    expect(expected.map((line) => line.split(' ')[0])).toEqual([
      'NAME',
      'main',
      'main',
      'second',
      'main',
      'second',
      '',
    ]);
    expect(masked(ours.printed())).toEqual(expected.with(5, `${expected[5]} (deleted)`));
    const judged = await capstan(['get', 'crd', 'sampledbs.example.com', '-o', 'health', ...flags()]);
    expect(masked(judged.stdout)[1]).toMatch(/^sampledbs\.example\.com .* ready v1$/);
  });
});
