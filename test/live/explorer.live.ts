// The explorer on a real API server with a controller manager: problems, the revisions and pods of a workload, and the instances of
// a definition as `kubectl get` shows them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commit, prepare } from '../../server/src/engine/actions/run.ts';
import { sessionTarget } from '../../server/src/engine/actions/target.ts';
import { earlierStates } from '../../server/src/explorer/earlier.ts';
import { editableText, editValues } from '../../server/src/explorer/editing.ts';
import { Explorer } from '../../server/src/explorer/explorer.ts';
import { foundRows } from '../../server/src/explorer/find-rows.ts';
import { objectPage } from '../../server/src/explorer/object-page.ts';
import type { GroupKind } from '../../server/src/kube/identity.ts';
import { edit } from '../../server/src/live/actions/edit.ts';
import type { Row, ViewId } from '../../server/src/protocol.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { playKubelet, podsOf, setStatus, waiting } from '../testbed/kubelet.ts';
import { capstan, start } from './capstan.ts';
import { deploymentPath, workload } from './workload.ts';

const missing = missingPrograms('kubernetes');
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')}\`)`);

let controlPlane: ControlPlane;
let explorer: Explorer;
let context: string;
const home = mkdtempSync(join(tmpdir(), 'capstan-explorer-'));

beforeAll(async () => {
  if (missing.length > 0) return;
  controlPlane = await startControlPlane({ controllerManager: true });
  explorer = new Explorer({
    ...{ selection: { explicit: controlPlane.kubeconfig }, env: { HOME: home }, readOnlyContexts: [] },
    ...{ userAgent: 'test', terminal: false, ask: async () => true, remember: false, log: () => undefined },
  });
  context = explorer.fleet.config.current!;
  explorer.fleet.open([context]);
  await until('the context is live', undefined, async () => explorer.fleet.session(context)?.state.is === 'live');
}, 90_000);
afterAll(async () => {
  await explorer?.dispose();
  await controlPlane?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function below(view: ViewId, ...labels: readonly string[]): Promise<readonly Row[]> {
  let rows = explorer.rows({ view });
  for (const label of labels) {
    const row = rows.find((one) => one.label === label);
    if (!row) throw new Error(`no row ${label} among ${rows.map((one) => one.label).join(', ')}`);
    rows = await explorer.rowsSoon({ view, id: row.id });
  }
  return rows;
}

async function namespace(name: string): Promise<void> {
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await until('its service account', undefined, async () => (await controlPlane.request('GET', path)).status === 200);
}

describe.skipIf(missing.length > 0)('the explorer', () => {
  test('a rollout that fails is a problem with its cause, and its revisions and pods are below the Deployment', async () => {
    await namespace('shop');
    await controlPlane.apply(workload('Deployment', 'checkout', 'shop', { replicas: 1 }, 'checkout:1'));
    const kubelet = playKubelet(controlPlane, 'shop');
    await until('it is available', undefined, async () => {
      const { body } = await controlPlane.request('GET', deploymentPath('shop', 'checkout'));
      return (body as { status?: { availableReplicas?: number } }).status?.availableReplicas === 1;
    });
    await kubelet.stop();
    await controlPlane.apply(workload('Deployment', 'checkout', 'shop', { replicas: 1 }, 'checkout:bad'));
    const bad = async () =>
      (await podsOf(controlPlane, 'shop')).find(({ spec }) => spec.containers[0]?.image === 'checkout:bad');
    await until('the bad pod', undefined, async () => (await bad()) !== undefined);
    const pod = (await bad())!;
    await setStatus(controlPlane, pod, waiting(pod, 'ImagePullBackOff', 'manifest unknown'));

    await until('the problem with its cause', undefined, async () =>
      explorer
        .rows({ view: 'problems' })
        .some(({ state, label }) => state === 'failed' && label === 'Deployment checkout'),
    );
    const [problem] = explorer.rows({ view: 'problems' });
    expect(problem?.description).toMatch(/image/);
    // The same word wherever it is shown.
    const row = (await below('workloads', context, 'shop')).find(({ label }) => label === 'Deployment checkout');
    expect([row?.state, row?.description]).toEqual(['failed', expect.stringMatching(/image/)]);
    expect(explorer.summary().problems.count).toBe(1);

    await until('the revisions', undefined, async () => {
      const revisions = await below('workloads', context, 'shop', 'Deployment checkout');
      return revisions.length === 2 && revisions[0]!.description.startsWith('revision 2, ');
    });
    const revisions = await below('workloads', context, 'shop', 'Deployment checkout');
    expect(revisions.map(({ description }) => description.split(', ').slice(0, 2).join(', '))).toEqual([
      'revision 2, web 1 → bad',
      'revision 1, web 1',
    ]);
    const pods = await below('workloads', context, 'shop', 'Deployment checkout', revisions[0]!.label);
    expect(pods.map(({ state, description }) => `${state} ${description}`)).toEqual([
      expect.stringMatching(/^failed container web: ImagePullBackOff/),
    ]);
    const all = await podsOf(controlPlane, 'shop');
    expect(all.map(({ metadata }) => metadata.name)).toContain(pods[0]!.ref!.name);

    const found = foundRows(explorer, 'deploy chkout', 5, Date.now()).rows;
    expect(found[0]?.ref?.name).toBe('checkout');
    const podName = pods[0]!.ref!.name;
    await until('the pod is found', undefined, async () =>
      foundRows(explorer, podName, 5, Date.now()).rows.some(
        ({ ref }) => ref?.groupKind === '/Pod' && ref.name === podName,
      ),
    );
  }, 90_000);

  test('what a workload was before is told beside what it is', async () => {
    await namespace('earlier');
    const apply = (...args: Parameters<typeof workload>) =>
      controlPlane.kubectl(['apply', '-f', '-'], JSON.stringify(workload(...args)));
    const of = async (groupKind: GroupKind, name: string) => {
      const session = explorer.fleet.session(context)!;
      const found = await earlierStates(session, { cluster: session.clusterId, groupKind, namespace: 'earlier', name });
      if (!found.ok) throw new Error(found.failure.message);
      return found.value;
    };
    for (const image of ['web:1', 'web:2']) {
      await apply('Deployment', 'web', 'earlier', { replicas: 1 }, image);
      await apply('DaemonSet', 'agent', 'earlier', {}, image);
      await until(`the revisions of ${image}`, undefined, async () => {
        const [sets, revisions] = await Promise.all(
          ['rs', 'controllerrevisions'].map((kind) =>
            controlPlane.kubectl(['get', kind, '-n', 'earlier', '-o', 'yaml']),
          ),
        );
        return [sets, revisions].every((one) => one!.stdout.includes(`image: ${image}`));
      });
    }
    await controlPlane.kubectl(['set', 'image', 'deployment/web', '-n', 'earlier', 'web=web:3']);
    await until('three revisions', undefined, async () => (await of('apps/Deployment', 'web')).length === 3);
    const states = await of('apps/Deployment', 'web');
    expect(states.map(({ name, description }) => `${name}: ${description.split(',')[0]}`)).toEqual([
      ...['last applied: with kubectl apply', 'revision 2: web:2', 'revision 1: web:1'],
    ]);
    const images = (text: string) => /image: (.*)/.exec(text)?.[1];
    expect(states.map(({ before, live }) => [images(before), images(live)])).toEqual([
      ...[
        ['web:2', 'web:3'],
        ['web:2', 'web:3'],
        ['web:1', 'web:3'],
      ],
    ]);
    // They differ in nothing else.
    for (const { before, live } of states) expect(before.replace(images(before)!, images(live)!)).toBe(live);
    const [, agent] = await of('apps/DaemonSet', 'agent');
    expect([agent?.name, images(agent!.before), images(agent!.live)]).toEqual(['revision 1', 'web:1', 'web:2']);
    expect(agent!.before.replace('web:1', 'web:2')).toBe(agent!.live);
  });

  test('Jobs, autoscalers and volume claims of a namespace are followed while it is expanded', async () => {
    await namespace('batch');
    await controlPlane.apply(workload('Deployment', 'web', 'batch', { replicas: 0 }));
    await until('the namespace', undefined, async () =>
      (await below('workloads', context)).some(({ label }) => label === 'batch'),
    );
    expect((await below('workloads', context, 'batch')).map(({ label }) => label)).toEqual(['Deployment web']);
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate', image: 'migrate:1' }] } };
    const metadata = { name: 'migrate', namespace: 'batch' };
    await controlPlane.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } });
    await until('the Job', undefined, async () =>
      (await below('workloads', context, 'batch')).some(({ label }) => label === 'Job migrate'),
    );
    await until(
      'its pod',
      undefined,
      async () => (await below('workloads', context, 'batch', 'Job migrate')).length === 1,
    );
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    await controlPlane.apply({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'batch' },
      spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef },
    });
    await controlPlane.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'batch' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    const words = async () =>
      (await below('workloads', context, 'batch')).map(
        ({ label, state, description }) => `${label} ${state} ${description}`,
      );
    await until('the autoscaler and the claim', undefined, async () => {
      const rows = await words();
      // Of a Deployment with no replicas, the controller turns the autoscaler off.
      return (
        rows.some((row) => /^HorizontalPodAutoscaler web suspended /.test(row)) &&
        rows.some((row) => row === 'PersistentVolumeClaim data progressing not bound yet')
      );
    });
    const phase = ['get', 'pvc', 'data', '-n', 'batch', '-o', 'jsonpath={.status.phase}'];
    expect((await controlPlane.kubectl(phase)).stdout).toBe('Pending');
  }, 60_000);

  test('restart, scale, pause and resume are done when another client sees them done', async () => {
    await namespace('acts');
    await controlPlane.apply(workload('Deployment', 'web', 'acts', { replicas: 1 }));
    const kubelet = playKubelet(controlPlane, 'acts');
    const act = (line: string) =>
      capstan([...line.split(' '), '-n', 'acts', '--context', context, '--kubeconfig', controlPlane.kubeconfig]);
    const seen = async (path: string) =>
      (await controlPlane.kubectl(['get', 'deployment', 'web', '-n', 'acts', '-o', `jsonpath={${path}}`])).stdout;
    try {
      await until('it is available', undefined, async () => (await seen('.status.availableReplicas')) === '1');
      const scaled = await act('scale deployment/web --replicas 3 --wait');
      expect([scaled.code, scaled.stderr.split('\n').at(-1)]).toEqual([0, '']);
      expect(scaled.stdout).toContain('spec.replicas from 1 to 3');
      expect(scaled.stdout).toContain(`Deployment acts/web has 3 replicas on ${context}.`);
      expect(await seen('.status.availableReplicas')).toBe('3');

      const before = (await podsOf(controlPlane, 'acts')).map(({ metadata }) => metadata.name);
      const restarted = await act('restart deployment/web --wait');
      expect([restarted.code, restarted.stdout]).toEqual([0, expect.stringContaining('was restarted on')]);
      expect(await seen('.status.updatedReplicas')).toBe('3');
      const after = (await podsOf(controlPlane, 'acts')).filter(({ metadata }) => !metadata.deletionTimestamp);
      expect(after.filter(({ metadata }) => before.includes(metadata.name))).toEqual([]);

      expect((await act('pause deployment/web')).stdout).toContain('is paused on');
      expect(await seen('.spec.paused')).toBe('true');
      const refused = await act('restart deployment/web');
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Resume it first.')]);
      expect((await act('scale deployment/web --replicas 1 --wait')).code).toBe(0);
      expect(await seen('.status.availableReplicas')).toBe('1');
      expect((await act('resume deployment/web --wait')).stdout).toContain('is resumed on');
      expect(await seen('.spec.paused')).not.toBe('true');
      expect((await act('scale deployment/web --replicas -1')).code).toBe(2);

      const image = '.spec.template.spec.containers[0].image';
      const first = await seen(image);
      await controlPlane.kubectl(['set', 'image', 'deployment/web', '-n', 'acts', 'web=web:2']);
      await until('the change rolls out', undefined, async () => (await seen('.status.updatedReplicas')) === '1');
      await until('it is available', undefined, async () => (await seen('.status.unavailableReplicas')) === '');
      const undone = await act('undo deployment/web --wait');
      expect([undone.code, undone.stdout]).toEqual([0, expect.stringContaining('was rolled back on')]);
      expect(await seen(image)).toBe(first);
      const chosen = await act('undo deployment/web --to-revision 7');
      expect([chosen.code, chosen.stderr]).toEqual([1, expect.stringContaining('no earlier revision 7; there')]);

      const [pod] = await podsOf(controlPlane, 'acts');
      // Without a kubelet, the log is empty.
      const logs = await act(`logs pod/${pod!.metadata.name}`);
      expect([logs.code, logs.stdout, logs.stderr]).toEqual([0, '', '']);
      const other = await act('logs deployment/web -c other');
      expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('has no container other')]);
      const events = await act('events deployment/web');
      expect([events.code, events.stdout]).toEqual([0, expect.stringMatching(/ScalingReplicaSet .*Scaled/)]);
      expect((await act(`delete pod/${pod!.metadata.name} --dry-run`)).code).toBe(0);
      const deleted = await act(`delete pod/${pod!.metadata.name} --wait`);
      expect([deleted.code, deleted.stdout]).toEqual([0, expect.stringContaining('is deleted on')]);
      const names = (await podsOf(controlPlane, 'acts')).map(({ metadata }) => metadata.name);
      expect(names).not.toContain(pod!.metadata.name);
      await controlPlane.kubectl(['label', 'deployment/web', '-n', 'acts', 'kustomize.toolkit.fluxcd.io/name=apps']);
      const owned = await act('undo deployment/web');
      expect([owned.code, owned.stderr]).toEqual([1, expect.stringContaining('Change it in Git')]);
    } finally {
      await kubelet.stop();
    }
  }, 120_000);

  test('an edit writes only what was changed; a field that another client changed too is a conflict', async () => {
    await namespace('edits');
    await controlPlane.apply(workload('Deployment', 'web', 'edits', { replicas: 1 }));
    await until(
      'it is watched',
      undefined,
      async () => explorer.fleet.session(context)!.store.get('apps/Deployment|edits|web') !== undefined,
    );
    const session = explorer.fleet.session(context)!;
    const ref = { cluster: '', groupKind: 'apps/Deployment', namespace: 'edits', name: 'web' } as const;
    const base = await editableText(session, ref);
    if (!base.ok) throw new Error(base.failure.message);
    const save = async (from: string, to: string) => {
      const values = editValues({
        base: base.value.text,
        text: base.value.text.replace(from, to),
        uid: base.value.uid,
      });
      const target = sessionTarget(session, ref, false);
      if (!values.ok || !target.ok) throw new Error('no values or no target');
      return prepare(target.value, edit, values.value);
    };
    const kubectl = (...args: string[]) => controlPlane.kubectl([...args, '-n', 'edits']);
    await kubectl('scale', 'deployment/web', '--replicas=0');
    const beside = await save('minReadySeconds', 'minReadySeconds');
    expect(beside).toMatchObject({ is: 'over', result: { message: 'No field was changed.' } });
    const ready = await save('spec:', 'spec:\n  minReadySeconds: 7');
    if (ready.is !== 'ready') throw new Error(JSON.stringify(ready));
    expect(ready.prepared.changes).toEqual([{ path: 'spec.minReadySeconds', to: 7 }]);
    expect(await commit(ready.prepared, { onProgress: () => undefined })).toMatchObject({ outcome: 'handled' });
    const fields = 'jsonpath={.spec.minReadySeconds} {.spec.replicas}';
    expect((await kubectl('get', 'deployment', 'web', '-o', fields)).stdout).toBe('7 0');
    expect(await save('replicas: 1', 'replicas: 2')).toMatchObject({
      is: 'over',
      result: { isConflict: true, message: expect.stringContaining('spec.replicas is 0 now, not 1') },
    });
    const page = await objectPage(session, ref);
    expect(page.ok && page.value).toMatch(/^# Deployment edits\/web on /);
    expect(page.ok && page.value).toMatch(/^# {3}capstan +Update +\d+ s +spec\.minReadySeconds$/m);
    expect(page.ok && parse(page.value)).toMatchObject({ kind: 'Deployment', spec: { minReadySeconds: 7 } });
  }, 60_000);

  test('instances of a definition have the columns of kubectl get', async () => {
    await namespace('db');
    const column = (name: string, type: string, jsonPath: string) => ({ name, type, jsonPath });
    await controlPlane.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'sampledbs.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'SampleDB', plural: 'sampledbs' },
        scope: 'Namespaced',
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true },
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [
              column('Size', 'string', '.spec.size'),
              column('Replicas', 'integer', '.spec.replicas'),
            ],
          },
        ],
      },
    });
    await until(
      'the kind',
      undefined,
      async () => (await controlPlane.kubectl(['get', 'sampledbs', '-n', 'db'])).code === 0,
    );
    await controlPlane.apply({
      apiVersion: 'example.com/v1',
      kind: 'SampleDB',
      metadata: { name: 'example-database', namespace: 'db' },
      spec: { size: '10Gi', replicas: 3 },
    });
    await until('the kind is discovered', undefined, async () =>
      [...(explorer.fleet.session(context)?.discovery?.resources.keys() ?? [])].includes('example.com/SampleDB'),
    );
    const [group] = await below('operators', context);
    expect(group?.label).toBe('No known controller');
    const rows = await below('operators', context, group!.label, 'SampleDB');
    expect(rows.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'example-database: db  10Gi, replicas 3',
    ]);
    const { stdout } = await start(program('kubernetes', 'kubectl'), [
      ...['get', 'sampledb', '-n', 'db', '--no-headers', '--kubeconfig', controlPlane.kubeconfig],
    ]).ended;
    expect(stdout.trim().split(/\s+/)).toEqual(['example-database', '10Gi', '3']);
    await until('the instance is found', undefined, async () =>
      foundRows(explorer, 'sampledb example-data', 5, Date.now()).rows.some(
        ({ ref }) => ref?.name === 'example-database',
      ),
    );
    const { tooltip } = rows[0]!;
    expect(tooltip).toMatch(/\| SIZE \| 10Gi \|/);
    await controlPlane.kubectl([
      'patch',
      'sampledb',
      'example-database',
      '-n',
      'db',
      '--type=merge',
      '-p',
      '{"spec":{"size":"20Gi"}}',
    ]);
    await until('the change is shown', undefined, async () =>
      (await below('operators', context, group!.label, 'SampleDB'))[0]!.description.includes('20Gi'),
    );
  }, 60_000);
});
