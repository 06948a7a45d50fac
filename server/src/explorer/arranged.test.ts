import { afterEach, expect, test } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import { Store } from '../engine/watch/store.ts';
import { trim } from '../live/object.ts';
import { type Arrangement, rowsInGroup, topRows } from './arranged.ts';
import { filterOf } from './filter.ts';
import { Problems } from './problems.ts';
import { groupAt, placeOf, shownAt } from './row-id.ts';
import { rowOf } from './rows.ts';
import type { Ground } from './view.ts';

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

function session(context: string, deployments: readonly (readonly [string, string, number])[]): Session {
  const store = new Store({ onBatch: () => undefined });
  open.push(store);
  for (const [namespace, name, available] of deployments) {
    const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: available, availableReplicas: available };
    store.put(
      trim({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, uid: `${context}${name}`, generation: 1 },
        spec: { replicas: 1 },
        status: { observedGeneration: 1, ...counts },
      })!,
    );
  }
  const kinds = new Map(store.kinds().map((kind) => [kind, { resource: { verbs: [] }, state: { synced: true } }]));
  const rest = { kinds, clusterId: context, clockSkew: 0, isBehind: () => false, state: { is: 'live' } };
  return { context, store, ...rest } as unknown as Session;
}

function ground(...sessions: readonly Session[]): Ground {
  const all = new Map(sessions.map((one) => [one.context, one]));
  return {
    fleet: { sessions: all, session: (name: string) => all.get(name), isReadOnly: () => false },
    problems: Object.assign(Object.create(Problems.prototype), { of: () => [], about: () => undefined }),
  } as unknown as Ground;
}

const two = () =>
  ground(
    session('prod', [
      ['shop', 'checkout', 1],
      ['data', 'postgres', 0],
    ]),
    session('dev', [['shop', 'checkout', 1]]),
  );
const labels = (of: Ground, arrangement: Arrangement) =>
  topRows(of, 'workloads', arrangement, 0)
    .map(rowOf)
    .map(({ label, context, description }) => [label, context, description].filter(Boolean).join(' '));

test('a view without arrangement has its own rows', () => {
  expect(
    topRows(two(), 'workloads', {}, 0)
      .map(rowOf)
      .map(({ label }) => label),
  ).toEqual(['prod', 'dev']);
});

test('a filter finds objects below all contexts, the worst first, each with what is below it', () => {
  const fits = filterOf('kind:deployment')!;
  const rows = topRows(two(), 'workloads', { fits }, 0).map(rowOf);
  expect(rows.map(({ label, context }) => `${context} ${label}`)).toEqual([
    'prod Deployment postgres',
    'prod Deployment checkout',
    'dev Deployment checkout',
  ]);
  expect(rows.every(({ branch }) => branch)).toBe(true);
  expect(rows.map(({ id }) => placeOf(shownAt(id).of)?.context)).toEqual(['prod', 'prod', 'dev']);
  expect(rows.every(({ id }) => shownAt(id).root === shownAt(id).of)).toBe(true);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  expect(labels(two(), { fits: filterOf('ns:shop context:dev')! }).length).toBe(1);
  expect(labels(two(), { fits: filterOf('nothing')! })).toEqual([]);
});

test('what is known to be wrong beyond the status of an object counts in a filter and on its row', () => {
  const of = two();
  const failed = { state: 'failed', headline: 'image not found' };
  const about = (_: Session, { name }: { readonly name: string }) => (name === 'postgres' ? failed : undefined);
  Object.assign(of.problems, { about });
  expect(labels(of, { fits: filterOf('state:failed')! })).toEqual([
    expect.stringMatching(/^Deployment postgres prod image not found, /),
  ]);
  expect(labels(of, { fits: filterOf('state:progressing')! })).toEqual([]);
  expect(labels(of, {})).toEqual(['prod prod 2 objects, 1 failed', 'dev dev 1 object']);
});

test('what was changed and is not in Git is among the problems if it is asked for', () => {
  const own = session('prod', [['shop', 'checkout', 1]]);
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
  own.store.put(
    trim({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'scaled', namespace: 'shop', labels, managedFields: [{ manager: 'kubectl', fieldsV1 }] },
      spec: { replicas: 5 },
    })!,
  );
  const found = (query: string) =>
    topRows(ground(own), 'problems', { fits: filterOf(query)! }, 0)
      .map(rowOf)
      .map(({ label, description }) => `${label} ${description}`);
  expect(found('is:drift')).toEqual([expect.stringMatching(/scaled .*scaled by kubectl, not in Git/)]);
  expect(found('not in git shop')).toHaveLength(1);
  expect(found('is:drift ns:other')).toEqual([]);
  expect(found('scaled')).toEqual([]);
});

test.each([
  ['context', ['prod 2', 'dev 1']],
  ['environment', ['production 2', 'development 1']],
  ['namespace', ['data 1', 'shop 2']],
  ['kind', ['Deployment 3']],
  ['state', ['progressing 1', 'ready 2']],
] as const)('rows are grouped by %s', (by, expected) => {
  expect(labels(two(), { by })).toEqual(expected);
});

test('the rows of a group are those of its value, also filtered', () => {
  const all = two();
  const groups = topRows(all, 'workloads', { by: 'namespace' }, 0).map(rowOf);
  const { value } = groupAt(groups.at(-1)!.id)!;
  const below = (arrangement: Arrangement) =>
    rowsInGroup(all, 'workloads', arrangement, value, 0)
      .map(rowOf)
      .map(({ context }) => context);
  expect(below({ by: 'namespace' })).toEqual(['prod', 'dev']);
  expect(below({ by: 'namespace', fits: filterOf('context:dev')! })).toEqual(['dev']);
  expect(below({})).toEqual([]);
});
