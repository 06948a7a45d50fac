import { expect, test } from 'vitest';
import type { Row } from '../protocol.ts';
import { filterOf } from './filter.ts';

function row(kind: `${string}/${string}`, namespace: string, name: string, state: Row['state'], context: string): Row {
  const ref = { cluster: '', groupKind: kind, namespace, name };
  const rest = { tooltip: '', branch: false, actions: [], description: 'access is denied, 3 waiting' };
  return {
    id: `${context} ${kind} ${name}`,
    label: `${kind.split('/')[1]} ${name}`,
    state,
    kind,
    context,
    ref,
    ...rest,
  };
}

const rows = [
  row('apps/Deployment', 'shop', 'checkout', 'failed', 'prod-eu'),
  row('apps/StatefulSet', 'data', 'postgres', 'progressing', 'prod-eu'),
  row('source.toolkit.fluxcd.io/GitRepository', 'flux-system', 'fleet', 'failed', 'dev'),
];

test.each([
  ['checkout', ['checkout']],
  ['kind:deploy', ['checkout']],
  ['ns:data', ['postgres']],
  ['namespace:data kind:GitRepository', []],
  ['state:failed', ['checkout', 'fleet']],
  ['is:failed cluster:prod', ['checkout']],
  ['CONTEXT:Dev', ['fleet']],
  ['denied waiting', ['checkout', 'postgres', 'fleet']],
  ['other:word', []],
])('%s', (query, expected) => {
  expect(rows.filter(filterOf(query)!).map(({ ref }) => ref!.name)).toEqual(expected);
});

test('without words there is no filter', () => {
  expect(filterOf('  ')).toBe(undefined);
});
