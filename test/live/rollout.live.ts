// Compares `capstan rollout` with `kubectl rollout status`, both following the same object of a real controller manager: the
// same standard output and exit code; standard error also has the reason why the rollout is stuck.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RolloutStatus } from '../../server/src/cli/output.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { type ControlPlane, type Ran, startControlPlane, until } from '../testbed/controlplane.ts';
import { isReady, playKubelet, podsOf, ready, setStatus, waiting } from '../testbed/kubelet.ts';
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

interface Both {
  readonly kubectl: Ran;
  readonly capstan: Ran;
}

/** Runs both on the same object; once both have printed its status, `meanwhile` changes it. */
async function sideBySide(args: readonly string[], meanwhile?: () => Promise<void>): Promise<Both> {
  const flags = [...args, '--kubeconfig', controlPlane.kubeconfig];
  const theirs = start(program('kubernetes', 'kubectl'), ['rollout', 'status', ...flags]);
  const ours = startCapstan(['rollout', ...flags]);
  if (meanwhile) {
    await Promise.all([theirs.lines(1), ours.lines(1)]);
    await meanwhile();
  }
  const [kubectl, capstan] = await Promise.all([theirs.ended, ours.ended]);
  return { kubectl, capstan };
}

/** Compares literally: output, exit code, and kubectl's error among our lines on standard error. */
function expectAlike({ kubectl, capstan }: Both): void {
  expect({ code: capstan.code, stdout: capstan.stdout }).toEqual({ code: kubectl.code, stdout: kubectl.stdout });
  const [own, theirs] = [capstan.stderr.split('\n'), kubectl.stderr.split('\n')];
  expect(own.filter((line) => !line.startsWith('capstan: '))).toEqual(theirs);
}

/** The lines that we add to kubectl's output. */
function diagnosis({ capstan }: Both): readonly string[] {
  return capstan.stderr.split('\n').filter((line) => line.startsWith('capstan: '));
}

async function namespace(name: string): Promise<void> {
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  // Its pods require the service account that the controller manager creates.
  await until(
    `the service account of ${name}`,
    undefined,
    async () =>
      (await controlPlane.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`)).status === 200,
  );
}

async function allReady(namespace: string): Promise<void> {
  for (const pod of await podsOf(controlPlane, namespace))
    if (!isReady(pod)) await setStatus(controlPlane, pod, ready(pod));
}

async function podsThere(namespace: string, count: number): Promise<void> {
  await until(`${count} pods`, undefined, async () => (await podsOf(controlPlane, namespace)).length === count);
}

/** Waits until the object's status matches, with the generation observed. */
async function statusOf(path: string, holds: (status: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
  await until(path, undefined, async () => {
    const { body } = await controlPlane.request('GET', path);
    const { metadata, status } = body as { metadata: { generation: number }; status: Record<string, unknown> };
    return status.observedGeneration === metadata.generation && holds(status);
  });
}

/**
 * Sets a progress deadline of one second. Only used when both watch the Deployment, or when both find it failed: otherwise
 * it could exceed its deadline between the starts of the two programs.
 */
async function outOfTime(namespace: string, name: string): Promise<void> {
  const deadline = { spec: { progressDeadlineSeconds: 1 } };
  await controlPlane.request('PATCH', deploymentPath(namespace, name), deadline, mergePatch);
}

describe.skipIf(missing.length > 0)('deployment', () => {
  const path = (space: string) => deploymentPath(space, 'web');

  test('from progressing to complete, and through an update', async () => {
    await namespace('complete');
    await controlPlane.apply(workload('Deployment', 'web', 'complete', { replicas: 3 }));
    await podsThere('complete', 3);
    await statusOf(path('complete'), ({ unavailableReplicas }) => unavailableReplicas === 3);
    const first = await sideBySide(['deployment/web', '-n', 'complete'], () => allReady('complete'));
    expectAlike(first);
    expect(first.kubectl.code).toBe(0);
    expect(first.capstan.stdout).toMatch(
      /^Waiting for .*: 0 of 3 updated replicas are available\.\.\.\n[\s\S]*deployment "web" successfully rolled out\n$/,
    );

    await controlPlane.apply(workload('Deployment', 'web', 'complete', { replicas: 3 }, 'registry.example/web:2'));
    await statusOf(path('complete'), ({ updatedReplicas }) => updatedReplicas === 1);
    let kubelet: ReturnType<typeof playKubelet> | undefined;
    const second = await sideBySide(['deploy', 'web', '--namespace=complete'], async () => {
      kubelet = playKubelet(controlPlane, 'complete');
    });
    await kubelet?.stop();
    expectAlike(second);
    expect(second.capstan.stdout).toContain('1 out of 3 new replicas have been updated');
    expect(second.capstan.stdout).toContain('old replicas are pending termination');
    expect(second.kubectl.code).toBe(0);

    const revision = (number: number) => sideBySide(['deployment.apps/web', '-n', 'complete', `--revision=${number}`]);
    const [pinned, other] = [await revision(2), await revision(1)];
    expectAlike(pinned);
    expect(pinned.kubectl.code).toBe(0);
    expectAlike(other);
    expect(other.capstan.stderr).toContain('desired revision (1) is different from the running revision (2)');
    expect(other.capstan.code).toBe(1);
  });

  test('exceeds its progress deadline, with the cause', async () => {
    await namespace('failing');
    await controlPlane.apply(workload('Deployment', 'web', 'failing', { replicas: 2 }));
    await podsThere('failing', 2);
    const message = 'Back-off pulling image "registry.example/web:1"';
    for (const pod of await podsOf(controlPlane, 'failing'))
      await setStatus(controlPlane, pod, waiting(pod, 'ImagePullBackOff', message));
    await statusOf(path('failing'), ({ unavailableReplicas }) => unavailableReplicas === 2);
    const both = await sideBySide(['deployment/web', '-n', 'failing'], () => outOfTime('failing', 'web'));
    expectAlike(both);
    expect(both.capstan.code).toBe(1);
    expect(both.capstan.stderr).toContain('error: deployment "web" exceeded its progress deadline');
    expect(diagnosis(both).join('\n')).toMatch(/registry\.example\/web:1.*\(2 pods\)/);
    // Run again after the rollout has failed.
    expectAlike(await sideBySide(['deployment/web', '-n', 'failing']));
  });

  test('blocked by a quota', async () => {
    await namespace('full');
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'compute', namespace: 'full' } };
    await controlPlane.apply({ ...quota, spec: { hard: { pods: '1' } } });
    const used = '/api/v1/namespaces/full/resourcequotas/compute';
    await until('the quota', undefined, async () => {
      const { body } = await controlPlane.request('GET', used);
      return (body as { status?: { used?: object } }).status?.used !== undefined;
    });
    await controlPlane.apply(workload('Deployment', 'web', 'full', { replicas: 3 }));
    await statusOf(path('full'), ({ unavailableReplicas }) => unavailableReplicas === 3);
    const both = await sideBySide(['deployment/web', '-n', 'full'], async () => {
      await allReady('full');
      await outOfTime('full', 'web');
    });
    expectAlike(both);
    expect(both.capstan.code).toBe(1);
    expect(diagnosis(both)).toEqual([
      expect.stringMatching(/they would exceed resource quota compute .*exceeded quota: compute/),
    ]);
  });

  test('paused, without watching, timed out, deleted', async () => {
    await namespace('paused');
    await controlPlane.apply(workload('Deployment', 'web', 'paused', { replicas: 1 }));
    await podsThere('paused', 1);
    await allReady('paused');
    await statusOf(path('paused'), ({ availableReplicas }) => availableReplicas === 1);
    await controlPlane.apply(
      workload('Deployment', 'web', 'paused', { replicas: 1, paused: true }, 'registry.example/web:2'),
    );
    await statusOf(path('paused'), ({ updatedReplicas }) => updatedReplicas === undefined);
    const once = await sideBySide(['deployment/web', '-n', 'paused', '--watch=false']);
    expectAlike(once);
    expect(once.capstan.code).toBe(0);
    expect(once.capstan.stdout).toContain('0 out of 1 new replicas have been updated');
    expect(diagnosis(once)).toEqual(['capstan: web is paused; nothing rolls out until it is resumed']);
    const late = await sideBySide(['deployment/web', '-n', 'paused', '--timeout=1s']);
    expectAlike(late);
    expect([late.capstan.code, late.capstan.stderr]).toEqual([
      1,
      expect.stringContaining('error: timed out waiting for the condition'),
    ]);
    const deleted = await sideBySide(['deployment/web', '-n', 'paused'], async () => {
      await controlPlane.request('DELETE', path('paused'));
    });
    expectAlike(deleted);
    expect(deleted.capstan.stderr).toContain('error: object has been deleted');
  });

  test('several at once, and as JSON', async () => {
    await namespace('several');
    for (const name of ['a', 'b']) await controlPlane.apply(workload('Deployment', name, 'several', { replicas: 1 }));
    await podsThere('several', 2);
    await allReady('several');
    const several = async (holds: Parameters<typeof statusOf>[1]) => {
      for (const name of ['a', 'b']) await statusOf(deploymentPath('several', name), holds);
    };
    await several(({ availableReplicas }) => availableReplicas === 1);
    for (const args of [
      ['deployment', 'a', 'b'],
      ['deployment/b', 'deploy/a'],
    ]) {
      const both = await sideBySide([...args, '-n', 'several']);
      expectAlike(both);
      expect(both.capstan.stdout.match(/successfully rolled out/g)).toHaveLength(2);
    }
    const all = [['deployment'], ['deploy', '-l', 'app in (a, b)'], ['deployments,statefulsets', '-l', 'app=nothing']];
    const labelled = { metadata: { labels: { app: 'a' } } };
    await controlPlane.request('PATCH', deploymentPath('several', 'a'), labelled, mergePatch);
    for (const args of [...all, ['deployment', '--selector=app=a']])
      expectAlike(await sideBySide([...args, '-n', 'several', '--watch=false']));
    const folder = mkdtempSync(join(tmpdir(), 'capstan-rollout-'));
    mkdirSync(join(folder, 'deeper'));
    const written = (name: string) => JSON.stringify(workload('Deployment', name, 'several', {}));
    writeFileSync(join(folder, 'a.yaml'), `---\n${written('a')}\n---\n${written('b')}\n`);
    writeFileSync(join(folder, 'deeper/b.json'), written('b'));
    for (const args of [[folder], [folder, '-R'], [`${join(folder, 'a.yaml')},${join(folder, 'deeper')}`]])
      expectAlike(await sideBySide(['-f', ...args, '--watch=false']));
    rmSync(folder, { recursive: true });
    // In this order: a change while the controller records its new ReplicaSet loses the Progressing condition.
    for (const name of ['a', 'b']) {
      await outOfTime('several', name);
      await controlPlane.apply(workload('Deployment', name, 'several', { replicas: 1 }, 'registry.example/web:2'));
    }
    await several(({ conditions }) => JSON.stringify(conditions).includes('ProgressDeadlineExceeded'));
    const both = await sideBySide(['deployment', '-n', 'several', '--timeout=30s']);
    expectAlike(both);
    expect(both.capstan.stderr.match(/exceeded its progress deadline/g)).toHaveLength(2);

    await controlPlane.apply(workload('Deployment', 'c', 'several', { replicas: 1 }));
    await until('its pod', undefined, async () => (await podsOf(controlPlane, 'several', 'app=c')).length === 1);
    await allReady('several');
    const flags = ['-n', 'several', '--format', 'json', '--kubeconfig', controlPlane.kubeconfig];
    const { code, stdout } = await capstan(['rollout', 'deployment/c', ...flags]);
    const [status] = JSON.parse(stdout) as readonly RolloutStatus[];
    expect([code, status]).toEqual([
      0,
      expect.objectContaining({ resource: 'deployment/c', done: true, failed: false, diagnosis: [] }),
    ]);
  });
});

describe.skipIf(missing.length > 0)('statefulset', () => {
  const path = '/apis/apps/v1/namespaces/sets/statefulsets/web';
  const set = (spec: object, image?: string) =>
    workload('StatefulSet', 'web', 'sets', { serviceName: 'web', ...spec }, image);

  test('rolling update, partition, and a strategy without status', async () => {
    await namespace('sets');
    await controlPlane.apply(set({ replicas: 2 }));
    await podsThere('sets', 1);
    let kubelet: ReturnType<typeof playKubelet> | undefined;
    const first = await sideBySide(['statefulset/web', '-n', 'sets'], async () => {
      kubelet = playKubelet(controlPlane, 'sets');
    });
    expectAlike(first);
    expect([first.capstan.code, first.capstan.stdout]).toEqual([
      0,
      expect.stringContaining('Waiting for 2 pods to be ready...'),
    ]);

    await kubelet?.stop();

    // From here on, pods become ready while both watch.
    const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
    await controlPlane.apply(set({ replicas: 2, ...partition }, 'registry.example/web:2'));
    await statusOf(path, ({ updateRevision, currentRevision, readyReplicas }) => {
      return updateRevision !== currentRevision && readyReplicas === 1;
    });
    const partly = await sideBySide(['sts', 'web', '-n', 'sets'], () => allReady('sets'));
    expectAlike(partly);
    expect(partly.capstan.stdout).toContain('partitioned roll out complete: 1 new pods have been updated...');

    const all = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } };
    await controlPlane.apply(set({ replicas: 2, ...all }, 'registry.example/web:2'));
    await statusOf(path, ({ readyReplicas }) => readyReplicas === 1);
    const rest = await sideBySide(['sts/web', '-n', 'sets'], () => allReady('sets'));
    expectAlike(rest);
    expect(rest.capstan.code).toBe(0);

    await controlPlane.request('DELETE', path);
    await until('its end', undefined, async () => (await controlPlane.request('GET', path)).status === 404);
    await controlPlane.apply(set({ replicas: 1, updateStrategy: { type: 'OnDelete' } }));
    const onDelete = await sideBySide(['statefulset/web', '-n', 'sets']);
    expectAlike(onDelete);
    expect([onDelete.capstan.code, onDelete.capstan.stderr]).toEqual([
      1,
      expect.stringContaining('error: rollout status is only available for RollingUpdate strategy type'),
    ]);
  });
});

describe.skipIf(missing.length > 0)('daemonset', () => {
  test('on two nodes, then updated', async () => {
    await namespace('nodes');
    for (const name of ['node-a', 'node-b']) {
      await controlPlane.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
      const now = new Date().toISOString();
      const conditions = [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now },
      ];
      const type = 'application/strategic-merge-patch+json';
      const { status } = await controlPlane.request(
        'PATCH',
        `/api/v1/nodes/${name}/status`,
        { status: { conditions } },
        type,
      );
      expect(status).toBe(200);
    }
    await controlPlane.apply(workload('DaemonSet', 'web', 'nodes', {}));
    await podsThere('nodes', 2);
    const first = await sideBySide(['daemonset/web', '-n', 'nodes'], () => allReady('nodes'));
    expectAlike(first);
    expect(first.capstan.code).toBe(0);
    expect(first.capstan.stdout).toMatch(
      /0 of 2 updated pods are available\.\.\.\n[\s\S]*daemon set "web" successfully rolled out\n$/,
    );

    await controlPlane.apply(workload('DaemonSet', 'web', 'nodes', {}, 'registry.example/web:2'));
    let kubelet: ReturnType<typeof playKubelet> | undefined;
    const second = await sideBySide(['ds/web', '-n', 'nodes'], async () => {
      kubelet = playKubelet(controlPlane, 'nodes');
    });
    await kubelet?.stop();
    expectAlike(second);
    expect(second.capstan.stdout).toContain('out of 2 new pods have been updated...');
  });
});

describe.skipIf(missing.length > 0)('what has no rollout to follow', () => {
  test.each([
    ['a missing object', ['deployment/nothing'], 'Error from server (NotFound): deployments.apps "nothing" not found'],
    ['a missing namespace', ['deployment/web', '-n', 'elsewhere'], 'namespaces "elsewhere" not found'],
    ['another namespace', ['deployment/web', '-n', 'kube-system'], 'deployments.apps "web" not found'],
    ['two missing objects', ['deployment/a', 'deployment/b'], 'deployments.apps "b" not found'],
    ['a kind without rollout', ['service/kubernetes'], 'error: no status viewer has been implemented for Service'],
    ['a kind that is not served', ['nonsense/web'], `error: the server doesn't have a resource type "nonsense"`],
  ])('%s', async (_what, args, said) => {
    const both = await sideBySide(args);
    expectAlike(both);
    expect([both.capstan.code, both.capstan.stdout]).toEqual([1, '']);
    expect(both.capstan.stderr).toContain(said);
  });

  test('files with missing objects, regardless of -n', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capstan-rollout-'));
    const files: Readonly<Record<string, unknown>> = {
      'web.yaml': workload('Deployment', 'web', 'elsewhere', {}),
      'gone.yaml': { apiVersion: 'apps/v9', kind: 'Deployment', metadata: { name: 'web' } },
      'service.yaml': { apiVersion: 'v1', kind: 'Service', metadata: { name: 'kubernetes', namespace: 'default' } },
    };
    for (const [name, object] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(object));
    const cases = [
      [['-f', join(folder, 'none.yaml')], 'does not exist'],
      [['-f', join(folder, 'web.yaml'), '-n', 'kube-system'], 'namespaces "elsewhere" not found'],
      [['-f', join(folder, 'service.yaml')], 'no status viewer has been implemented for Service'],
    ] as const;
    for (const [args, said] of cases) {
      const both = await sideBySide(args);
      expectAlike(both);
      expect(both.capstan.code).toBe(1);
      expect(both.capstan.stderr).toContain(said);
    }
    // kubectl's message refers to its own table of kinds, ours to the server's.
    const both = await sideBySide(['-f', join(folder, 'gone.yaml')]);
    expect([both.capstan.code, both.capstan.stdout]).toEqual([both.kubectl.code, both.kubectl.stdout]);
    expect(both.capstan.stderr).toContain('no matches for kind "Deployment" in version "apps/v9"');
    rmSync(folder, { recursive: true });
  });

  test('a missing context', async () => {
    const both = await sideBySide(['deployment/web', '--context', 'nowhere']);
    expect([both.kubectl.code, both.capstan.code]).toEqual([1, 1]);
    expect([both.kubectl.stdout, both.capstan.stdout]).toEqual(['', '']);
    expect(both.capstan.stderr).toContain('"nowhere"');
  });
});
