import { expect, test } from 'vitest';
import type { Row, RowState, Summary } from '../../../server/src/protocol.ts';
import { accessibleLabelOf, contextValueOf, lookOf, statusBarTextOf } from './rows.ts';

const row: Row = {
  id: 'r',
  label: 'checkout',
  description: '2/3',
  state: 'progressing',
  tooltip: '',
  branch: false,
  actions: ['suspend', 'reconcile'],
  kind: 'apps/Deployment',
  context: 'shop',
};

test('every state except none has a unique icon and an accessible name', () => {
  const states: readonly RowState[] = [
    'ready',
    'progressing',
    'busy',
    'failed',
    'suspended',
    'unknown',
    'denied',
    'deleting',
  ];
  const looks = states.map((state) => lookOf({ state, kind: 'x' }));
  expect(new Set(looks.map(({ icon }) => icon)).size).toBe(states.length);
  expect(looks.filter(({ word }) => word === '')).toEqual([]);
});

test('a closed context has a different icon than an open one', () => {
  expect(lookOf({ state: 'none', kind: 'context' }).icon).not.toBe(lookOf({ state: 'ready', kind: 'context' }).icon);
});

test('a menu matches one action exactly', () => {
  const value = contextValueOf(row);
  expect(/;suspend;/.test(value) && /;reconcile;/.test(value)).toBe(true);
  expect(/;sus;/.test(value) || /;resume;/.test(value)).toBe(false);
});

test('the accessible label has name, state and description', () => {
  expect(accessibleLabelOf(row)).toBe('checkout, progressing, 2/3');
  expect(accessibleLabelOf({ ...row, state: 'none', kind: 'folder', description: '' })).toBe('checkout');
});

test('the status bar shows problems, the most severe first, or the number of open clusters', () => {
  const problems = { count: 0, sentence: '' };
  const calm: Summary = { open: 2, state: 'ready', failed: 0, progressing: 0, unreachable: 0, sentence: '', problems };
  expect(statusBarTextOf(calm)).toBe('$(pass) 2 clusters');
  expect(statusBarTextOf({ ...calm, open: 1 })).toBe('$(pass) 1 cluster');
  expect(statusBarTextOf({ ...calm, state: 'failed', failed: 2, progressing: 1 })).toBe(
    '$(error) 2 failed, 1 progressing',
  );
  expect(statusBarTextOf({ ...calm, state: 'busy' })).toBe('$(sync) 2 clusters');
});
