import { afterEach, expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import type { SessionState } from '../engine/session/session-state.ts';
import { Store } from '../engine/watch/store.ts';
import { type LiveObject, trim } from '../live/object.ts';
import type { Findings } from '../live/troubles.ts';
import { noFindings, troublesIn } from '../live/troubles.ts';
import { problemSummary, problems, rowsBelowProblem } from './problem-rows.ts';
import { problemAt } from './row-id.ts';
import { rowOf } from './rows.ts';
import type { Ground } from './view.ts';

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

const now = Date.parse('2026-03-01T12:00:00Z');
const since = '2026-03-01T11:54:00Z';

let versions = 0;
function flux(
  group: string,
  kind: string,
  name: string,
  ready: string,
  message: string,
  spec: object = {},
): LiveObject {
  const condition = { type: 'Ready', status: ready, reason: 'GitOperationFailed', message, lastTransitionTime: since };
  return trim({
    apiVersion: `${group}.toolkit.fluxcd.io/v1`,
    kind,
    metadata: { name, namespace: 'flux-system', uid: name, generation: 1, resourceVersion: `${++versions}` },
    spec,
    status: { observedGeneration: 1, conditions: [{ ...condition, observedGeneration: 1 }] },
  })!;
}

const denied = 'failed to checkout: authentication required';
const source = (name = 'fleet') => flux('source', 'GitRepository', name, 'False', denied);
const waiting = (name: string, from = 'fleet') =>
  flux('kustomize', 'Kustomization', name, 'False', 'Source artifact not found, retrying in 30s', {
    sourceRef: { kind: 'GitRepository', name: from },
  });

function session(context: string, objects: readonly LiveObject[], state = 'live', clusterId = ''): Session {
  const store = new Store({ onBatch: () => undefined });
  open.push(store);
  for (const object of objects) store.put(object);
  const failure = { kind: 'timeout', message: 'does not respond' };
  return {
    ...{ context, store, clusterId, clockSkew: 0, kinds: new Map(), isBehind: () => false, count: store.size },
    state: {
      is: state,
      ...(state === 'live' ? { version: '' } : { why: failure, retryAt: now }),
    } as unknown as SessionState,
  } as unknown as Session;
}

function ground(sessions: readonly Session[], findings: Findings = noFindings): Ground {
  return {
    fleet: { sessions: new Map(sessions.map((one) => [one.context, one])), isReadOnly: () => false },
    problems: { of: ({ store }: Session) => troublesIn(store, findings) },
  } as unknown as Ground;
}

const rows = (of: Ground) => problems(of, now).map(rowOf);
const words = (of: Ground) => rows(of).map(({ state, label, description }) => `${state} ${label}: ${description}`);

test('each cause is one row with the number of what waits, which is below it', () => {
  const one = session('prod', [source(), ...Array.from({ length: 61 }, (_, index) => waiting(`k${index}`))]);
  const all = ground([one]);
  expect(words(all)).toEqual(['failed GitRepository fleet: access is denied, 61 waiting, 6 min  prod / flux-system']);
  const [row] = rows(all);
  expect(row).toMatchObject({ branch: true, actions: ['showObject'], ref: { name: 'fleet' } });
  expect(row!.tooltip).toMatch(/authentication required.*since 6 min/);
  expect(row!.tooltip).toMatch(/Waiting: .* and 53 more/);
  const below = rowsBelowProblem({ session: one, readOnly: false, now }, all, problemAt(row!.id)!).map(rowOf);
  expect(below.length).toBe(61);
  expect(below[0]).toMatchObject({ label: 'Kustomization k0', branch: false, state: 'failed' });
  expect(new Set([row, ...below].map((each) => each!.id)).size).toBe(62);
});

test('contexts that cannot be reached are rows that offer what to do, after what has failed', () => {
  const all = ground([session('lost', [], 'unreachable'), session('prod', [source()]), session('fine', [])]);
  expect(rows(all).map(({ label, state, branch, actions }) => [label, state, branch, actions])).toEqual([
    ['GitRepository fleet', 'failed', false, ['showObject']],
    ['lost', 'unknown', false, ['retryContext', 'closeContext']],
  ]);
  expect(problemSummary(all)).toEqual({ count: 2, sentence: '2 problems in 3 open contexts.' });
});

test('a cluster that two contexts lead to is shown once', () => {
  const all = ground([session('admin', [source()], 'live', 'id'), session('reader', [source()], 'live', 'id')]);
  expect(rows(all).map(({ context }) => context)).toEqual(['admin']);
});

test('rows keep their place while more and more waits for one of them', () => {
  const one = session('prod', [source('a'), source('b'), waiting('x', 'a')]);
  const labels = () => rows(ground([one])).map(({ label }) => label);
  expect(labels()).toEqual(['GitRepository a', 'GitRepository b']);
  for (const name of ['y', 'z', 'w']) one.store.put(waiting(name, 'b'));
  expect(labels()).toEqual(['GitRepository a', 'GitRepository b']);
  // News goes where it belongs.
  one.store.put(source('c'));
  one.store.put(waiting('v', 'c'));
  one.store.put(waiting('u', 'c'));
  expect(labels()).toEqual(['GitRepository c', 'GitRepository a', 'GitRepository b']);
});

test('what is found around the watched objects is a problem too, and progress is none', () => {
  const node = trim({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', uid: 'n' },
    status: {
      conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'no heartbeat' }],
    },
  })!;
  const progressing = trim({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'w', generation: 2 },
    spec: { replicas: 1 },
    status: { observedGeneration: 1 },
  })!;
  const all = ground([session('prod', [progressing])], { causes: new Map(), around: [node] });
  expect(rows(all).map(({ label, state }) => `${label} ${state}`)).toEqual([
    expect.stringMatching(/^Node n1 (failed|unknown)$/),
  ]);
  expect(problemSummary(all).count).toBe(1);
});

test('without problems, the summary says what was looked at', () => {
  expect(problemSummary(ground([session('prod', [])])).sentence).toBe('Nothing is wrong in 1 open context.');
  expect(problemSummary(ground([session('prod', []), session('dev', [], 'syncing')])).sentence).toBe(
    'Reading 1 of 2 open contexts.',
  );
});
