import { expect, test } from 'vitest';
import type { Row } from '../protocol.ts';
import { paged, pageOf } from './paging.ts';
import { idOf } from './row-id.ts';

const rows = Array.from(
  { length: 25 },
  (_, index): Row => ({
    id: idOf({ context: 'context', branch: 'flux', node: ['object', `row ${index}`] }),
    label: `row ${index}`,
    description: '',
    state: 'none',
    tooltip: '',
    branch: false,
    actions: [],
    kind: 'folder',
    context: 'context',
  }),
);

test('pages contain every child exactly once', () => {
  const parent = idOf({ context: '+10', branch: 'flux', node: ['object', 'a+20'] });
  const seen: string[] = [];
  const counts: string[] = [];
  for (let id: string | undefined = parent; id !== undefined; ) {
    expect(pageOf(id).of).toBe(parent);
    const page: readonly Row[] = paged(rows, id, 10);
    const more: Row | undefined = page.find(({ branch }) => branch);
    if (more) counts.push(more.label);
    seen.push(...page.filter((row) => row !== more).map(({ label }) => label));
    id = more?.id;
  }
  expect(seen).toEqual(rows.map(({ label }) => label));
  expect(counts).toEqual(['15 more', '5 more']);
});

test('rows that fit on one page are returned as they are', () => {
  expect(paged(rows, idOf({ context: 'context' }), 25)).toEqual(rows);
});
