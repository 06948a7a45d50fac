// Workloads in which something is wrong, and such in which nothing is, side by side in one cluster: `problems` has one row for
// each that is broken, with its cause, and none for the others; `status` and `tree` agree with it, and with kubectl.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextProblems, ContextStatus, ObjectStatus, ProblemReport } from '../../server/src/cli/output.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Pod, setStatus } from '../testbed/kubelet.ts';
import { capstan, start } from './capstan.ts';
import { broken } from './causes/broken.ts';
import type { Fields, Situation, Told } from './causes/situation.ts';
import { sound } from './causes/sound.ts';

const missing = missingPrograms('kubernetes');
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')}\`)`);

const situations: readonly Situation[] = [...broken, ...sound];

let controlPlane: ControlPlane;
let problems: ReadonlyMap<string, readonly ProblemReport[]>;
let objects: ReadonlyMap<string, readonly ObjectStatus[]>;

beforeAll(async () => {
  if (missing.length > 0) return;
  controlPlane = await startControlPlane({
    controllerManager: true,
    scheduler: true,
    // No kubelet renews the lease of the node.
    controllerManagerFlags: ['--node-monitor-grace-period=1h'],
  });
  await makeNode();
  await stage();
  [problems, objects] = [
    inNamespaces((await read<ContextProblems>('problems')).problems),
    inNamespaces((await read<ContextStatus>('status')).objects),
  ];
}, 300_000);
afterAll(() => controlPlane?.stop());

async function makeNode(): Promise<void> {
  const labels = { 'kubernetes.io/hostname': 'worker' };
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker', labels } });
  const room = { cpu: '64', memory: '256Gi', pods: '500' };
  const status = { capacity: room, allocatable: room, conditions: [{ type: 'Ready', status: 'True' }] };
  await controlPlane.request('PATCH', '/api/v1/nodes/worker/status', { status }, 'application/merge-patch+json');
}

/** Brings all situations about at the same time. */
async function stage(): Promise<void> {
  const namespaces = situations.map(({ name, labels }) => ({
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(labels && { labels }) } },
  }));
  await controlPlane.apply({ apiVersion: 'v1', kind: 'List', items: namespaces });
  await until('the service accounts', undefined, async () => {
    const { body } = await controlPlane.request('GET', '/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault');
    const made = new Set((body as { items: Pod[] }).items.map(({ metadata }) => metadata.namespace));
    return situations.every(({ name }) => made.has(name));
  });
  const around = situations.flatMap((one) => one.around ?? []);
  await controlPlane.apply({ apiVersion: 'v1', kind: 'List', items: around });
  // Of a quota nothing is counted yet, and of a policy nothing is enforced.
  await new Promise((done) => setTimeout(done, 3000));
  await controlPlane.apply({ apiVersion: 'v1', kind: 'List', items: situations.map(({ workload }) => workload) });
  const waiting = new Set(situations);
  const changed = new Set<Situation>();
  await until(
    'the situations',
    undefined,
    async () => {
      await report();
      for (const situation of waiting) {
        const status = await statusOf(situation.workload);
        if (situation.afterwards && !changed.has(situation)) {
          if (!reported.get(situation.name)?.size) continue;
          await controlPlane.apply(situation.afterwards);
          changed.add(situation);
        } else if (situation.until(status)) waiting.delete(situation);
      }
      if (waiting.size > 0) throw new Error(`not yet: ${[...waiting].map(({ name }) => name).join(', ')}`);
      return true;
    },
    120,
  );
  // What the scheduler and the controllers make of the last of them.
  await new Promise((done) => setTimeout(done, 3000));
}

/** The pods that were reported about, by namespace, in the order in which they were made. */
const reported = new Map<string, Set<string>>();

async function report(): Promise<void> {
  const { body } = await controlPlane.request('GET', '/api/v1/pods');
  for (const pod of (body as { readonly items: readonly (Pod & { spec: { nodeName?: string } })[] }).items) {
    const { name, namespace } = pod.metadata;
    const known = reported.get(namespace) ?? new Set();
    reported.set(namespace, known);
    if (known.has(name) || pod.spec.nodeName === undefined) continue;
    const made = situations.find((one) => one.name === namespace)?.report?.(pod, known.size);
    known.add(name);
    if (!made) continue;
    for (const [index, told] of (made.events ?? []).entries()) await tell(pod, told, index);
    await setStatus(controlPlane, pod, made.status);
  }
}

async function tell(pod: Pod, { reason, message, ago = 5 }: Told, index: number): Promise<void> {
  const { name, namespace, uid } = pod.metadata as Pod['metadata'] & { readonly uid: string };
  const time = new Date(Date.now() - 1000 * ago).toISOString().replace(/\.\d+/, '');
  const answer = await controlPlane.request('POST', `/api/v1/namespaces/${namespace}/events`, {
    metadata: { name: `${name}.${index}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    ...{ reason, message, type: reason === 'Pulling' ? 'Normal' : 'Warning', source: { component: 'kubelet' } },
    ...{ count: 3, firstTimestamp: time, lastTimestamp: time },
  });
  expect(answer.status).toBe(201);
}

function pathOf(workload: object): string {
  const { apiVersion, kind, metadata } = workload as { apiVersion: string; kind: string; metadata: Pod['metadata'] };
  return `/apis/${apiVersion}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s/${metadata.name}`;
}

async function statusOf(workload: object): Promise<Fields> {
  const { body } = await controlPlane.request('GET', pathOf(workload));
  return (body as { readonly status?: Fields }).status ?? {};
}

async function read<T>(verb: string): Promise<T> {
  const { stdout, stderr } = await capstan([verb, '--format', 'json', '--kubeconfig', controlPlane.kubeconfig]);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as readonly T[])[0]!;
}

function inNamespaces<T extends { readonly namespace?: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return new Map(situations.map(({ name }) => [name, all.filter(({ namespace }) => namespace === name)]));
}

const kindOf = ({ workload }: Situation) => (workload as { readonly kind: string }).kind;

/** Jobs are in `problems`, and in the trees of what applies them. */
const hasRow = (situation: Situation) => kindOf(situation) !== 'Job';

function rowOf(situation: Situation): ObjectStatus {
  const row = objects.get(situation.name)!.find(({ kind }) => kind === kindOf(situation));
  expect(row).toBeDefined();
  return row!;
}

const treeOf = (situation: Situation) =>
  capstan([
    ...['tree', `${kindOf(situation).toLowerCase()}/${situation.name}`, '-n', situation.name],
    ...['--kubeconfig', controlPlane.kubeconfig],
  ]);

/** Whether kubectl calls a rollout done, as it is now. */
async function isDone(situation: Situation): Promise<boolean> {
  const args = ['rollout', 'status', `${kindOf(situation).toLowerCase()}/${situation.name}`, '--watch=false'];
  const flags = ['-n', situation.name, '--kubeconfig', controlPlane.kubeconfig];
  const { stdout } = await start(program('kubernetes', 'kubectl'), [...args, ...flags]).ended;
  return /successfully rolled out|roll out complete|complete: \d+ pods at revision/.test(stdout);
}

describe.skipIf(missing.length > 0)('broken', () => {
  test.each(broken)('$name: $cause', async (situation) => {
    const { name, cause, says, state = 'failed' } = situation;
    const found = problems.get(name)!;
    expect(found.map((one) => [one.name, one.cause, one.sentence])).toEqual([
      [name, cause, expect.stringMatching(says)],
    ]);
    expect(found[0]!.next).not.toBe('');
    if (hasRow(situation)) {
      const row = rowOf(situation);
      expect([row.state, row.causes?.map((one) => one.cause)]).toEqual([state, [cause]]);
      expect(await isDone(situation)).toBe(false);
    }
    const { code, stdout } = await treeOf(situation);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^[✘↻]/)]);
  });
});

describe.skipIf(missing.length > 0)('sound', () => {
  test.each(sound)('$name: $state', async (situation) => {
    const { name, state } = situation;
    const isWell = state === 'ready';
    const found = problems.get(name)!;
    // A Job that runs, and what was paused on purpose, are no problems.
    const isWaiting = state === 'progressing' && hasRow(situation);
    expect(found.map((one) => one.state)).toEqual(isWaiting ? [state] : []);
    if (hasRow(situation)) {
      expect(rowOf(situation).state).toBe(state);
      if (state !== 'suspended') expect(await isDone(situation)).toBe(isWell);
    }
    const { code, stdout } = await treeOf(situation);
    expect(stdout).not.toContain('✘');
    expect(code).toBe(state === 'progressing' ? 1 : 0);
  });
});
