// The table of actions and situations: each action is done to an object of its own on a real API server, in each situation, and
// what it reports is compared with what another client reads afterwards.

import { targetIn } from '../../../server/src/cli/clusters/target.ts';
import { commit, prepare } from '../../../server/src/engine/actions/run.ts';
import type { Target } from '../../../server/src/engine/actions/target.ts';
import { transportTo } from '../../../server/src/engine/transport/fixture.ts';
import type { Transport } from '../../../server/src/engine/transport/transport.ts';
import { discover, findResource } from '../../../server/src/engine/watch/discovery.ts';
import type { RawObject } from '../../../server/src/engine/watch/objects.ts';
import { commandName } from '../../../server/src/live/actions/action.ts';
import { edit } from '../../../server/src/live/actions/edit.ts';
import { changes } from '../../../server/src/live/actions/list.ts';
import type { ActResult } from '../../../server/src/protocol.ts';
import { type ControlPlane, startControlPlane } from '../../testbed/controlplane.ts';
import { type HttpProxy, startHttpProxy } from '../../testbed/http-proxy.ts';
import { create, fill, remove } from '../faults/bed.ts';
import { place, type Subject, subjects, touched } from './subjects.ts';

export interface Cell {
  readonly verb: string;
  readonly situation: string;
  readonly outcome: ActResult['outcome'];
  readonly message: string;
  /** Whether another client sees that it was done. */
  readonly isDone: boolean;
  /** What is wrong with the report; absent if it is true. */
  readonly lie?: string;
}

interface Bench {
  readonly server: ControlPlane;
  readonly proxy: HttpProxy;
  readonly admin: Transport;
  readonly viewer: Transport;
}

interface Situation {
  readonly title: string;
  readonly transport?: 'viewer';
  readonly readOnly?: true;
  /** Before it is prepared. */
  readonly before?: (bench: Bench, subject: Subject, name: string) => Promise<void>;
  /** Between what was shown and what was agreed to. */
  readonly between?: (bench: Bench, subject: Subject, name: string) => Promise<void>;
  /** What it must report; absent: whatever is true. */
  readonly expected?: ActResult['outcome'];
  /** The change of another client is still there. */
  readonly keeps?: true;
}

const write = /^(?!.*dryRun)/;

export const situations: readonly Situation[] = [
  { title: 'no controller' },
  { title: 'no right', transport: 'viewer', expected: 'failed' },
  { title: 'read-only', readOnly: true, expected: 'failed' },
  {
    title: 'conflict',
    between: ({ server }, subject, name) => touched(server, subject, name),
    keeps: true,
  },
  {
    title: 'recreated',
    async between({ server }, subject, name) {
      await remove(server, `${subject.path}/${name}?gracePeriodSeconds=0`);
      await create(server, subject.path, subject.object(name));
    },
    expected: 'failed',
  },
  {
    title: 'gone',
    between: ({ server }, { path }, name) => remove(server, `${path}/${name}?gracePeriodSeconds=0`),
  },
  {
    title: 'lost, arrived',
    between: async ({ proxy }, _, name) =>
      void ['PATCH', 'DELETE'].map((method) =>
        proxy.fault({ method, url: new RegExp(`${write.source}.*/${name}(\\?|$)`), times: 1, swallow: true }),
      ),
  },
  {
    title: 'lost before',
    between: async ({ proxy }, _, name) =>
      void ['PATCH', 'DELETE'].map((method) =>
        proxy.fault({ method, url: new RegExp(`${write.source}.*/${name}(\\?|$)`), times: 1, status: 504 }),
      ),
    expected: 'failed',
  },
];

/** The verbs that the table has no object for, with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  'reconcile-with-source': 'two writes that are each in the table: reconcile of the source, then of the object',
};

export async function actionTable(wanted: readonly string[] = Object.keys(subjects)): Promise<readonly Cell[]> {
  const server = await startControlPlane({ users: { viewer: [] } });
  const { port, certificate, key } = server;
  const proxy = await startHttpProxy({ target: { port }, certificate, key });
  const as = (user: string) =>
    transportTo(`https://127.0.0.1:${proxy.port}`, { authorization: `Bearer ${user}-token` });
  const bench: Bench = { server, proxy, admin: as('admin'), viewer: as('viewer') };
  try {
    await fill(server);
    await letRead(server);
    const cells: Cell[] = [];
    for (const verb of wanted)
      for (const [index, situation] of situations.entries())
        cells.push(await cell(bench, verb, situation, `${verb}-${index}`));
    return cells;
  } finally {
    bench.admin.close();
    bench.viewer.close();
    await proxy.stop();
    await server.stop();
  }
}

async function letRead(server: ControlPlane): Promise<void> {
  const [path, apiVersion] = ['/apis/rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1'];
  const metadata = { name: 'viewer' };
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }];
  await create(server, `${path}/clusterroles`, { apiVersion, kind: 'ClusterRole', metadata, rules });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'viewer' };
  const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' };
  const binding = { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects: [subject] };
  await create(server, `${path}/clusterrolebindings`, binding);
}

async function cell(bench: Bench, verb: string, situation: Situation, name: string): Promise<Cell> {
  const subject = subjects[verb]!;
  const { server } = bench;
  await place(server, subject, name);
  const read = async () => {
    const { status, body } = await server.request('GET', `${subject.path}/${name}`);
    return status === 200 ? body : undefined;
  };
  const { outcome, message, isConflict } = await done(bench, verb, subject, situation, name);
  const now = await read();
  const isDone = subject.isDone(now);
  const unclear =
    situation.title === 'recreated' && !isConflict ? 'it doesn’t say that it is another object' : undefined;
  const lie = lieOf(subject, situation, outcome, isDone, now) ?? unclear;
  return { verb, situation: situation.title, outcome, message, isDone, ...(lie === undefined ? {} : { lie }) };
}

/** `handled` and `requested` claim that the change is there, `failed` that it isn't. */
function lieOf(
  { isAwaited, touch }: Subject,
  { title, expected, keeps }: Situation,
  outcome: ActResult['outcome'],
  isDone: boolean,
  now: unknown,
): string | undefined {
  // What was to be deleted is gone, whoever deleted it; of anything else that is gone, nothing can be there.
  if (title === 'gone' && now === undefined) return outcome === 'requested' ? 'it is gone' : undefined;
  if (expected !== undefined && outcome !== expected) return `it must be ${expected}`;
  if (outcome === 'failed' && isDone) return 'it says that it failed, but it was done';
  if (outcome !== 'failed' && !isDone) return `it says ${outcome}, but nothing was done`;
  if (outcome === 'handled' && isAwaited) return 'it says that a controller has acted, but none runs';
  if (keeps && now !== undefined && !includes(now, touch)) return 'the change of another client is lost';
  return undefined;
}

function includes(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return value === part;
  return Object.entries(part).every(([key, own]) => includes((value as Record<string, unknown> | null)?.[key], own));
}

async function done(
  bench: Bench,
  verb: string,
  subject: Subject,
  situation: Situation,
  name: string,
): Promise<ActResult> {
  const transport = situation.transport === 'viewer' ? bench.viewer : bench.admin;
  const discovery = await discover(transport);
  if (!discovery.ok) throw new Error(discovery.failure.message);
  const action = [...changes, edit].find((change) => commandName(change.verb) === verb)!;
  const resource = findResource(discovery.value, subject.kind)!;
  const connection = { context: 'test', transport, discovery: discovery.value };
  const target: Target = {
    ...targetIn(connection, resource, 'fleet', name),
    readOnly: situation.readOnly === true,
  };
  const { body } = await bench.server.request('GET', `${subject.path}/${name}`);
  const values = typeof subject.values === 'function' ? subject.values(body as RawObject) : subject.values;
  const preparing = await prepare(target, action, values);
  if (preparing.is === 'asks') throw new Error(`${verb} asks for ${preparing.parameters.map((one) => one.name)}`);
  if (preparing.is === 'over') return preparing.result;
  await situation.between?.(bench, subject, name);
  return commit(preparing.prepared, { onProgress: () => undefined, patience: 0 });
}

/** A line for each action, with what it reports in each situation; `!` where that isn't true. */
export function tableText(cells: readonly Cell[]): string {
  const titles = situations.map(({ title }) => title);
  const verbs = [...new Set(cells.map(({ verb }) => verb))];
  const rows = verbs.map((verb) => [
    verb,
    ...titles.map((title) => {
      const found = cells.find((one) => one.verb === verb && one.situation === title);
      return found ? `${found.outcome}${found.isDone ? ' +' : ' -'}${found.lie === undefined ? '' : ' !'}` : '';
    }),
  ]);
  const widths = ['', ...titles].map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => text.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  const lies = cells.flatMap(({ verb, situation, message, lie }) =>
    lie === undefined ? [] : [`! ${verb}, ${situation}: ${lie}. It says: ${message}`],
  );
  return [line(['', ...titles]), ...rows.map(line), '', '+ done, - not done, as another client reads it', ...lies].join(
    '\n',
  );
}
