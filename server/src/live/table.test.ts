import { expect, test } from 'vitest';
import { nextPage, tableOf, withColumns } from './table.ts';

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
      { namespace: 'apps', name: 'a', cells: ['a', 'true'], object: { metadata: { name: 'a', namespace: 'apps' } } },
      { namespace: 'apps', name: 'b', cells: ['b', ''], object: { metadata: { name: 'b', namespace: 'apps' } } },
    ],
  });
  expect(tableOf(raw, true)!.rows.map(({ cells }) => cells[2])).toEqual(['first...', '']);
  expect(nextPage(raw)).toBe('next');
});

test('further columns come behind those of the server', () => {
  const { columns, rows } = withColumns(tableOf(raw, false)!, ['STATE'], ({ name }) => [`${name} is ready`]);
  expect([columns, rows.map(({ cells }) => cells.at(-1))]).toEqual([
    ['NAME', 'READY', 'STATE'],
    ['a is ready', 'b is ready'],
  ]);
});

test('something else is no table', () => {
  for (const other of [undefined, null, 'x', [], {}, { kind: 'List', items: [] }])
    expect(tableOf(other, true)).toBeUndefined();
  expect(tableOf({ kind: 'Table', rows: [null, { cells: 'x' }] }, true)!.rows).toHaveLength(2);
  expect(nextPage({ metadata: { continue: '' } })).toBeUndefined();
});
