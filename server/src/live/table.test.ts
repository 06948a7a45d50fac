import { expect, test } from 'vitest';
import { nextPage, tableOf } from './table.ts';

const raw = {
  kind: 'Table',
  metadata: { continue: 'next' },
  columnDefinitions: [{ name: 'Name' }, { name: 'Ready' }, { name: 'Message', priority: 1 }],
  rows: [
    { cells: ['a', true, 'first\nsecond'], object: { metadata: { name: 'a', namespace: 'apps' } } },
    { cells: ['b', null], object: { metadata: { name: 'b', namespace: 'apps' } } },
  ],
};

test('columns of lower priority are shown only if asked for, and cells by their first line', () => {
  expect(tableOf(raw, false)).toEqual({
    columns: ['NAME', 'READY'],
    rows: [
      { namespace: 'apps', name: 'a', cells: ['a', 'true'] },
      { namespace: 'apps', name: 'b', cells: ['b', ''] },
    ],
  });
  expect(tableOf(raw, true)!.rows.map(({ cells }) => cells[2])).toEqual(['first...', '']);
  expect(nextPage(raw)).toBe('next');
});

test('something else is no table', () => {
  for (const other of [undefined, null, 'x', [], {}, { kind: 'List', items: [] }])
    expect(tableOf(other, true)).toBeUndefined();
  expect(tableOf({ kind: 'Table', rows: [null, { cells: 'x' }] }, true)!.rows).toHaveLength(2);
  expect(nextPage({ metadata: { continue: '' } })).toBeUndefined();
});
