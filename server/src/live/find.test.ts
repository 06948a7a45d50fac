import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Findable, find, findable, type Pile, type Work } from './find.ts';

interface Item {
  readonly label: string;
  readonly findable: Findable;
}

function pile(context: string, objects: readonly string[]): Pile<Item> {
  const items = objects.map((label) => {
    const [kind = '', namespace = '', name = ''] = label.split(' ');
    return { label, findable: findable(kind, namespace, name) };
  });
  const shortNames = new Map([
    ['hr', 'helmrelease'],
    ['deploy', 'deployment'],
  ]);
  return { context, items, findable: (item) => item.findable, shortNames };
}

const fleet = [
  pile('prod-eu', [
    'Deployment shop checkout',
    'Deployment shop checkout-worker',
    'Deployment shop cart',
    'HelmRelease monitoring prometheus',
    'HelmRelease shop shop',
    'Kustomization flux-system checkout',
    'MachineDeployment clusters md-0',
  ]),
  pile('dev', ['Deployment shop checkout', 'Deployment web checkpoint-out', 'Machine clusters md-0-x7k2']),
];

const found = (query: string, limit = 5) =>
  find(query, fleet, limit).map(({ context, item }) => `${context} ${item.label}`);

test.each([
  ['checkout', 'dev Deployment shop checkout'],
  ['chkout', 'dev Deployment shop checkout'],
  ['cw', 'prod-eu Deployment shop checkout-worker'],
  ['hr prom', 'prod-eu HelmRelease monitoring prometheus'],
  ['prod checkout deploy', 'prod-eu Deployment shop checkout'],
  ['shop/cart', 'prod-eu Deployment shop cart'],
  ['shop', 'prod-eu HelmRelease shop shop'],
  ['x7k2', 'dev Machine clusters md-0-x7k2'],
  ['CHECKOUT kustomization', 'prod-eu Kustomization flux-system checkout'],
  ['worker', 'prod-eu Deployment shop checkout-worker'],
])('%s finds %s first', (query, expected) => {
  expect(found(query)[0]).toBe(expected);
});

test('nothing is found by letters that an object does not have, or not in this order', () => {
  expect(found('zebra')).toEqual([]);
  expect(found('checkout zebra')).toEqual([]);
  expect(found('tuokcehc')).toEqual([]);
});

test('the empty query finds the first objects', () => {
  expect(found('', 3)).toHaveLength(3);
  expect(found('  ', 100)).toHaveLength(10);
});

test('the limit keeps the best, whatever the order of the objects', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-d]{1,6}(-[a-d]{1,3})?$/), { maxLength: 60 });
  fc.assert(
    fc.property(names, fc.stringMatching(/^[a-d]{1,3}$/), fc.integer({ min: 1, max: 20 }), (all, query, limit) => {
      const labels = all.map((name) => `Pod n ${name}`);
      const some = find(query, [pile('c', labels)], limit);
      const every = find(query, [pile('c', labels.toReversed())], 1000);
      expect(some.map(({ item }) => item.label)).toEqual(every.slice(0, limit).map(({ item }) => item.label));
    }),
  );
});

test('the work grows with the number of objects, and the mask of letters rules out most', () => {
  const workFor = (count: number, query: string): number => {
    const labels = Array.from({ length: count }, (_, index) => `Deployment shop service-${index % 97}-${index}`);
    const work: Work = { compared: 0 };
    find(query, [pile('prod', labels)], 100, work);
    return work.compared;
  };
  for (const query of ['service', 'shop svc', 's e r v i c e'])
    expect(workFor(2000, query)).toBeLessThanOrEqual(2 * workFor(1000, query));
  expect(workFor(2000, 'xyz')).toBe(0);
  expect(workFor(2000, 'shop xyz')).toBeLessThanOrEqual(2000);
});

test('a long query is no more work than a short one', () => {
  const work: Work = { compared: 0 };
  find(
    'a'.repeat(1_000_000),
    [
      pile(
        'prod',
        Array.from({ length: 100 }, (_, i) => `Pod n ${'a'.repeat(200)}${i}`),
      ),
    ],
    10,
    work,
  );
  expect(work.compared).toBeLessThanOrEqual(100);
});
